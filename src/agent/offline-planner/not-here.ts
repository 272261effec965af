import { asksHow } from "./intents.ts";
import type { PartState } from "./one-account.ts";

/** What is asked for in other places, or not at all, with the sentence that says so and what comes nearest. */
const NOT_HERE: [RegExp, string][] = [
  [
    /\b(?:send|post|give|mail|e-?mail|deliver|schedule|set up)\b.*\b(?:every|each) (?:day|week|month|monday|tuesday|wednesday|thursday|friday|saturday|sunday|morning)\b|\b(?:every|each) (?:monday|tuesday|wednesday|thursday|friday|morning)\b/,
    "A question sets nothing up. `/perennial schedule` in Slack and `perennial schedule add` in the terminal do: a day, a place, and what is sent.",
  ],
  [
    /\b(?:csv|excel|xlsx?|spreadsheet|google sheets?)\b|^(?:please )?export\b/,
    "I answer in words here. Under a churn report or a list in Slack there is a CSV button, and the terminal writes the report with `perennial report churn --csv churn.csv`.",
  ],
  [
    /\bsimilar (?:accounts|customers|clients|companies)\b|\b(?:accounts|customers|clients|companies|others) (?:that are |which are |who are )?(?:(?:are )?(?:similar to|like)|comparable (?:to|with)|that look like)\b|\bwho else (?:is|looks) (?:like|similar)\b/,
    "I do not look for accounts that are like another one. Ask with what they have in common: “enterprise accounts in Germany”, “accounts in Retention on the Business plan”.",
  ],
  [
    /\b(?:targets?|quotas?|goals?|budgets?|okrs?|plan vs actual)\b(?!.*\bstage\b)/,
    "I know no targets, quotas or budgets; nothing in the data holds them. I can hold a window against the one before: “how are we doing?”, “this quarter vs last quarter”.",
  ],
  [
    /^(?:and )?(?:in|as) (?:euros?|eur|dollars?|usd|pounds?|gbp|chf|francs?)\b|^(?!.*\b(?:accounts|customers|deals)\b)[^\d]*\b(?:in|into|as) (?:euros?|eur|dollars?|usd|pounds?|gbp|chf|francs?)[?.! ]*$/,
    "Sums over several currencies are told in the workspace's own currency, at the stored rates; a list of accounts also tells what each pays in its own currency.",
  ],
];

const DEALS_WON = "What comes nearest: “deals won last quarter”, “deals lost last quarter”, “average deal size”.";
/** Figures that are well known and not worked out here; playbooks would not tell them either. */
const NOT_WORKED_OUT: [RegExp, string][] = [
  [
    /\b(?:win|close|closing|success) rates?\b|\bhow many deals (?:do|did) we win\b.*\bof\b/,
    `I do not work out a win rate. ${DEALS_WON}`,
  ],
  [
    /\bsales[ -]cycles?\b|\btime to close\b|\b(?:sales|deal|pipeline) velocity\b|\bhow long\b.*\b(?:to close|(?:a|our) (?:deals?|sales?))\b/,
    "I do not work out how long a sale takes. What comes nearest is how long accounts stay in each stage: “where do accounts get stuck?”.",
  ],
  [
    /\bcac\b|\b(?:customer )?acquisition costs?\b|\bpayback\b|\bmagic number\b/,
    "I know no costs, so I do not work out what a new customer costs. What comes nearest: “CLV by segment”, “new MRR by month”.",
  ],
  [
    /\bpipeline coverage\b|\b(?:weighted|expected) pipeline\b|\bcoverage ratio\b/,
    "I do not work out pipeline coverage: no targets are on record. What comes nearest is the pipeline itself: “which deals close this quarter?”, “biggest open deals”.",
  ],
  [
    /\b(?:gross margins?|margins?|profits?|profitab\w+|ebitda|burn rate|runway|rule of 40|cash flow|market share)\b/,
    "I know no costs and no market, only what customers pay. What comes nearest: “total MRR”, “net new MRR by month”, “quick ratio”.",
  ],
];

/** Says what this is not asked for here; null where it is none of these. */
export function notHere(part: string, state: PartState): [] | null {
  const text = part.toLowerCase();
  const found =
    NOT_HERE.find(([said]) => said.test(text)) ??
    (asksHow(part) ? undefined : NOT_WORKED_OUT.find(([said]) => said.test(text)));
  if (!found) return null;
  state.say.push(found[1]);
  return [];
}
