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
    /\b(?:targets?|quotas?|goals?|budgets?|okrs?|plan vs actual)\b(?!.*\bstage\b)/,
    "I know no targets, quotas or budgets; nothing in the data holds them. I can hold a window against the one before: “how are we doing?”, “this quarter vs last quarter”.",
  ],
  [
    /^(?:and )?(?:in|as) (?:euros?|eur|dollars?|usd|pounds?|gbp|chf|francs?)\b/,
    "Sums over several currencies are told in the workspace's own currency, at the stored rates; a list of accounts also tells what each pays in its own currency.",
  ],
];

/** Says what this is not asked for here; null where it is none of these. */
export function notHere(part: string, state: PartState): [] | null {
  const text = part.toLowerCase();
  const found = NOT_HERE.find(([said]) => said.test(text));
  if (!found) return null;
  state.say.push(found[1]);
  return [];
}
