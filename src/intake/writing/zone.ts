import { Temporal } from "temporal-polyfill";

const starts = new Map<string, string>();
const REMEMBERED = 20_000; // about 50 years of days; a bound, so that odd data cannot fill the memory

/** The ISO moment at which a day begins in a zone. */
export function startOfDay(day: string, zone: string): string {
  if (zone === "UTC") return `${day}T00:00:00Z`;
  const key = `${zone} ${day}`;
  const held = starts.get(key);
  if (held) return held;
  if (starts.size > REMEMBERED) starts.clear();
  const start = Temporal.PlainDate.from(day).toZonedDateTime(zone).toInstant().toString();
  starts.set(key, start);
  return start;
}

/** The day that a moment falls on in a zone. */
export function dayIn(moment: string, zone: string): string {
  if (zone === "UTC" && moment.endsWith("Z")) return moment.slice(0, 10);
  return Temporal.Instant.from(moment).toZonedDateTimeISO(zone).toPlainDate().toString();
}
