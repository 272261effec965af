import { findWindow } from "#tools/window-words.ts";
import type { Words } from "./question.ts";

const MOST_WINDOWS = 8;

/** The windows that a question names, in its order, in its own words. Taken out of the words. */
export function takeWindows(words: Words): string[] {
  const found: { said: string; at: number }[] = [];
  while (found.length < MOST_WINDOWS) {
    const window = findWindow(withoutVerbs(words.text));
    if (!window) break;
    found.push({ said: words.original.slice(window.end - window.words.length, window.end).trim(), at: window.start });
    words.cut(window.start, window.end);
  }
  const said = found.sort((a, b) => a.at - b.at).map((each) => each.said);
  return said.map((each) => withYear(each, said));
}

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
