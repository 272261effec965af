import { type Figure, sayFigure } from "#metrics/figure.ts";
import { formatChange, formatMoney } from "#money.ts";
import type { AtRiskAccount, ChurnReport, ReportAccount } from "./churn-report.ts";
import type { Narrative } from "./narrative.ts";
import { renewalsWithin } from "./renewals-due.ts";
import { lostTable } from "./say-lost.ts";

const SHOWN_AT_RISK = 5;
const NAMED = 3; // who was lost, in the headline; the table has all

/**
 * The report in words (Markdown): first what a manager wants at once (net change, who was lost, who is at risk, what is
 * different from the window before), then what a model wrote about it or why nothing, then the tables and the doubts.
 */
export function sayChurnReport(report: ChurnReport, narrative: Narrative | null = null): string {
  const parts = [
    [...headline(report), ...versionLines(report)],
    narrative ? [narrative.text ?? `_${narrative.because}_`] : [],
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

function headline(report: ChurnReport): string[] {
  const { title, filterWords, headline: h, rollForward, currency, isPartial, asOf } = report;
  const name = title.replace(/^Week\b/, "week");
  const risk = `${customers(h.atRiskCustomers)} at risk as of ${asOf} with ${formatMoney(h.atRiskMinor, currency)}`;
  return [
    `**Churn, ${name}** (${filterWords}${isPartial ? `; not over yet, as of ${asOf}` : ""})`,
    `**Net ${formatChange(h.netMinor, currency)} MRR**, to ${formatMoney(rollForward.endMinor, currency)}; ${lostWords(report)}; ${h.atRiskCustomers === 0 ? "no customer at risk" : risk}.`,
    ...trendLine(report),
  ];
}

function lostWords({ headline: h, lost, left, currency }: ChurnReport): string {
  if (h.lostCustomers === 0) return "no customer lost";
  const names = lost
    .slice(0, lost.length === NAMED + 1 ? lost.length : NAMED)
    .map(({ name, amountMinor }) => `${name} ${formatMoney(-amountMinor, currency)}`);
  const rest = lost.length + (left?.lost ?? 0) - names.length;
  return `**${customers(h.lostCustomers)} lost with ${formatMoney(h.lostMinor, currency)}** (${names.join(", ")}${rest > 0 ? ` and ${rest} more` : ""})`;
}

/** How the window stands to those before it. */
function trendLine({ trend: { lost, net }, currency, asked }: ChurnReport): string[] {
  const before = asked.interval ?? "window of that length";
  const change = (minor: number | null) => (minor === null ? null : formatChange(minor, currency));
  const [netChange, lostChange] = [change(net.change), change(lost.change)];
  if (netChange === null || lostChange === null) return [];
  const mean =
    lost.mean === null || net.mean === null
      ? ""
      : ` Mean of the ${lost.windows} before: net ${formatChange(Math.round(net.mean), currency)}, churned ${formatMoney(Math.round(lost.mean), currency)}.`;
  return [`Against the ${before} before: net ${netChange}, churned ${lostChange}.${mean}`];
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

function rates({ figures: f, rowsCounted }: ChurnReport): string[] {
  const told = [f.grr, f.nrr, f.grossMrrChurn, f.netMrrChurn, f.logoChurn, f.quickRatio].map(
    (each) => `${each.metric} ${sayFigure(each)}`,
  );
  return [`${told.join("; ")} (n = ${f.grr.n} customers at the start, ${rowsCounted} ledger rows).`];
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

function renewalLines(report: ChurnReport): string[] {
  const { renewals, left, currency, asOf } = report;
  if (renewals.length === 0) return [];
  const whole = !left?.renewals; // risk is known of the listed ones only
  const told = ([30, 60, 90] as const).map((days) => {
    const { customers, amountMinor } = renewalsWithin(report, days);
    const risky = renewals.filter(
      ({ within, risk }) => within <= days && (risk?.band === "high" || risk?.band === "critical"),
    ).length;
    const risk = whole && risky > 0 ? `, ${risky} at high risk` : "";
    return `${customers} in ${days} days (${formatMoney(amountMinor, currency)}${risk})`;
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
