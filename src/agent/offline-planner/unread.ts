import { isKnownWord } from "./lexicon.ts";
import type { PartState } from "./one-account.ts";
import { Words } from "./question.ts";
import { takeNamedFilters } from "./vocabulary.ts";

const LONGEST = 80; // characters that are quoted back

/** What nobody has taken of a question, without words that say nothing by themselves. */
export const unreadIn = (words: Words): string[] =>
  words
    .rest()
    .filter(({ text }) => /[\p{L}\p{N}]/u.test(text) && !isKnownWord(text))
    .map(({ text }) => text.replace(/[^\p{L}\p{N}'-]+$/u, ""));

/** Says what was not understood of a question that is answered all the same. Words of the workspace are not strange. */
export function sayUnread(unread: readonly string[], state: PartState): void {
  const strange = unread.filter(
    (word) => Object.keys(takeNamedFilters(new Words(word), state.vocabulary)).length === 0,
  );
  if (strange.length > 0)
    state.say.push(`I did not understand “${strange.join(" ").slice(0, LONGEST)}”, so the answer does not regard it.`);
}
