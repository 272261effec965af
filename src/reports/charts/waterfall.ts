import { formatChange, formatMoney } from "#money.ts";
import type { ChurnReport } from "../churn-report.ts";
import { amountsFor } from "./amounts.ts";
import { COLOURS, framed, LINE_LETTERS, type Picture, PLOT, sourceOf } from "./picture.ts";
import { type Step, stepsOf } from "./steps.ts";
import { waterfallMarks } from "./waterfall-marks.ts";

/** The MRR waterfall of a report. Where movements are small beside the start, the axis is cut, and the picture says so. */
export function waterfallOf(report: ChurnReport): Picture {
  const { currency, title, filterWords, headline } = report;
  const steps = stepsOf(report);
  const amounts = amountsFor(
    steps.map(({ amountMinor }) => amountMinor),
    currency,
    PLOT.width / steps.length,
  );
  const base = axisBase(steps);
  const name = `MRR from start to end: ${lowered(title)}`;
  const frame = {
    title: name,
    lines: [
      `${report.isPartial ? "So far: net" : "Net"} ${formatChange(headline.netMinor, currency)}  ·  ${lostWords(report)}  ·  ${filterWords}`,
      whoWords(report),
    ],
    source: sourceOf(
      report,
      base > 0 && `the axis begins at ${amounts.plain(base)}`,
      !amounts.exact && "amounts are rounded",
    ),
  };
  const values = steps.map((step) => ({
    ...step,
    low: amounts.units(Math.max(base, Math.min(step.fromMinor, step.toMinor))),
    high: amounts.units(Math.max(step.fromMinor, step.toMinor)),
    end: amounts.units(step.toMinor),
    said: step.kind === "level" ? amounts.plain(step.amountMinor) : amounts.change(step.amountMinor),
    below: step.customers === null ? "" : `${step.customers} ${step.customers === 1 ? "customer" : "customers"}`,
    colour: COLOURS[step.kind],
  }));
  const spec = framed(frame, waterfallMarks(values, amounts.units(base)));
  return { spec, title: name, alt: altOf(report, steps) };
}

const CUT_BELOW = 0.35; // of the tallest bar: movements that are smaller would be lines
const FOOT = 0.45; // of the movements' span stays under the lowest of them

/** Where the axis begins: at 0, or right below where anything moves. In minor units. */
function axisBase(steps: readonly Step[]): number {
  const levels = steps.map(({ toMinor }) => toMinor);
  const [low, high] = [Math.min(...levels), Math.max(...levels)];
  const span = high - low;
  if (span === 0 || low <= 0 || span >= CUT_BELOW * high) return 0;
  const rough = low - FOOT * span;
  const grain = 10 ** Math.floor(Math.log10(span));
  return Math.max(0, Math.floor(rough / grain) * grain);
}

const lostWords = ({ headline: { lostCustomers, lostMinor }, currency }: ChurnReport): string =>
  lostCustomers === 0
    ? "nobody was lost"
    : `${lostCustomers} ${lostCustomers === 1 ? "customer" : "customers"} lost with ${formatMoney(Math.abs(lostMinor), currency)}`;

const NAMED = 3;

/** The largest that were lost, as many as a line holds. */
function whoWords({ lost, currency, headline }: ChurnReport): string {
  // One more is named rather than counted.
  for (let count = lost.length === NAMED + 1 ? NAMED + 1 : Math.min(NAMED, lost.length); count > 0; count--) {
    const named = lost.slice(0, count).map((each) => `${each.name} ${formatMoney(-each.amountMinor, currency)}`);
    const rest = headline.lostCustomers - count;
    const line = `Lost: ${named.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
    if (line.length <= LINE_LETTERS || count === 1) return line;
  }
  return "";
}

function altOf(report: ChurnReport, steps: readonly Step[]): string {
  const { title, filterWords, currency } = report;
  const said = steps.map(({ label, amountMinor, customers, kind }) => {
    const amount = kind === "level" ? formatMoney(amountMinor, currency) : formatChange(amountMinor, currency);
    return `${label} ${amount}${customers === null ? "" : ` (${customers} ${customers === 1 ? "customer" : "customers"})`}`;
  });
  return `MRR waterfall, ${lowered(title)}, ${filterWords}. ${said.join("; ")}.`;
}

/** A title inside a sentence: "Week of …" → "week of …"; a month keeps its capital. */
export const lowered = (title: string): string =>
  title.replace(/^(?:Week|Quarter|Month|Window)\b/, (word) => word.toLowerCase());
