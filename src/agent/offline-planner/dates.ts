import { Temporal } from "temporal-polyfill";
import { readDays } from "#grounding/days.ts";
import { NUMBER_WORDS, numberFromWords } from "#grounding/number-words.ts";
import type { Words } from "./question.ts";

type Day = Temporal.PlainDate;

/** Days from and to, both included, ISO. */
export interface Window {
  from: string;
  to: string;
}

/** The asker can put it right (a day that does not exist); the message is for them. */
export class Unclear extends Error {
  override readonly name = "Unclear";
}

const MONTHS =
  "january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec";
const WEEKDAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday";
const UNIT = "days?|weeks?|months?|quarters?|years?";
const count = `(\\d{1,4}|an?|${NUMBER_WORDS.source.replaceAll("\\b", "")}|few|couple of)`;

const monthOf = (name: string): number => MONTHS.split("|").findIndex((each) => each.startsWith(name.slice(0, 3))) + 1;
const startOfQuarter = (day: Day): Day => day.with({ month: Math.floor((day.month - 1) / 3) * 3 + 1, day: 1 });
const monday = (day: Day): Day => day.subtract({ days: day.dayOfWeek - 1 });
const window = (from: Day, to: Day): Window => ({ from: String(from), to: String(to) });
const month = (day: Day): Window => window(day.with({ day: 1 }), day.with({ day: day.daysInMonth }));
const quarter = (day: Day): Window =>
  window(startOfQuarter(day), startOfQuarter(day).add({ months: 3 }).subtract({ days: 1 }));
const week = (day: Day): Window => window(monday(day), monday(day).add({ days: 6 }));
const year = (day: Day): Window => window(day.with({ month: 1, day: 1 }), day.with({ month: 12, day: 31 }));

/** A number in digits or words; "a" is one, "a few" three. */
export function readCount(said: string): number {
  if (/^\d/.test(said)) return Number(said);
  if (/^an?$/.test(said)) return 1;
  if (/^few$/.test(said)) return 3;
  return /^couple/.test(said) ? 2 : numberFromWords(said);
}

const BEGINS: Record<string, (day: Day) => Window> = { week, month, quarter, year };

/** "60 days", "two months" in days; "last quarter" is as long ago as the quarter's end. */
export function daysIn(said: string, unit: string, today: Day, sign: 1 | -1): number {
  const one = unit.replace(/s$/, "");
  if (/^(?:last|past|previous)$/.test(said)) {
    const began = BEGINS[one]?.(today).from;
    return began === undefined ? 1 : Temporal.PlainDate.from(began).until(today).days + 1;
  }
  const amount = readCount(said) * (unit.startsWith("quarter") ? 3 : 1);
  const key = unit.startsWith("quarter") ? "months" : `${unit.replace(/s$/, "")}s`;
  return Math.abs(today.until(today.add({ [key]: sign * amount }), { largestUnit: "day" }).days);
}

const NAMED_WINDOWS: [RegExp, (day: Day) => Window][] = [
  [/\b(?:in |during |over |for )?(?:the )?(?:this|current) month\b/, month],
  [/\b(?:in |during |over |for )?(?:the )?next month\b/, (day) => month(day.add({ months: 1 }))],
  [/\b(?:in |during |over |for )?(?:the )?(?:this|current) quarter\b/, quarter],
  [/\b(?:in |during |over |for )?(?:the )?next quarter\b/, (day) => quarter(day.add({ months: 3 }))],
  [/\b(?:in |during |over |for )?(?:the )?(?:this|current) week\b/, week],
  [/\b(?:in |during |over |for )?(?:the )?next week\b/, (day) => week(day.add({ weeks: 1 }))],
  [/\b(?:in |during |over |for )?(?:the )?(?:this|current) year\b|\bby (?:the )?year ?end\b/, year],
  [/\b(?:in |during |over |for )?(?:the )?next year\b/, (day) => year(day.add({ years: 1 }))],
  [/\btoday\b/, (day) => window(day, day)],
  [/\btomorrow\b/, (day) => window(day.add({ days: 1 }), day.add({ days: 1 }))],
  [/\bsoon\b|\bcoming up\b|\bupcoming\b/, (day) => window(day, day.add({ days: 60 }))],
];

/** A window that lies ahead ("this month", "in the next 60 days", "in Q1", "before 31 March"), taken out of the words. */
export function takeWindow(words: Words, todayIso: string): Window | null {
  const today = Temporal.PlainDate.from(todayIso);
  const ahead = words.take(
    new RegExp(
      `\\b(?:(?:with)?in|over|during|for) (?:the )?(?:(?:next|coming|following) )?${count}[ -](${UNIT})\\b|\\b(?:the )?(?:next|coming) ${count}[ -](${UNIT})\\b`,
    ),
  );
  if (ahead)
    return window(today, today.add({ days: daysIn((ahead[1] ?? ahead[3])!, (ahead[2] ?? ahead[4])!, today, 1) }));
  for (const [pattern, read] of NAMED_WINDOWS) if (words.take(pattern)) return read(today);
  const yearSaid = words.take(/\b(?:in|during) (20\d\d)\b/);
  if (yearSaid) return year(Temporal.PlainDate.from({ year: Number(yearSaid[1]), month: 1, day: 1 }));
  return takeQuarter(words, today) ?? takeBetween(words, today) ?? takeMonth(words, today);
}

function takeQuarter(words: Words, today: Day): Window | null {
  const said = words.take(
    /\b(?:in |during |for )?(?:the )?(?:(first|second|third|fourth) quarter|q([1-4])|h([12]))(?: (?:of )?(20\d\d))?\b/,
  );
  if (!said) return null;
  const half = said[3] ? Number(said[3]) : null;
  const number = said[2]
    ? Number(said[2])
    : half
      ? half * 2 - 1
      : ["first", "second", "third", "fourth"].indexOf(said[1]!) + 1;
  const months = half ? 6 : 3;
  const first = (of: number) => Temporal.PlainDate.from({ year: of, month: number * 3 - 2, day: 1 });
  const end = (start: Day) => start.add({ months }).subtract({ days: 1 });
  const start = said[4] ? first(Number(said[4])) : first(today.year);
  const chosen = said[4] || Temporal.PlainDate.compare(end(start), today) >= 0 ? start : first(today.year + 1);
  return window(chosen, end(chosen));
}

function takeBetween(words: Words, today: Day): Window | null {
  const days = takeDays(words, today, 1);
  if (days.length >= 2) {
    words.take(/\b(?:between|from)\b/);
    return window(days[0]!.day, days[1]!.day);
  }
  const [only] = days;
  if (!only) return null;
  if (words.take(/\b(?:by|before|until|till|up to|no later than)\s*(?:the )?(?=\s|$)/)) return window(today, only.day);
  if (words.take(/\b(?:after|from|since|starting)\s*(?=\s|$)/)) return window(only.day, only.day.add({ years: 2 }));
  return only.wholeMonth ? month(only.day) : window(only.day, only.day);
}

function takeMonth(words: Words, today: Day): Window | null {
  const said =
    words.take(new RegExp(`\\b(by|before|until|in|for|during|of) (?:the end of )?(${MONTHS})\\b(?! \\d)`)) ??
    words.take(new RegExp(`\\b()(${MONTHS.replace("|may|", "|").replace("|mar|", "|")})\\b(?! \\d)`));
  if (!said) return null;
  const number = monthOf(said[2]!);
  const first = Temporal.PlainDate.from({ year: today.year + (number < today.month ? 1 : 0), month: number, day: 1 });
  if (/^(?:by|until)$/.test(said[1]!)) return window(today, first.with({ day: first.daysInMonth }));
  if (said[1] === "before") return window(today, first.subtract({ days: 1 }));
  return month(first);
}

/** The day that a question looks back to ("since March", "last week", "in the last 14 days"), taken out of the words. */
export function takeSince(words: Words, todayIso: string): string | null {
  const today = Temporal.PlainDate.from(todayIso);
  const named: [RegExp, (day: Day) => Day][] = [
    [/\b(?:since )?yesterday\b/, (day) => day.subtract({ days: 1 })],
    [/\b(?:since )?today\b/, (day) => day],
    [/(?<!the )\b(?:since |in |from )?last week\b/, (day) => monday(day).subtract({ weeks: 1 })],
    [/(?<!the )\b(?:since |in |from )?last month\b/, (day) => day.with({ day: 1 }).subtract({ months: 1 })],
    [/(?<!the )\b(?:since |in |from )?last quarter\b/, (day) => startOfQuarter(day).subtract({ months: 3 })],
    [/(?<!the )\b(?:since |in |from )?last year\b/, (day) => day.with({ month: 1, day: 1 }).subtract({ years: 1 })],
    [/\b(?:since (?:the (?:start|beginning) of )?|in |during )?this week\b/, monday],
    [/\b(?:since (?:the (?:start|beginning) of )?|in |during )?(?:this|the) month\b/, (day) => day.with({ day: 1 })],
    [/\b(?:since (?:the (?:start|beginning) of )?|in |during )?(?:this|the) quarter\b/, startOfQuarter],
    [
      /\b(?:since (?:the (?:start|beginning) of )?|in |during )?(?:this|the) year\b/,
      (day) => day.with({ month: 1, day: 1 }),
    ],
  ];
  for (const [pattern, read] of named) if (words.take(pattern)) return String(read(today));
  const back = words.take(
    new RegExp(
      `\\b(?:(?:with)?in|over|during|for|since) (?:the )?(?:last|past|previous) (?:${count}[ -])?(${UNIT})\\b|\\b(?:the )?(?:last|past|previous) ${count}[ -](${UNIT})\\b|\\bsince ${count} (${UNIT}) ago\\b|\\b${count} (${UNIT}) ago\\b`,
    ),
  );
  if (back) {
    const said = back.slice(1).filter((part) => part !== undefined);
    const unit = said.at(-1)!;
    return String(today.subtract({ days: daysIn(said.length > 1 ? said[0]! : "a", unit, today, -1) }));
  }
  const weekday = words.take(new RegExp(`\\bsince (?:last )?(${WEEKDAYS})\\b`));
  if (weekday)
    return String(
      today.subtract({ days: ((today.dayOfWeek - (WEEKDAYS.split("|").indexOf(weekday[1]!) + 1) + 6) % 7) + 1 }),
    );
  const quarterSaid = words.take(/\b(?:since|from|in) q([1-4])(?: (20\d\d))?\b/);
  if (quarterSaid) return String(latest(today, quarterSaid[2], Number(quarterSaid[1]) * 3 - 2));
  const [day] = takeDays(words, today, -1);
  if (day) {
    words.take(/\b(?:since|from|after|on)\s*(?=\s|$)/);
    return String(day.day);
  }
  const monthSaid = words.take(new RegExp(`\\b(?:since|from|in) (?:last )?(${MONTHS})\\b(?: (20\\d\\d))?`));
  if (monthSaid) return String(latest(today, monthSaid[2], monthOf(monthSaid[1]!)));
  const yearSaid = words.take(/\b(?:since|from|in) (20\d\d)\b/);
  return yearSaid ? `${yearSaid[1]}-01-01` : null;
}

function latest(today: Day, yearSaid: string | undefined, monthNumber: number): Day {
  if (yearSaid) return Temporal.PlainDate.from({ year: Number(yearSaid), month: monthNumber, day: 1 });
  const first = Temporal.PlainDate.from({ year: today.year, month: monthNumber, day: 1 });
  return Temporal.PlainDate.compare(first, today) > 0 ? first.subtract({ years: 1 }) : first;
}

/** Dates with a day in them. Without a year: the next one (`sign` 1) or the last one (−1). Throws Unclear. */
function takeDays(words: Words, today: Day, sign: 1 | -1): { day: Day; wholeMonth: boolean }[] {
  const found = readDays(words.text).filter(
    (each) => !/^may \d+$/.test(each.text) || words.has(/\b(?:since|by|before|until|on|from) may\b/),
  );
  return found.map((each) => {
    words.cut(each.start, each.end);
    const days = each.readings.map((reading) => dayFrom(reading, today, sign)).filter((day) => day !== null);
    if (days.length === 0)
      throw new Unclear(
        `“${words.original.slice(each.start, each.end)}” is no day of the calendar. Give one like ${todayIsoOf(today)}.`,
      );
    return { day: days[0]!, wholeMonth: /^\d{4}-\d\d$/.test(each.readings[0]!) };
  });
}

const todayIsoOf = (today: Day): string => String(today);

function dayFrom(reading: string, today: Day, sign: 1 | -1): Day | null {
  const noYear = /^--(\d\d)-(\d\d)$/.exec(reading);
  const [y, m, d] = noYear ? [today.year, Number(noYear[1]), Number(noYear[2])] : reading.split("-").map(Number);
  const monthNumber = m ?? 0;
  // 29 February is a day of some years, so a leap year says whether a day without a year can be.
  if (
    monthNumber < 1 ||
    monthNumber > 12 ||
    (d ?? 1) < 1 ||
    (d ?? 1) > Temporal.PlainYearMonth.from({ year: noYear ? 2024 : y!, month: monthNumber }).daysInMonth
  )
    return null;
  const day = Temporal.PlainDate.from({ year: y!, month: monthNumber, day: d ?? 1 });
  if (!noYear) return day;
  const side = Temporal.PlainDate.compare(day, today);
  return side * sign < 0 ? day.add({ years: sign }) : day;
}
