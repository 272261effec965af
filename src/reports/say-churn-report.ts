import { type Figure, sayFigure } from "#metrics/figure.ts";
import { formatChange, formatMoney } from "#money.ts";
import type { AtRiskAccount, ChurnReport, LostAccount, ReportAccount } from "./churn-report.ts";

const SHOWN = 10; // of a list; the CSV holds all
const SHOWN_AT_RISK = 5;

/** The report in words (Markdown): headline, roll-forward, rates with their n, who was lost, what lies ahead, doubts. */
export function sayChurnReport(report: ChurnReport): string {
  const parts = [
    [...headline(report), ...versionLines(report)],
    rollForwardTable(report),
    rates(report),
    lostTable(report),
    movementLines(report),
    aheadLines(report),
    report.doubts.map((doubt) => `Note: ${doubt}`),
    [`Definition: ${definition(report.figures.grr)}.`],
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

function headline({ title, filterWords, headline: h, rollForward, currency, isPartial, asOf }: ChurnReport): string[] {
  const lost =
    h.lostCustomers === 0
      ? "no customer lost"
      : `${customers(h.lostCustomers)} lost with ${formatMoney(h.lostMinor, currency)}`;
  return [
    `**Churn, ${title}** (${filterWords}${isPartial ? `; not over yet, as of ${asOf}` : ""})`,
    `MRR ${formatChange(h.netMinor, currency)} to ${formatMoney(rollForward.endMinor, currency)}; ${lost}; ${customers(h.atRiskCustomers)} at risk with ${formatMoney(h.atRiskMinor, currency)}.`,
  ];
}

const versionLines = ({ version, changes }: ChurnReport): string[] =>
  version === 1 ? [] : [`Version ${version} of this report. Changed since the one before: ${changes.join("; ")}.`];

const KIND_WORDS: Record<ChurnReport["rollForward"]["lines"][number]["kind"], string> = {
  new: "New",
  reactivation: "Reactivation",
  expansion: "Expansion",
  contraction: "Contraction",
  churn: "Churn",
  flash: "Came and went inside the window",
  exchange: "Exchange rates",
};

function rollForwardTable({ rollForward: r, currency }: ChurnReport): string[] {
  const lines = r.lines
    .filter(({ amountMinor, customers: count }) => amountMinor !== 0 || count > 0)
    .map((line) => `| ${KIND_WORDS[line.kind]} | ${formatChange(line.amountMinor, currency)} | ${line.customers} |`);
  return [
    "| MRR | Amount | Customers |",
    "|---|--:|--:|",
    `| At the start | ${formatMoney(r.startMinor, currency)} | ${r.startCustomers} |`,
    ...lines,
    `| At the end | ${formatMoney(r.endMinor, currency)} | ${r.endCustomers} |`,
    ...(r.addsUp ? [] : ["", "**The lines do not add up to the end; see the notes.**"]),
  ];
}

function rates({ figures: f, trend, currency, asked, rowsCounted }: ChurnReport): string[] {
  const told = [f.grr, f.nrr, f.grossMrrChurn, f.netMrrChurn, f.logoChurn, f.quickRatio].map(
    (each) => `${each.metric} ${sayFigure(each)}`,
  );
  const window = asked.interval ?? "window of that length";
  return [
    `${told.join("; ")} (n = ${f.grr.n} customers at the start, ${rowsCounted} ledger rows).`,
    ...(trend.lost.change === null || trend.lost.mean === null
      ? []
      : [
          `Churned MRR: ${formatMoney(trend.lost.value ?? 0, currency)}, ${formatChange(trend.lost.change, currency)} against the ${window} before; the mean of the ${trend.lost.windows} before is ${formatMoney(Math.round(trend.lost.mean), currency)}.`,
        ]),
  ];
}

function lostTable({ lost, left, currency }: ChurnReport): string[] {
  if (lost.length === 0) return ["No customer was lost."];
  const more = lost.length - SHOWN + (left?.lost ?? 0);
  return [
    "| Lost | MRR | On | Reason | Paid for | Last stage | First sign |",
    "|---|--:|---|---|---|---|---|",
    ...lost.slice(0, SHOWN).map((each) => lostLine(each, currency)),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
}

function lostLine(
  { name, owner, amountMinor, on, reason, kind, tenureMonths, lastStage, firstSign }: LostAccount,
  currency: string,
): string {
  const said = reason?.replaceAll("_", " ") ?? null;
  const failed = kind === "involuntary" && !said?.includes("payment") ? "payment failed" : null;
  const why = [said, failed].filter(Boolean).join(", ") || "not on record";
  const sign = firstSign ? `${firstSign.what}, ${firstSign.on} (${firstSign.daysBefore} days before)` : "none seen";
  const cells = [
    owner ? `${name} (${owner})` : name,
    formatMoney(-amountMinor, currency),
    on,
    why,
    tenureMonths === null ? "" : `${tenureMonths} months`,
    lastStage ?? "",
    sign,
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "/").replace(/\s+/g, " ")).join(" | ")} |`;
}

function movementLines(report: ChurnReport): string[] {
  const { contractions, expansions, newCustomers, reactivations, saves, left, currency } = report;
  const list = (
    what: string,
    accounts: readonly ReportAccount[],
    tell: (each: ReportAccount) => string,
    left = 0,
  ): string[] => {
    if (accounts.length === 0) return [];
    const rest = accounts.length + left - SHOWN_AT_RISK;
    const more = rest > 0 ? ` and ${rest} more` : "";
    return [`${what}: ${accounts.slice(0, SHOWN_AT_RISK).map(tell).join(", ")}${more}.`];
  };
  const changed = ({ name, amountMinor }: ReportAccount) => `${name} ${formatChange(amountMinor, currency)}`;
  const paying = ({ name, amountMinor }: ReportAccount) => `${name} ${formatMoney(amountMinor, currency)}`;
  return [
    ...list("Contracted", contractions, changed, left?.contractions),
    ...list("Expanded", expansions, changed, left?.expansions),
    ...list("New", newCustomers, changed, left?.newCustomers),
    ...list("Came back", reactivations, changed, left?.reactivations),
    ...list("Saved", saves, paying),
  ];
}

function aheadLines(report: ChurnReport): string[] {
  const { cancelled, currency, regressions } = report;
  const leaving = cancelled.map((each) => `${each.name} ${formatMoney(each.amountMinor, currency)} on ${each.endsOn}`);
  const back = regressions.map(({ name, from, to, on }) => `${name} from ${from} to ${to} on ${on}`);
  return [
    ...(leaving.length > 0 ? [`Cancelled, not yet churned: ${firstOf(leaving)}.`] : []),
    ...renewalLines(report),
    ...atRiskLines(report),
    ...(back.length > 0 ? [`Went back a stage: ${firstOf(back)}.`] : []),
  ];
}

const firstOf = (words: string[]): string =>
  `${words.slice(0, SHOWN_AT_RISK).join(", ")}${words.length > SHOWN_AT_RISK ? ` and ${words.length - SHOWN_AT_RISK} more` : ""}`;

function renewalLines({ renewals, currency, asOf }: ChurnReport): string[] {
  if (renewals.length === 0) return [];
  const told = ([30, 60, 90] as const).map((days) => {
    const due = renewals.filter(({ within }) => within <= days);
    const risky = due.filter(({ risk }) => risk?.band === "high" || risk?.band === "critical").length;
    const sum = due.reduce((all, { amountMinor }) => all + amountMinor, 0);
    return `${due.length} in ${days} days (${formatMoney(sum, currency)}${risky > 0 ? `, ${risky} at high risk` : ""})`;
  });
  return [`Renewals from ${asOf}: ${told.join(", ")}.`];
}

function atRiskLines({ atRisk, headline, currency }: ChurnReport): string[] {
  if (atRisk.length === 0) return [];
  const rest = headline.atRiskCustomers - Math.min(SHOWN_AT_RISK, atRisk.length);
  return [
    "At risk within 90 days, by MRR × risk:",
    ...atRisk.slice(0, SHOWN_AT_RISK).map((each, at) => `${at + 1}. ${atRiskLine(each, currency)}`),
    ...(rest > 0 ? [`and ${rest} more`] : []),
  ];
}

function atRiskLine({ name, owner, amountMinor, risk, nextStep }: AtRiskAccount, currency: string): string {
  const why = risk.reasons.slice(0, 3).map(({ what }) => what);
  // Weights that were never held against outcomes order accounts; they give no chance.
  const chance = risk.calibrated ? `${Math.round(risk.probability * 100)}%` : `${risk.band}, by expert weights`;
  const step = nextStep
    ? ` Next: ${nextStep.title} — ${nextStep.owner}, by ${nextStep.dueOn} (“${nextStep.playbook}”).`
    : "";
  return `**${name}**${owner ? ` (${owner})` : ""} — MRR ${formatMoney(amountMinor, currency)}, risk ${chance}: ${why.join(", ")}.${step}`;
}

/** "GRR = …; movements net; window [start, end) in Europe/Berlin". */
function definition({ definition: d, window, zone }: Figure): string {
  const when = window ? `; window from ${window.start} to before ${window.end} in ${zone}` : "";
  return `customers are lost on the day their MRR becomes 0; movements ${d.mode} per customer and window; GRR = ${d.formula}${when}`;
}

const customers = (count: number): string => `${count} ${count === 1 ? "customer" : "customers"}`;
