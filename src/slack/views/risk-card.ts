import { formatMoney } from "#money.ts";
import type { ChurnRiskFinding, ShownRisk, ShownTerm } from "#tools/churn-risk.ts";
import { groupWords } from "#tools/churn-risk-words.ts";
import { counted, listed } from "#tools/words.ts";
import type { Block, Look } from "../message.ts";
import { accountButtons, spellingWords } from "./account-buttons.ts";
import { dayIn, daysIn } from "./days.ts";
import { context, lineSections, type More, section } from "./elements.ts";
import { escaped, lineIn, nameIn } from "./outside-text.ts";
import { rowsWords } from "./reasons.ts";
import { amount, table, words } from "./tables.ts";

const REASONS = 2; // in a row of the table
const EXPLAINED = 3; // accounts whose reasons are told with their rows

/** Who may churn, and why: one account term by term, or a table of the worst with the rows behind the first of them. */
export const riskCard = (found: ChurnRiskFinding, _: Look, more: More = {}): Block[] =>
  found.account ? oneAccount(found, more) : severalAccounts(found, more);

function oneAccount({ account, accounts: [risk], none, asOf, baseCurrency }: ChurnRiskFinding, more: More): Block[] {
  if (!account) return [];
  const spelling = spellingWords(account).map(escaped);
  const buttons = accountButtons(account, more);
  if (!risk)
    return [
      section(`*${nameIn(account.name)}* has no churn risk: ${lineIn(none ?? "")}.`),
      ...notes(spelling),
      ...buttons,
    ];
  const [against, staying] = [risk.terms.filter(({ term }) => term > 0), risk.terms.filter(({ term }) => term < 0)];
  return [
    section(
      `*${nameIn(account.name)}* — risk of churning within 90 days: ${riskWords(risk)}\n${moneyWords(risk, baseCurrency)}`,
    ),
    ...termLines("Speaks for leaving", against),
    ...termLines("Speaks for staying", staying),
    ...(risk.terms.length === 0 ? [section("No sign of trouble, and none that speaks for staying.")] : []),
    ...notes([
      ...spelling,
      ...(risk.missing.length > 0
        ? [
            `Not known: ${lineIn(listed(risk.missing.map((each) => each.replaceAll("_", " "))))}; ${percent(risk.coverage)} of the signals' weight is.`,
          ]
        : []),
      `${weightsWords(risk)} As of ${dayIn(asOf)}.`,
    ]),
    ...buttons,
  ];
}

const termLines = (title: string, terms: readonly ShownTerm[]): Block[] =>
  terms.length === 0 ? [] : lineSections([`*${title}*`, ...terms.map(termLine)]);

const termLine = ({ says, term, rows }: ShownTerm): string =>
  `• ${lineIn(daysIn(says))} (${signed(term)})${rowsWords(rows)}`;

function severalAccounts(found: ChurnRiskFinding, { compact }: More): Block[] {
  const { accounts, sort, filter, asOf } = found;
  const title = sort === "risk" ? "Most at risk of churning within 90 days" : "Most MRR at risk within 90 days";
  const [first] = accounts;
  if (!first) return [section(`${countWords(found)} Nobody is at risk there that can be told.`)];
  return [
    ...(compact ? [] : [section(`*${title}*  ·  ${lineIn(filter, 300)}\n${countWords(found)}`)]),
    ...(found.groups ? [section(lineIn(groupWords(found), 2_000))] : []),
    riskTable(found),
    ...lineSections(accounts.slice(0, EXPLAINED).flatMap(whyLines)),
    context(`${weightsWords(first)} As of ${dayIn(asOf)}.${unknownWords(found)}`),
  ];
}

function riskTable({ accounts, baseCurrency, filter }: ChurnRiskFinding): Block {
  const fitted = accounts.some(({ calibrated }) => calibrated);
  return table(
    {
      caption: `At risk, ${filter}`,
      titles: ["Account", "Risk", "MRR", "Why", "Owner", ...(fitted ? ["Expected loss"] : [])],
    },
    accounts.map((each) => [
      words(each.name),
      words(plainRisk(each)),
      amount(each.mrrMinor, baseCurrency),
      words(
        leading(each, REASONS)
          .map(({ says }) => says)
          .join("; "),
      ),
      words(each.owner),
      ...(fitted ? [each.expectedLossMinor === null ? words(null) : amount(each.expectedLossMinor, baseCurrency)] : []),
    ]),
  ).block;
}

/** The strongest signs of leaving. */
const leading = ({ terms }: ShownRisk, most: number): ShownTerm[] =>
  terms.filter(({ term }) => term > 0).slice(0, most);

const whyLines = (risk: ShownRisk): string[] => [
  `*${nameIn(risk.name)}* — ${riskWords(risk)}`,
  ...leading(risk, EXPLAINED).map(termLine),
];

function countWords({ counts, baseCurrency }: ChurnRiskFinding): string {
  if (!counts) return "";
  const money = (minor: number) => formatMoney(minor, baseCurrency);
  const some = counts.bands.filter(({ accounts }) => accounts > 0);
  const told = some.map(({ band, accounts, mrrMinor }) => `*${accounts}* ${band} with ${money(mrrMinor)}`);
  const { accounts: gone, mrrMinor } = counts.cancelled;
  const cancelled = gone > 0 ? [`${gone} cancelled already with ${money(mrrMinor)}`] : [];
  return told.length > 0 ? [...told, ...cancelled].join("  ·  ") : "No paying account fits.";
}

function unknownWords({ counts }: ChurnRiskFinding): string {
  if (!counts) return "";
  const { tooLittleKnown, notScored } = counts;
  return [
    tooLittleKnown > 0 ? ` Of ${counted(tooLittleKnown, "account")} too little is known to tell.` : "",
    notScored > 0 ? ` ${counted(notScored, "paying account")} not scored so far.` : "",
  ].join("");
}

const riskWords = (risk: ShownRisk): string => {
  const { band, because, probability, low, high } = risk;
  if (band === null) return `cannot be told (${lineIn(because ?? "")})`;
  if (probability === null || low === null || high === null) return `*${band}*`;
  return `*${percent(probability)}, ${band}* (95% interval ${percent(low)} to ${percent(high)})`;
};

const plainRisk = ({ band, probability }: ShownRisk): string | null =>
  band !== null && probability !== null ? `${percent(probability)} (${band})` : band;

const moneyWords = ({ mrrMinor, expectedLossMinor, owner }: ShownRisk, currency: string): string =>
  [
    `MRR ${formatMoney(mrrMinor, currency)}`,
    expectedLossMinor !== null && `expected loss ${formatMoney(expectedLossMinor, currency)}`,
    owner && `owner ${nameIn(owner)}`,
  ]
    .filter((each) => typeof each === "string" && each !== "")
    .join("  ·  ");

/** Without a fit there is an order and no chance. */
const weightsWords = ({ calibrated, modelVersion }: ShownRisk): string =>
  calibrated
    ? `The chance that MRR becomes 0, by weights fitted to past churns here (${lineIn(modelVersion)}). In brackets: log-odds; +0.7 doubles the odds.`
    : `Bands by an expert's weights (${lineIn(modelVersion)}), no percentage: they are not fitted to past churns here. In brackets: log-odds; +0.7 doubles the odds.`;

const notes = (lines: readonly string[]): Block[] => (lines.length > 0 ? [context(...lines)] : []);
const signed = (value: number): string => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
const percent = (share: number): string => {
  if (share > 0 && share < 0.01) return "below 1%";
  return share > 0.99 && share < 1 ? "above 99%" : `${Math.round(share * 100)}%`;
};
