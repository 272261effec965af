import { grainOf, NUMBER_WORDS, numberFromWords } from "./number-words.ts";

/** A figure in a text, with everything that it may mean. */
export interface Figure {
  text: string;
  start: number;
  end: number;
  /** Readings: "1.234" is 1.234 or, written the German way, 1234. The English one comes first. */
  values: number[];
  kind: "plain" | "percent" | "money";
  /** ISO code; "$" where only the sign is known. */
  currency: string | null;
  /** How exact it is written: "12k" 1000, "12.3k" 100, "45" 1. */
  grain: number;
  /** Said to be a rounding, and in which direction. */
  rounded: "about" | "over" | "under" | null;
  unit: "days" | "weeks" | null;
}

const SIGNS: Record<string, string> = { $: "$", "€": "EUR", "£": "GBP", "¥": "JPY", us$: "USD", a$: "AUD", c$: "CAD" };
const CURRENCY_WORDS: Record<string, string> = { dollar: "$", euro: "EUR", pound: "GBP", franc: "CHF" };
const CODES = "USD|EUR|GBP|CHF|SEK|NOK|DKK|PLN|CZK|HUF|JPY|CNY|INR|AUD|CAD|NZD|SGD|HKD|BRL|MXN|ZAR|TRY|ILS|KRW|AED";
const MULTIPLIERS: Record<string, number> = {
  k: 1e3,
  thousand: 1e3,
  m: 1e6,
  mio: 1e6,
  mn: 1e6,
  million: 1e6,
  bn: 1e9,
  b: 1e9,
  billion: 1e9,
  dozen: 12,
  hundred: 100,
};

const grouped =
  "\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d{1,3}(?:\\.\\d{3})+(?:,\\d+)?|\\d{1,3}(?:['’ ]\\d{3})+(?:[.,]\\d+)?";
const NUMBER = new RegExp(
  [
    "(?<![\\p{L}\\d_])",
    "(?<sign>(?<![\\p{L}\\p{N})%][ ]?)[-−–](?=[\\d$€£¥]))?",
    `(?:(?<before>US\\$|A\\$|C\\$|[$€£¥]|\\b(?:${CODES}))\\s?)?`,
    `(?<digits>${grouped}|\\d+(?:[.,]\\d+)?|\\.\\d+)`,
    "(?:\\s?(?<multiplier>k|m|M|mn|mio|Mio|bn|thousand|million|billion|dozen|hundred|K|B)(?![\\p{L}\\d]))?",
    `(?:\\s?(?<after>%|percent\\b|per cent\\b|pct\\b|pp\\b|percentage points?\\b|€|£|\\$|(?:${CODES})\\b|dollars?\\b|euros?\\b|pounds?\\b|francs?\\b))?`,
  ].join(""),
  "gu",
);
const BEFORE_APPROXIMATE: [RegExp, Figure["rounded"]][] = [
  [/(?:just|well|slightly|a bit|a little)?\s*\b(?:over|above|more than|at least|upwards of|greater than)\s*$/i, "over"],
  [/\b(?:just|slightly|a bit|a little)?\s*(?:under|below|less than|nearly|almost|up to|at most)\s*$/i, "under"],
  [
    /(?:\b(?:about|around|roughly|approximately|approx\.?|circa|ca\.?|some|close to|an estimated|in the region of)|[~≈±])\s*$/i,
    "about",
  ],
];
const AFTER_APPROXIMATE: [RegExp, Figure["rounded"]][] = [
  [/^\s?\+(?!\d)|^\s+or more\b/, "over"],
  [/^\s+or so\b|^-?ish\b|^\s+approximately\b|^\s+or thereabouts\b/i, "about"],
];
const FRACTIONS: [RegExp, number][] = [
  [/\btwo[ -]thirds of\b/gi, 67],
  [/\bthree[ -]quarters of\b/gi, 75],
  [/\b(?:a|one)[ -]third of\b/gi, 33],
  [/\b(?:a|one)[ -]quarter of\b/gi, 25],
  [/\bhalf of\b/gi, 50],
];

/** Every figure in a text: digits with signs, units and multipliers, and number words from two on ("one" is a pronoun). */
export function readFigures(text: string): Figure[] {
  const digits = [...text.matchAll(NUMBER)].map((match) => fromDigits(text, match));
  const taken = (start: number, end: number) => digits.some((each) => start < each.end && each.start < end);
  const fractions = FRACTIONS.flatMap(([pattern, share]) =>
    [...text.matchAll(pattern)].map((match) => fromWords(text, match, share, "percent")),
  );
  const inFraction = (at: number) => fractions.some((each) => at >= each.start && at < each.end);
  const words = [...text.matchAll(NUMBER_WORDS)]
    .filter(
      (match) =>
        !/^one$/i.test(match[0]) && !taken(match.index, match.index + match[0].length) && !inFraction(match.index),
    )
    .map((match) => fromWords(text, match, numberFromWords(match[0]), "plain"));
  return [...digits, ...fractions, ...words].sort((a, b) => a.start - b.start);
}

function fromDigits(text: string, match: RegExpExecArray): Figure {
  const { sign, before, digits, multiplier, after } = match.groups as Record<string, string | undefined>; // named in NUMBER
  const times = multiplier ? MULTIPLIERS[multiplier.toLowerCase()]! : 1;
  const readings = readingsOf(digits!);
  const values = readings.map((each) => tidy((sign ? -each : each) * times));
  const money = currencyOf(before) ?? currencyOf(after);
  const start = match.index;
  const end = start + match[0].length;
  return {
    text: match[0].trim(),
    start,
    end,
    values,
    kind: after && /^(%|p)/.test(after) && !/^pound/.test(after) ? "percent" : money ? "money" : "plain",
    currency: money,
    grain: grainWritten(digits!, readings[0]!) * times,
    rounded: roundedAt(text, start, end),
    unit: unitAt(text, end),
  };
}

function fromWords(text: string, match: RegExpExecArray, value: number, kind: "plain" | "percent"): Figure {
  const end = match.index + match[0].length;
  const after = /^\s(?:(percent|per cent|%)|(dollar|euro|pound|franc)s?)\b/i.exec(text.slice(end));
  const currency = after?.[2] ? CURRENCY_WORDS[after[2].toLowerCase()]! : null;
  return {
    text: match[0],
    start: match.index,
    end,
    values: [value],
    kind: after?.[1] ? "percent" : currency ? "money" : kind,
    currency,
    grain: kind === "percent" ? 1 : grainOf(value),
    rounded: roundedAt(text, match.index, end),
    unit: unitAt(text, end),
  };
}

/** "1,234.56", "1.234,56", "1 234", "12,5", "1.234" (two readings). */
function readingsOf(digits: string): number[] {
  const plain = digits.replace(/['’ ]/g, "");
  const english = Number(plain.replaceAll(",", ""));
  const german = Number(plain.replaceAll(".", "").replace(",", "."));
  if (/^\d{1,3}(,\d{3})+(\.\d+)?$/.test(plain)) return [english];
  if (/^\d{1,3}(\.\d{3}){2,}$|\..*,/.test(plain)) return [german];
  if (/^\d{1,3}\.\d{3}$/.test(plain)) return [Number(plain), german];
  return [plain.includes(",") ? german : Number(plain)];
}

function grainWritten(digits: string, value: number): number {
  const decimals = Number.isInteger(value) ? 0 : (String(value).split(".")[1] ?? "").length;
  if (decimals > 0) return 10 ** -decimals;
  return /[.,]0{1,2}$/.test(digits) ? 1 : grainOf(value);
}

function roundedAt(text: string, start: number, end: number): Figure["rounded"] {
  const before = text.slice(Math.max(0, start - 24), start);
  const after = text.slice(end, end + 16);
  return (
    BEFORE_APPROXIMATE.find(([marker]) => marker.test(before))?.[1] ??
    AFTER_APPROXIMATE.find(([marker]) => marker.test(after))?.[1] ??
    null
  );
}

function unitAt(text: string, end: number): Figure["unit"] {
  const unit = /^[\s-](?:more\s|full\s)?(day|week)s?\b/i.exec(text.slice(end, end + 14))?.[1]?.toLowerCase();
  return unit === "day" ? "days" : unit === "week" ? "weeks" : null;
}

function currencyOf(mark: string | undefined): string | null {
  if (!mark) return null;
  const low = mark.toLowerCase();
  return SIGNS[low] ?? CURRENCY_WORDS[low.replace(/s$/, "")] ?? (new RegExp(`^(?:${CODES})$`).test(mark) ? mark : null);
}

const tidy = (value: number): number => Number(value.toPrecision(15));
