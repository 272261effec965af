import { customerStory } from "#metrics/customer-window.ts";
import { afterAll, eventsByCustomer, type LedgerEvent, type LedgerRow, NOBODY } from "#metrics/ledger.ts";
import type { MovementKind } from "#metrics/movement.ts";
import type { Interval, WeekStart } from "#metrics/weeks.ts";

/** A ledger row with the day that it falls on in the workspace's zone. */
export interface DatedRow extends LedgerRow {
  day: string;
}

/** What one account's MRR did between two days, in base minor units, net. */
interface AccountSpan {
  accountId: number;
  startMinor: number;
  endMinor: number;
  kind: MovementKind | null;
  movedMinor: number;
  /** What rates alone did. */
  fxMinor: number;
  /** The highest MRR of a customer that came and went inside; else 0. */
  flashMinor: number;
  /** The ledger takes the account below 0. */
  fault: boolean;
  /** Some of it is in another currency than the base one. */
  isForeign: boolean;
  ledgerRows: number;
}

/** The same of one week. Only weeks in which something happened have one. */
export interface AccountWeek extends AccountSpan {
  /** Its first day. */
  week: string;
}

/** The intervals longer than a week that are kept: they net otherwise than the weeks inside them. */
export const LONG_INTERVALS = ["month", "quarter"] as const satisfies readonly Interval[];

/** The same of one month or quarter. */
export interface AccountPeriod extends AccountSpan {
  interval: (typeof LONG_INTERVALS)[number];
  /** Its first day. */
  start: string;
}

/** How a workspace counts its weeks and its money. */
export interface Counting {
  zone: string;
  base: string;
  weekStart: WeekStart;
  /** Its months and quarters are kept; not yet in a database from before there were any. */
  keepsPeriods: boolean;
}

/** What whole ledgers did in weeks, months and quarters, by the same rules as a report over one: net by customer, flash customers apart. */
export function accountSpans(
  rows: readonly DatedRow[],
  counting: Counting,
): { weeks: AccountWeek[]; periods: AccountPeriod[] } {
  const { zone, weekStart } = counting;
  const dayOf = new Map(rows.map(({ row, day }) => [row, day]));
  const weeks: AccountWeek[] = [];
  const periods: AccountPeriod[] = [];
  for (const [accountId, events] of eventsByCustomer(rows, zone)) {
    const days = events.map((event) => dayOf.get(event.rows[0]!.row)!); // an event has rows
    const spansBy = (startOf: (day: string) => string) =>
      spansOf(accountId, { events, starts: days.map(startOf) }, counting);
    for (const [week, span] of spansBy((day) => weekOf(day, weekStart))) weeks.push({ ...span, week });
    for (const interval of LONG_INTERVALS)
      for (const [start, span] of spansBy(FIRST_DAY[interval])) periods.push({ ...span, interval, start });
  }
  return { weeks, periods };
}

/** The first day of the month or quarter of a day; from its text, because a rebuild asks it millions of times. */
const FIRST_DAY: Record<AccountPeriod["interval"], (day: string) => string> = {
  month: (day) => `${day.slice(0, 7)}-01`,
  quarter: (day) =>
    `${day.slice(0, 5)}${String(3 * Math.floor((Number(day.slice(5, 7)) - 1) / 3) + 1).padStart(2, "0")}-01`,
};

/** One account's changes in spans; `starts` has the first day of the span that each event is in. */
function spansOf(
  accountId: number,
  { events, starts }: { events: readonly LedgerEvent[]; starts: readonly string[] },
  { base }: Counting,
): [start: string, span: AccountSpan][] {
  const bySpan = Map.groupBy(events.keys(), (at) => starts[at]!); // one for each
  let start = NOBODY;
  return [...bySpan].map(([first, places]) => {
    const inside = places.map((at) => events[at]!);
    const story = customerStory({ accountId, start, events: inside, base, mode: "net", flash: "apart", revalue: null });
    const [movement] = story.movements; // net: one at most
    const span: AccountSpan = {
      accountId,
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
    };
    start = afterAll(start, inside);
    return [first, span];
  });
}

const DAY_MS = 86_400_000;
const THURSDAY = 3; // 1970-01-01, counted from a Monday

/** The first day of the week of a day; by arithmetic, because a rebuild asks it millions of times. */
export function weekOf(day: string, weekStart: WeekStart): string {
  const days = Date.parse(day) / DAY_MS;
  const into = (days + THURSDAY + 1 - weekStart + 7) % 7;
  return new Date((days - into) * DAY_MS).toISOString().slice(0, 10);
}
