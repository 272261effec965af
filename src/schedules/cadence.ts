import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import { AskAgain } from "#errors.ts";
import { nearestNames } from "#lifecycle/nearest-names.ts";

const time = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, "must be a time like 09:00");
const weekday = z.number().int().min(1).max(7);

/** On which days, and at which time by the clock on the wall. 1 is Monday; `monthDay` 31 is the last day of every month. */
export const cadence = z.union([
  z.object({ days: z.array(weekday).min(1), at: time }),
  z.object({ monthDay: z.number().int().min(1).max(31), at: time }),
]);
export type Cadence = z.infer<typeof cadence>;

/** Hours in which a person is not written to; from 22:00 to 07:00 goes over midnight. */
export const quietHours = z.object({ from: time, to: time });
export type QuietHours = z.infer<typeof quietHours>;

const DAY_NAMES = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
export const WEEKDAYS: readonly number[] = [1, 2, 3, 4, 5];

/** "every Monday and Friday at 09:00", "on the 1st of each month at 07:00". */
export function cadenceWords(given: Cadence): string {
  return "days" in given
    ? `${daysWords(given.days)} at ${given.at}`
    : `${monthDayWords(given.monthDay)} at ${given.at}`;
}

function daysWords(days: readonly number[]): string {
  const sorted = [...new Set(days)].sort((one, other) => one - other);
  if (sorted.length === 7) return "every day";
  if (String(sorted) === String(WEEKDAYS)) return "every weekday";
  const names = sorted.map((day) => DAY_NAMES[day - 1] ?? "");
  return `every ${names.length === 1 ? names[0] : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`}`;
}

const LAST = 31;

function monthDayWords(day: number): string {
  if (day === LAST) return "on the last day of each month";
  const ending =
    day % 10 === 1 && day !== 11
      ? "st"
      : day % 10 === 2 && day !== 12
        ? "nd"
        : day % 10 === 3 && day !== 13
          ? "rd"
          : "th";
  return `on the ${day}${ending} of each month${day > 28 ? " (its last day where it has fewer)" : ""}`;
}

/** The zone as it is written. Throws AskAgain for one that does not exist, with those that are nearest. */
export function knownZone(said: string): string {
  try {
    return Temporal.Now.zonedDateTimeISO(said).timeZoneId;
  } catch (unknown) {
    if (!(unknown instanceof RangeError)) throw unknown;
    const near = nearestNames(said, Intl.supportedValuesOf("timeZone"));
    throw new AskAgain(
      `There is no time zone “${said}”. ${near.length > 0 ? `Did you mean ${near.join(", ")}?` : "Name one like Europe/Berlin."}`,
    );
  }
}
