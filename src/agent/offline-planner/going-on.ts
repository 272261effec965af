import type { ToolCall } from "#threads/focus.ts";
import { takeSureNames } from "./mentions.ts";
import type { PartState } from "./one-account.ts";
import { Words } from "./question.ts";

/** Somebody has lost their temper. */
export const HEATED = [
  /\b(?:furious|angry|livid|mad|upset|fuming|outraged|raging|shout(?:s|ed|ing)?|scream(?:s|ed|ing)?|yell(?:s|ed|ing)?|rude|insult(?:s|ed|ing)?|pissed|hates? us|a joke|fed up|los(?:es|t|ing) (?:their |his |her )?(?:patience|temper))\b/,
  /\bcomplain(?:s|ed|ing)?\b|\bcomplaints?\b.*\b(?:about|came|from)\b|\bthreaten(?:s|ed|ing)?\b|\b(?:post|go(?:es)?) (?:about it |about us )?(?:public|on (?:linkedin|twitter|social))/,
  /\b(?:[12]|one|two)[- ]stars?\b|\b(?:bad|low|terrible|poor) (?:rating|review|score)\b/,
];
/** Whether somebody has lost their temper in it: that is a situation of its own, whatever was told before. */
const isHeated = (low: string): boolean => HEATED.some((pattern) => pattern.test(low));

export const END = /[\s?.!]+$/;
const AND = "^(?:(?:and|but|so|ok(?:ay)?|then|also|now|please)\\b,? ?)*";
const GOING_ON = new RegExp(
  `${AND}(?:(?:what|how) (?:do|should|can|could|would|shall) (?:i|we) (?:say|write|tell|answer|reply|send|put|word|explain|do)\\b|what to (?:say|write|tell|answer|reply|send|do)\\b|(?:if|when|once|until) (?:they|he|she|it|that|this|the customer|somebody|nobody)\\b|(?:afterwards|after that|later|tomorrow|next week)\\b|what (?:if|then|else|next)\\b|(?:what|which) is the (?:very )?(?:first|next|last) (?:thing|step)\\b|what (?:do|should) (?:i|we) (?:start|begin)\\b|who (?:writes|calls|tells|does)\\b)`,
);
/** Who acts, what may be given, and what to keep from: of the situation that was told last. */
const OF_THE_SAME = new RegExp(
  `${AND}(?:who (?:should|do|does|can|must|will|would|else should)\\b.*\\b(?:join|come|call|calls|wake|bring in|sign|involve|inform|tell|lead|write|handle|talk|speak|own)\\b|(?:can|could|may|should|shall|do|must) (?:i|we)\\b.*\\b(?:refund|money back|credits?|compensat\\w+|waive|goodwill|call|apologi[sz]e|visit|escalate)\\b|what (?:must|should|can|may) (?:i|we) (?:not|never|avoid|watch|offer|promise)\\b|which words\\b|what is the best way to\\b|what goes\\b)`,
);
const WORDS =
  /\b(?:e-?mails?|mail|letter|text|message|script|wording|template|in writing|by phone|on the phone|over the phone|reply|answer)\b|\bwrite (?:to )?(?:them|him|her|it|something)\b/;
const WORDS_WANTED = new RegExp(
  `${AND}(?:can you |could you |i need |we need |any |got )?(?:draft|write|compose|prepare|send|give (?:me|us)|show (?:me|us)|suggest|an?\\b|the\\b|text\\b|e-?mail\\b|in writing|by phone|on the phone)`,
);
/** "What do I do when a payment failed?": the situation is told with it, so it is no other one's. */
const OWN_SITUATION =
  /\b(?:when|if|once|in case) (?!(?:they|he|she|it|that|this|the customer|somebody|someone|nobody)\b)(?:\S+ ){2,}\S/;
const LONGEST = 12; // words; who says more tells a situation of their own
/** A turn that the situation may take is a situation of its own. */
const NEW_TURN = new RegExp(`${AND}(?:if|when|once)\\s+(?=\\S+ \\S+ \\S+)`, "i");
const ROOT = "; "; // what went before stands before it, what is asked now behind it

/** "And if they still want to leave?", "draft a mail", "who should join the call?" after the playbooks were asked: the same situation, with this. */
export function goesOn(question: string, state: PartState, isOurs: (name: string) => boolean): ToolCall[] | null {
  const low = question.toLowerCase();
  // "Can I give Globex a credit?" is a question of its own.
  if (OF_THE_SAME.test(low) && takeSureNames(new Words(question), isOurs).length > 0) return null;
  const worded = WORDS_WANTED.test(low) && WORDS.test(low);
  const follows = GOING_ON.test(low) || OF_THE_SAME.test(low) || worded;
  if (!follows || low.split(" ").length > LONGEST || isHeated(low) || OWN_SITUATION.test(low)) return null;
  if (!worded || GOING_ON.test(low)) return sameSituation(question.replace(END, ""), state);
  return sameSituation(/phone/.test(low) ? "what do I say on the phone" : "what do I write in the mail", state);
}

/** What is asked now, of the situation that the playbooks were asked for last; null where they were not. */
export function sameSituation(asked: string, { calls, focus }: PartState): ToolCall[] | null {
  const last = [...calls, ...focus.calls].findLast((call) => call.tool === "search_playbooks");
  if (!last) return null;
  if (NEW_TURN.test(asked))
    return [{ tool: "search_playbooks", input: { ...last.input, question: asked.replace(NEW_TURN, "") } }];
  const [before = ""] = String(last.input.question ?? "").split(ROOT);
  return [{ tool: "search_playbooks", input: { ...last.input, question: `${before}${ROOT}${asked}` } }];
}

const ONLY_POINTS =
  /^(?:(?:to|about|with|them|him|her|it|this|that|now|next|then|back|first|afterwards|later|please|the|a|customer|client)\b[,? ]*)*[?.! ]*$/;

/** "And what do I write them?" when nothing was told before: words to search by would be found anywhere, and fit nothing. */
export function pointsAtNothing(question: string, { calls, focus }: PartState): boolean {
  const low = question.toLowerCase().trim();
  const asked = GOING_ON.exec(low)?.[0];
  if (asked === undefined || /\bdo$/.test(asked)) return false; // "what should I do?" is asked of an account
  return calls.length === 0 && !focus.account && ONLY_POINTS.test(low.slice(asked.length).trim());
}

export const ABOUT_WHAT =
  "What is it about? Tell me the situation too, such as “what do I write to a customer whose invoice is overdue?”, or name the account.";

const LANGUAGES =
  "german|french|spanish|italian|dutch|portuguese|polish|english|deutsch|französisch|français|español|italiano";
const IN_ANOTHER = new RegExp(
  `^(?:(?:and|can you|could you|please)\\b,? ?)*(?:(?:translate|say|write|give)\\b.{0,30} )?(?:in|into|to|auf|en) (?:${LANGUAGES})(?: please)?[?.! ]*$`,
  "i",
);
const IN_OTHER_WORDS =
  /^(?:(?:and|can you|could you|please|make (?:it|that)|a bit|a little|now)\b,? ?)*(?:(?:shorter|longer|nicer|friendlier|simpler|softer|harder|more (?:formal|friendly|polite|direct))\b|(?:rephrase|reword|shorten|summari[sz]e|rewrite)\b)(?: (?:it|that|this))?(?: (?:please|pls|plz))?[?.! ]*$/i;

/** Why a wish for the same passage in another language or in other words is refused; null where it is no such wish. */
export function cannotReword(question: string, { calls }: PartState): string | null {
  if (!calls.some(({ tool }) => tool === "search_playbooks")) return null;
  if (IN_ANOTHER.test(question)) return NO_TRANSLATION;
  return IN_OTHER_WORDS.test(question) ? NO_REWORDING : null;
}

const NO_TRANSLATION =
  "I quote the playbooks in the language that they are written in. To translate takes a model, and none answers here.";
const NO_REWORDING =
  "I quote the playbooks as they are written. To put it in other words takes a model, and none answers here.";
