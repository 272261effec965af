import type { ToolCall } from "#threads/focus.ts";
import { END, HEATED, sameSituation } from "./going-on.ts";
import { byId, takeSureNames } from "./mentions.ts";
import type { PartState } from "./one-account.ts";
import { escaped } from "./places.ts";
import { Words } from "./question.ts";

/** What a support lead tells of a customer, where no account is asked about. */
const TROUBLE = [
  ...HEATED,
  /\b(?:money back|refund|compensation|credit note)\b/,
  /\b(?:is|are|was|were|went|been|all) (?:down|blank|dead|offline|broken|unavailable|slow)\b|\boutages?\b|\bincident\b|\b(?:cannot|can't|can not|unable to) (?:log in|work|book|sign in|open)\b|\bdata loss\b|\blost (?:their|our|the) data\b|\b(?:crash|fail|break)(?:es|ed|s|ing)?\b(?! (?:risk|rate))|\bbroke\b/,
  /\b(?:cut|locked) (?:off|out)\b|\bcards? (?:has |have )?expired\b|\bpayment (?:has )?failed\b/,
  /\btickets? (?:has|have) been open\b|\bopen (?:for|since) (?:\d+|two|three|four|several|many|weeks|months)\b|\basks? (?:\w+ ){0,3}every (?:day|week|hour|second day)\b|\b(?:opens|opening|sends|sending|writes|writing|raises) (?:\w+ ){0,2}tickets?\b|\btickets? (?:are )?(?:piling|pile) up\b|\b(?:has|have) (?:\d{2,}|so many|too many) (?:open )?tickets\b|\bstill nothing\b|\b(?:has|have|gives?(?: \w+)?) no date\b/,
  /\b(?:feature|function)s? (?:is|are) missing\b|\bmissing (?:a )?(?:feature|function)s?\b|\bwe (?:cannot|can't|do not|don't) (?:do|have|offer|support) \w+/,
  /\b(?:champion|sponsor|contact|admin|buyer)\b.{0,40}\b(?:has|have|had|is|just) (?:left|quit|gone|leaving|resigned)\b|\bchampion (?:left|quit|resigned)\b|\bhas left\b/,
  /\b(?:nobody|no one|no-one) uses?\b|\bunused\b/,
  /\b(?:a |the |another )?competitors?\b.*\b(?:is|are|offers?|offered|made|has|for)\b|\bcheaper\b|\b(?:another|other) (?:vendor|provider|supplier)\b/,
  /\b(?:use|uses|using|need|needs) (?:only |just |less than |about )*(?:half|a (?:few|third|quarter|fraction|handful)|\d+ ?%)(?: of)? (?:their|the|his|her|its|all)\b.*\b(?:seats|licen[cs]es)\b|\bwants? (?:to (?:downgrade|reduce|cut|pause|drop)|fewer|a smaller)\b/,
  /\b(?:a|an|the|nps|csat|our|from|this|new|angry|silent) detractor\b|^detractor\b|\b(?:left|leaves|gave|gives|scored|rated|answered|sent|got|received)\b(?! with)(?: \w+){0,3} (?:nps|csat|ratings?|scores?)\b|\b(?:gave|gives|rated|scored) us (?:an? )?(?:[0-6]|one|two|three)\b/,
  /\bwants? to (?:cancel|leave|quit|switch|terminate|talk to (?:a |my |your |the )?(?:manager|boss|supervisor))\b|\b(?:price|fee) (?:increase|rise|hike)\b.*\b(?:cancel|leave|unhappy|unfair)\b/,
  /\b(?:customers?|clients?|they) (?:just )?(?:asks? for|demands?|insists?|wants? (?:their|a|an|our|us|to)|says? (?:they|that|our|we|the|it)|noticed|found out|refuses?)\b/,
];
/** Leave to do something with a ticket or a case, and what the house has settled. */
const MAY_I =
  /\b(?:policy|policies|guidelines?|procedure) (?:on|for|about|when|to)\b|^(?:can|may|should|shall|do) (?:i|we) (?:\w+ )?(?:close|reopen|escalate|merge)\b|^(?:can|may|could|should|shall|do) (?:i|we) (?:give|offer|grant|pay|promise)\b.*\b(?:credits?|goodwill|something for free|free months?)\b/;
/** Data are asked for as well, so the parts are read one by one. */
const DATA_TOO =
  /[,;.?!]?\s+(?:and|but|also) (?:what|which|how many|how much|when|who)\b.{0,30}\b(?:tickets?|renew\w*|stage|owns|owner|pays?|mrr|health|nps)\b/;
const NOT_TOLD =
  /^(?:(?:all |the )?(?:customers|clients) (?:who|that|with) (?:left|gave|have|has|rated)\b|which|how many|how much|list|show|count|compare|top|who (?:is|are|has|owns|needs|else)|any (?:complaints|feedback)|whose|where|why|when|what (?:is|are|was|were|has|changed|happened|stage|share|tickets?|do(?:es)? (?:they|he|she|it)|did))\b|\b(?:how many|which (?:accounts|customers|of)|accounts|churn report|by (?:team|owner|stage|country|segment))\b/;

const CREDIT = /(?<=\b(?:give|offer|grant|promise)\b.*)(?<!goodwill )\bcredit\b(?! (?:card|note|check|term)s?\b)/i; // not a card

/** A situation that somebody tells instead of asking for data: the playbooks are looked up with all of it. */
export function toldTrouble(question: string, state: PartState, isOurs: (name: string) => boolean): ToolCall[] | null {
  const low = question.toLowerCase();
  if (
    (NOT_TOLD.test(low) && !MAY_I.test(low)) ||
    DATA_TOO.test(low) ||
    ![...TROUBLE, MAY_I].some((pattern) => pattern.test(low))
  )
    return null;
  const account = accountIn(question, isOurs) ?? accountInHand(low, state);
  const asked = (account ? withoutName(question, account) : question)
    .replace(END, "")
    .replace(CREDIT, "goodwill credit");
  return [{ tool: "search_playbooks", input: { question: asked, ...(account ? { account } : {}) } }];
}

const TERM = /^\p{Lu}{2,5}$/u; // GDPR, SSO: with a noun behind it, it is what is asked for

/** The account that it happens to: "at Acme GmbH", "Acme GmbH is furious", "Acme GmbH: …". Other capitals belong to the matter. */
function accountIn(question: string, isOurs: (name: string) => boolean): string | null {
  const names = takeSureNames(new Words(question), isOurs);
  const found = (pattern: string) => new RegExp(pattern, "i").test(question);
  const isMeant = (name: string) => {
    const said = escaped(name);
    if (TERM.test(name) && found(`\\b${said} [a-z]`) && !found(`^${said}\\b`)) return false;
    return (
      found(
        `(?<!\\b(?:ask|asks|asked|asking|wish|request|waiting|look|looking) )\\b(?:with|at|for|of|from|to|by|about|give|offer|grant|pay|promise) ["“]?${said}`,
      ) ||
      found(
        `(?:^|\\b(?:that|because|if|when|since|as|and|but) )["“]?${said}["”]?(?:[:,]|'s\\b| (?:is|are|was|has|have|had|cannot|can't|will|just|still|[a-z]+s|[a-z]+ed|got|lost)\\b)`,
      )
    );
  };
  return names.find(isMeant) ?? null;
}

/** "They are furious" in a thread about one account. */
const accountInHand = (low: string, { focus }: PartState): string | null =>
  focus.account && /\b(?:they|them|their|he|she|him|her|his)\b/.test(low) && !/\b(?:customers?|clients?)\b/.test(low)
    ? byId(focus.account)
    : null;

/** The name would lead the search astray; who it happens to is a customer. */
function withoutName(question: string, name: string): string {
  const said = `["“]?${escaped(name)}["”]?`;
  return question
    .replace(new RegExp(`^${said}\\s*[:,]\\s*`, "i"), "")
    .replace(new RegExp(`(?<=\\b(?:give|offer|grant|promise) )${said}`, "i"), "a customer")
    .replace(new RegExp(`^${said}(?='s\\b| )`, "i"), "customer")
    .replace(new RegExp(`(?: (?:at|from|with|for|of|to|by))? ?${said}(?:'s)?`, "i"), "")
    .trim();
}

const OUR_WORK = /\b(?:we|us|our|ours|they|them|customers?|clients?|tickets?|support|team|this|that|it|call|mail)\b/i;
const OF_OURS = /^(?:and )?(?:what|which|where) (?:is|are) our\b/i; // asked of the house, not of what was told
const FEWEST_WORDS = 4;
const MOST_WORDS = 9; // of a question that goes on; who says more tells a situation of their own

/** What was not understood otherwise and speaks of our work: the playbooks know it, or honestly say that they do not. */
export function perhapsCovered(question: string, state: PartState): ToolCall[] {
  const words = question.split(/\s+/).length;
  const asked = question.replace(END, "");
  const going =
    words <= MOST_WORDS && !OF_OURS.test(question) && state.calls.some(({ tool }) => tool === "search_playbooks");
  if (!OUR_WORK.test(question) || words < FEWEST_WORDS || !/\p{L}/u.test(question)) return [];
  return (going ? sameSituation(asked, state) : null) ?? [{ tool: "search_playbooks", input: { question: asked } }];
}
