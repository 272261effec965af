import { Temporal } from "temporal-polyfill";
import type { FoundDay } from "./days.ts";
import type { Figure } from "./figures.ts";
import type { Ledger } from "./ledger.ts";

const DOLLARS = ["USD", "AUD", "CAD", "NZD", "SGD", "HKD", "MXN"];
const MOST_ROUNDED = 0.1; // "about 10k" for 12,345 is no rounding any more

/** Whether the findings hold this figure: exactly, or truly rounded where the text says that it is rounded. */
export function supportsFigure(ledger: Ledger, figure: Figure, today: string | null): boolean {
  const known = valuesFor(ledger, figure);
  return (
    figure.values.some((value) =>
      known.some((set) => set.has(value) || (figure.rounded !== null && isRounding(value, figure, set))),
    ) ||
    isYear(ledger, figure) ||
    isDistance(ledger, figure, today)
  );
}

/** Whether the findings hold this day, month or day without a year. */
export function supportsDay(ledger: Ledger, day: FoundDay, today: string | null): boolean {
  const days = today ? [...ledger.days, today] : [...ledger.days];
  return day.readings.some((reading) =>
    days.some((known) => (reading.startsWith("--") ? known.slice(4) === reading.slice(1) : known.startsWith(reading))),
  );
}

function valuesFor(ledger: Ledger, figure: Figure): ReadonlySet<number>[] {
  if (figure.kind === "percent") return [ledger.percent];
  if (figure.kind === "plain") return [ledger.plain, ledger.percent, ...ledger.money.values()];
  const currencies = figure.currency === "$" ? DOLLARS : [figure.currency ?? ""];
  const amounts = currencies.flatMap((currency) => ledger.money.get(currency) ?? []);
  // A table may name the currency once and then give bare amounts.
  return currencies.some((currency) => ledger.currencies.has(currency)) ? [...amounts, ledger.plain] : amounts;
}

function isRounding(said: number, { grain, rounded }: Figure, known: ReadonlySet<number>): boolean {
  const same = (value: number) => Math.abs(value - said) < 1e-6 * Math.max(1, Math.abs(said));
  for (const value of known) {
    if (Math.abs(value - said) > MOST_ROUNDED * Math.abs(value)) continue;
    const steps = value / grain;
    if (
      rounded === "over"
        ? same(Math.floor(steps) * grain)
        : rounded === "under"
          ? same(Math.ceil(steps) * grain)
          : same(Math.round(steps) * grain)
    )
      return true;
  }
  return false;
}

function isYear(ledger: Ledger, { kind, values, text }: Figure): boolean {
  if (kind !== "plain" || !/^(?:19|20)\d\d$/.test(text)) return false;
  return [...ledger.days].some((day) => day.startsWith(String(values[0])));
}

/** "in 40 days" is true when a day of the findings is 40 days from today. */
function isDistance(ledger: Ledger, figure: Figure, today: string | null): boolean {
  if (!figure.unit || !today) return false;
  const days = (figure.values[0] ?? 0) * (figure.unit === "weeks" ? 7 : 1);
  if (!Number.isInteger(days) || Math.abs(days) > 36_500) return false;
  const from = Temporal.PlainDate.from(today);
  return ledger.days.has(String(from.add({ days }))) || ledger.days.has(String(from.subtract({ days })));
}
