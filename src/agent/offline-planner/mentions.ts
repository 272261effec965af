import type { Focus } from "#threads/focus.ts";
import { isKnownWord } from "./lexicon.ts";
import { callings, escaped } from "./places.ts";
import type { Words } from "./question.ts";

const QUOTED = /["“]([^"“”]{1,120})["”]/u;
const DOMAIN =
  /\b(?:[a-z0-9-]+\.)+(?:com|net|org|io|co|ai|app|dev|de|at|ch|uk|fr|es|it|nl|eu|se|no|dk|fi|pl|us|ca|au|example|test)\b/;
const CAPITAL_RUN =
  /(?:\p{Lu}|\d+(?=\p{Lu}))[\p{L}\p{N}&'’._-]*(?:(?: (?:&|of|de|von|van|la) | )(?:\p{Lu}|\d)[\p{L}\p{N}&'’._-]*)*/gu;
const LONGEST_NAME = 6; // words
const FIGURE = /^\d[\d.,%]*$/; // "an NPS of 2"

/** Accounts that a question names for sure: quoted, by id, by domain, or in capitals. Taken out of the words. */
export function takeSureNames(words: Words, isVocabulary: (name: string) => boolean): string[] {
  const names: string[] = [];
  for (const pattern of [QUOTED, /(?<!\w)#\d+\b/, DOMAIN]) {
    for (let match = words.take(pattern); match; match = words.take(pattern)) {
      const said = words.original.slice(match.index, match.index + match[0].length);
      names.push(said.replace(/^["“]|["”]$/g, ""));
    }
  }
  for (const run of words.original.matchAll(CAPITAL_RUN)) {
    if (words.text.slice(run.index, run.index + run[0].length).trim() === "") continue;
    const { name, start } = withoutKnownWords(run[0], run.index);
    if (name === "" || FIGURE.test(name) || isVocabulary(name)) continue;
    words.cut(
      start,
      Math.min(start + name.length + (words.text.startsWith("'s", start + name.length) ? 2 : 0), words.original.length),
    );
    names.push(name);
  }
  return [...new Set(names)];
}

/** "What Stage Is ACME In" → "ACME". Known words inside a name stay ("Bank of America"). */
function withoutKnownWords(run: string, at: number): { name: string; start: number } {
  const tokens = [...run.matchAll(/\S+/g)].map((match) => ({ text: match[0], start: at + match.index }));
  while (tokens.length > 0 && isKnownWord(tokens[0]!.text)) tokens.shift();
  while (tokens.length > 0 && isKnownWord(tokens.at(-1)!.text)) tokens.pop();
  const [first] = tokens;
  if (!first) return { name: "", start: at };
  const last = tokens.at(-1)!;
  const name = run
    .slice(first.start - at, last.start - at + last.text.length)
    .replace(/['’]s?$/u, "")
    .replace(/[.,:]+$/u, (end) => (/\b(?:inc|ltd|corp|co|s\.a|b\.v|n\.v)\.$/i.test(last.text) ? end : ""));
  return { name, start: first.start };
}

/** What is left of a question when everything known is out: perhaps a name in small letters. */
export function takeLikelyName(words: Words): string | null {
  const groups: { text: string; start: number; end: number }[] = [];
  for (const { text, start } of words.rest()) {
    const word = text.replace(/^[("'[]+|[)"'\],.:]+$/g, "").replace(/['’]s$/, "");
    const isName =
      (word === "&" && groups.length > 0) || (word !== "" && !isKnownWord(word) && /[\p{L}\p{N}]/u.test(word));
    const last = groups.at(-1);
    const near = last && words.original.slice(last.end, start).trim() === "";
    if (!isName) continue;
    if (near && words.text.slice(last.end, start).trim() === "" && last.end + 1 >= start)
      groups[groups.length - 1] = { text: `${last.text} ${word}`, start: last.start, end: start + text.length };
    else groups.push({ text: word, start, end: start + text.length });
  }
  const [first] = groups.sort((a, b) => b.text.length - a.text.length);
  if (!first || groups.length > 2 || first.text.split(" ").length > LONGEST_NAME || first.text.length < 2) return null;
  words.cut(first.start, first.end);
  return first.text;
}

const ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split(" ");
const PLACE =
  /\b(?:the |number |no\.? ?)?(?:(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|\d{1,3}(?:st|nd|rd|th))(?: (?:one|account|customer|company|of (?:them|those|these|the list)|on the list|in the list))|(?<=number |no\.? ?)(\d{1,3}))\b/;
const PRONOUN =
  /\b(?:they|them|their|theirs|it|its|he|she|him|her|(?:that|this|the|the same|same) (?:account|customer|client|company|one)|the account in question)\b/;

/** "The second?", "number 3", as all that is said. */
const ONLY_PLACE =
  /^\s*(?:the |number |no\.? ?|#)?(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|\d{1,3}(?:st|nd|rd|th))(?: (?:one|account|customer))?\s*$/;
export const isOnlyPlace = (part: string): boolean => ONLY_PLACE.test(part.toLowerCase());

/** The place in a list that a question means, from 0; −1 is the last. */
export function takePlace(words: Words): number | null {
  const found = words.take(PLACE) ?? (isOnlyPlace(words.original) ? words.take(ONLY_PLACE) : null);
  if (!found) return null;
  if (found[1] === "last") return -1;
  return found[2]
    ? Number(found[2]) - 1
    : /^\d/.test(found[1]!)
      ? Number.parseInt(found[1]!, 10) - 1
      : ORDINALS.indexOf(found[1]!);
}

export const takePronoun = (words: Words): boolean => words.take(PRONOUN) !== null;

/** A hint with the names of the country that it gives by code, so that "the German one" is found. */
const hintWords = (hint: string): string =>
  hint.replace(/\b[A-Z]{2}\b/g, (code) => `${code} ${callings(code).join(" ").replaceAll("|", " ")}`);

/** An account of the thread as the tools take it: by its id, which is exact. */
export const byId = (account: { id: number }): string => `#${account.id}`;

type Pending = NonNullable<Focus["pending"]>;

/** The choice that an answer to "which one?" means; several when it fits several; null when it is no answer to it. */
export function choicesMeant(answer: string, pending: Pending): Pending["choices"] | null {
  const said = answer
    .toLowerCase()
    .replace(/^(?:the|i mean|i meant|it is|it's|i want|take|use)\s+/i, "")
    .replace(/[.!,]+$/, "")
    .replace(/\s+(?:one|please|account)\b/g, "")
    .trim();
  if (said === "" || said.split(" ").length > 7) return null;
  const number = /^(?:#|no\.? ?|number |option )?(\d{1,9})$/.exec(said)?.[1];
  if (number) {
    const id = pending.choices.filter((choice) => choice.id === Number(number));
    if (said.startsWith("#") || id.length > 0) return id.length > 0 ? id : null;
    const placed = pending.choices[Number(number) - 1];
    return placed ? [placed] : null;
  }
  const ordinal = said === "last" ? pending.choices.length - 1 : ORDINALS.indexOf(said);
  if (ordinal >= 0) return pending.choices[ordinal] ? [pending.choices[ordinal]!] : null;
  const exact = pending.choices.filter((choice) => choice.label.toLowerCase() === said);
  if (exact.length > 0) return exact;
  const part = pending.choices.filter((choice) =>
    hasWords(`${choice.label} ${hintWords(choice.hint)}`.toLowerCase(), said),
  );
  return part.length > 0 ? part : null;
}

const hasWords = (text: string, said: string): boolean =>
  said
    .split(" ")
    .filter((word) => !["in", "from", "the", "of", "with"].includes(word))
    .every((word) =>
      new RegExp(`(?<![\\p{L}\\p{N}])${escaped(word.replace(/'s$/, ""))}(?![\\p{L}\\p{N}])`, "u").test(text),
    );
