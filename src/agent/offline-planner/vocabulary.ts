import type { Vocabulary } from "#tools/index.ts";
import type { PortfolioFilters } from "#tools/portfolio-input.ts";
import { isKnownWord } from "./lexicon.ts";
import { callings, countriesOf, escaped, REGION_NAMES } from "./places.ts";
import { Words } from "./question.ts";

export type { Vocabulary };

type Lists = Pick<PortfolioFilters, "stage" | "owner" | "team" | "segment" | "industry" | "country" | "plan">;

/** Filters that are named by a word of the workspace, taken out of the words. */
export function takeNamedFilters(words: Words, vocabulary: Vocabulary): Lists {
  const lists: Lists = {};
  const add = (key: keyof Lists, value: string) => {
    lists[key] = [...new Set([...(lists[key] ?? []), value])];
  };
  // "North America" before "America".
  for (const region of REGION_NAMES.filter((name) => name.includes(" ")))
    if (words.take(new RegExp(`\\b(?:the )?${region}\\b(?: region)?`)))
      for (const country of countriesOf(region, vocabulary.countries)) add("country", country);
  for (const { key, value, pattern, capital } of entries(vocabulary)) {
    for (let match = pattern.exec(words.text); match; match = pattern.exec(words.text)) {
      // "Will" and "Mark" are people only in capitals.
      if (capital && !/\p{Lu}/u.test(words.original.slice(match.index, match.index + match[0].length))) break;
      words.cut(match.index, match.index + match[0].length);
      add(key, value);
    }
  }
  if (vocabulary.stages.includes("Advocacy") && words.take(/\b(?:our )?advocates?\b/)) add("stage", "Advocacy");
  for (const region of REGION_NAMES) {
    if (!words.take(new RegExp(`\\b(?:the )?${region}\\b(?: region)?`))) continue;
    for (const country of countriesOf(region, vocabulary.countries)) add("country", country);
  }
  for (const country of vocabulary.countries.filter((each) => /^[A-Z]{2}$/.test(each))) {
    // A code counts only in capitals: "us" and "in" are words.
    const at = words.original.search(new RegExp(`\\b${country}\\b`));
    if (at < 0 || words.text.slice(at, at + 2).trim() === "") continue;
    words.cut(at, at + 2);
    add("country", country);
  }
  return lists;
}

/** The stage that a text names. */
export function stageIn(text: string, vocabulary: Vocabulary): string | undefined {
  const only = { ...vocabulary, teams: [], owners: [], segments: [], industries: [], countries: [], plans: [] };
  return takeNamedFilters(new Words(text), only).stage?.[0];
}

interface Entry {
  key: keyof Lists;
  value: string;
  pattern: RegExp;
  capital?: boolean;
}

/** What kind of thing a word is, said beside it: "the Enterprise plan", "team EMEA". */
const KINDS: [keyof Lists & keyof KindWords, (name: string) => string][] = [
  [
    "stage",
    (name) =>
      `(?:(?:in|at) (?:the )?${name}(?: (?:stage|phase))?(?! (?:tickets?|team))|(?:the )?${name} (?:stage|phase|accounts|customers))`,
  ],
  ["segment", (name) => `(?:the )?${name} segment`],
  ["industry", (name) => `(?:the )?${name} (?:industry|sector)`],
  ["team", (name) => `(?:(?:of|for|in|on|by) )?(?:the )?(?:team ${name}|${name}(?:'s)? team)`],
  ["plan", (name) => `(?:on )?(?:the )?(?:${name} (?:plan|tier)|plan ${name})`],
];
interface KindWords {
  stage: string[];
  segment: string[];
  industry: string[];
  team: string[];
  plan: string[];
}

/** First the words whose kind is said, then the others: longer names first, and segment before team before plan. */
function entries(vocabulary: Vocabulary): Entry[] {
  const { countries } = vocabulary;
  const lists: KindWords = {
    stage: [...vocabulary.stages, "Lapsed"],
    segment: vocabulary.segments,
    industry: vocabulary.industries,
    team: vocabulary.teams,
    plan: vocabulary.plans,
  };
  const kinds = KINDS.flatMap(([key, around]) =>
    lists[key].filter((value) => value.length > 1).map((value) => ({ key, value, name: loose(value), around })),
  );
  const said = kinds.map(({ key, value, name, around }) => ({ key, value, pattern: whole(around(name)) }));
  const bare = kinds
    .filter(({ value }) => !isKnownWord(value))
    .sort((a, b) => b.value.length - a.value.length)
    .map(({ key, value, name }) => ({
      key,
      value,
      pattern: whole(`(?:(?:in|on|of|for|at) )?(?:the )?${name}(?:s|'s)?`),
    }));
  const places = countries.flatMap((value) =>
    callings(value).map(
      (name): Entry => ({ key: "country", value, pattern: whole(`(?:(?:in|from) )?(?:the )?${name}`) }),
    ),
  );
  return [
    ...said,
    ...owners(vocabulary.owners),
    ...bare,
    ...places.sort((a, b) => b.pattern.source.length - a.pattern.source.length),
  ];
}

const whole = (pattern: string): RegExp => new RegExp(`(?<![\\w])${pattern}(?![\\w])`);

/** Owners by full name, and by first or last name where one person has it. */
function owners(all: string[]): Entry[] {
  const parts = all.flatMap((owner) => owner.split(" "));
  return all.flatMap((owner) => {
    const alone = owner
      .split(" ")
      .filter((part) => part.length > 2 && parts.filter((each) => each === part).length === 1);
    return [owner, ...alone].map(
      (name): Entry => ({
        key: "owner",
        value: owner,
        capital: name !== owner,
        pattern: whole(`(?:(?:owned|managed|handled) by |of )?${loose(name)}(?:'s?)?(?: own(?:s)?| look(?:s)? after)?`),
      }),
    );
  });
}

/** "EdTech" as "ed tech", "ed-tech" or "edtech". */
const loose = (name: string): string =>
  escaped(name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase()).replace(/[\s_-]+|\\-/g, "[ _-]?");
