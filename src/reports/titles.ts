import { Temporal } from "temporal-polyfill";
import type { Window } from "#metrics/figure.ts";
import { type Interval, windowOf } from "#metrics/weeks.ts";

/** January is the first. */
export const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** A window as people call it: "Week of 16 Nov 2026", "October 2026", "Q3 2026", "2026-10-03 to 2026-10-20". */
export function titleOf({ start, end }: Window, interval: Interval | null): string {
  const from = Temporal.PlainDate.from(start);
  if (interval === "week") return `Week of ${from.day} ${MONTHS[from.month - 1]!.slice(0, 3)} ${from.year}`;
  if (interval === "month") return `${MONTHS[from.month - 1]} ${from.year}`;
  if (interval === "quarter") return `Q${Math.ceil(from.month / 3)} ${from.year}`;
  const last = String(Temporal.PlainDate.from(end).subtract({ days: 1 }));
  return last === start ? start : `${start} to ${last}`;
}

/** Which whole interval a window is; null where it is none. Seven days are a week, on whatever day weeks begin. */
export function intervalOf({ start, end }: Window): Interval | null {
  const is = (interval: Interval) => windowOf(start, interval).start === start && windowOf(start, interval).end === end;
  if (is("month")) return "month";
  if (is("quarter")) return "quarter";
  return String(Temporal.PlainDate.from(start).add({ days: 7 })) === end ? "week" : null;
}
