import { alive, type BgNbdFit, expectedFromNow, fitBgNbd, type Repeats } from "./bg-nbd.ts";
import { expectedValue, fitGammaGamma, type GammaGammaFit, type Spent } from "./gamma-gamma.ts";
import { fitParetoNbd, type ParetoNbdFit, paretoAlive, paretoFromNow } from "./pareto-nbd.ts";

/** A customer's purchases by day, in minor units of one currency. */
export interface Bought {
  id: number;
  name: string;
  purchases: readonly { day: string; minor: number }[];
}

export interface RepeatCustomer {
  id: number;
  name: string;
  purchases: number;
  lastOn: string;
  /** The chance that the customer still buys. */
  alive: number;
  /** Purchases and their worth in minor units, over the time to come. */
  expected: number;
  valueMinor: number;
}

export interface RepeatValue {
  customers: RepeatCustomer[];
  /** Who bought once more at least. */
  cameBack: number;
  valueMinor: number;
  /** The model of coming back that makes what happened likelier, of the two with as many parameters. */
  model: "BG/NBD" | "Pareto/NBD";
  purchases: BgNbdFit | ParetoNbdFit;
  amounts: GammaGammaFit;
  /** Correlation of how often and how much: the models take it to be near 0. */
  correlation: number;
}

export const ENOUGH_CAME_BACK = 30; // fewer cannot hold seven parameters
const DAY = 86_400_000;

/**
 * What repeat customers are worth over weeks to come, not discounted: BG/NBD or Pareto/NBD for how often, gamma-gamma for how
 * much (Fader and Hardie). Customers by value, the highest first. null where fewer than 30 bought again.
 */
export function repeatValue(
  bought: readonly Bought[],
  { asOf, weeks, margin }: { asOf: string; weeks: number; margin: number },
): RepeatValue | null {
  const known = bought.filter(({ purchases }) => purchases.length > 0).map((each) => summed(each, asOf));
  const cameBack = known.filter(({ repeats }) => repeats > 0);
  if (cameBack.length < ENOUGH_CAME_BACK) return null;
  const [often, pareto, amounts] = [fitBgNbd(known), fitParetoNbd(known), fitGammaGamma(known)];
  const anyMoment = pareto.logLikelihood > often.logLikelihood;
  const customers = known
    .map((customer): RepeatCustomer => {
      const expected = anyMoment ? paretoFromNow(pareto, customer, weeks) : expectedFromNow(often, customer, weeks);
      const { id, name, repeats, lastOn } = customer;
      const chance = anyMoment ? paretoAlive(pareto, customer) : alive(often, customer);
      const valueMinor = Math.round(expected * expectedValue(amounts, customer) * margin);
      return { id, name, purchases: repeats + 1, lastOn, alive: chance, expected, valueMinor };
    })
    .sort((a, b) => b.valueMinor - a.valueMinor || (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id - b.id));
  return {
    customers,
    cameBack: cameBack.length,
    valueMinor: customers.reduce((sum, { valueMinor }) => sum + valueMinor, 0),
    model: anyMoment ? "Pareto/NBD" : "BG/NBD",
    purchases: anyMoment ? pareto : often,
    amounts,
    correlation: correlation(
      cameBack.map(({ repeats }) => repeats),
      cameBack.map(({ meanMinor }) => meanMinor),
    ),
  };
}

type Summed = Repeats & Spent & { id: number; name: string; lastOn: string };

/** In weeks since the first purchase; the first one is not a repeat, and its amount is not in the mean. */
function summed({ id, name, purchases }: Bought, asOf: string): Summed {
  const [first, ...again] = [...purchases].sort((a, b) => (a.day < b.day ? -1 : 1));
  const since = (day: string) => (Date.parse(day) - Date.parse(first!.day)) / DAY / 7; // there is one at least
  const lastOn = again.at(-1)?.day ?? first!.day;
  const meanMinor = again.length === 0 ? 0 : again.reduce((sum, { minor }) => sum + minor, 0) / again.length;
  return { id, name, repeats: again.length, lastAt: since(lastOn), age: since(asOf), meanMinor, lastOn };
}

/** Pearson's correlation; 0 where one of them does not vary. */
function correlation(ones: readonly number[], others: readonly number[]): number {
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
  const [a, b] = [mean(ones), mean(others)];
  const together = ones.reduce((sum, one, at) => sum + (one - a) * (others[at]! - b), 0);
  const spread = (numbers: readonly number[], middle: number) =>
    Math.sqrt(numbers.reduce((sum, each) => sum + (each - middle) ** 2, 0));
  return together / (spread(ones, a) * spread(others, b)) || 0;
}
