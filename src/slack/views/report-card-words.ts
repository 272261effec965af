import { addDays } from "#lifecycle/days.ts";
import { type Figure, sayFigure } from "#metrics/figure.ts";
import { formatChange, formatMoney } from "#money.ts";
import type { ChurnReport, LostAccount } from "#reports/churn-report.ts";
import { counted, listed } from "#tools/words.ts";
import type { Look } from "../message.ts";
import { dayIn, daysIn } from "./days.ts";
import { lineIn, nameIn } from "./outside-text.ts";

const NAMED = 3; // who was lost, on the first screen; the table has all

/** What a manager wants in five seconds: the net change, who was lost with how much, and why. */
export function headlineLines(report: ChurnReport, look: Look): string[] {
  const { headline, currency, title, filterWords } = report;
  const risk =
    headline.atRiskCustomers > 0 &&
    `${headline.atRiskCustomers} at risk with ${formatMoney(headline.atRiskMinor, currency)}`;
  const facts = [`*Net ${formatChange(headline.netMinor, currency)}* MRR`, lostWords(report), risk];
  return [
    `*Churn, ${lineIn(lowered(title))}*  ·  ${lineIn(filterWords, 300)}${report.isPartial ? "  ·  _so far_" : ""}`,
    facts.filter((each) => typeof each === "string").join("  ·  "),
    ...whoLines(report, look),
  ];
}

/** "Week of …" inside a sentence; a month keeps its capital. */
export const lowered = (title: string): string => title.replace(/^Week\b/, "week");

const lostWords = ({ headline: { lostCustomers, lostMinor }, currency, rollForward }: ChurnReport): string => {
  if (lostCustomers > 0) return `*${counted(lostCustomers, "customer")} lost* with ${formatMoney(lostMinor, currency)}`;
  return rollForward.startCustomers > 0 ? "nobody was lost" : "there was nobody to lose: no customer paid at the start";
};

function whoLines(report: ChurnReport, look: Look): string[] {
  const { lost, headline, currency } = report;
  const lines = lost.slice(0, lost.length === NAMED + 1 ? lost.length : NAMED).map((each) => {
    const unknown = look.audience === "private" ? "no reason on record" : "no reason shown here";
    const why = [reasonIn(each, look) ?? unknown, signIn(each)].filter((part) => part !== null);
    return `• *${nameIn(each.name)}* ${formatChange(each.amountMinor, currency)} — ${why.map((part) => lineIn(part, 250)).join("; ")}`;
  });
  const rest = headline.lostCustomers - lines.length;
  return rest > 0 && lines.length > 0 ? [...lines, `and ${rest} more`] : lines;
}

const PAYMENT = "payment failed";

/** Why an account left. A reason that only one account gives may be its own words, and stays out of channels. */
export function reasonIn(
  { reason, reasonShared, kind }: Pick<LostAccount, "reason" | "reasonShared"> & { kind?: LostAccount["kind"] },
  { audience }: Look,
): string | null {
  const words = reason?.replaceAll("_", " ") ?? null;
  const said = words === null || reasonShared || audience === "private" ? words : "a reason is on record";
  if (kind !== "involuntary" || said === PAYMENT) return said;
  return said === null ? PAYMENT : `${said} (${PAYMENT})`;
}

/** The first sign that could be seen before an account left. */
export const signIn = ({ firstSign }: Pick<LostAccount, "firstSign">): string | null =>
  firstSign === null ? null : `first sign ${counted(firstSign.daysBefore, "day")} before: ${daysIn(firstSign.what)}`;

/** Why a window without any movement is still good to know; null where something moved. */
export function quietWords({ rollForward, isPartial, currency }: ChurnReport): string | null {
  if (rollForward.lines.some(({ amountMinor, customers }) => amountMinor !== 0 || customers > 0)) return null;
  const { startCustomers, startMinor } = rollForward;
  if (startCustomers === 0) return "No customer pays here yet, so there is nothing to report.";
  const quiet = isPartial ? "Nothing has moved yet" : "A quiet one: nothing moved";
  return `${quiet}. ${counted(startCustomers, "customer")} ${startCustomers === 1 ? "pays" : "pay"} ${formatMoney(startMinor, currency)} a month, as before.`;
}

/** The rates of money and of customers, each with what it is a share of said once. */
export function rateLines({
  figures: f,
  rollForward: { startMinor, startCustomers },
  currency,
}: ChurnReport): string[] {
  const told = (each: Figure) => `${lineIn(each.metric)} *${lineIn(sayFigure(each), 200)}*`;
  const lost = f.logoChurn.few || !f.logoChurn.of ? "" : ` (${f.logoChurn.of.part})`;
  const money = [f.grr, f.nrr, f.grossMrrChurn, f.netMrrChurn].map(told);
  return [
    `*Of ${formatMoney(startMinor, currency)} at the start:* ${money.join("  ·  ")}`,
    `*Of ${counted(startCustomers, "customer")} at the start:* ${told(f.logoChurn)}${lost}  ·  ${told(f.quickRatio)}`,
  ];
}

/** How the window stands to the one before it and to the mean of those before; null where there are none. */
export function trendWords({ trend: { lost, net }, currency, asked }: ChurnReport): string | null {
  if (net.change === null || lost.change === null) return null;
  const before = asked.interval ?? "window";
  const change = `*Against the ${before} before:* net ${formatChange(net.change, currency)}, lost ${formatChange(lost.change, currency)}`;
  if (net.mean === null || lost.mean === null) return change;
  const mean = `net ${formatChange(Math.round(net.mean), currency)}, lost ${formatMoney(Math.round(lost.mean), currency)}`;
  return `${change}\n*Mean of the ${counted(lost.windows, before)} before:* ${mean}`;
}

/** Who is likely to go next, the most money first; null where nobody is. */
export function riskLine({ atRisk, headline, currency, asOf }: ChurnReport): string | null {
  const named = atRisk
    .slice(0, NAMED)
    .map(({ name, amountMinor }) => `${nameIn(name)} ${formatMoney(amountMinor, currency)}`);
  if (named.length === 0) return null;
  const rest = headline.atRiskCustomers - named.length;
  return `*At risk on ${dayIn(asOf)}:* ${named.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

const MOST_CHANGES = 5;

/** "2nd version: Acme GmbH churned on 3 Nov 2026 was added: −$1,200.00"; null for the first. */
export function versionWords({ version, changes }: ChurnReport): string | null {
  if (version < 2) return null;
  const told = changes.slice(0, MOST_CHANGES).map((each) => lineIn(daysIn(each)));
  const rest = changes.length - told.length;
  return `*${ordinal(version)} version:* ${[...told, ...(rest > 0 ? [`and ${rest} more changes`] : [])].join("; ")}`;
}

function ordinal(at: number): string {
  const teen = at % 100 > 10 && at % 100 < 14;
  return `${at}${teen ? "th" : ({ 1: "st", 2: "nd", 3: "rd" }[at % 10] ?? "th")}`;
}

/** The window, whose days it is in, and what was counted. */
export function scopeLine({ asked, asOf, zone, rowsCounted, rollForward, currency }: ChurnReport): string {
  const { start, end } = asked.window;
  const wrong = rollForward.addsUp ? [] : ["the ledger does not add up: see the doubts"];
  return listed([
    `${dayIn(start)} to ${dayIn(addDays(end, -1))}`,
    `days of ${lineIn(zone)}`,
    `money in ${currency}`,
    `movements netted per customer`,
    `${counted(rowsCounted, "ledger row")}`,
    `as of ${dayIn(asOf)}`,
    ...wrong,
  ]).replace(/ and (?=[^,]*$)/, ", ");
}
