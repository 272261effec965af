import { Temporal } from "temporal-polyfill";

const MILLISECONDS_A_DAY = 86_400_000;

/** Days from one ISO day to another; negative when the second is earlier. Both read as UTC, so every day has 24 hours. */
export function daysBetween(from: string, to: string): number {
  return from === to ? 0 : Math.round((Date.parse(to) - Date.parse(from)) / MILLISECONDS_A_DAY);
}

/** The ISO day that is so many days after another. */
export function addDays(day: string, days: number): string {
  return days === 0 ? day : String(Temporal.PlainDate.from(day).add({ days }));
}
