import { formatChange, formatMoney, minorDigits } from "#money.ts";

const LETTER = 11; // pixels that a letter of a label takes

/** How the amounts of one picture are written: all of them to the cent, or all of them short, so that they compare. */
export interface Amounts {
  exact: boolean;
  plain(minor: number): string;
  change(minor: number): string;
  /** In whole units, as drawn. */
  units(minor: number): number;
}

/** To the cent where the longest one fits into so many pixels; "$1.24M" otherwise. */
export function amountsFor(minors: readonly number[], currency: string, room: number): Amounts {
  const digits = minorDigits(currency);
  const units = (minor: number): number => minor / 10 ** digits;
  const exact = minors.every((minor) => formatChange(minor, currency).length * LETTER <= room);
  const short = new Intl.NumberFormat("en", {
    style: "currency",
    currency,
    notation: "compact",
    maximumFractionDigits: 2,
  });
  const plain = (minor: number): string => (exact ? formatMoney(minor, currency) : short.format(units(minor)));
  const sign = (minor: number): string => (minor > 0 ? "+" : minor < 0 ? "−" : "±");
  return { exact, plain, units, change: (minor) => sign(minor) + plain(Math.abs(minor)) };
}
