import { Temporal } from "temporal-polyfill";
import { startOfDay } from "../writing/zone.ts";
import { Unfit } from "./unfit.ts";

/** A date as it stood in a row; `offset` null: on the clock of the zone. */
interface Written {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  offset: string | null;
}

const TOKENS: Record<string, string> = {
  YYYY: "(?<year>\\d{4})",
  MMM: "(?<monthName>[A-Za-z]{3})[a-z]*\\.?",
  MM: "(?<month>\\d{1,2})",
  M: "(?<month>\\d{1,2})",
  DD: "(?<day>\\d{1,2})",
  D: "(?<day>\\d{1,2})",
  HH: "(?<hour>\\d{1,2})",
  H: "(?<hour>\\d{1,2})",
  hh: "(?<hour>\\d{1,2})",
  h: "(?<hour>\\d{1,2})",
  mm: "(?<minute>\\d{2})",
  ss: "(?<second>\\d{2})",
  A: "(?<half>[AaPp]\\.?[Mm]\\.?)",
  Z: "(?<offset>Z|UTC|[+-]\\d{2}:?\\d{2})",
};
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** A format such as `MM/DD/YYYY H:mm`; `unix` and `unix_ms` are counts of seconds and milliseconds. */
export function patternOf(format: string): RegExp {
  if (format === "unix") return /^(?<unix>\d{9,11})$/;
  if (format === "unix_ms") return /^(?<unixMs>\d{12,14})$/;
  const parts = format.split(/(YYYY|MMM|MM|M|DD|D|HH|H|hh|h|mm|ss|A|Z)/);
  return new RegExp(`^${parts.map((part) => TOKENS[part] ?? part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("")}$`);
}

// What cannot be read in two ways. Dates with slashes in another order must be named by the mapping.
const ISO =
  /^(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})(?:[T ](?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:\.\d+)?)?\s*(?<offset>Z|UTC|[+-]\d{2}:?\d{2})?)?$/;
const USUAL = [
  ISO,
  ...["YYYY/MM/DD", "YYYY/MM/DD H:mm", "DD.MM.YYYY", "DD.MM.YYYY H:mm", "DD.MM.YYYY H:mm:ss"].map(patternOf),
];

/** Whether a format is one that can be read: a year, a month and a day must be in it. */
export const isFormat = (format: string): boolean =>
  format.startsWith("unix") || (/YYYY/.test(format) && /M/.test(format) && /D/.test(format));

/** The ISO day that a text names. A moment with an offset falls on a day of the zone. */
export function readDay(text: string, patterns: readonly RegExp[], zone: string): string {
  const read = readWritten(text, patterns);
  if (typeof read === "number")
    return Temporal.Instant.fromEpochMilliseconds(read).toZonedDateTimeISO(zone).toPlainDate().toString();
  return read.offset
    ? Temporal.Instant.from(isoOf(read)).toZonedDateTimeISO(zone).toPlainDate().toString()
    : dayOf(read);
}

/** The ISO moment in UTC that a text names; a day alone is its beginning in the zone. */
export function readMoment(text: string, patterns: readonly RegExp[], zone: string): string {
  const read = readWritten(text, patterns);
  if (typeof read === "number") return new Date(read).toISOString();
  if (read.offset) return new Date(isoOf(read)).toISOString();
  if (zone === "UTC") return `${dayOf(read)}T${clockOf(read)}Z`;
  if (read.hour + read.minute + read.second === 0) return startOfDay(dayOf(read), zone);
  return Temporal.PlainDateTime.from(`${dayOf(read)}T${clockOf(read)}`)
    .toZonedDateTime(zone)
    .toInstant()
    .toString();
}

function readWritten(text: string, patterns: readonly RegExp[]): Written | number {
  for (const pattern of patterns.length > 0 ? patterns : USUAL) {
    const groups = pattern.exec(text)?.groups;
    if (!groups) continue;
    if (groups.unix) return Number(groups.unix) * 1000;
    if (groups.unixMs) return Number(groups.unixMs);
    const written = writtenFrom(groups);
    if (isReal(written)) return written;
    throw new Unfit(`${JSON.stringify(text)} is not a day of the calendar`);
  }
  const slashes = patterns.length === 0 && /^\d{1,2}[/-]\d{1,2}[/-]\d{4}/.test(text);
  throw new Unfit(
    slashes
      ? `${JSON.stringify(text)} can be read in two ways; say \`formats: [MM/DD/YYYY]\` or \`formats: [DD/MM/YYYY]\` in the mapping`
      : `${JSON.stringify(text)} is not a date that is known here; name its form under \`formats\` in the mapping`,
  );
}

function writtenFrom(groups: Record<string, string | undefined>): Written {
  const hour = Number(groups.hour ?? 0);
  const half = groups.half?.[0]?.toLowerCase();
  return {
    year: Number(groups.year),
    month: groups.monthName ? MONTHS.indexOf(groups.monthName.toLowerCase()) + 1 : Number(groups.month),
    day: Number(groups.day),
    hour: half ? (hour % 12) + (half === "p" ? 12 : 0) : hour,
    minute: Number(groups.minute ?? 0),
    second: Number(groups.second ?? 0),
    offset: groups.offset ?? null,
  };
}

function isReal({ year, month, day, hour, minute, second }: Written): boolean {
  return (
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= new Date(Date.UTC(year, month, 0)).getUTCDate() &&
    hour < 24 &&
    minute < 60 &&
    second < 60
  );
}

const two = (value: number) => String(value).padStart(2, "0");
const dayOf = ({ year, month, day }: Written) => `${year}-${two(month)}-${two(day)}`;
const clockOf = ({ hour, minute, second }: Written) => `${two(hour)}:${two(minute)}:${two(second)}`;
const isoOf = (read: Written) =>
  `${dayOf(read)}T${clockOf(read)}${read.offset === "UTC" ? "Z" : read.offset!.replace(/^([+-]\d{2})(\d{2})$/, "$1:$2")}`;
