import type { Words } from "./question.ts";

/** What people call the figures, by the name that the tool takes; longer names first. */
const METRICS: [RegExp, string][] = [
  [/\b(?:nrr|ndr|net (?:revenue |dollar )?retention)\b/, "nrr"],
  [/\b(?:grr|gross (?:revenue |dollar )?retention)\b/, "grr"],
  [/\bnet (?:mrr |revenue |money )?churn(?: rate)?\b/, "net_mrr_churn"],
  [/\b(?:gross (?:mrr |revenue |money )?churn|(?:mrr|revenue|money) churn)(?: rate)?\b/, "gross_mrr_churn"],
  [
    /\b(?:(?:logo|customer|account) churn(?: rate)?|churn rates?|(?:percentage|percent|share|%) of (?:the |our )?(?:customers|clients|logos) (?:did|have|that|was|were)(?: we)? (?:los[et]|churned|left))\b/,
    "logo_churn",
  ],
  [
    /\b(?:(?:logo |customer |account )?retention rates?|logo retention|customer retention|best retention|worst retention|highest retention|lowest retention)\b/,
    "retention_rate",
  ],
  [/\bquick ratio\b/, "quick_ratio"],
  [/\b(?:(?:average|mean) (?:contract value|deal size|account size|customer value)|acv)\b/, "arpa"],
  [
    /\b(?:arpa|arpu|arpc|average (?:monthly )?(?:recurring )?(?:revenue|mrr) (?:per|of an|for each|by) (?:paying )?(?:account|customer|user))\b/,
    "arpa",
  ],
  [/\b(?:clv|cltv|ltv|(?:customer )?lifetime value)\b/, "clv"],
  [/\b(?:net new mrr|net (?:mrr )?change|change (?:of|in) (?:the |our )?mrr)\b/, "net_change"],
  [
    /\b(?:paying (?:accounts|customers)|customer count|(?:how many|number of) (?:customers|clients|logos) (?:did|had|were)\b(?: (?:we|there)(?: have)?)?)\b/,
    "customers",
  ],
  [/\b(?:arr|annual(?:ised|ized)? (?:recurring )?revenue|annual run[- ]rate)\b/, "arr"],
  [/\b(?:mrr|monthly recurring revenue)\b/, "mrr"],
];

/** The figures that a question names, in its order. Taken out of the words. */
export function metricsIn(words: Words): string[] {
  const found = METRICS.flatMap(([pattern, name]) => {
    const match = words.take(pattern);
    return match ? [{ name, at: match.index }] : [];
  });
  return found.sort((a, b) => a.at - b.at).map(({ name }) => name);
}
