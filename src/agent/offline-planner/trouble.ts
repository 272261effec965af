import type { ToolCall } from "#threads/focus.ts";
import { byId, takeSureNames } from "./mentions.ts";
import type { PartState } from "./one-account.ts";
import { escaped } from "./places.ts";
import { Words } from "./question.ts";

const END = /[\s?.!]+$/;
/** What a support lead tells of a customer, where no account is asked about. */
const TROUBLE = [
  /\b(?:furious|angry|livid|upset|fuming|outraged|raging|shout(?:s|ing)?|yell(?:s|ing)?|rude|losing patience|fed up)\b/,
  /\bcomplain(?:s|ed|ing)?\b|\bcomplaints?\b.*\b(?:about|came|from)\b|\bthreaten(?:s|ed|ing)?\b/,
  /\b(?:[12]|one|two)[- ]stars?\b|\b(?:bad|low|terrible|poor) (?:rating|review|score)\b/,
  /\b(?:money back|refund|compensation|credit note)\b/,
  /\b(?:is|are|was|went|all) down\b|\boutages?\b|\bincident\b|\bcannot log in\b|\bcan't log in\b|\bdata loss\b|\blost (?:their|our|the) data\b/,
  /\b(?:cut|locked) (?:off|out)\b|\bcards? (?:has |have )?expired\b|\bpayment (?:has )?failed\b/,
  /\btickets? (?:has|have) been open\b|\bopen (?:for|since) (?:\d+|two|three|four|several|many|weeks|months)\b|\basks? every (?:day|week|hour)\b/,
  /\b(?:feature|function)s? (?:is|are) missing\b|\bmissing (?:a )?(?:feature|function)s?\b|\bwe (?:cannot|can't|do not|don't) (?:do|have|offer|support) \w+/,
  /\b(?:champion|sponsor|contact|admin|buyer)\b.{0,40}\b(?:has|have|had|is|just) (?:left|quit|gone|leaving|resigned)\b|\bhas left\b/,
  /\b(?:nobody|no one|no-one) uses?\b|\bunused\b/,
  /\b(?:customers?|clients?|they) (?:just )?(?:asks? for|demands?|insists?|wants? (?:their|a|an|our|us|to)|says? they|noticed|found out|refuses?)\b/,
];
const NOT_TOLD =
  /^(?:which|how many|how much|list|show|count|compare|top|who (?:is|are|has|owns|needs)|whose|where|why|when|what (?:is|are|was|were|has|changed|happened|stage|share))\b|\b(?:how many|which (?:accounts|customers|of)|accounts|churn report|by (?:team|owner|stage|country|segment))\b/;

/** A situation that somebody tells instead of asking for data: the playbooks are looked up with all of it. */
export function toldTrouble(question: string, state: PartState, isOurs: (name: string) => boolean): ToolCall[] | null {
  const low = question.toLowerCase();
  if (NOT_TOLD.test(low) || !TROUBLE.some((pattern) => pattern.test(low))) return null;
  const account = accountIn(question, isOurs) ?? accountInHand(low, state);
  const asked = (account ? withoutName(question, account) : question).replace(END, "");
  return [{ tool: "search_playbooks", input: { question: asked, ...(account ? { account } : {}) } }];
}

/** The account that it happens to: "at Acme GmbH", "Acme GmbH is furious". Other capitals belong to the matter. */
function accountIn(question: string, isOurs: (name: string) => boolean): string | null {
  const names = takeSureNames(new Words(question), isOurs);
  const isMeant = (name: string) =>
    new RegExp(`\\b(?:with|at|for|of|from|to|by|about) ["“]?${escaped(name)}`, "i").test(question) ||
    new RegExp(
      `^["“]?${escaped(name)}["”]? (?:is|are|has|have|was|wants?|says?|just|will|threatens?|complains?|cannot|asks?)\\b`,
      "i",
    ).test(question);
  return names.find(isMeant) ?? null;
}

/** "They are furious" in a thread about one account. */
const accountInHand = (low: string, { focus }: PartState): string | null =>
  focus.account && /\b(?:they|them|their)\b/.test(low) && !/\b(?:customers?|clients?)\b/.test(low)
    ? byId(focus.account)
    : null;

const withoutName = (question: string, name: string): string =>
  question
    .replace(new RegExp(`(?: (?:at|from|with|for|of|to|by))? ?["“]?${escaped(name)}["”]?(?:'s)?`, "i"), "")
    .replace(/^\s*(?:is|are|has|have)\b/i, "customer is")
    .trim();

const GOING_ON =
  /^(?:(?:and|but|so|ok(?:ay)?|then)\b,? ?)*(?:(?:what|how) (?:do|should|can|could|would|shall) (?:i|we) (?:say|write|tell|answer|reply|send|put|word|explain|do)\b|what to (?:say|write|tell|answer|reply|send|do)\b|(?:if|when|once|until) (?:they|he|she|it|that|this|the customer|somebody|nobody)\b|(?:afterwards|after that|later|tomorrow|next week)\b|what (?:if|then|else|next)\b|who (?:writes|calls|tells|does)\b)/;
/** A turn that the situation may take is a situation of its own. */
const NEW_TURN = /^(?:(?:and|but|so|ok(?:ay)?|then)\b,? ?)*(?:if|when|once)\s+(?=\S+ \S+ \S+)/i;
const ROOT = "; "; // what went before stands before it, what is asked now behind it

/** "And if they still want to leave?", "what do I write them?" after the playbooks were asked: the same situation, with this. */
export function goesOn(question: string, { calls, focus }: PartState): ToolCall[] | null {
  const low = question.toLowerCase();
  const last = [...calls, ...focus.calls].findLast((call) => call.tool === "search_playbooks");
  if (!last || !GOING_ON.test(low) || TROUBLE.slice(0, 3).some((pattern) => pattern.test(low))) return null;
  const asked = question.replace(END, "");
  if (NEW_TURN.test(asked))
    return [{ tool: "search_playbooks", input: { ...last.input, question: asked.replace(NEW_TURN, "") } }];
  const [before = ""] = String(last.input.question ?? "").split(ROOT);
  return [
    {
      tool: "search_playbooks",
      input: { ...last.input, question: `${before}${ROOT}${question.replace(END, "")}` },
    },
  ];
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

/** A wish for another language, after the playbooks were asked. */
export const wantsTranslation = (question: string, { calls }: PartState): boolean =>
  IN_ANOTHER.test(question) && calls.some(({ tool }) => tool === "search_playbooks");

export const NO_TRANSLATION =
  "I quote the playbooks in the language that they are written in. To translate takes a model, and none answers here.";

const OUR_WORK = /\b(?:we|us|our|ours|they|them|customers?|clients?|tickets?|support|team)\b/i;
const FEWEST_WORDS = 4;

/** What was not understood otherwise and speaks of our work: the playbooks know it, or honestly say that they do not. */
export const perhapsCovered = (question: string): ToolCall[] =>
  OUR_WORK.test(question) && question.split(/\s+/).length >= FEWEST_WORDS && /\p{L}/u.test(question)
    ? [{ tool: "search_playbooks", input: { question: question.replace(END, "") } }]
    : [];
