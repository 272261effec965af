import type { ToolCall } from "#threads/focus.ts";
import { takePronoun, takeSureNames } from "./mentions.ts";
import { inHand, type PartState } from "./one-account.ts";
import { escaped } from "./places.ts";
import { Words } from "./question.ts";

const ASKED =
  /^(?:(?:and|so|ok(?:ay)?|then|now|please|can you|could you|would you)\b,? ?)*(?:(?:what|how) (?:do|should|can|could|would|shall|must) (?:i|we)\b|what to\b|(?:draft|write|compose|word|formulate|prepare)\b|(?:give|show|suggest)(?: me)?\b(?=.*\b(?:mail|e-?mail|message|wording|words|script|template|text|talking points|points to)\b)|(?:(?:some|any) )?(?:talking points|points to (?:make|raise|cover))\b)/;
const TO_WRITE = /\b(?:write|draft|compose|e-?mails?|mails?|message|letter|text|reply|answer|respond|send|template)\b/;
const TO_SAY = /\b(?:say|tell|call|phone|words?|wording|script|talk about|talking points|points to)\b/;
/** A text is wanted, and what it is about is told. */
const DRAFT =
  /^(?:(?:please|can you|could you|would you)\b,? ?)*(?:draft|write|compose|word|formulate|prepare)\b.*\b(?:e-?mail|mail|message|letter|reply|answer|text|note)\b/;
const TEXT_WANTED =
  /^.*?\b(?:draft|write|compose|word|formulate|prepare)\b(?: me| us)?(?: an?| the| our)?(?: (?:quick|short|nice|polite|friendly|little))* (?:e-?mail|mail|message|letter|reply|answer|text|note)\b(?: to (?:them|him|her))?/i;
/** Words that say no more than that something is to be written or said to them. */
const PLAIN =
  /\b(?:and|so|ok|okay|then|now|please|can|could|would|you|what|how|do|does|should|shall|must|i|we|me|us|to|in|on|with|for|of|a|an|the|my|our|first|next|best|today|tomorrow|it|that|this|draft|write|compose|word|formulate|prepare|give|show|suggest|e-?mails?|mails?|messages?|letter|text|reply|answer|respond|send|template|say|tell|call|phone|words?|wording|script|talk|about|something|customer|client|contact|there|back|exactly|just|talking|points?|any|some|raise|make|cover|bring up|meeting|conversation|visit)\b/g;

/**
 * "What should I write them?", "draft a mail to Acme GmbH": the words to use of the playbooks behind the account's next
 * steps. Null where a situation is told as well, where the playbooks were asked last (it is about theirs), or without an account.
 */
export function wordsAsked(question: string, state: PartState, isOurs: (name: string) => boolean): ToolCall[] | null {
  const low = question.toLowerCase();
  if (!ASKED.test(low) || !(TO_WRITE.test(low) || TO_SAY.test(low))) return null;
  const words = new Words(question.replace(/^\p{Lu}/u, (first) => first.toLowerCase()));
  const names = takeSureNames(words, isOurs);
  const last = state.calls.at(-1);
  if (names.length > 1 || (names.length === 0 && last?.tool === "search_playbooks")) return null;
  const account = names[0] ?? inHand(state);
  takePronoun(words);
  const says = /[\p{L}\p{N}]/u.test(words.text.replace(PLAIN, " ").replace(/'s\b/g, " "));
  if (says && DRAFT.test(low))
    return [
      { tool: "search_playbooks", input: { question: matterOf(question, names[0]), ...(account ? { account } : {}) } },
    ];
  if (says || !account) return null;
  state.account = account;
  return [{ tool: "next_steps", input: { account, words: TO_WRITE.test(low) ? "write" : "say" } }];
}

/** What the text is to be about: without the account's name, which would lead the search astray. */
const matterOf = (question: string, name: string | undefined): string =>
  (name
    ? question.replace(new RegExp(`(?: (?:at|from|with|for|of|to|by))? ["“]?${escaped(name)}["”]?(?:'s)?`, "i"), "")
    : question
  )
    .replace(TEXT_WANTED, "what do we write")
    .replace(/[\s?.!]+$/, "")
    .trim();
