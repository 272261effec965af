import { findWindow } from "#tools/window-words.ts";
import type { Words } from "./question.ts";

const MOST_WINDOWS = 8;

/** The windows that a question names, in its order, in its own words. Taken out of the words. */
export function takeWindows(words: Words): string[] {
  const found: { said: string; at: number }[] = [];
  const short = words.take(ELLIPTIC);
  if (short)
    found.push({ said: `last ${short[2]}`, at: short.index }, { said: `this ${short[2]}`, at: short.index + 1 });
  while (found.length < MOST_WINDOWS) {
    const window = findWindow(withoutVerbs(words.text));
    if (!window) break;
    found.push({ said: words.original.slice(window.end - window.words.length, window.end).trim(), at: window.start });
    words.cut(window.start, window.end);
  }
  const said = found.sort((a, b) => a.at - b.at).map((each) => each.said);
  return said.map((each) => withYear(each, said));
}

/** "This quarter vs last": the second has the unit of the first, and what changed is told forwards. */
const ELLIPTIC =
  /\b(this|last) (week|month|quarter|year),? (?:vs\.?|versus|against|and|with|to|than|compared (?:to|with)) (?:the )?(last|this)(?: one)?(?=[?.!,]*(?:$| (?:for|by|per|of|in)\b))/;

/** "may" and "march" are verbs unless something dates them. */
const withoutVerbs = (text: string): string =>
  text.replace(
    /(?<!\b(?:in|of|for|during|since|and|to|vs|versus|from|the|last|compare) )\b(?:may|march|mar)\b(?! (?:20\d\d|cohort|and|vs|versus|to))/g,
    (verb) => " ".repeat(verb.length),
  );

/** "Q2 and Q3 2025": a year that is said once holds for both. */
function withYear(said: string, all: readonly string[]): string {
  const years = [...new Set(all.flatMap((each) => /\b20\d\d$/.exec(each)?.[0] ?? []))];
  const bare = /^(?:q[1-4]|[a-z]{3,9})$/i.test(said) && !/today|yesterday/i.test(said);
  return bare && years.length === 1 && all.at(-1)?.endsWith(years[0]!) ? `${said} ${years[0]}` : said;
}

const GROUP =
  /\b(?:by|per|for each|in each|for every|across(?: the| all)?|grouped by|split by|of each|each) (?:account )?(stage|phase|owner|rep|manager|csm|team|segment|industr(?:y|ies)|sector|countr(?:y|ies)|region|plan|tier)s?\b/;
const GROUP_WORDS: Record<string, string> = {
  phase: "stage",
  rep: "owner",
  manager: "owner",
  csm: "owner",
  industrie: "industry",
  sector: "industry",
  countrie: "country",
  region: "country",
  tier: "plan",
};

/** What a figure is split by. Taken out of the words. */
export function takeGroup(words: Words): string | null {
  const said = words.take(GROUP)?.[1]?.replace(/s$/, "");
  return said ? (GROUP_WORDS[said] ?? said) : null;
}

const EACH =
  /\b(?:(?:each|every|per|by|for each|for every) (week|month|quarter)|(week|month|quarter) (?:by|over|on) (?:week|month|quarter)|(weekly|monthly|quarterly)(?= (?:trend|development|view|numbers|figures|split|breakdown)))\b/;
/** What develops is told month by month, unless something else is said. */
const TREND =
  /\b(?:trends?|trending|develop(?:s|ed|ing|ment)?|evolv(?:es?|ed|ing)|evolution|over time|growth|grown|best month|worst month|which month|what month|peak(?:ed)?|getting (?:better|worse|higher|lower)(?: or (?:better|worse|higher|lower|not))?|going (?:up|down)(?: or (?:up|down))?|(?:better|worse) or (?:better|worse)|improv(?:e|es|ed|ing)|worsen(?:s|ed|ing)?)\b/;

/** "By month", "the trend": each of which a figure is told for. Taken out of the words. */
export function takePieces(words: Words): "week" | "month" | "quarter" | null {
  const said = words.take(EACH);
  const trend = words.has(TREND);
  while (words.take(TREND));
  const unit = (said?.[1] ?? said?.[2] ?? said?.[3])?.replace(/ly$/, "");
  if (unit === "week" || unit === "month" || unit === "quarter") return unit;
  return trend ? "month" : null;
}

const GROUPS_ASKED =
  /\b(?:which|what|whose) (owner|rep|manager|csm|team|segment|industry|sector|country|region|plan|tier)s?\b/;
const MOST = /\b(?:(?:the )?(most|highest|biggest|largest|best|top)|(?:the )?(least|lowest|smallest|fewest|worst))\b/;

/** The worst churn is the highest, the best the lowest; with all other words, and figures, most is most. */
const isAboutLosses = (most: string | undefined, words: Words): boolean =>
  /^(?:the )?(?:best|worst)$/.test(most ?? "") &&
  /\b(?:churn\w*|loss(?:es)?|lost|lose|contraction|downgrad\w*)\b/i.test(words.original);

/** "Which team lost the most?": the group that is asked for, and from which end. Taken out of the words. */
export function takeMost(words: Words): { group: string; order: "highest" | "lowest" } | null {
  const match = GROUPS_ASKED.exec(words.text);
  if (!match) return null;
  words.cut(match.index, match.index + match[0].length);
  const most = words.take(MOST);
  const said = match[1]!;
  const order = (most?.[2] !== undefined) === isAboutLosses(most?.[0], words) ? "highest" : "lowest";
  return { group: GROUP_WORDS[said] ?? said, order };
}
