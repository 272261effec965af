import { customerStory } from "#metrics/customer-window.ts";
import { afterAll, eventsByCustomer, type LedgerRow, NOBODY } from "#metrics/ledger.ts";
import type { MovementKind } from "#metrics/movement.ts";
import type { WeekStart } from "#metrics/weeks.ts";

/** A ledger row with the day that it falls on in the workspace's zone. */
export interface DatedRow extends LedgerRow {
  day: string;
}

/** What one account's MRR did in one week, in base minor units. Only weeks in which something happened have one. */
export interface AccountWeek {
  accountId: number;
  /** Its first day. */
  week: string;
  startMinor: number;
  endMinor: number;
  kind: MovementKind | null;
  movedMinor: number;
  /** What rates alone did. */
  fxMinor: number;
  /** The highest MRR of a customer that came and went inside the week; else 0. */
  flashMinor: number;
  /** The ledger takes the account below 0. */
  fault: boolean;
  /** Some of it is in another currency than the base one. */
  isForeign: boolean;
  ledgerRows: number;
}

/** How a workspace counts its weeks and its money. */
export interface Counting {
  zone: string;
  base: string;
  weekStart: WeekStart;
}

/** The weeks of whole ledgers, by the same rules as a report over one week: net by customer, flash customers apart. */
export function accountWeeks(rows: readonly DatedRow[], { zone, base, weekStart }: Counting): AccountWeek[] {
  const dayOf = new Map(rows.map(({ row, day }) => [row, day]));
  const weeks: AccountWeek[] = [];
  for (const [accountId, events] of eventsByCustomer(rows, zone)) {
    let start = NOBODY;
    const byWeek = Map.groupBy(events, (event) => weekOf(dayOf.get(event.rows[0]!.row)!, weekStart)); // an event has rows
    for (const [week, inside] of byWeek) {
      const story = customerStory({
        accountId,
        start,
        events: inside,
        base,
        mode: "net",
        flash: "apart",
        revalue: null,
      });
      const [movement] = story.movements; // net: one at most
      weeks.push({
        accountId,
        week,
        startMinor: story.startMinor,
        endMinor: story.closingMinor,
        kind: movement?.kind ?? null,
        movedMinor: movement?.amountMinor ?? 0,
        fxMinor: story.fxMinor,
        flashMinor: story.flash?.peakMinor ?? 0,
        fault: story.fault !== null,
        isForeign: [...start.balances, ...inside.flatMap((event) => event.rows)].some(
          ({ currency }) => currency !== base,
        ),
        ledgerRows: story.rows,
      });
      start = afterAll(start, inside);
    }
  }
  return weeks;
}

const DAY_MS = 86_400_000;
const THURSDAY = 3; // 1970-01-01, counted from a Monday

/** The first day of the week of a day; by arithmetic, because a rebuild asks it millions of times. */
export function weekOf(day: string, weekStart: WeekStart): string {
  const days = Date.parse(day) / DAY_MS;
  const into = (days + THURSDAY + 1 - weekStart + 7) % 7;
  return new Date((days - into) * DAY_MS).toISOString().slice(0, 10);
}
