import type { Counted } from "#accounts/movements-window.ts";
import type { Reading } from "#database/door.ts";
import { addDays } from "#lifecycle/days.ts";
import { type WindowSums, windowSums } from "#metrics/churn.ts";
import type { Window } from "#metrics/figure.ts";
import type { LedgerRow } from "#metrics/ledger.ts";
import { MOVEMENT_KINDS } from "#metrics/movement.ts";
import { type Movements, mrrMovements } from "#metrics/mrr-movements.ts";
import { linesOf, rollForward } from "#metrics/roll-forward.ts";
import { levelAt, windowFigures } from "#reports/window-numbers.ts";
import type { SupposedRollForward } from "./suppositions.ts";

/** What a part of the customers did in a window, so that parts can be put together: all of it are sums over customers. */
export interface PartNumbers {
  sums: WindowSums;
  openingMinor: number;
  closingMinor: number;
  fxMinor: number;
  flashCustomers: number;
  wrong: string | null;
}

export function partOf(moved: Movements): PartNumbers {
  const { openingMinor, closingMinor, fxMinor, flash, wrong } = rollForward(moved);
  return { sums: windowSums(moved), openingMinor, closingMinor, fxMinor, flashCustomers: flash.customers, wrong };
}

/** Two parts as one (`sign` 1), or what is left of the first without the second (−1). */
export function together(one: PartNumbers, other: PartNumbers, sign: 1 | -1): PartNumbers {
  const sum = (mine: number, its: number) => mine + sign * its;
  const sumOf = (key: "openingMinor" | "closingMinor" | "fxMinor" | "flashCustomers") => sum(one[key], other[key]);
  const [a, b] = [one.sums, other.sums];
  const lines = { ...a.lines };
  for (const kind of MOVEMENT_KINDS)
    lines[kind] = {
      amountMinor: sum(a.lines[kind].amountMinor, b.lines[kind].amountMinor),
      customers: sum(a.lines[kind].customers, b.lines[kind].customers),
    };
  return {
    sums: {
      ...a,
      lines,
      startMinor: sum(a.startMinor, b.startMinor),
      startCustomers: sum(a.startCustomers, b.startCustomers),
      keptMinor: sum(a.keptMinor, b.keptMinor),
      endOfStartersMinor: sum(a.endOfStartersMinor, b.endOfStartersMinor),
      lostCustomers: sum(a.lostCustomers, b.lostCustomers),
      rows: sum(a.rows, b.rows),
    },
    openingMinor: sumOf("openingMinor"),
    closingMinor: sumOf("closingMinor"),
    fxMinor: sumOf("fxMinor"),
    flashCustomers: sumOf("flashCustomers"),
    wrong: one.wrong ?? other.wrong,
  };
}

export function rollForwardOf(part: PartNumbers): SupposedRollForward {
  const { sums, openingMinor, closingMinor, fxMinor, flashCustomers, wrong } = part;
  const moved = MOVEMENT_KINDS.reduce((whole, kind) => whole + sums.lines[kind].amountMinor, fxMinor);
  return {
    ...{ openingMinor, closingMinor, fxMinor, wrong },
    currency: sums.currency,
    lines: sums.lines,
    flash: { customers: flashCustomers },
    differenceMinor: closingMinor - openingMinor - moved,
  };
}

interface Others {
  window: Window;
  today: string;
  counted: Counted;
  /** The whole ledgers, up to today, of the accounts that are not among them. */
  ledger: readonly LedgerRow[];
}

/** What everybody but a few accounts has done of a window until today, from kept sums; nothing happens to them afterwards. */
export async function othersUntil(rows: Reading, { window, today, counted, ledger }: Others): Promise<PartNumbers> {
  const { zone, base } = counted.counting;
  const known = addDays(today, 1);
  const until = window.end < known ? window.end : known;
  const begun = window.start < until;
  const past = begun ? { start: window.start, end: until } : { start: today, end: known };
  const few = partOf(mrrMovements({ rows: ledger, window: past, zone, base }));
  const whole = begun ? await untilToday(rows, past, counted) : standing(await levelAt(rows, known, counted), few);
  return together(whole, begun ? few : standing(levelOf(ledger, past, counted), few), -1);
}

interface Level {
  minor: number;
  customers: number;
}

async function untilToday(rows: Reading, window: Window, counted: Counted): Promise<PartNumbers> {
  const { opening, closing, sums, fx, flashCustomers, wrong } = await windowFigures(rows, window, counted);
  return {
    ...{ sums, flashCustomers, wrong },
    openingMinor: opening.minor,
    closingMinor: closing.minor,
    fxMinor: fx.amountMinor,
  };
}

/** Customers that stay as they are. */
const standing = ({ minor, customers }: Level, { sums: { currency, definition } }: PartNumbers): PartNumbers => ({
  sums: {
    ...{ currency, definition },
    startMinor: minor,
    startCustomers: customers,
    keptMinor: minor,
    endOfStartersMinor: minor,
    lostCustomers: 0,
    lines: linesOf([]),
    rows: 0,
  },
  openingMinor: minor,
  closingMinor: minor,
  fxMinor: 0,
  flashCustomers: 0,
  wrong: null,
});

/** Where a few accounts stand at the end of a window. */
function levelOf(ledger: readonly LedgerRow[], window: Window, { counting: { zone, base } }: Counted): Level {
  const { closingMinor, customers } = mrrMovements({ rows: ledger, window, zone, base });
  return { minor: closingMinor, customers: customers.filter(({ endMinor }) => endMinor > 0).length };
}
