import { Temporal } from "temporal-polyfill";
import { AskAgain } from "#errors.ts";
import type { Window } from "#metrics/figure.ts";
import { type Interval, intervalAfter } from "#metrics/weeks.ts";
import { readWindow } from "#tools/window-words.ts";
import type { Words } from "./question.ts";

type Unit = Interval | "year";

const BEFORE =
  /\b(?:the |that of the )?(?:(?:(week|month|quarter|year) (?:before|prior|earlier)(?: that)?(?! last))|(?:previous|preceding|prior) (period|one)|one before(?: that)?|time before)\b/;
const YEAR_AGO =
  /\b(?:(?:a|one|1) year (?:ago|earlier|before)|(?:the )?same (?:time|period|week|month|quarter|window) (?:a year ago|last year)|year over year|yoy|12 months ago)\b/;

/** "The week before", "a year ago", beside a window or after one: takes the words, gives the window they mean; else null. */
export function takeEarlier(words: Words, base: string | undefined, today: string): string | null {
  const yearAgo = words.take(YEAR_AGO);
  const before = yearAgo ? null : words.take(BEFORE);
  if (!yearAgo && !before) return null;
  const known = base === undefined ? null : readOr(base, today);
  const from = known ?? readOr("this month", today);
  if (!from) return null;
  const unit = (before?.[1] ?? from.interval ?? "window") as Unit | "window"; // the pattern lists only these
  if (yearAgo || (unit === "year" && from.interval !== null))
    return said(back(from.window, { years: 1 }), from.interval);
  if (from.interval !== null && (unit === "window" || unit === from.interval))
    return said(whole(from.window, from.interval), from.interval);
  return said(justBefore(from.window), null);
}

/** Windows from the earliest on, so that what changed is told forwards. */
export const inOrder = (windows: readonly string[], today: string): string[] => {
  const start = (said: string) => readOr(said, today)?.window.start ?? "";
  return windows.toSorted((a, b) => start(a).localeCompare(start(b)));
};

function readOr(base: string, today: string): { window: Window; interval: Interval | null } | null {
  try {
    return readWindow(base, { today });
  } catch (wrong) {
    if (wrong instanceof AskAgain) return null; // the tool will say what is wrong with it
    throw wrong;
  }
}

const whole = ({ start }: Window, interval: Interval): Window => ({
  start: intervalAfter(start, interval, -1),
  end: start,
});

/** The window of the same length that ends where this one begins; of a whole year, the year before. */
function justBefore({ start, end }: Window): Window {
  const [from, to] = [Temporal.PlainDate.from(start), Temporal.PlainDate.from(end)];
  const isYear = from.add({ years: 1 }).equals(to);
  const first = isYear ? from.subtract({ years: 1 }) : from.subtract({ days: from.until(to).days });
  return { start: String(first), end: start };
}

const back = ({ start, end }: Window, by: { years: number }): Window => ({
  start: String(Temporal.PlainDate.from(start).subtract(by)),
  end: String(Temporal.PlainDate.from(end).subtract(by)),
});

/** A window in words that are read back as the same one. */
function said({ start, end }: Window, interval: Interval | null): string {
  if (interval === "week") return `week of ${start}`;
  if (interval === "month") return start.slice(0, 7);
  if (interval === "quarter") return `Q${Math.ceil(Number(start.slice(5, 7)) / 3)} ${start.slice(0, 4)}`;
  const last = String(Temporal.PlainDate.from(end).subtract({ days: 1 }));
  return last === start ? start : `${start} to ${last}`;
}
