import { MONTHS } from "#reports/titles.ts";
import { distance } from "#tools/words.ts";

const SHORT_MONTHS = MONTHS.map((month) => month.slice(0, 3));
const ISO_DAY = /(?<![\w-])(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?![\w-])/g;

/** "20 Dec 2026". A renewal is on that day everywhere, so a day is never shifted by a zone. */
export const dayIn = (day: string): string => daysIn(day.slice(0, 10));

/** "20 Dec 2026 (in 28 days)". */
export const dayFrom = (day: string, today: string): string => `${dayIn(day)} (${distance(day, today)})`;

/** A text of ours with its ISO days as people read them. */
export const daysIn = (text: string): string =>
  text.replace(ISO_DAY, (_, year: string, month: string, day: string) => {
    return `${Number(day)} ${SHORT_MONTHS[Number(month) - 1]} ${year}`;
  });

/** "November 2026", of a day. */
export const monthOf = (day: string): string => `${MONTHS[Number(day.slice(5, 7)) - 1] ?? ""} ${day.slice(0, 4)}`;

/** "12 Nov", of a day; its month and year stand above it. */
export const shortDay = (day: string): string => dayIn(day).split(" ").slice(0, 2).join(" ");

/** A moment in the reader's own zone and manner. `at`: ISO with time and zone. */
export function momentIn(at: string, zone: string): string {
  const seconds = Math.floor(Date.parse(at) / 1000);
  if (!Number.isFinite(seconds)) return dayIn(at);
  return `<!date^${seconds}^{date_short_pretty} at {time}|${momentWords(at, zone)}>`;
}

/** A moment in words, where mrkdwn cannot stand: "22 Nov 2026, 14:05". */
export function momentWords(at: string, zone: string): string {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(new Date(at));
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? "";
  return `${dayIn(`${part("year")}-${part("month")}-${part("day")}`)}, ${part("hour")}:${part("minute")}`;
}
