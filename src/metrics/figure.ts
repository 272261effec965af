import { formatMoney } from "#money.ts";

/** A half-open window of days: from the start of `start` up to, not including, `end`. */
export interface Window {
  start: string;
  end: string;
}

/** What a figure was asked over; every figure carries it on. */
export interface Scope {
  window: Window | null;
  zone: string;
  /** Which accounts, in words: "all accounts", "team EMEA". */
  filter: string;
}

/** `ratio`: 0.05 is 5 %. `money`: minor units of `currency`. `points`: a score such as NPS. */
export type Unit = "ratio" | "money" | "days" | "points" | "count" | "times";

/** One figure with all that is needed to read and to check it. */
export interface Figure extends Scope {
  metric: string;
  value: number | null;
  /** Why there is no value, in words; null when there is one. */
  because: string | null;
  unit: Unit;
  currency: string | null;
  /** The two numbers behind a ratio, in minor units where `currency` is set; null for other figures. */
  of: { part: number; whole: number } | null;
  /** The options of the definition that were used, by name. */
  definition: Readonly<Record<string, string | number>>;
  standardError: number | null;
  /** How many customers or answers the figure speaks of. */
  n: number;
  /** So few that a rate says little: people read "k of n". */
  few: boolean;
  /** Ledger rows, spells or answers that were counted. */
  rows: number;
}

export const FEW = 30; // below it one customer moves a rate by more than three points

type Told = Partial<Figure> & Pick<Figure, "metric" | "n">;

/** A figure with a value, or with `because` when there is none. */
export const figure = (scope: Scope, told: Told): Figure => ({
  window: scope.window,
  zone: scope.zone,
  filter: scope.filter,
  value: null,
  unit: "ratio",
  currency: null,
  of: null,
  definition: {},
  standardError: null,
  few: told.n < FEW,
  rows: told.n,
  ...told,
  because: (told.value ?? null) === null ? (told.because ?? "not known") : null,
});

/** A ratio of two numbers; `nothing` says why there is none when the whole is 0. */
export function ratio(scope: Scope, told: Told & { part: number; whole: number; nothing: string }): Figure {
  const { part, whole, nothing, ...rest } = told;
  const value = whole === 0 ? null : part / whole;
  return figure(scope, { ...rest, value, because: nothing, of: { part, whole } });
}

/** The value as people read it: "4.2%", "1 of 12" below 30, "$120.00", or why there is none. */
export function sayFigure({ value, because, unit, currency, of, few }: Figure): string {
  if (value === null) return because ?? "not known";
  if (unit === "ratio" && few && of) return `${amount(of.part, currency)} of ${amount(of.whole, currency)}`;
  if (unit === "ratio") return `${(value * 100).toFixed(1)}%`;
  if (unit === "money") return amount(value, currency);
  if (unit === "days") return `${value} ${value === 1 ? "day" : "days"}`;
  return unit === "count" ? String(value) : value.toFixed(unit === "times" ? 2 : 1);
}

const amount = (value: number, currency: string | null): string =>
  currency === null ? String(value) : formatMoney(Math.round(value), currency);
