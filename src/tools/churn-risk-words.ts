import { formatMoney } from "#money.ts";
import type { ChurnRiskFinding, ShownRisk, ShownTerm } from "./churn-risk.ts";
import { counted, listed, rowsLine, spellingNote } from "./words.ts";

const REASONS_IN_LIST = 3;

/** The finding in words: who, how likely, why, and what the figures mean. */
export function sayChurnRisk(found: ChurnRiskFinding): string {
  return found.account ? sayOne(found) : sayList(found);
}

function sayOne({ account, accounts: [risk], none, asOf, baseCurrency }: ChurnRiskFinding): string {
  if (!account) return "";
  if (!risk) return `${spellingNote(account)}**${account.name}** has no churn risk: ${none}.`;
  const lines = [
    `${spellingNote(account)}**${account.name}**: risk of churning within 90 days ${riskWords(risk)}, as of ${asOf}; ${moneyWords(risk, baseCurrency)}.`,
    ...risk.terms.map((term) => `- ${termWords(term)}`),
    risk.terms.length === 0 && "- No sign of trouble, and none that speaks for staying.",
    `Score: ${signed(risk.intercept)} for an account without any sign, ${signed(risk.score)} with these.`,
    risk.missing.length > 0 &&
      `Not known: ${listed(risk.missing.map(asWords))}; ${percent(risk.coverage)} of the signals' weight is.`,
    definition(risk),
  ];
  return lines.filter(Boolean).join("\n");
}

function sayList(found: ChurnRiskFinding): string {
  const { accounts, counts, filter, asOf, sort, baseCurrency } = found;
  const title = sort === "risk" ? "Most at risk of churning within 90 days" : "Most MRR at risk within 90 days";
  const [first] = accounts;
  const lines = [
    `**${title}** (${filter}), as of ${asOf}. ${countWords(found)}`,
    groupWords(found),
    ...accounts.map((each, at) => `${at + 1}. ${listLine(each, baseCurrency)}`),
    counts &&
      counts.tooLittleKnown > 0 &&
      `Of ${counted(counts.tooLittleKnown, "account")} too little is known to tell.`,
    counts && counts.notScored > 0 && `${counted(counts.notScored, "paying account")} not scored so far.`,
    first && definition(first),
  ];
  return lines.filter(Boolean).join("\n");
}

/** "At high risk by team: Americas 12 ($34,000.00), EMEA 9 ($15,112.00)." */
export function groupWords({ groups, baseCurrency }: Pick<ChurnRiskFinding, "groups" | "baseCurrency">): string {
  if (!groups) return "";
  if (groups.lines.length === 0) return "Nobody is at high risk.";
  const told = groups.lines.map(
    ({ group, accounts, mrrMinor }) =>
      `${group ?? `no ${groups.by}`} ${accounts} (${formatMoney(mrrMinor, baseCurrency)})`,
  );
  return `At high risk by ${groups.by}: ${told.join(", ")}.`;
}

function countWords({ counts, baseCurrency }: ChurnRiskFinding): string {
  if (!counts) return "";
  const some = counts.bands.filter(({ accounts }) => accounts > 0);
  const words = some.map(
    ({ band, accounts, mrrMinor }) =>
      `${band}: ${counted(accounts, "account")} with MRR ${formatMoney(mrrMinor, baseCurrency)}`,
  );
  const { accounts: gone, mrrMinor } = counts.cancelled;
  const cancelled =
    gone > 0
      ? ` Besides, ${counted(gone, "account")} with MRR ${formatMoney(mrrMinor, baseCurrency)} ${gone === 1 ? "has" : "have"} cancelled already.`
      : "";
  return `${words.length > 0 ? `${listed(words)}.` : "No paying account fits."}${cancelled}`;
}

function listLine(risk: ShownRisk, currency: string): string {
  const reasons = risk.terms.filter(({ term }) => term > 0).slice(0, REASONS_IN_LIST);
  const why = reasons.length > 0 ? ` Because: ${reasons.map(termWords).join("; ")}.` : " No sign of trouble.";
  return `**${risk.name}** — ${riskWords(risk)}, ${moneyWords(risk, currency)}${risk.owner ? `, owner ${risk.owner}` : ""}.${why}`;
}

function riskWords({ band, because, probability, low, high }: ShownRisk): string {
  if (band === null) return `cannot be told (${because})`;
  if (probability === null || low === null || high === null) return band;
  return `${percent(probability)} (95% interval ${percent(low)} to ${percent(high)}), ${band}`;
}

const moneyWords = ({ mrrMinor, expectedLossMinor }: ShownRisk, currency: string): string =>
  `MRR ${formatMoney(mrrMinor, currency)}${expectedLossMinor === null ? "" : `, expected loss ${formatMoney(expectedLossMinor, currency)}`}`;

const termWords = ({ says, term, rows }: ShownTerm): string => `${says} (${signed(term)})${rowsLine(rows)}`;

function definition({ calibrated, modelVersion }: ShownRisk): string {
  const terms = "In brackets: what each sign adds to the log-odds of a churn, +0.7 doubling the odds.";
  return calibrated
    ? `Definition: the chance that MRR becomes 0 within 90 days, by weights fitted to past churns here (${modelVersion}). Expected loss = MRR × that chance. ${terms}`
    : `Definition: bands by an expert's weights (${modelVersion}); there is no percentage because they are not fitted to past churns here. \`perennial risk fit\` does that from 15 churned accounts on. ${terms}`;
}

const asWords = (signal: string): string => signal.replaceAll("_", " ");
const signed = (value: number): string => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;

/** Whole percent; below 1% and above 99% it says no more than that. */
function percent(share: number): string {
  if (share > 0 && share < 0.01) return "below 1%";
  return share > 0.99 && share < 1 ? "above 99%" : `${Math.round(share * 100)}%`;
}
