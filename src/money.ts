const formats = new Map<string, Intl.NumberFormat>();

/** Making a format is slow, and a report asks for the same few. */
function formatOf(currency: string): Intl.NumberFormat {
  const known = formats.get(currency) ?? new Intl.NumberFormat("en", { style: "currency", currency });
  formats.set(currency, known);
  return known;
}

/** How many minor units make one unit of a currency, as a power of ten: 2 for USD, 0 for JPY. */
export const minorDigits = (currency: string): number =>
  formatOf(currency).resolvedOptions().maximumFractionDigits ?? 2;

/** Minor units as people read them: 123450 USD → "$1,234.50". Whole amounts keep their cents, so that sums can be checked. */
export const formatMoney = (minor: number, currency: string): string =>
  formatOf(currency)
    .format(minor / 10 ** minorDigits(currency))
    .replace(/\u00a0/g, " ");

/** A signed change: +$20.00, −€5.00, ±$0.00. */
export function formatChange(minor: number, currency: string): string {
  const sign = minor > 0 ? "+" : minor < 0 ? "−" : "±";
  return sign + formatMoney(Math.abs(minor), currency);
}

/** An amount in whole units as minor units of the currency, rounded to the nearest one. */
export const toMinor = (amount: number, currency: string): number => Math.round(amount * 10 ** minorDigits(currency));
