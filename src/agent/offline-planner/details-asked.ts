import type { Detail } from "#tools/detail-lines.ts";
import type { Words } from "./question.ts";

const SPOKE = "talk\\w*|speak|spoke|spoken|met|meet|call\\w*|contact\\w*|wr[io]te|written|hear\\w*|reach\\w*";

/** What is asked of one account by itself, most particular first: what one line has taken is not read by the next. */
const ASKED: [Detail, RegExp][] = [
  [
    "customer_since",
    /\bhow long\b(?!.*\b(?:stage|phase)\b).*\b(?:customers?|clients?|with us|pay(?:s|ing)?)\b|\b(?:customers?|clients?) since(?: when)?\b|\bsince when\b(?!.*\b(?:stage|phase|there)\b)/,
  ],
  [
    "said",
    /\bwhat (?:else )?(?:did|do|does|has|have|is|was|were)\b(?!.*\b(?:i|we|us)\b (?:\w+ )?(?:say|tell|write|promise)).{0,60}\b(?:say|said|saying|write|written|wrote|tell us|told us|ask(?:ed)? (?:for|about|us)|complain(?:ed|ing)?(?: about)?|answer(?:ed)?|repl(?:y|ied))\b|\b(?:last|latest|newest) (?:word|message|reply|answer|feedback|comment)s?\b(?: from)?|\b(?:did|have|has) (?:they|he|she|it|anybody|anyone|somebody) (?:\w+ )?(?:repl(?:y|ied)|answer(?:ed)?|respond(?:ed)?|complain(?:ed)?)\b|\bany (?:complaints?|feedback|repl(?:y|ies)|answers?|words?)\b(?: from)?/,
  ],
  ["tasks", /\b(?:overdue|late|due) (?:open )?tasks?\b|\btasks? (?:that )?(?:are |is )?(?:overdue|late|due)\b/],
  [
    "origin",
    /\b(?:first|originally|initially) (?:came|come|contact(?:ed)?|touch(?:ed)?|wr[io]te|call(?:ed)?|hear[d]?|met|meet|found|find|talk(?:ed)?|speak|spoke)\b(?: (?:to|with|from|of|about|on|us|we))*/,
  ],
  ["origin", /\bhow did\b.*\b(?:find|found|hear (?:of|about)|come (?:to|across)|get to know) us\b/],
  ["last_contact", /\b(?:still |any |lost |losing |no longer )*interest(?:ed)?\b(?! (?:in|rate|rates)\b)(?: left)?/],
  [
    "last_contact",
    new RegExp(
      `\\b(?:last|latest|most recent) (?:contacts?|touch|meetings?|calls?|conversations?|talks?|e-?mails?|chats?)\\b|\\bwhen (?:did|have|has|had|was|were)\\b.{0,60}\\b(?:${SPOKE})\\b(?: (?:to|with|from|us))?|\\bwhat did (?:we|i) (?:last )?(?:talk|speak|discuss|agree|promise)\\w*\\b(?: (?:about|on|them))?|\\blast time (?:we|i|they|anybody)\\b(?: (?:${SPOKE}))?(?: (?:to|with))?|\\bhow long since\\b`,
    ),
  ],
  [
    "contacts",
    /\b(?:my |our |the |main |right |key |primary )*contacts?\b(?: persons?| people| details)?(?! (?:us|in|for|since|within)\b)|\bchampions?\b|\bdecision[ -]?makers?\b|\bstakeholders?\b|\bsponsors?\b|\bwho (?:do|should|can|could|must|shall) (?:i|we) (?:talk|speak|write|call|ask|contact|reach|mail|e-?mail|address)\b(?: (?:to|with))?|\bwho (?:is|are|else is|works|sits|decides|signs|attends|attending|joins)(?: (?:the|my|our) (?:person|people|guy))? ?(?:there|over there|on their side)?$|\bwho (?:decides|signs)\b/,
  ],
  [
    "invoices",
    /\binvoices?\b|\boverdue\b|\bunpaid\b|\bowes?\b|\bbill(?:s|ing)?\b|\b(?:pay|paid|paying) (?:their|the|our|its|all)\b(?: invoices?| bills?)?|\bpaid up\b|\bpay(?:s|ing)? (?:late|on time)\b/,
  ],
  [
    "usage",
    /\b(?:usage|adoption|log-?ins?|logged in|active users)\b|\b(?:use|uses|using|used)\b(?!.*\bseats?\b)(?: (?:it|the product|our product|the tool|the app|us))?(?: (?:much|often|less|more|a lot|at all|actively))?|\bhow active\b|\bgoing down\b|\bseats? (?:do|does|are|is)\b.*\b(?:use|used|using|active|in use)\b|\bactive seats?\b/,
  ],
  [
    "tickets",
    /\b(?:(?:any|the|their|open|urgent|support|unsolved|pending|high|current|still) )*(?:tickets?|tickts|tikets|support cases?|support issues?|open (?:issues?|cases?|bugs?)|support requests?)\b(?: open)?|\bcomplaints?\b/,
  ],
  [
    "renewal",
    /\b(?:up for )?renew(?:s|al|als|ing|ed)?\b(?: dates?| days?)?|\bcontract\b(?:.*\b(?:ends?|ending|expires?|runs? (?:out|until)|up)\b)?|\bexpir(?:es?|y|ing|ation)\b|\bnotice period\b|\bcancell?ation date\b/,
  ],
  [
    "deals",
    /\b(?:(?:any|the|their|open|current|running|an?) )*(?:deals?|opportunit(?:y|ies)|opps?|pipeline)\b(?: open)?(?: (?:with|there))?/,
  ],
  ["tasks", /\b(?:(?:any|the|my|our|open|pending|their) )*tasks?\b|\bopen items\b|\bwhat did (?:we|i) promise\b/],
  [
    "nps",
    /\bnps\b(?: score)?|\bcsat\b|\bsatisf(?:ied|action)\b|\b(?:how|are they|is it|is he|is she) happy\b|\bhappy\b/,
  ],
  ["health", /\bhealth(?:y)?\b(?: score)?|\bwhy (?:so|that|is it so|is that so) (?:low|bad|poor|high|weak|red)\b/],
  [
    "mrr",
    /\bmrr\b|\barr\b|\brevenue\b|\bhow much\b.*\b(?:pay|paying|spend|bring|worth)\w*\b|\b(?:pay|pays|paying|spend|spends)\b(?: us)?|\bworth\b|\b(?:what|which) plan\b|\bplans?\b|\bseats?\b|\blicen[cs]es?\b|\btier\b/,
  ],
  [
    "origin",
    /\bhow did (?:they|he|she|it|we)\b.*\b(?:find|found|meet|met|come|hear|get)\b.*|\bwhere did (?:they|it) come from\b|\blead source\b|\bfirst touch\b/,
  ],
];

const ANYTHING_OPEN = /\b(?:anything|something|what is|what else is) (?:still )?open\b|\bopen (?:points|topics|ends)\b/;

/** What a part asks of one account by itself, in its order; taken out of the words. */
export function takeDetails(words: Words): Detail[] {
  if (words.take(ANYTHING_OPEN)) return ["tickets", "deals", "tasks"];
  const found: { detail: Detail; at: number }[] = [];
  for (const [detail, pattern] of ASKED) {
    for (let match = words.take(pattern); match; match = words.take(pattern)) {
      if (match[0].trim() === "") break;
      if (!found.some((each) => each.detail === detail)) found.push({ detail, at: match.index });
    }
  }
  return found.sort((a, b) => a.at - b.at).map(({ detail }) => detail);
}

/** Words of a talk about everybody: a list, a sum, a ranking, a group. */
const EVERYBODY =
  /\b(?:accounts|customers|clients|companies|logos|all|every\w*|anyone|anybody|whose|list|top|biggest|largest|highest|lowest|smallest|most|least|average|total|together|overall|across|per|teams?|owners|reps|portfolio|my|mine|our)\b|^(?:who|whom) (?:has|have|is|are|owes?|pays?|renews?|uses?|needs?)\b(?! (?:my|our|the)\b)|\bwhich (?:one|ones|account|customer)\b|\bby (?:team|owner|stage|country|segment|plan|industry)\b|\bhow many (?:accounts|customers|tickets|deals|renewals) (?:are|do we|have we)\b|\b(?:renewals|deals|opportunities|invoices|tickets)\b.*\b(?:this|next|last) (?:week|month|quarter|year)\b/;
const OF_THE_ACCOUNT =
  /\b(?:they|them|their|theirs|it|its|he|she|him|her|his|there|(?:that|this|the same|same) (?:account|customer|client|company|one))\b/;

/** Whether a part speaks of the account in hand, although it may not say so: "any open tickets?", "who is my contact there?". */
export const isOfTheAccount = (text: string): boolean => OF_THE_ACCOUNT.test(text) || !EVERYBODY.test(text);
export const pointsAtAccount = (text: string): boolean => OF_THE_ACCOUNT.test(text);

export const AT_RISK =
  /\bat[- ]risk\b|\brisks?\b|\brisky\b|\b(?:will|would|might|may|could|going to|gonna|likely to|about to) (?:\w+ )?(?:churn|leave|cancel|quit|renew|stay)\b|\bin danger\b/;

/** Whether a part asks how sure it is that an account stays. */
export const asksRisk = (text: string): boolean => AT_RISK.test(text);
