import { type Counted, isWeek, linesBy, type WindowTotals, windowTotals } from "#accounts/movements-window.ts";
import { weekOf } from "#accounts/rollup-weeks.ts";
import { cutOf, type WeekSums, weekSums } from "#accounts/rollups-read.ts";
import type { Reading } from "#database/door.ts";
import type { WindowSums } from "#metrics/churn.ts";
import type { Window } from "#metrics/figure.ts";
import type { Movement, MovementKind } from "#metrics/movement.ts";
import type { Line } from "#metrics/roll-forward.ts";
import { momentsOf } from "#metrics/weeks.ts";

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
  byLedger: { accountIds: number[]; movements: Movement[] };
}

/**
 * The numbers of a window: of a week from the kept sums, of others from the kept weeks of the accounts that moved.
 * Throws AskAgain on a window that runs backwards.
 */
export async function windowNumbers(rows: Reading, window: Window, counted: Counted): Promise<WindowNumbers> {
  momentsOf(window, counted.counting.zone); // checks it
  if (readsSums(window, counted)) {
    const weeks = await weekSums(rows, { from: window.start, before: window.end }, counted.filter);
    return numbersOfWeek(window, weeks, counted);
  }
  const opening = await levelAt(rows, window.start, counted);
  return numbersFrom({ window, opening, totals: await windowTotals(rows, window, counted) }, counted);
}

/** Whether a window's figures are kept as sums: one week of everybody, or of one group. */
export const readsSums = (window: Window, { counting, filter }: Counted): boolean =>
  isWeek(window, counting) && cutOf(filter) !== null;

/** The numbers of a week from the sums of weeks up to it. */
export function numbersOfWeek(window: Window, weeks: readonly WeekSums[], counted: Counted): WindowNumbers {
  const opening = levelOf(weeks.filter(({ week }) => week === null || week < window.start));
  const own = weeks.find(({ week }) => week === window.start);
  return numbersFrom({ window, opening, totals: totalsOfWeek(own) }, counted);
}

function totalsOfWeek(week: WeekSums | undefined): WindowTotals {
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
    byLedger: { accountIds: [], movements: [] },
  };
}

/** The numbers of a window from where it starts and what moved in it. Customers that did not move are at the end what they were. */
export function numbersFrom(
  { window, opening, totals }: { window: Window; opening: Level; totals: WindowTotals },
  { counting: { base } }: Pick<Counted, "counting">,
): WindowNumbers {
  const { lines, fx, flashCustomers, byLedger } = totals;
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
    byLedger,
  };
}

function whatIsWrong({ lines, deltaMinor, fx, faults }: WindowTotals): string | null {
  if (faults > 0) return `the ledger takes ${faults} of the accounts below 0`;
  const moved = Object.values(lines).reduce((sum, { amountMinor }) => sum + amountMinor, fx.amountMinor);
  return moved === deltaMinor ? null : `the lines leave ${deltaMinor - moved} minor units unexplained`;
}

/** Where all accounts stood at the start of a day. */
export async function levelAt(rows: Reading, day: string, counted: Counted): Promise<Level> {
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
