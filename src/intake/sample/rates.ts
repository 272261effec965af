import { type Day, isoDay } from "./calendar.ts";
import type { Span } from "./life.ts";
import { randomOf } from "./random.ts";
import { type Row, row } from "./row.ts";

/** Rates are needed from before the first row on. */
const DAYS_BEFORE = 40;

/** One euro in dollars for each day, wandering between 1.02 and 1.18. */
export function rateRows(seed: number, span: Span): Row[] {
  const random = randomOf(seed, "euro");
  let rate = random.between(1.06, 1.12);
  const rows: Row[] = [];
  for (let day: Day = span.from - DAYS_BEFORE; day <= span.today; day++) {
    rate = Math.min(1.18, Math.max(1.02, rate + random.between(-0.004, 0.004)));
    rows.push(
      row("billing", "exchange_rate", {
        id: `EUR-${isoDay(day)}`,
        currency: "EUR",
        day: isoDay(day),
        rate: Math.round(rate * 10_000) / 10_000,
      }),
    );
  }
  return rows;
}
