import { momentsIn } from "./weeks.ts";

/** One signed change of a customer's MRR, in its own currency and in the base currency at the rate of its day. */
export interface LedgerRow {
  /** Where it stands, as `table:id`; the same row twice is one row. */
  row: string;
  accountId: number;
  /** Instant in ISO form; a bare day is its beginning in the zone. */
  at: string;
  deltaMinor: number;
  currency: string;
  baseDeltaMinor: number;
}

/** What a customer pays a month in one currency, and what that is counted with in the base currency. */
export interface Balance {
  currency: string;
  minor: number;
  baseMinor: number;
}

/** Where a customer stands at a moment. */
export interface Standing {
  balances: Balance[];
  /** Had MRR at some moment before. */
  paidBefore: boolean;
}

/** The rows of one moment (milliseconds), which count as one change. */
export interface LedgerEvent {
  moment: number;
  rows: LedgerRow[];
}

export const NOBODY: Standing = { balances: [], paidBefore: false };
const ONE_EVENT_MS = 60 * 60_000; // a plan change is often written as a cancellation and a new subscription minutes later

export const pays = ({ balances }: Standing): boolean => balances.some(({ minor }) => minor > 0);

/** The value of all balances in the base currency. */
export const worth = ({ balances }: Standing): number => sum(balances.map(({ baseMinor }) => baseMinor));

export const sum = (numbers: readonly number[]): number => numbers.reduce((whole, each) => whole + each, 0);

/** The changes of each customer, oldest first, whatever the order of the rows; a row that comes twice is counted once. */
export function eventsByCustomer(rows: readonly LedgerRow[], zone: string): Map<number, LedgerEvent[]> {
  const moment = momentsIn(zone);
  const timed = new Map<number, Map<string, Timed>>();
  for (const row of rows) {
    const mine = timed.get(row.accountId) ?? new Map<string, Timed>();
    mine.set(row.row, { moment: moment(row.at), row });
    timed.set(row.accountId, mine);
  }
  return new Map([...timed].map(([accountId, mine]) => [accountId, byMoment([...mine.values()])]));
}

interface Timed {
  moment: number;
  row: LedgerRow;
}

function byMoment(timed: Timed[]): LedgerEvent[] {
  timed.sort((a, b) => a.moment - b.moment || (a.row.row < b.row.row ? -1 : 1));
  const events: LedgerEvent[] = [];
  for (const { moment, row } of timed) {
    const last = events.at(-1);
    if (last?.moment === moment) last.rows.push(row);
    else events.push({ moment, rows: [row] });
  }
  return events;
}

/** Changes of one customer in steps: those within an hour of the first one are one step. */
export function hours(events: readonly LedgerEvent[]): LedgerEvent[][] {
  const steps: LedgerEvent[][] = [];
  for (const event of events) {
    const [first] = steps.at(-1) ?? [];
    if (first && event.moment - first.moment <= ONE_EVENT_MS) steps.at(-1)!.push(event);
    else steps.push([event]);
  }
  return steps;
}

/** Where a customer stands after changes, one after the other. */
export const afterAll = (before: Standing, events: readonly LedgerEvent[]): Standing =>
  events.reduce((standing, { rows }) => after(standing, rows), before);

/** Where a customer stands after rows that count as one change. */
export function after(before: Standing, rows: readonly LedgerRow[]): Standing {
  const changes = Map.groupBy(rows, ({ currency }) => currency);
  const untouched = before.balances.filter(({ currency }) => !changes.has(currency));
  const touched = [...changes].map(([currency, mine]) => {
    const balance = before.balances.find((each) => each.currency === currency);
    return changed(balance ?? { currency, minor: 0, baseMinor: 0 }, mine);
  });
  const balances = [...untouched, ...touched.filter(({ minor }) => minor !== 0)];
  return { balances, paidBefore: before.paidBefore || pays({ balances, paidBefore: false }) };
}

/** What is added is worth what its day's rate says; what goes takes its share of what had been counted, and the last of it all. */
function changed({ currency, minor, baseMinor }: Balance, rows: readonly LedgerRow[]): Balance {
  const change = sum(rows.map(({ deltaMinor }) => deltaMinor));
  const left = minor + change;
  if (left === 0) return { currency, minor: 0, baseMinor: 0 };
  const shrinks = change < 0 && left > 0;
  return {
    currency,
    minor: left,
    baseMinor: shrinks ? Math.round((baseMinor * left) / minor) : baseMinor + added(rows),
  };
}

/** The worth of rows in the base currency. Up and down at different rates is worth the difference at the last rate. */
function added(rows: readonly LedgerRow[]): number {
  const changes = rows.filter(({ deltaMinor }) => deltaMinor !== 0);
  const change = sum(changes.map(({ deltaMinor }) => deltaMinor));
  const last = changes.at(-1);
  if (change === 0 || !last) return 0;
  const summed = sum(changes.map(({ baseDeltaMinor }) => baseDeltaMinor));
  if (changes.every(({ deltaMinor }) => deltaMinor > 0 === change > 0)) return summed;
  const atLastRate = Math.round(change * (last.baseDeltaMinor / last.deltaMinor));
  const rounding = changes.length + Math.abs(change / last.deltaMinor); // of each row, and of the rate read from the last
  return Math.abs(summed - atLastRate) <= rounding ? summed : atLastRate;
}

/** Where each customer of a ledger stands just before a moment in milliseconds. */
export const standingsAt = (rows: readonly LedgerRow[], moment: number, zone: string): Map<number, Standing> =>
  new Map([...eventsByCustomer(rows, zone)].map(([accountId, events]) => [accountId, standingBefore(events, moment)]));

export const standingBefore = (events: readonly LedgerEvent[], moment: number): Standing =>
  afterAll(
    NOBODY,
    events.filter((event) => event.moment < moment),
  );
