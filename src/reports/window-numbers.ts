import { type GroupFilter, ledgersIn } from "#accounts/movements.ts";
import { type Counting, type DatedRow, weekOf } from "#accounts/rollup-weeks.ts";
import { type WeekSums, weekSumsBefore } from "#accounts/rollups-read.ts";
import type { Reading } from "#database/door.ts";
import { type WindowSums, windowSums } from "#metrics/churn.ts";
import type { Window } from "#metrics/figure.ts";
import { type Movements, mrrMovements } from "#metrics/mrr-movements.ts";

/** Money in base minor units and customers, at one moment. */
export interface Level {
  minor: number;
  customers: number;
}

/** What a window did: who moved, and the whole from start to end with those who did not. */
export interface WindowNumbers {
  window: Window;
  found: Movements;
  opening: Level;
  closing: Level;
  sums: WindowSums;
  ledger: DatedRow[];
}

export interface Counted {
  counting: Counting;
  filter: GroupFilter;
}

/** The numbers of a window: the start from the weeks kept before it, what happened inside it from the ledger. */
export async function windowNumbers(rows: Reading, window: Window, counted: Counted): Promise<WindowNumbers> {
  const opening = await levelAt(rows, window.start, counted);
  const ledger = await ledgersIn(rows, { window, zone: counted.counting.zone, filter: counted.filter });
  return numbersFrom({ window, opening, ledger, counting: counted.counting });
}

/** The same from rows in hand. */
export function numbersFrom({
  window,
  opening,
  ledger,
  counting: { zone, base },
}: Pick<WindowNumbers, "window" | "opening" | "ledger"> & { counting: Counting }): WindowNumbers {
  const found = mrrMovements({ rows: ledger, window, zone, base });
  return {
    window,
    found,
    opening,
    closing: levelAfter(opening, found),
    sums: withOthers(windowSums(found), found, opening),
    ledger,
  };
}

/** Where all accounts stood at the start of a day. */
async function levelAt(rows: Reading, day: string, counted: Counted): Promise<Level> {
  const week = weekOf(day, counted.counting.weekStart);
  const before = levelOf(await weekSumsBefore(rows, week, counted.filter));
  if (week === day) return before;
  const { zone, base } = counted.counting;
  const window = { start: week, end: day };
  const ledger = await ledgersIn(rows, { window, zone, filter: counted.filter });
  return levelAfter(before, mrrMovements({ rows: ledger, window, zone, base }));
}

export const levelOf = (weeks: readonly WeekSums[]): Level => ({
  minor: weeks.reduce((sum, { deltaMinor }) => sum + deltaMinor, 0),
  customers: weeks.reduce((sum, { customersDelta }) => sum + customersDelta, 0),
});

function levelAfter({ minor, customers }: Level, { openingMinor, closingMinor, customers: moved }: Movements): Level {
  const came = moved.filter(({ startMinor, endMinor }) => startMinor <= 0 && endMinor > 0).length;
  const went = moved.filter(({ startMinor, endMinor }) => startMinor > 0 && endMinor <= 0).length;
  return { minor: minor + closingMinor - openingMinor, customers: customers + came - went };
}

/** Customers that did not move are at the end what they were at the start. */
function withOthers(sums: WindowSums, found: Movements, opening: Level): WindowSums {
  const still = opening.minor - found.openingMinor;
  return {
    ...sums,
    startMinor: opening.minor,
    startCustomers: opening.customers,
    keptMinor: sums.keptMinor + still,
    endOfStartersMinor: sums.endOfStartersMinor + still,
  };
}
