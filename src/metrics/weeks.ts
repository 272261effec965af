import { Temporal } from "temporal-polyfill";
import { AskAgain } from "#errors.ts";
import type { Window } from "./figure.ts";

export type Interval = "week" | "month" | "quarter";

/** 1 is Monday, 7 is Sunday. */
export type WeekStart = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** The moment at which a day begins in a zone, in milliseconds. Throws AskAgain on a zone or a day that does not exist. */
export function dayBegins(day: string, zone: string): number {
  try {
    return Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds;
  } catch (cause) {
    if (cause instanceof RangeError)
      throw new AskAgain(`There is no day ${day} in a zone ${zone}. Name a zone like Europe/Berlin.`);
    throw cause;
  }
}

/** Reads moments as milliseconds; a bare day is its beginning in the zone. Ledgers name the same days again and again. */
export function momentsIn(zone: string): (at: string) => number {
  const days = new Map<string, number>();
  return (at) => {
    if (at.length !== "2026-01-01".length) return Date.parse(at);
    const known = days.get(at) ?? dayBegins(at, zone);
    days.set(at, known);
    return known;
  };
}

/** The moments at which a window begins and ends. Throws AskAgain when it runs backwards. */
export function momentsOf({ start, end }: Window, zone: string): { from: number; to: number } {
  if (start >= end) throw new AskAgain(`The window ends on ${end}, which is not after its start on ${start}.`);
  return { from: dayBegins(start, zone), to: dayBegins(end, zone) };
}

/** The first day of the week, month or quarter that a day is in. */
export function intervalStart(day: string, interval: Interval, weekStart: WeekStart = 1): string {
  const date = Temporal.PlainDate.from(day);
  if (interval === "week") return String(date.subtract({ days: (date.dayOfWeek - weekStart + 7) % 7 }));
  const month = interval === "month" ? date.month : date.month - ((date.month - 1) % 3);
  return String(date.with({ month, day: 1 }));
}

const LENGTH = { week: { days: 7 }, month: { months: 1 }, quarter: { months: 3 } } as const;

/** The first day of the interval that is so many intervals after the one that begins on `start`; negative goes back. */
export function intervalAfter(start: string, interval: Interval, count = 1): string {
  const { days = 0, months = 0 }: { days?: number; months?: number } = LENGTH[interval];
  return String(Temporal.PlainDate.from(start).add({ days: days * count, months: months * count }));
}

/** The week, month or quarter that a day is in, as a window. */
export function windowOf(day: string, interval: Interval, weekStart: WeekStart = 1): Window {
  const start = intervalStart(day, interval, weekStart);
  return { start, end: intervalAfter(start, interval) };
}

/** The windows before a window of one interval, oldest first. */
export const windowsBefore = ({ start }: Window, interval: Interval, count: number): Window[] =>
  Array.from({ length: count }, (_, at) => ({
    start: intervalAfter(start, interval, at - count),
    end: intervalAfter(start, interval, at - count + 1),
  }));

/** A value beside those of the windows before it. */
export interface Trend {
  value: number | null;
  /** Change against the window before; null when either is not known. */
  change: number | null;
  /** Mean of the windows before that have a value, and how many they are. */
  mean: number | null;
  windows: number;
}

/** How a value stands to the ones before it, oldest first, the value itself last. */
export function trendOf(values: readonly (number | null)[]): Trend {
  const value = values.at(-1) ?? null;
  const before = values.at(-2) ?? null;
  const earlier = values.slice(0, -1).filter((each) => each !== null);
  return {
    value,
    change: value === null || before === null ? null : value - before,
    mean: earlier.length === 0 ? null : earlier.reduce((sum, each) => sum + each, 0) / earlier.length,
    windows: earlier.length,
  };
}
