import { Temporal } from "temporal-polyfill";
import { ledgersIn } from "#accounts/movements.ts";
import { type WeekSums, weekSumsBefore } from "#accounts/rollups-read.ts";
import type { Reading } from "#database/door.ts";
import type { Window } from "#metrics/figure.ts";
import { MOVEMENT_KINDS, type MovementKind } from "#metrics/movement.ts";
import { linesOf } from "#metrics/roll-forward.ts";
import { type Interval, trendOf, windowsBefore } from "#metrics/weeks.ts";
import type { ChurnReport, TrendWindow } from "./churn-report.ts";
import { type Counted, levelOf, numbersFrom, type WindowNumbers } from "./window-numbers.ts";

export const TREND_WINDOWS = 12;

/** The windows before one and the window itself, and how its loss and its net change stand to them. */
export async function trendBefore(
  rows: Reading,
  own: WindowNumbers,
  { interval, counted }: { interval: Interval | null; counted: Counted },
): Promise<ChurnReport["trend"]> {
  const windows = interval === null ? sameLengthBefore(own.window) : windowsBefore(own.window, interval, TREND_WINDOWS);
  const before =
    interval === "week" ? await weeksOf(rows, windows, counted) : await windowsOf(rows, { windows, own, counted });
  const all = [...before, trendWindow(own)];
  return {
    windows: all,
    lost: trendOf(all.map(({ byKind }) => Math.abs(byKind.churn))),
    net: trendOf(all.map(({ startMinor, endMinor }) => endMinor - startMinor)),
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

/** Weeks come from the kept sums. */
async function weeksOf(rows: Reading, windows: Window[], { filter }: Counted): Promise<TrendWindow[]> {
  const sums = await weekSumsBefore(rows, windows.at(-1)!.end, filter); // there are twelve
  return windows.map((window) => {
    const week = sums.find((each) => each.week === window.start);
    const start = levelOf(sums.filter((each) => each.week < window.start));
    return {
      window,
      startMinor: start.minor,
      byKind: week ? kindsOf(week) : { new: 0, reactivation: 0, expansion: 0, contraction: 0, churn: 0 },
      lostCustomers: week?.churnCustomers ?? 0,
      endMinor: start.minor + (week?.deltaMinor ?? 0),
    };
  });
}

const kindsOf = (week: WeekSums): Record<MovementKind, number> => ({
  new: week.newMinor,
  reactivation: week.reactivationMinor,
  expansion: week.expansionMinor,
  contraction: week.contractionMinor,
  churn: week.churnMinor,
});

/** Other windows come from the ledger, backwards from where the report's own window starts. */
async function windowsOf(
  rows: Reading,
  { windows, own, counted: { counting, filter } }: { windows: Window[]; own: WindowNumbers; counted: Counted },
): Promise<TrendWindow[]> {
  const span = { start: windows[0]!.start, end: own.window.start }; // there are twelve
  const ledger = await ledgersIn(rows, { window: span, zone: counting.zone, filter });
  let end = own.opening;
  const backwards = windows.toReversed().map((window) => {
    const numbers = numbersFrom({ window, opening: { minor: 0, customers: 0 }, ledger, counting });
    const opening = { minor: end.minor - numbers.closing.minor, customers: end.customers - numbers.closing.customers };
    end = opening;
    return trendWindow({ ...numbers, opening, closing: { ...end, minor: opening.minor + numbers.closing.minor } });
  });
  return backwards.toReversed();
}

function trendWindow({ window, found, opening, closing }: WindowNumbers): TrendWindow {
  const lines = linesOf(found.movements);
  const byKind = Object.fromEntries(MOVEMENT_KINDS.map((kind) => [kind, lines[kind].amountMinor]));
  return {
    window,
    startMinor: opening.minor,
    byKind: byKind as Record<MovementKind, number>, // made of all kinds
    lostCustomers: lines.churn.customers,
    endMinor: closing.minor,
  };
}
