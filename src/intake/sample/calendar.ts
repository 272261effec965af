/** A day as the number of days since 1970-01-01. Tens of thousands are reckoned with; numbers keep that quick. */
export type Day = number;

const MILLISECONDS_A_DAY = 86_400_000;
const written = new Map<Day, string>();

export function dayOf(iso: string): Day {
  return Math.round(Date.parse(`${iso}T00:00:00Z`) / MILLISECONDS_A_DAY);
}

export function isoDay(day: Day): string {
  const known = written.get(day);
  if (known) return known;
  const iso = new Date(day * MILLISECONDS_A_DAY).toISOString().slice(0, 10);
  written.set(day, iso);
  return iso;
}

/** The same day of the month, so many months on; the last of the month where that day does not exist. */
export function addMonths(day: Day, months: number): Day {
  const from = new Date(day * MILLISECONDS_A_DAY);
  const month = from.getUTCMonth() + months;
  const last = new Date(Date.UTC(from.getUTCFullYear(), month + 1, 0)).getUTCDate();
  return Date.UTC(from.getUTCFullYear(), month, Math.min(from.getUTCDate(), last)) / MILLISECONDS_A_DAY;
}

/** Days left in the month of `day`; 0 on its last day. */
export function daysToMonthEnd(day: Day): number {
  const date = new Date(day * MILLISECONDS_A_DAY);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0) / MILLISECONDS_A_DAY - day;
}

/** "2026-Q3", for the names of campaigns. */
export function quarterOf(day: Day): string {
  const iso = isoDay(day);
  return `${iso.slice(0, 4)}-Q${Math.ceil(Number(iso.slice(5, 7)) / 3)}`;
}

/** 0 Sunday … 6 Saturday. */
export const weekdayOf = (day: Day): number => (((day + 4) % 7) + 7) % 7;

/** That day, or the Friday before a weekend. */
export function workday(day: Day): Day {
  const weekday = weekdayOf(day);
  return weekday === 6 ? day - 1 : weekday === 0 ? day - 2 : day;
}

/** A moment between 13:00 and 18:59 UTC: working hours on both sides of the Atlantic, and one day in both. */
export function momentOn(day: Day, minute: number): string {
  const within = 13 * 60 + (Math.abs(minute) % 360);
  return `${isoDay(day)}T${String(Math.floor(within / 60)).padStart(2, "0")}:${String(within % 60).padStart(2, "0")}:00Z`;
}
