import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { AskAgain } from "#errors.ts";
import { evaluate } from "#lifecycle/evaluate.ts";
import { FACTS } from "#lifecycle/facts.ts";
import type { Reason } from "#lifecycle/judgement.ts";
import { type LifecycleModel, stageOf } from "#lifecycle/model.ts";
import { sayValue } from "#lifecycle/words.ts";
import type { FoundPassage } from "#playbooks/find.ts";
import { withoutNames } from "#playbooks/gaps.ts";
import { RERANKED, rerank } from "#playbooks/rerank.ts";
import { playbookRules } from "#playbooks/rules.ts";
import { type PlaybookAnswer, searchPlaybooks } from "#playbooks/search.ts";
import { defineTool, type Source, type ToolContext } from "./define-tool.ts";
import { KeptOut, plainFactWords } from "./in-channel.ts";
import { accountInput, type Subject, stageTitle, subjectOf } from "./subject.ts";
import { distance, listed } from "./words.ts";

const LONGEST_PASSAGE = 900;
const SHOWN = 3;
const MOST_WORDS = 4; // of those that matched; the rarest stand first

export const searchPlaybooksTool = defineTool({
  name: "search_playbooks",
  title: "Search the playbooks",
  description:
    "Passages of the company's playbooks for a situation, with their source, or that none covers it. Use for “how do we …?”, “what do we say when …?”, and for an angry customer. Name the account where there is one.",
  effect: "reads",
  input: z.object({
    question: z.string().trim().min(2).max(20_000).describe("the situation, in the asker's words"),
    account: accountInput.optional(),
    stage: z.string().max(60).optional().describe("a stage to look in, where the asker names one"),
  }),
  run: async ({ question, account: said, stage }, context) => {
    const { database, actor, knowledge, today } = context;
    const subject = said ? await database.read(actor, (rows) => subjectWithFired(rows, said, context)) : null;
    const at = whereToLook(stageAsked(subject, stage, knowledge.model), context);
    const found = await searchPlaybooks({
      database,
      actor,
      question,
      embedder: knowledge.embedder,
      stages: at.stages,
      forbiddenMoves: at.forbidden,
      firedPlaybooks: [...(subject?.fired.keys() ?? [])],
      limit: knowledge.rerank ? RERANKED : SHOWN,
      ...(knowledge.stemmer ? { stemmer: knowledge.stemmer } : {}),
      ...(subject ? { apartFrom: subject.account.name } : {}),
    });
    if (found.verdict !== "found") await tellGap(question, found, { subject, said, stage: at.title }, context);
    const { passages, note } =
      knowledge.rerank && found.verdict === "found"
        ? await rerank(knowledge.rerank, question, found.passages)
        : { passages: found.passages, note: null };
    return {
      account: subject?.account ?? null,
      stage: at.title,
      ...found,
      passages: passages.slice(0, SHOWN).map(
        (passage): ShownPassage => ({
          ...passage,
          facts: subject?.fired.get(passage.playbookId) ?? [],
          reviewOverdue: passage.reviewBy < today,
        }),
      ),
      note: [found.note, note].filter(Boolean).join(" ") || null,
    };
  },
  say: (found) =>
    found.verdict === "found"
      ? [`From the playbooks${aboutWhom(found)}:`, ...found.passages.flatMap(passageLines), found.note]
          .filter(Boolean)
          .join("\n")
      : sayUncovered(found),
  sources: ({ verdict, passages }) => (verdict === "found" ? passages.map(asSource) : []),
  honestNo: (found) => (found.verdict === "found" ? null : sayUncovered(found)),
  inChannel: (found) => {
    const kept = new KeptOut();
    const passages = found.passages.map((each) => ({ ...each, facts: plainFactWords(each.facts, kept) }));
    return { finding: { ...found, passages }, keptOut: kept.words };
  },
});

interface Uncovered {
  verdict: PlaybookAnswer["verdict"];
  passages: FoundPassage[];
  note: string | null;
  account: { name: string } | null;
  stage: string | null;
}

/** That no playbook covers it; the closest ones, where there are any, as places to look. */
function sayUncovered(found: Uncovered): string {
  if (found.verdict === "none") return found.note ?? "No playbook covers this.";
  return [
    `No playbook covers this${aboutWhom(found)}. The closest:`,
    ...found.passages.map(({ title, section, source }) => `- ${title} — ${section} (${source})`),
  ].join("\n");
}

const aboutWhom = ({ account, stage }: Pick<Uncovered, "account" | "stage">): string =>
  account ? ` for **${account.name}** (${stage})` : stage ? ` (${stage})` : "";

/** A found passage with what the account's own facts say to it. */
interface ShownPassage extends FoundPassage {
  /** The facts that fulfil the playbook's condition: "next renewal in 38 days". Empty when it has none, or none is asked of an account. */
  facts: string[];
  reviewOverdue: boolean;
}

/** The account, and in words the facts that fulfil a playbook's condition, by the playbook's id. */
async function subjectWithFired(
  rows: Reading,
  said: string,
  context: ToolContext,
): Promise<Subject & { fired: Map<string, string[]> }> {
  const subject = await subjectOf(rows, said, context);
  const rules = await playbookRules(rows);
  const fired = rules.flatMap(({ id, when }): [string, string[]][] => {
    const asked = when && evaluate(when, subject.facts, context.today);
    if (asked?.held !== "yes") return [];
    const held = asked.reasons.filter((reason) => reason.held === "yes");
    return [[id, [...new Set(held.map((reason) => factWords(reason, subject.facts.currency, context.today)))]]];
  });
  return { ...subject, fired: new Map(fired) };
}

/** "next renewal in 38 days", "seat use 34%", "2 open tickets", "no last meeting known". */
function factWords({ fact, label, value }: Reason, currency: string, today: string): string {
  const { kind } = FACTS[fact];
  if (value === null) return `no ${label} known`;
  if (kind === "date") return `${label} ${distance(String(value), today)}`;
  return kind === "count" ? `${value} ${label}` : `${label} ${sayValue(kind, value, currency)}`;
}

/** The account's stage, else the one that the asker names, else none. */
function stageAsked(subject: Subject | null, stage: string | undefined, model: LifecycleModel): string | null {
  if (subject) return subject.judgement.lapsed ? "lapsed" : subject.judgement.stage;
  return stage ? stageNamed(stage, model) : null;
}

interface Asked {
  subject: Subject | null;
  said: string | undefined;
  stage: string | null;
}

/** Hands on a question that nothing covers, without the names in it. */
async function tellGap(
  question: string,
  { verdict, passages }: PlaybookAnswer,
  { subject, said, stage }: Asked,
  { onGap, today }: ToolContext,
): Promise<void> {
  if (!onGap || verdict === "found") return;
  const names = subject ? [subject.account.name, ...(said ? [said] : [])] : [];
  const nearest = [...new Set(passages.map(({ playbookId }) => playbookId))];
  await onGap({ question: withoutNames(question, names), stage, verdict, nearest, askedOn: today });
}

/** Playbook stages and forbidden moves for a stage of the workspace's model. */
function whereToLook(
  stage: string | null,
  context: ToolContext,
): { stages: string[]; forbidden: string[]; title: string | null } {
  if (stage === null) return { stages: [], forbidden: [], title: null };
  if (stage === "lapsed") return { stages: ["lapsed"], forbidden: [], title: "Lapsed" };
  const known = stageOf(context.knowledge.model, stage);
  return {
    stages: known?.like ?? [],
    forbidden: known?.moves.forbidden.map(({ move }) => move) ?? [],
    title: stageTitle(context, stage),
  };
}

function stageNamed(said: string, model: LifecycleModel): string {
  const folded = said.trim().toLowerCase();
  if (["lapsed", "churned"].includes(folded)) return "lapsed";
  const stage = model.stages.find(({ id, name }) => id === folded || name.toLowerCase() === folded);
  if (!stage)
    throw new AskAgain(
      `There is no stage “${said}” in the model ${model.name}. There are: ${model.stages.map(({ name }) => name).join(", ")}.`,
    );
  return stage.id;
}

const asSource = (passage: ShownPassage): Source => {
  const { title, section, source, playbookId, text, reviewBy, reviewOverdue } = passage;
  const matched = matchWords(passage);
  return {
    playbook: title,
    section,
    path: source,
    playbookId,
    text,
    matched,
    overdueSince: reviewOverdue ? reviewBy : null,
  };
};

function passageLines(passage: ShownPassage): string[] {
  const { title, section, source, text, reviewBy, reviewOverdue } = passage;
  return [
    `**${title}** — ${section} (${source})`,
    ...shortened(text).map((line) => `> ${line}`),
    `Matched: ${matchWords(passage)}`,
    ...(reviewOverdue ? [`It was to be reviewed by ${reviewBy}: check that it still holds.`] : []),
  ];
}

/** Why a passage was found: the nearest trigger, the words, the stage, the account's own facts. */
export function matchWords({ why, stages, facts }: Pick<ShownPassage, "why" | "stages" | "facts">): string {
  const because = [
    why.trigger && `like “${why.trigger}”`,
    why.words.length > 0 && `words ${why.words.slice(0, MOST_WORDS).join(", ")}`,
    why.stage && `for ${stages.join(", ")}`,
    facts.length > 0 && `because ${listed(facts)}`,
  ];
  return because.filter(Boolean).join("; ") || "its meaning";
}

/** Its lines without the heading, cut between two of them. */
function shortened(text: string): string[] {
  const body = text.replace(/^#+ .*\n+/, "").trim();
  if (body.length <= LONGEST_PASSAGE) return body.split("\n");
  const end = body.lastIndexOf("\n", LONGEST_PASSAGE);
  return [...body.slice(0, end > 0 ? end : LONGEST_PASSAGE).split("\n"), "…"];
}
