import { z } from "zod";
import type { Reading, Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { isManner, STEMMER, stemsOf, wordsOf } from "./words.ts";

/** A question that no playbook covered. */
export interface Gap {
  question: string;
  /** Of the account that was spoken of. */
  stage: string | null;
  verdict: "close" | "none";
  /** Ids of the playbooks that were shown as the closest. */
  nearest: string[];
  askedOn: string;
}

const LONGEST_QUESTION = 500; // characters; what a playbook is to be written for fits in
const KEPT_DAYS = 365;
const SAME_QUESTION_MINUTES = 10; // a model that searches twice asks once

/** Takes out what names a customer or a person: the given names, addresses, links, long numbers. */
export function withoutNames(question: string, names: string[] = []): string {
  const plain = question
    .replace(/https?:\/\/\S+/gi, "(link)")
    .replace(/\S+@\S+/g, "(address)")
    .replace(/\+?\d[\d\s/-]{5,}\d/g, "(number)");
  return names
    .filter((name) => name.trim().length > 2)
    .reduce((text, name) => text.replaceAll(new RegExp(RegExp.escape(name.trim()), "giu"), "(account)"), plain)
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, LONGEST_QUESTION);
}

const FEWEST_WORDS = 2; // "pricing?" is no situation that a playbook could be written for

/** Keeps a gap for a year. What has hardly a word that means something is not kept, the same question within minutes only once. */
export async function keepGap(
  rows: Writing,
  { question, stage, verdict, nearest, askedOn }: Gap,
  stemmer = STEMMER,
): Promise<void> {
  const words = wordsOf(question);
  if (termsOf(question, await stemsOf(rows, words, stemmer)).size < FEWEST_WORDS) return;
  const asked = question.slice(0, LONGEST_QUESTION);
  await rows.run(sql`delete from playbook_gap where asked_at < now() - make_interval(days => ${KEPT_DAYS}::int)`);
  await rows.run(sql`
    insert into playbook_gap (workspace_id, question, stage, verdict, nearest, asked_on)
    select current_workspace(), ${asked}, ${stage}, ${verdict}, ${nearest}::text[], ${askedOn}::date
    where not exists (select from playbook_gap where lower(question) = lower(${asked})
      and asked_at > now() - make_interval(mins => ${SAME_QUESTION_MINUTES}::int))`);
}

const gapRow = z.object({
  question: z.string(),
  stage: z.string().nullable(),
  verdict: z.enum(["close", "none"]),
  nearest: z.array(z.string()),
  askedOn: z.string(),
});

/** Gaps that are alike: one playbook may cover them. */
export interface GapGroup {
  /** The question that is most like the others. */
  question: string;
  /** All of them, each once, newest first. */
  questions: string[];
  count: number;
  newest: string;
  stages: string[];
  /** The playbook that was most often shown as the closest; null when none was. */
  nearest: string | null;
}

const MOST_GAPS = 2_000; // newest; more of them would not change what is missing most

/** What no playbook covered, alike questions together, the most asked first. */
export async function gapGroups(rows: Reading, stemmer = STEMMER): Promise<GapGroup[]> {
  const gaps = await rows.many(
    gapRow,
    sql`select question, stage, verdict, nearest, asked_on as "askedOn" from playbook_gap
      order by asked_at desc, playbook_gap_id desc limit ${MOST_GAPS}::int`,
  );
  const stems = await stemsOf(
    rows,
    gaps.flatMap(({ question }) => wordsOf(question)),
    stemmer,
  );
  const asked = gaps.map((gap) => ({ ...gap, terms: termsOf(gap.question, stems) }));
  return grouped(asked, await rarities(rows, asked));
}

/** How rare each term is in the playbooks: what they never speak of tells most about what is missing. */
async function rarities(rows: Reading, gaps: Asked[]): Promise<Weight> {
  const terms = [...new Set(gaps.flatMap((gap) => [...gap.terms]))];
  const known = await rows.many(
    z.object({ term: z.string(), rarity: z.number() }),
    sql`select term, ln(1 + (select passages from passage_corpus)::float8 / passages) as rarity
      from passage_term where term = any(${terms}::text[])`,
  );
  const byTerm = new Map(known.map(({ term, rarity }) => [term, rarity]));
  const rarest = Math.max(1, ...byTerm.values());
  return (term) => byTerm.get(term) ?? rarest;
}

const PLACES = new Set(["account", "address", "link", "number"]); // what withoutNames left behind

const termsOf = (question: string, stems: ReadonlyMap<string, string>): Set<string> =>
  new Set(
    wordsOf(question)
      .filter((word) => !PLACES.has(word))
      .flatMap((word) => stems.get(word) ?? [])
      .filter((term) => !isManner(term)),
  );

type Asked = Gap & { terms: Set<string> };
type Weight = (term: string) => number;

const ALIKE = 0.35; // share of two questions' weight that they have in common

/** Each question joins the group with the question most like it, if one is like enough; else it begins a group. */
export function grouped(gaps: Asked[], weight: Weight): GapGroup[] {
  const groups: Asked[][] = [];
  for (const gap of gaps) {
    const best = groups
      .map((group) => ({ group, likeness: Math.max(...group.map((each) => likeness(each.terms, gap.terms, weight))) }))
      .reduce<{ group: Asked[]; likeness: number } | null>(
        (one, other) => (one && one.likeness >= other.likeness ? one : other),
        null,
      );
    if (best && best.likeness >= ALIKE) best.group.push(gap);
    else groups.push([gap]);
  }
  return groups
    .map((group) => asGroup(group, weight))
    .sort((a, b) => b.count - a.count || (a.newest < b.newest ? 1 : -1));
}

function likeness(one: Set<string>, other: Set<string>, weight: Weight): number {
  const sum = (terms: Iterable<string>) => [...terms].reduce((total, term) => total + weight(term), 0);
  const all = sum(one.union(other));
  return all === 0 ? 0 : sum(one.intersection(other)) / all;
}

function asGroup(group: Asked[], weight: Weight): GapGroup {
  const closeness = (gap: Asked) => group.reduce((total, each) => total + likeness(gap.terms, each.terms, weight), 0);
  const middle = group.reduce((one, other) => (closeness(other) > closeness(one) ? other : one));
  return {
    question: middle.question,
    questions: [...new Map(group.map(({ question }) => [question.toLowerCase(), question])).values()],
    count: group.length,
    newest: group
      .map(({ askedOn }) => askedOn)
      .sort()
      .at(-1)!, // a group has a question
    stages: [...new Set(group.flatMap(({ stage }) => stage ?? []))],
    nearest: mostFrequent(group.flatMap(({ nearest }) => nearest.slice(0, 1))),
  };
}

function mostFrequent(names: string[]): string | null {
  const counts = [...Map.groupBy(names, (name) => name)].sort(([, a], [, b]) => b.length - a.length);
  return counts[0]?.[0] ?? null;
}
