import { minimise } from "./nelder-mead.ts";
import { logGamma } from "./special-functions.ts";

/** What a customer's repeat purchases were worth: how many, and their mean in minor units. */
export interface Spent {
  repeats: number;
  meanMinor: number;
}

/** Purchases of a customer are spread as Gamma(p, ν), and ν over customers as Gamma(q, v); v has the unit of the amounts. */
export interface GammaGamma {
  p: number;
  q: number;
  v: number;
}

export interface GammaGammaFit extends GammaGamma {
  n: number;
  settled: boolean;
}

/** The gamma-gamma model of the value of a purchase (Fader and Hardie 2013, note 025), fitted to those who bought again. */
export function fitGammaGamma(customers: readonly Spent[]): GammaGammaFit {
  const buyers = customers.filter(({ repeats, meanMinor }) => repeats > 0 && meanMinor > 0);
  const scale = buyers.reduce((sum, { meanMinor }) => sum + meanMinor, 0) / buyers.length;
  const scaled = buyers.map((each) => ({ ...each, meanMinor: each.meanMinor / scale }));
  const paramsOf = (logs: number[]): GammaGamma => {
    const [p, q, v] = logs.map(Math.exp) as [number, number, number]; // as many as the start below
    return { p, q, v };
  };
  const found = minimise((logs) => -logLikelihood(paramsOf(logs), scaled) / buyers.length, [0, 0, 0]);
  const { p, q, v } = paramsOf(found.at);
  return { p, q, v: v * scale, n: buyers.length, settled: found.settled };
}

function logLikelihood({ p, q, v }: GammaGamma, customers: readonly Spent[]): number {
  let whole = customers.length * (q * Math.log(v) - logGamma(q));
  for (const { repeats: x, meanMinor: mean } of customers) {
    const shape = p * x;
    whole += logGamma(shape + q) - logGamma(shape) + (shape - 1) * Math.log(mean) + shape * Math.log(x);
    whole -= (shape + q) * Math.log(x * mean + v);
  }
  return whole;
}

/** The expected value of a customer's purchase in minor units: between the customer's own mean and everybody's. */
export function expectedValue({ p, q, v }: GammaGamma, { repeats, meanMinor }: Spent): number {
  return (p * (v + repeats * meanMinor)) / (p * repeats + q - 1);
}
