/** What customers do to MRR, as `mrr_movements` takes it. */
export type Kind = "new" | "reactivation" | "expansion" | "contraction" | "churn";

/** What people call each, and the figures that count it: its money, then its customers where there is such a figure. */
export const KINDS: { kind: Kind; said: RegExp; metrics: string[] }[] = [
  {
    kind: "reactivation",
    said: /\b(?:c[ao]me back|came back|coming back|returned|returning customers?|reactivat\w*|won back|win-?backs?)\b/,
    metrics: ["reactivation_mrr"],
  },
  {
    kind: "new",
    said: /\bnew (?:\w+ )?(?:customers?|logos?|clients?|mrr|business|revenue)\b|\b(?:customers?|logos?|clients?) (?:did|have|had) we (?:win|won|sign(?:ed)?|land(?:ed)?|acquire[d]?|gain(?:ed)?|get|got|add(?:ed)?)\b|\b(?:win|won|sign(?:ed)?|land(?:ed)?|acquired?) (?:\w+ )?(?:customers?|logos?|clients?)\b|\b(?:customers?|logos?|clients?) (?:were |was |are )?(?:won|signed|acquired|landed|joined)\b|\bwho (?:joined|signed(?: up)?)\b/,
    metrics: ["new_mrr", "new_customers"],
  },
  {
    kind: "expansion",
    said: /\b(?:expansions?|expand(?:ed|ing)?|upsells?|upsold|upgrad(?:es?|ed|ing)|who grew|customers? (?:that |who )?grew)\b/,
    metrics: ["expansion_mrr"],
  },
  {
    kind: "contraction",
    said: /\b(?:downgrad(?:es?|ed|ing)|contractions?|contracted|(?:who|customers?|accounts?|clients?) (?:that |who )?(?:shr[aiu]nk|reduced|cut back|scaled back|pay(?:s|ing)? less|paid less))\b/,
    metrics: ["contraction_mrr"],
  },
  {
    kind: "churn",
    said: /\b(?:churn(?:ed|s|ing)?|lost|lose|losing|loss(?:es)?|(?:left|leave|leaving|leaves)(?: us)?|went away|cancell?ed on us|quit)\b/,
    metrics: ["churned_mrr", "lost_customers"],
  },
];

/** The kinds that a text speaks of; gain and loss in one ("churn and new customers") are both. */
export const kindsIn = (text: string): Kind[] =>
  KINDS.filter(({ kind, said }) => said.test(text) || (GAINED.includes(kind) && GAIN.test(text))).map(
    ({ kind }) => kind,
  );

const GAIN = /\b(?:mrr|revenue|much)\b.*\bgain(?:s|ed)?\b|\bgained? (?:mrr|revenue)\b/;
const GAINED: readonly Kind[] = ["new", "reactivation", "expansion"];

export const metricsOf = (kinds: readonly Kind[]): string[] =>
  KINDS.filter(({ kind }) => kinds.includes(kind)).flatMap(({ metrics }) => metrics);

/** The kinds behind figures that were asked for; none for a figure that is not about movements. */
export const kindsOf = (metrics: readonly string[]): Kind[] => {
  const own = KINDS.filter(({ metrics: mine }) => mine.some((each) => metrics.includes(each))).map(({ kind }) => kind);
  if (own.length > 0) return own;
  if (metrics.some((each) => each === "logo_churn" || each === "retention_rate")) return ["churn"];
  if (metrics.some((each) => each === "gross_mrr_churn" || each === "grr")) return ["contraction", "churn"];
  return metrics.some((each) => ["net_change", "nrr", "net_mrr_churn", "quick_ratio"].includes(each))
    ? KINDS.map(({ kind }) => kind)
    : [];
};
