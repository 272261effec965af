/** A date in a text. Without a year, any year is meant; without a day, the whole month. */
export interface FoundDay {
  text: string;
  start: number;
  end: number;
  /** What it may mean, as `2026-11-03`, `--11-03` (no year) or `2026-11` (no day): 3/11/2026 has two readings. */
  readings: string[];
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const month =
  "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\b\\.?";
const day = "(\\d{1,2})(?:st|nd|rd|th)?";
const year = "((?:19|20)\\d{2})";
const two = (value: string | number): string => String(value).padStart(2, "0");
const monthNumber = (name: string): string => two(MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1);
const fullYear = (given: string): string => (given.length === 2 ? `20${given}` : given);

/** Each shape of a date with its readings; earlier shapes win where two overlap. */
const shapes: { pattern: RegExp; read(parts: string[]): string[] }[] = [
  {
    pattern: /\b((?:19|20)\d{2})[-/](\d{1,2})[-/](\d{1,2})(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?(?![\d-])/g,
    read: ([y, m, d]) => [`${y}-${two(m!)}-${two(d!)}`],
  },
  {
    pattern: /(?<![\d.])(\d{1,2})[./](\d{1,2})[./](\d{4}|\d{2})(?![\d.]\d|\d)/g,
    read: ([a, b, y]) => [`${fullYear(y!)}-${two(b!)}-${two(a!)}`, `${fullYear(y!)}-${two(a!)}-${two(b!)}`],
  },
  {
    pattern: new RegExp(`\\b${month}\\s+${day}(?!\\d|[.,]\\d),?\\s+${year}\\b`, "gi"),
    read: ([m, d, y]) => [`${y}-${monthNumber(m!)}-${two(d!)}`],
  },
  {
    pattern: new RegExp(`\\b${day}\\.?\\s+(?:of\\s+)?${month},?\\s+${year}\\b`, "gi"),
    read: ([d, m, y]) => [`${y}-${monthNumber(m!)}-${two(d!)}`],
  },
  {
    pattern: new RegExp(`\\b${month},?\\s+(?:of\\s+)?${year}\\b`, "gi"),
    read: ([m, y]) => [`${y}-${monthNumber(m!)}`],
  },
  {
    pattern: new RegExp(`\\b${month}\\s+(?:the\\s+)?${day}\\b(?![.,]?\\d|\\s*%|\\s*[a-z])`, "gi"),
    read: ([m, d]) => [`--${monthNumber(m!)}-${two(d!)}`],
  },
  {
    pattern: new RegExp(
      `\\b${month}\\s+${day}\\b(?=\\s+(?:and|to|is|was|in|for|with|at|on|until|through|or|because|by)\\b)`,
      "gi",
    ),
    read: ([m, d]) => [`--${monthNumber(m!)}-${two(d!)}`],
  },
  {
    pattern: new RegExp(`\\b${day}\\.?\\s+(?:of\\s+)?${month}`, "gi"),
    read: ([d, m]) => [`--${monthNumber(m!)}-${two(d!)}`],
  },
  { pattern: /\b((?:19|20)\d{2})-(0[1-9]|1[0-2])\b(?!-|\d)/g, read: ([y, m]) => [`${y}-${m}`] },
];

/** Every date that a text names, in order. Days that do not exist (31 February) are found too: they match nothing. */
export function readDays(text: string): FoundDay[] {
  const found: FoundDay[] = [];
  for (const { pattern, read } of shapes) {
    for (const match of text.matchAll(pattern)) {
      const start = match.index;
      const end = start + match[0].trimEnd().length;
      if (found.some((each) => start < each.end && each.start < end)) continue;
      found.push({ text: match[0].trim(), start, end, readings: read(match.slice(1)) });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

/** The days of a sentence, and the sentence without them. */
export function withoutDays(sentence: string): { days: FoundDay[]; text: string } {
  const days = readDays(sentence);
  const text = days.reduce(
    (rest, { start, end }) => rest.slice(0, start) + " ".repeat(end - start) + rest.slice(end),
    sentence,
  );
  return { days, text };
}
