import type { Cadence, QuietHours } from "#schedules/cadence.ts";

// Slots worked out a second time, from Intl's wall clocks alone: nothing here is shared with what it is to check.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface Wanted {
  cadence: Cadence;
  zone: string;
  quiet: QuietHours | null;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** The wall clock of a zone at a moment, as if it were UTC, in milliseconds. */
function wall(zone: string, at: number): number {
  const clock =
    clocks.get(zone) ??
    new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
    });
  clocks.set(zone, clock);
  const part: Record<string, number> = {};
  for (const { type, value } of clock.formatToParts(at)) part[type] = Number(value);
  return Date.UTC(part.year!, part.month! - 1, part.day, part.hour, part.minute); // the format has all of them
}

/** The first moment at which a zone's wall clock shows this; where it never does, the moment at which it leaps over it. */
function momentAt(zone: string, shown: number): number {
  const offsets = [shown - DAY, shown + DAY].map((near) => wall(zone, near) - near);
  const hits = offsets.map((offset) => shown - offset).filter((at) => wall(zone, at) === shown);
  if (hits.length > 0) return Math.min(...hits);
  let [before, after] = [shown - DAY, shown + DAY];
  while (after - before > MINUTE) {
    const middle = before + Math.floor((after - before) / 2 / MINUTE) * MINUTE;
    if (wall(zone, middle) < shown) before = middle;
    else after = middle;
  }
  return after;
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** All slots in a span of moments (milliseconds, the first excluded), as ISO with milliseconds. */
export function expectedSlots({ cadence, zone, quiet }: Wanted, from: number, to: number): string[] {
  const found = new Set<number>();
  for (let day = Math.floor(from / DAY) * DAY - 3 * DAY; day <= to + 2 * DAY; day += DAY) {
    if (!isOn(cadence, new Date(day))) continue;
    const at = momentAt(zone, day + movedMinutes(minutesOf(cadence.at), quiet) * MINUTE);
    if (at > from && at <= to) found.add(at);
  }
  return [...found].sort((one, other) => one - other).map((at) => new Date(at).toISOString());
}

function isOn(cadence: Cadence, day: Date): boolean {
  if ("days" in cadence) return cadence.days.includes(day.getUTCDay() === 0 ? 7 : day.getUTCDay());
  const last = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate();
  return day.getUTCDate() === Math.min(last, cadence.monthDay);
}

/** Minutes after midnight; beyond a day where quiet hours end tomorrow. */
function movedMinutes(at: number, quiet: QuietHours | null): number {
  if (!quiet) return at;
  const [from, to] = [minutesOf(quiet.from), minutesOf(quiet.to)];
  if (from < to) return at >= from && at < to ? to : at;
  if (at >= from) return to + 24 * 60;
  return at < to ? to : at;
}
