import { Temporal } from "temporal-polyfill";
import { AskAgain } from "#errors.ts";
import { readDays } from "#grounding/days.ts";
import type { Window } from "#metrics/figure.ts";
import { type Interval, intervalAfter, intervalStart, type WeekStart } from "#metrics/weeks.ts";

/** A window that somebody named. `interval` null: it is no whole week, month or quarter. */
export interface NamedWindow {
  window: Window;
  interval: Interval | null;
}

const MONTHS =
  "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?";
const MONTH_STARTS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const ISO = "\\d{4}-\\d{2}-\\d{2}";
const LONGEST_DAYS = 1_100; // three years: beyond it a report says nothing that a shorter one does not
const EXAMPLES =
  "“last week”, “this month”, “Q2 2026”, “October”, “last 30 days”, or two days such as “2026-10-03 to 2026-10-20”";

interface Clock {
  today: string;
  weekStart: WeekStart;
}

type Read = (match: RegExpExecArray, clock: Clock) => NamedWindow;

/** Every way to name a window, by what it looks like; the first that fits the words counts. */
const SHAPES: { pattern: string; read: Read }[] = [
  {
    pattern: `(?:from |between )?(${ISO})\\s*(?:to|until|till|through|and|\\.\\.|–|—|-|/)\\s*(${ISO})`,
    read: ([, from, to]) => between(from!, to!),
  },
  {
    pattern: `(?:the )?week (?:of|from|starting|beginning)(?: the)? (${ISO})`,
    read: ([, day], clock) => whole(isDay(day!), "week", clock),
  },
  { pattern: `since (${ISO}|(?:${MONTHS})(?: \\d{4})?)`, read: ([, from], clock) => since(from!, clock) },
  { pattern: "(\\d{4})-?w(\\d{1,2})", read: ([, year, week]) => isoWeek(Number(year), Number(week)) },
  {
    pattern: "(?:the )?(week|month|quarter) before last",
    read: ([, unit], clock) => whole(clock.today, unitOf(unit!), clock, -2),
  },
  {
    pattern: "(?:the )?(?:last|previous|prior|past) (week|month|quarter)",
    read: ([, unit], clock) => whole(clock.today, unitOf(unit!), clock, -1),
  },
  {
    pattern: "(?:the )?(?:this|current) (week|month|quarter)",
    read: ([, unit], clock) => whole(clock.today, unitOf(unit!), clock),
  },
  {
    pattern: "(?:the )?(?:next|coming) (week|month|quarter)",
    read: ([, unit], clock) => whole(clock.today, unitOf(unit!), clock, 1),
  },
  {
    pattern: "(\\d{1,2}) (week|month|quarter)s? ago",
    read: ([, count, unit], clock) => whole(clock.today, unitOf(unit!), clock, -Number(count)),
  },
  {
    pattern: "(?:the )?(?:last|past|previous) (\\d{1,3}) (day|week|month)s?",
    read: ([, count, unit], { today }) => backFrom(today, Number(count), unit!),
  },
  {
    pattern: "(?:q([1-4])[ ,/-]*(\\d{4})|(\\d{4})[ -]?q([1-4]))",
    read: ([, one, year, otherYear, other]) => quarter(Number(one ?? other), Number(year ?? otherYear)),
  },
  {
    pattern: "(?:the )?(?:q([1-4])|(first|second|third|fourth) quarter)(?: of (\\d{4}))?",
    read: ([, digit, word, year], clock) =>
      quarter(
        digit ? Number(digit) : ["first", "second", "third", "fourth"].indexOf(word!) + 1,
        year ? Number(year) : null,
        clock,
      ),
  },
  {
    pattern: "(?:the )?(last|previous|this|current) year",
    read: ([, which], { today }) => yearOf(Number(today.slice(0, 4)) - (/last|prev/.test(which!) ? 1 : 0)),
  },
  {
    pattern: "(?:the )?year to date|ytd",
    read: (_, { today }) => ({ window: { start: `${today.slice(0, 4)}-01-01`, end: dayAfter(today) }, interval: null }),
  },
  {
    pattern: "(\\d{4})-(0[1-9]|1[0-2])(?!-)",
    read: ([, year, month], clock) => whole(`${year}-${month}-01`, "month", clock),
  },
  {
    pattern: "(yesterday|today)",
    read: ([, which], { today }) =>
      between(which === "today" ? today : dayAfter(today, -1), which === "today" ? today : dayAfter(today, -1)),
  },
  { pattern: `(?:on )?(${ISO})`, read: ([, day]) => between(day!, day!) },
  {
    pattern: `(${MONTHS})\\.?,?(?: of)?(?: (\\d{4}))?(?! \\d)`,
    read: ([, name, year], clock) => month(name!, year ?? null, clock),
  },
  {
    pattern: "(?:a|one|1) (month|quarter) ago",
    read: ([, unit], clock) => whole(clock.today, unitOf(unit!), clock, -1),
  },
  {
    pattern: "(?:a|one|1) year ago",
    read: (_, { today }) =>
      between(
        String(Temporal.PlainDate.from(today).subtract({ years: 1 })),
        String(Temporal.PlainDate.from(today).subtract({ years: 1 })),
      ),
  },
  { pattern: "(?:the year |in |during )?(20\\d\\d)", read: ([, year]) => yearOf(Number(year)) },
];

/** Reads a window as people name it. Throws AskAgain where it is not one, runs backwards or has not begun. */
export function readWindow(
  said: string,
  { today, weekStart = 1 }: { today: string; weekStart?: WeekStart },
): NamedWindow {
  const text = said
    .trim()
    .toLowerCase()
    .replace(/\s+/g, " ")
    .replace(/^(?:in|during|for|over|of) /, "");
  const clock = { today, weekStart };
  for (const { pattern, read } of SHAPES) {
    const match = new RegExp(`^${pattern}$`).exec(text);
    if (match) return checked(read(match, clock), said, today);
  }
  const days = readDays(said);
  if (days.length === 2)
    return checked(between(dayOf(days[0]!.readings[0]!, today), dayOf(days[1]!.readings[0]!, today)), said, today);
  if (days.length === 1 && !MONTH_ONLY.test(days[0]!.readings[0]!)) {
    const day = dayOf(days[0]!.readings[0]!, today);
    return checked(/^since\b/.test(text) ? since(day, clock) : between(day, day), said, today);
  }
  throw new AskAgain(`I do not know the window “${said}”. Say ${EXAMPLES}.`);
}

const MONTH_ONLY = /^\d{4}-\d\d$/;

/** Where a text names a window, and in which words; null where it names none. */
export function findWindow(text: string): { words: string; start: number; end: number } | null {
  const [first, second] = readDays(text);
  if (first && second && /^ ?(?:to|until|till|through|and|-|–|—|\.\.) ?$/.test(text.slice(first.end, second.start)))
    return placed(text, first.start, second.end);
  if (first && !second && !MONTH_ONLY.test(first.readings[0]!) && !/^\d{4}-/.test(first.text)) {
    const before = /\b(?:since|on|at|as of) (?:the )?$/.exec(text.slice(0, first.start))?.[0] ?? "";
    const start = first.start - (before.startsWith("since") ? before.length : 0);
    return { ...placed(text, start, first.end), start: first.start - before.length };
  }
  for (const { pattern } of SHAPES) {
    const found = new RegExp(`(?<![\\w-])(?:${LEADING})?(${pattern})(?![\\w-])`, "i").exec(text);
    const words = found?.[1];
    if (!found || !words || isAVerb(found[0])) continue;
    return { words, start: found.index, end: found.index + found[0].length };
  }
  return null;
}

const LEADING = "(?:in|during|for|over|of) (?:the )?|the ";
const placed = (text: string, start: number, end: number) => ({ words: text.slice(start, end), start, end });
/** "may we …?", "march on": a month by itself is meant in capitals, or after "in". */
const isAVerb = (words: string): boolean => /^(?:may|march)$/.test(words);

function checked(named: NamedWindow, said: string, today: string): NamedWindow {
  const { start, end } = named.window;
  if (end <= start)
    throw new AskAgain(`The window “${said}” runs backwards: it ends before it begins. Say the earlier day first.`);
  if (start > today)
    throw new AskAgain(
      `“${said}” begins on ${start}, which is in the future (today is ${today}). Ask for a window that has begun.`,
    );
  if (daysApart(start, end) > LONGEST_DAYS)
    throw new AskAgain(`“${said}” is longer than three years. Ask for a shorter window.`);
  return named;
}

const unitOf = (said: string): Interval => (said === "week" || said === "month" ? said : "quarter");
const dayAfter = (day: string, days = 1): string => String(Temporal.PlainDate.from(day).add({ days }));
const daysApart = (from: string, to: string): number => Temporal.PlainDate.from(from).until(to).days;

function isDay(said: string): string {
  try {
    return String(Temporal.PlainDate.from(said, { overflow: "reject" }));
  } catch (cause) {
    if (cause instanceof RangeError) throw new AskAgain(`There is no day ${said}. Write days as 2026-10-03.`);
    throw cause;
  }
}

const between = (from: string, to: string): NamedWindow => ({
  window: { start: isDay(from), end: dayAfter(isDay(to)) },
  interval: null,
});

function whole(day: string, interval: Interval, { weekStart }: Clock, away = 0): NamedWindow {
  const start = intervalAfter(intervalStart(day, interval, weekStart), interval, away);
  return { window: { start, end: intervalAfter(start, interval) }, interval };
}

/** A quarter without its year is the latest that has begun. */
function quarter(number: number, year: number | null, clock?: Clock): NamedWindow {
  const startIn = (of: number) => `${of}-${String(number * 3 - 2).padStart(2, "0")}-01`;
  const current = Number(clock?.today.slice(0, 4));
  const start = year ? startIn(year) : startIn(startIn(current) > (clock?.today ?? "") ? current - 1 : current);
  return { window: { start, end: intervalAfter(start, "quarter") }, interval: "quarter" };
}

/** A month without its year is the latest that has begun. */
function month(name: string, year: string | null, clock: Clock): NamedWindow {
  const number = String(MONTH_STARTS.indexOf(name.slice(0, 3)) + 1).padStart(2, "0");
  const current = Number(clock.today.slice(0, 4));
  const latest = `${current}-${number}-01` > clock.today ? current - 1 : current;
  return whole(`${year ?? latest}-${number}-01`, "month", clock);
}

const yearOf = (year: number): NamedWindow => ({
  window: { start: `${year}-01-01`, end: `${year + 1}-01-01` },
  interval: null,
});

function since(from: string, clock: Clock): NamedWindow {
  const [name = "", year = null] = from.split(" ");
  const start = /^\d/.test(from) ? isDay(from) : month(name, year, clock).window.start;
  return { window: { start, end: dayAfter(clock.today) }, interval: null };
}

/** So many days, weeks or months up to and with today. */
function backFrom(today: string, count: number, unit: string): NamedWindow {
  const end = dayAfter(today);
  return {
    window: { start: String(Temporal.PlainDate.from(end).subtract({ [`${unit}s`]: count })), end },
    interval: null,
  };
}

/** The week of that ISO number; its days are Monday to Sunday. */
function isoWeek(year: number, week: number): NamedWindow {
  const start = String(Temporal.PlainDate.from(intervalStart(`${year}-01-04`, "week")).add({ days: 7 * (week - 1) }));
  if (week < 1 || Number(dayAfter(start, 3).slice(0, 4)) !== year) throw new AskAgain(`${year} has no week ${week}.`);
  return { window: { start, end: dayAfter(start, 7) }, interval: "week" };
}

/** "2026-10-03" or "--10-03": without a year the latest such day. */
function dayOf(reading: string, today: string): string {
  if (!reading.startsWith("--")) return reading.length === 7 ? `${reading}-01` : reading;
  const rest = reading.slice(1);
  const year = Number(today.slice(0, 4));
  return `${`${year}${rest}` > today ? year - 1 : year}${rest}`;
}
