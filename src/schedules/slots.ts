import { Temporal } from "temporal-polyfill";
import type { Cadence, QuietHours } from "./cadence.ts";

/** When something comes by itself: by the wall clock of a zone, outside somebody's quiet hours where it is for one person. */
export interface Timetable {
  cadence: Cadence;
  zone: string;
  quiet: QuietHours | null;
}

export const CATCH_UP_HOURS = 6; // a morning's report is still of use in the afternoon, not the day after
const FARTHEST_DAYS = 62; // between two slots of a month; quiet hours and gaps move one by a day at most

/**
 * The moments after `from`, up to and with `to`, oldest first, as ISO in UTC. Where clocks are put forward over a slot it
 * comes as soon as they have been; where they are put back, an hour that comes twice has it once, the first time.
 */
export function slotsBetween(timetable: Timetable, from: string, to: string): string[] {
  const [first, last] = [Temporal.Instant.from(from), Temporal.Instant.from(to)];
  const end = dayIn(timetable.zone, last).add({ days: 1 });
  const found = new Map<number, Temporal.Instant>();
  for (
    let day = dayIn(timetable.zone, first).subtract({ days: 2 });
    Temporal.PlainDate.compare(day, end) <= 0;
    day = day.add({ days: 1 })
  ) {
    if (!isOn(timetable.cadence, day)) continue;
    const slot = momentOf(timetable, day);
    const isInside = Temporal.Instant.compare(slot, first) > 0 && Temporal.Instant.compare(slot, last) <= 0;
    if (isInside) found.set(slot.epochMilliseconds, slot);
  }
  return [...found].sort(([one], [other]) => one - other).map(([, slot]) => String(slot));
}

/** The first slot after a moment. */
export function nextSlot(timetable: Timetable, after: string): string {
  const until = Temporal.Instant.from(after).add({ hours: FARTHEST_DAYS * 24 });
  const [next] = slotsBetween(timetable, after, String(until));
  if (next === undefined) throw new Error("a timetable without a slot in two months");
  return next;
}

/** The end of the quiet hours that a moment falls into, ISO; null where it falls into none. */
export function quietUntil({ quiet, zone }: Pick<Timetable, "quiet" | "zone">, at: string): string | null {
  const local = Temporal.Instant.from(at).toZonedDateTimeISO(zone).toPlainDateTime();
  const end = outsideOf(quiet, local);
  return end.equals(local) ? null : String(end.toZonedDateTime(zone).toInstant());
}

const dayIn = (zone: string, at: Temporal.Instant): Temporal.PlainDate => at.toZonedDateTimeISO(zone).toPlainDate();

function isOn(cadence: Cadence, day: Temporal.PlainDate): boolean {
  if ("days" in cadence) return cadence.days.includes(day.dayOfWeek);
  return day.day === Math.min(cadence.monthDay, day.daysInMonth);
}

function momentOf({ cadence, zone, quiet }: Timetable, day: Temporal.PlainDate): Temporal.Instant {
  const wanted = outsideOf(quiet, day.toPlainDateTime(cadence.at));
  const moment = wanted.toZonedDateTime(zone); // of an hour that comes twice, the first
  if (moment.toPlainDateTime().equals(wanted)) return moment.toInstant();
  // Such a time does not exist on that day: it comes when the clocks have been put forward.
  return (moment.add({ nanoseconds: 1 }).getTimeZoneTransition("previous") ?? moment).toInstant();
}

/** The end of the quiet hours that a time falls into; the time itself where it falls into none. */
function outsideOf(quiet: QuietHours | null, wanted: Temporal.PlainDateTime): Temporal.PlainDateTime {
  if (quiet === null || quiet.from === quiet.to) return wanted;
  const at = wanted.toPlainTime().toString({ smallestUnit: "minute" });
  const overMidnight = quiet.from > quiet.to;
  const isQuiet = overMidnight ? at >= quiet.from || at < quiet.to : at >= quiet.from && at < quiet.to;
  if (!isQuiet) return wanted;
  const day = overMidnight && at >= quiet.from ? wanted.toPlainDate().add({ days: 1 }) : wanted.toPlainDate();
  return day.toPlainDateTime(quiet.to);
}
