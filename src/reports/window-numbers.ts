import {
  type Counted,
  isWeek,
  linesBy,
  movesBetween,
  movesByLedger,
  type WindowTotals,
  windowTotals,
} from "#accounts/movements-window.ts";
import { LONG_INTERVALS, weekOf } from "#accounts/rollup-weeks.ts";
import { type Cut, cutOf, intervalSums, type WeekSums, weekSums } from "#accounts/rollups-read.ts";
import type { Reading } from "#database/door.ts";
import type { WindowSums } from "#metrics/churn.ts";
import type { Window } from "#metrics/figure.ts";
import type { MovementKind } from "#metrics/movement.ts";
import type { Line } from "#metrics/roll-forward.ts";
import { type Interval, intervalStart, momentsOf, windowOf } from "#metrics/weeks.ts";

/** Money in base minor units and customers, at one moment. */
export interface Level {
  minor: number;
  customers: number;
}

/** What a window did to the MRR of the accounts that are counted. */
export interface WindowNumbers {
  window: Window;
  opening: Level;
  closing: Level;
  sums: WindowSums;
  /** What rates alone did. */
  fx: Line;
  flashCustomers: number;
  /** Why the lines do not add up, in words; null when they do, to the cent. */
  wrong: string | null;
}

/** The same where its movements can be listed: with the accounts whose weeks do not tell it, and what their ledgers say. */
export interface ListableNumbers extends WindowNumbers {
  byLedger: WindowTotals["byLedger"];
}

/**
 * The numbers of a window: of a week, month or quarter from the kept sums, of others from the kept weeks of the accounts that
 * moved. Throws AskAgain on a window that runs backwards.
 */
export async function windowFigures(rows: Reading, window: Window, counted: Counted): Promise<WindowNumbers> {
  const kept = await keptSoFar(rows, window, counted);
  if (!kept) return addedUp(rows, window, counted);
  const sums = await intervalSums(rows, kept.interval, { from: window.start, before: window.end, cut: kept.cut });
  return numbersOfInterval(window, sums, counted);
}

/** The same, where the movements are listed too: that looks at each account of a window that is longer than a week. */
export async function windowNumbers(rows: Reading, window: Window, counted: Counted): Promise<ListableNumbers> {
  return listable(rows, await windowFigures(rows, window, counted), counted);
}

/** The numbers of a window of which no sums are kept. */
async function addedUp(rows: Reading, window: Window, counted: Counted): Promise<ListableNumbers> {
  if (isWeek(window, counted.counting)) {
    const weeks = await weekSums(rows, { from: window.start, before: window.end }, counted.filter);
    return { ...numbersOfInterval(window, weeks, counted), byLedger: NOBODY };
  }
  const opening = await levelAt(rows, window.start, counted);
  const totals = await windowTotals(rows, window, counted);
  return { ...numbersFrom({ window, opening, totals }, counted), byLedger: totals.byLedger };
}

const NOBODY: WindowTotals["byLedger"] = { accountIds: [], movements: [] };

/** Numbers with what is needed to list the movements. A week tells all of them itself. */
export async function listable(
  rows: Reading,
  numbers: WindowNumbers | ListableNumbers,
  counted: Counted,
): Promise<ListableNumbers> {
  if ("byLedger" in numbers) return numbers;
  if (isWeek(numbers.window, counted.counting)) return { ...numbers, byLedger: NOBODY };
  return { ...numbers, byLedger: await movesByLedger(rows, numbers.window, counted) };
}

interface Kept {
  interval: Interval;
  cut: Cut;
}

/** The same, and of an interval that is not over its sums so far: where the ledger has nothing after the window yet. Throws AskAgain on a window that runs backwards. */
export async function keptSoFar(rows: Reading, window: Window, counted: Counted): Promise<Kept | null> {
  const { zone, weekStart } = counted.counting;
  momentsOf(window, zone); // checks it
  const whole = keptAs(window, counted);
  if (whole) return whole;
  for (const interval of ["week", ...LONG_INTERVALS] as const) {
    const { start, end } = windowOf(window.start, interval, weekStart);
    const kept = start === window.start && window.end < end ? keptAs({ start, end }, counted) : null;
    if (kept) return (await movesBetween(rows, { start: window.end, end }, zone)) ? null : kept;
  }
  return null;
}

/** The interval and the cut as which a window's figures are kept as sums; null where they are not. */
export function keptAs(window: Window, { counting, filter }: Counted): Kept | null {
  const cut = cutOf(filter);
  if (!cut) return null;
  if (isWeek(window, counting)) return { interval: "week", cut };
  const interval = counting.keepsPeriods ? LONG_INTERVALS.find((each) => isWhole(window, each)) : undefined;
  return interval ? { interval, cut } : null;
}

const isWhole = ({ start, end }: Window, interval: Interval): boolean =>
  intervalStart(start, interval) === start && windowOf(start, interval).end === end;

/** The numbers of a week, month or quarter from the sums of those up to it. */
export function numbersOfInterval(window: Window, sums: readonly WeekSums[], counted: Counted): WindowNumbers {
  const opening = levelOf(sums.filter(({ week }) => week === null || week < window.start));
  const own = sums.find(({ week }) => week === window.start);
  return numbersFrom({ window, opening, totals: totalsOfInterval(own) }, counted);
}

function totalsOfInterval(week: WeekSums | undefined): WindowTotals {
  const line = (kind: MovementKind): Line => ({
    amountMinor: week?.[`${kind}Minor`] ?? 0,
    customers: week?.[`${kind}Customers`] ?? 0,
  });
  return {
    lines: linesBy(line),
    deltaMinor: week?.deltaMinor ?? 0,
    customersDelta: week?.customersDelta ?? 0,
    fx: { amountMinor: week?.fxMinor ?? 0, customers: week?.fxCustomers ?? 0 },
    flashCustomers: week?.flashCustomers ?? 0,
    faults: week?.faults ?? 0,
    rows: week?.ledgerRows ?? 0,
    byLedger: NOBODY,
  };
}

/** The numbers of a window from where it starts and what moved in it. Customers that did not move are at the end what they were. */
export function numbersFrom(
  { window, opening, totals }: { window: Window; opening: Level; totals: WindowTotals },
  { counting: { base } }: Pick<Counted, "counting">,
): WindowNumbers {
  const { lines, fx, flashCustomers } = totals;
  const [down, lost] = [lines.contraction.amountMinor, lines.churn];
  const keptMinor = opening.minor + down + lost.amountMinor;
  return {
    window,
    opening,
    closing: {
      minor: opening.minor + totals.deltaMinor,
      customers: opening.customers + totals.customersDelta,
    },
    sums: {
      currency: base,
      startMinor: opening.minor,
      startCustomers: opening.customers,
      keptMinor,
      endOfStartersMinor: keptMinor + lines.expansion.amountMinor,
      lostCustomers: lost.customers,
      lines,
      definition: { mode: "net", flash: "apart", event: "60 minutes", rates: "day of each change" },
      rows: totals.rows,
    },
    fx,
    flashCustomers,
    wrong: whatIsWrong(totals),
  };
}

function whatIsWrong({ lines, deltaMinor, fx, faults }: WindowTotals): string | null {
  if (faults > 0) return `the ledger takes ${faults} of the accounts below 0`;
  const moved = Object.values(lines).reduce((sum, { amountMinor }) => sum + amountMinor, fx.amountMinor);
  return moved === deltaMinor ? null : `the lines leave ${deltaMinor - moved} minor units unexplained`;
}

/** Where all accounts stood at the start of a day. */
export async function levelAt(rows: Reading, day: string, counted: Counted): Promise<Level> {
  const cut = cutOf(counted.filter);
  if (cut && counted.counting.keepsPeriods && intervalStart(day, "month") === day)
    return levelOf(await intervalSums(rows, "month", { from: day, before: day, cut }));
  const week = weekOf(day, counted.counting.weekStart);
  const before = levelOf(await weekSums(rows, { from: week, before: week }, counted.filter));
  if (week === day) return before;
  const { deltaMinor, customersDelta } = await windowTotals(rows, { start: week, end: day }, counted);
  return { minor: before.minor + deltaMinor, customers: before.customers + customersDelta };
}

export const levelOf = (weeks: readonly WeekSums[]): Level => ({
  minor: weeks.reduce((sum, { deltaMinor }) => sum + deltaMinor, 0),
  customers: weeks.reduce((sum, { customersDelta }) => sum + customersDelta, 0),
});
