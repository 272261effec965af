import { Temporal } from "temporal-polyfill";
import { type Counted, windowTotals } from "#accounts/movements-window.ts";
import { intervalSums, type WeekSums } from "#accounts/rollups-read.ts";
import type { Reading } from "#database/door.ts";
import type { Window } from "#metrics/figure.ts";
import type { MovementKind } from "#metrics/movement.ts";
import type { Line } from "#metrics/roll-forward.ts";
import { type Interval, trendOf, windowsBefore } from "#metrics/weeks.ts";
import type { ChurnReport, TrendWindow } from "./churn-report.ts";
import { keptAs, numbersFrom, numbersOfInterval, type WindowNumbers } from "./window-numbers.ts";

export const TREND_WINDOWS = 12;

/** The windows before one that its trend is over, oldest first. */
export const trendWindows = (window: Window, interval: Interval | null): Window[] =>
  interval === null ? sameLengthBefore(window) : windowsBefore(window, interval, TREND_WINDOWS);

/** How a window's loss and its net change stand to those of the weeks, months or quarters before it, from kept sums. */
export const trendOfSums = (
  own: WindowNumbers,
  sums: readonly WeekSums[],
  { interval, counted }: { interval: Interval | null; counted: Counted },
): ChurnReport["trend"] =>
  trend(
    own,
    trendWindows(own.window, interval).map((window) => numbersOfInterval(window, sums, counted)),
  );

/**
 * The same where the window itself has no kept sums: a month that is not over has those of the months before it. Where they have
 * none either, each is worked out, backwards from where the report's own starts.
 */
export async function trendBefore(
  rows: Reading,
  own: WindowNumbers,
  { interval, counted }: { interval: Interval | null; counted: Counted },
): Promise<ChurnReport["trend"]> {
  const windows = trendWindows(own.window, interval);
  const kept = keptAs(windows[0]!, counted); // there are twelve, all of one length
  if (kept && interval !== null) {
    const span = { from: windows[0]!.start, before: own.window.start, cut: kept.cut };
    return trendOfSums(own, await intervalSums(rows, kept.interval, span), { interval, counted });
  }
  const before: WindowNumbers[] = [];
  let end = own.opening;
  for (const window of windows.toReversed()) {
    const totals = await windowTotals(rows, window, counted);
    const opening = { minor: end.minor - totals.deltaMinor, customers: end.customers - totals.customersDelta };
    before.unshift(numbersFrom({ window, opening, totals }, counted));
    end = opening;
  }
  return trend(own, before);
}

function trend(own: WindowNumbers, before: WindowNumbers[]): ChurnReport["trend"] {
  const windows = [...before, own].map(trendWindow);
  return {
    windows,
    lost: trendOf(windows.map(({ byKind }) => Math.abs(byKind.churn))),
    net: trendOf(windows.map(({ startMinor, endMinor }) => endMinor - startMinor)),
  };
}

function sameLengthBefore({ start, end }: Window): Window[] {
  const days = Temporal.PlainDate.from(start).until(end).days;
  const away = (count: number) => String(Temporal.PlainDate.from(start).add({ days: count * days }));
  return Array.from({ length: TREND_WINDOWS }, (_, at) => ({
    start: away(at - TREND_WINDOWS),
    end: away(at - TREND_WINDOWS + 1),
  }));
}

const trendWindow = ({ window, opening, closing, sums: { lines } }: WindowNumbers): TrendWindow => ({
  window,
  startMinor: opening.minor,
  byKind: amountsOf(lines),
  lostCustomers: lines.churn.customers,
  endMinor: closing.minor,
});

const amountsOf = (lines: Record<MovementKind, Line>): Record<MovementKind, number> => ({
  new: lines.new.amountMinor,
  reactivation: lines.reactivation.amountMinor,
  expansion: lines.expansion.amountMinor,
  contraction: lines.contraction.amountMinor,
  churn: lines.churn.amountMinor,
});
