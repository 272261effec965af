import { AskAgain } from "#errors.ts";
import { WEEKDAYS } from "./cadence.ts";
import type { Words } from "./words-left.ts";

/** Throws AskAgain for what is regular and yet cannot be kept. */
export function refuseOtherRhythms({ left }: Words): void {
  const other =
    /\b(?:every (?:other|second|third|two|2|three|3|four|4|few) ?\w*|bi-?weekly|fortnightly|every hour|hourly|quarterly|(?:every|each) quarter|yearly|(?:every|each) year|every \d+ (?:minutes|hours|days|weeks|months)|(?:first|second|third|fourth|last) (?:mon|tues|wednes|thurs|fri|satur|sun)day of)\b/i.exec(
      left,
    )?.[0];
  if (other !== undefined)
    throw new AskAgain(
      `“${other}” I cannot keep. I can come on days of the week (every Monday and Thursday), every day, or on a day of the month (the first, the 15th, the last).`,
    );
}

/** "09:00" of "at 9", "9 am", "noon"; null where no time was said. Throws AskAgain for one that does not exist. */
export function timeIn(rest: Words): string | null {
  const word = rest.take(/\b(?:at )?(?<word>noon|midday|midnight)\b/i)?.groups?.word;
  if (word !== undefined) return /midnight/i.test(word) ? "00:00" : "12:00";
  const found =
    rest.take(/\b(?:at )?(?<hour>\d{1,2})(?:[:.](?<minute>\d{2}))? ?(?<half>[ap])\.?m\b\.?/i) ??
    rest.take(/\b(?:at )?(?<hour>\d{1,2})[:.h](?<minute>\d{2})(?: ?(?:o'clock|h|uhr))?(?!\d)/i) ??
    rest.take(/\bat (?<hour>\d{1,2})(?: ?(?:o'clock|h|uhr))?(?![\d:.]\d)/i);
  if (!found?.groups) return null;
  const { hour = "", minute = "00", half } = found.groups;
  const isAfternoon = half?.toLowerCase() === "p";
  const said = Number(hour);
  if (half !== undefined ? said < 1 || said > 12 : said > 23) throw noSuchTime(found[0]);
  if (Number(minute) > 59) throw noSuchTime(found[0]);
  const hours = half === undefined ? said : (said % 12) + (isAfternoon ? 12 : 0);
  return `${String(hours).padStart(2, "0")}:${minute}`;
}

const noSuchTime = (said: string): AskAgain =>
  new AskAgain(`There is no time “${said.replace(/^at /i, "")}”. Say it like 09:00 or 4:30 pm.`);

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const DAY = "(?:mon|tue(?:s)?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:days?)?";
const ORDINALS: Record<string, number> = {
  first: 1,
  second: 2,
  third: 3,
  fourth: 4,
  fifth: 5,
  tenth: 10,
  fifteenth: 15,
  last: 31,
};

type OnDays = { days: number[] } | { monthDay: number };

/** The days that were said; null where none were. Throws AskAgain for a day that no month has. */
export function daysIn(rest: Words): OnDays | null {
  const month = monthDayIn(rest);
  if (month !== null) return { monthDay: month };
  if (rest.take(/\b(?:(?:every|each|on) )?(?:weekdays?|work(?:ing)? ?days?|business days?)\b/i))
    return { days: [...WEEKDAYS] };
  if (rest.take(/\b(?:(?:every|each) (?:day|morning|evening|afternoon)|daily)\b/i))
    return { days: [1, 2, 3, 4, 5, 6, 7] };
  const named = rest.take(
    new RegExp(
      `\\b(?:(?:every|each|on|weekly on) )?${DAY}(?:(?: ?, ?(?:and )?| and | & )(?:(?:every|on) )?${DAY})*\\b(?: mornings?| evenings?)?`,
      "i",
    ),
  );
  if (!named) return null;
  rest.take(/\b(?:weekly|every week)\b/i);
  const days = named[0].toLowerCase().match(new RegExp(DAY, "g")) ?? [];
  return { days: [...new Set(days.map((day) => DAYS.indexOf(day.slice(0, 3)) + 1))].sort() };
}

function monthDayIn(rest: Words): number | null {
  const day = "(?<day>first|second|third|fourth|fifth|tenth|fifteenth|last|\\d{1,2}(?:st|nd|rd|th)?)(?: day)?";
  const found =
    rest.take(new RegExp(`\\b(?:on )?(?:every |the )?${day} (?:of|in) (?:the|each|every|a) month\\b`, "i")) ??
    rest.take(new RegExp(`\\b(?:every|each) month(?: on)?(?: the)? ${day}\\b`, "i")) ??
    rest.take(new RegExp(`\\bmonthly(?: on)?(?: the)? ${day}\\b`, "i"));
  const said = found?.groups?.day?.toLowerCase();
  if (said === undefined) return null;
  const number = ORDINALS[said] ?? Number.parseInt(said, 10);
  if (number < 1 || number > 31)
    throw new AskAgain(`No month has a day ${number}. Say a day from 1 to 31, or the last day of the month.`);
  return number;
}
