import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import type { Batch } from "./row.ts";

/** An amount on a day, to be told in the workspace's base currency. */
export interface Amount {
  minor: number;
  currency: string;
  /** ISO day. */
  on: string;
}

const rateRow = z.object({ currency: z.string(), day: z.string(), rate: z.number().nullable() });

/**
 * Turns amounts into minor units of the base currency, at the rate of the nearest day on or before. The returned
 * function gives null where no such rate is stored.
 */
export async function converter(
  rows: Reading,
  amounts: readonly Amount[],
  batch: Batch,
): Promise<(amount: Amount) => number | null> {
  const foreign = amounts.filter((each) => each.currency !== batch.baseCurrency);
  const pairs = [...new Map(foreign.map((each) => [`${each.currency} ${each.on}`, each])).values()];
  const found =
    pairs.length === 0
      ? []
      : await rows.many(
          rateRow,
          sql`
    select w.currency, w.day, r.rate
    from unnest(${pairs.map((each) => each.currency)}::text[], ${pairs.map((each) => each.on)}::date[]) w (currency, day)
    left join lateral (
      select rate from exchange_rate x where x.workspace_id = ${batch.workspaceId} and x.currency = w.currency and x.day <= w.day order by x.day desc limit 1) r on true`,
        );
  const rates = new Map(found.map((each) => [`${each.currency} ${each.day}`, each.rate]));
  return ({ minor, currency, on }) => {
    if (currency === batch.baseCurrency) return minor;
    const rate = rates.get(`${currency} ${on}`) ?? null;
    return rate === null
      ? null
      : roundHalfAway(minor * rate * 10 ** (digitsOf(batch.baseCurrency) - digitsOf(currency)));
  };
}

/** What to do about an amount that cannot be converted. */
export const noRate = ({ currency, on }: Amount, batch: Batch) =>
  `there is no exchange rate for ${currency} on or before ${on}; import exchange rates for ${currency}, or set the workspace's base currency (now ${batch.baseCurrency})`;

// A contraction must undo the expansion it answers to the cent, so halves go away from zero on both sides.
const roundHalfAway = (value: number) => Math.sign(value) * Math.round(Math.abs(value)) || 0;

const digits = new Map<string, number>();

/** How many decimals a currency's minor unit has: 2 for USD, 0 for JPY. */
export function digitsOf(currency: string): number {
  const held = digits.get(currency);
  if (held !== undefined) return held;
  const found =
    new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
  digits.set(currency, found);
  return found;
}
