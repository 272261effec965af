import { addDays } from "#lifecycle/days.ts";
import { type Figure, type Scope, sayFigure } from "#metrics/figure.ts";
import { formatChange } from "#money.ts";
import { counted } from "./words.ts";

/** "2026-07-01 to 2026-09-30, days of America/New_York, team EMEA". */
export const scopeWords = ({ window, zone, filter }: Scope): string =>
  [window ? `${window.start} to ${addDays(window.end, -1)}` : "every day on record", `days of ${zone}`, filter].join(
    ", ",
  );

/** The value with how many it speaks of: "104.2% (143 customers, 212 rows)". */
export function figureWords(figure: Figure, one: string, many = `${one}s`): string {
  const { value, n, standardError, unit, rows, few } = figure;
  const told = sayFigure(figure);
  const error = standardError === null ? "" : `, standard error ${errorWords(standardError, unit)}`;
  const saysSize =
    value !== null && ((few && unit === "ratio" && figure.currency === null) || (unit === "count" && value === n));
  const size = saysSize ? [] : [counted(n, one, many)];
  const churn = figure.definition.monthlyChurn;
  const others = [
    ...(rows === n || rows === 0 ? [] : [counted(rows, "row")]),
    ...(typeof churn === "number" ? [`monthly churn ${(churn * 100).toFixed(2)}%`] : []),
  ];
  const counts = [...size, ...others].join(", ");
  return counts === "" && error === "" ? told : `${told} (${`${counts}${error}`.replace(/^, /, "")})`;
}

const errorWords = (error: number, unit: Figure["unit"]): string =>
  unit === "ratio" ? `${(error * 100).toFixed(1)} points` : error.toFixed(1);

/** How a figure moved from one window to another; null where one of them has no value. */
export function changeWords(from: Figure, to: Figure): string | null {
  if (from.value === null || to.value === null) return null;
  const change = to.value - from.value;
  const sign = change > 0 ? "+" : change < 0 ? "−" : "±";
  const size = Math.abs(change);
  if (to.unit === "money" && to.currency) return formatChange(Math.round(change), to.currency);
  if (to.unit === "ratio") return `${sign}${(size * 100).toFixed(1)} points`;
  return to.unit === "count" ? `${sign}${size}` : `${sign}${size.toFixed(to.unit === "times" ? 2 : 1)}`;
}

/** The definitions that were used, in words: every formula once, then the options, which mostly are the same. */
export function definitionLine(figures: readonly Pick<Figure, "metric" | "definition">[]): string {
  const formulas = figures.map(({ metric, definition }) => `${metric} = ${definition.formula}`);
  const options = figures.flatMap(({ definition: { formula: _, monthlyChurn: __, ...rest } }) =>
    Object.entries(rest).map(([name, value]) => OPTION_WORDS[name]?.(value) ?? `${name} ${value}`),
  );
  return `Definition: ${[...new Set([...formulas, ...options])].filter((part) => part !== "").join("; ")}.`;
}

/** Options of definitions as people read them. */
const OPTION_WORDS: Record<string, (value: string | number) => string> = {
  mode: (value) => (value === "net" ? "movements netted per customer and window" : "each event counted"),
  flash: (value) =>
    value === "apart" ? "who came and went inside the window is listed apart" : "who came and went counts",
  event: () => "",
  rates: (value) => `exchange rates: ${value}`,
  margin: (value) => `gross margin ${Math.round(Number(value) * 100)}%`,
  churnOver: (value) => `churn over ${value}`,
};
