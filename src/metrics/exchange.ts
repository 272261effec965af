import { minorDigits } from "#money.ts";

/** What one unit of a currency is worth in the base currency from a day on. */
export interface Rate {
  currency: string;
  day: string;
  rate: number;
}

/** An amount in the base currency with the rate that was used; or why there is none. */
export type Converted = { minor: number; rate: number; rateOn: string } | { minor: null; because: string };

const OLDEST_RATE_DAYS = 7; // banks publish none at weekends and on holidays; older than a week is another market

/** Rates of a base currency, to convert at the stored rate of a day. A rate that is missing is said, never guessed. */
export class Exchange {
  readonly base: string;
  readonly #rates: Map<string, Rate[]>;

  constructor(base: string, rates: readonly Rate[]) {
    this.base = base;
    const sorted = [...rates].sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
    this.#rates = Map.groupBy(sorted, ({ currency }) => currency);
  }

  /** An amount as it was worth on a day: at that day's rate, or the last one of the week before it. */
  convert(minor: number, currency: string, day: string): Converted {
    if (currency === this.base) return { minor, rate: 1, rateOn: day };
    const known = this.#rates.get(currency)?.findLast((each) => each.day <= day);
    if (!known || Date.parse(day) - Date.parse(known.day) > OLDEST_RATE_DAYS * 86_400_000)
      return { minor: null, because: `no rate from ${currency} to ${this.base} for ${day}` };
    const shift = 10 ** (minorDigits(this.base) - minorDigits(currency));
    return { minor: rounded(minor * known.rate * shift), rate: known.rate, rateOn: known.day };
  }
}

/** Half away from 0, so that what goes up by an amount goes down by the same. */
const rounded = (minor: number): number => Math.sign(minor) * Math.round(Math.abs(minor)) || 0;
