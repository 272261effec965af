import { minimise } from "./nelder-mead.ts";
import { hypergeometric, logBeta, logGamma } from "./special-functions.ts";

/** A customer's purchases after the first: how many, the age at the last one and the age now, in one unit of time. */
export interface Repeats {
  repeats: number;
  lastAt: number;
  age: number;
}

/** Purchases come at rates spread as Gamma(r, alpha); after each one a customer leaves with a chance spread as Beta(a, b). */
export interface BgNbd {
  r: number;
  alpha: number;
  a: number;
  b: number;
}

export interface BgNbdFit extends BgNbd {
  logLikelihood: number;
  n: number;
  settled: boolean;
}

// Customers who are all alike drive parameters towards infinity; so many powers of e from the start are alike enough.
export const FARTHEST = 5;

/**
 * The BG/NBD model of repeat purchases where nobody says goodbye (Fader, Hardie and Lee 2005, "Counting your customers the
 * easy way"), by maximum likelihood. Times in any one unit, weeks for instance; the answers are in the same.
 */
export function fitBgNbd(customers: readonly Repeats[]): BgNbdFit {
  const scale = 10 / Math.max(...customers.map(({ age }) => age)); // ages near 10 keep the search even
  const scaled = customers.map((each) => ({ ...each, lastAt: each.lastAt * scale, age: each.age * scale }));
  const paramsOf = (logs: number[]): BgNbd => {
    const [r, alpha, a, b] = logs.map(Math.exp) as [number, number, number, number]; // as many as the start below
    return { r, alpha, a, b };
  };
  const found = minimise((logs) => -logLikelihood(paramsOf(logs), scaled) / customers.length, [0, 0, 0, 0], {
    farthest: FARTHEST,
  });
  const { r, alpha, a, b } = paramsOf(found.at);
  const params = { r, alpha: alpha / scale, a, b };
  return { ...params, logLikelihood: logLikelihood(params, customers), n: customers.length, settled: found.settled };
}

/** The logarithm of the likelihood of what customers did (equation 6 of the paper, in the stable form of Hardie's note 027). */
export function logLikelihood({ r, alpha, a, b }: BgNbd, customers: readonly Repeats[]): number {
  const counts = new Map<number, number>();
  const ofCount = (x: number): number => {
    const known =
      counts.get(x) ?? logGamma(r + x) - logGamma(r) + r * Math.log(alpha) + logBeta(a, b + x) - logBeta(a, b);
    counts.set(x, known);
    return known;
  };
  let whole = 0;
  for (const { repeats: x, lastAt, age } of customers) {
    const stays = -(r + x) * Math.log(alpha + age);
    if (x === 0) whole += ofCount(0) + stays;
    else whole += ofCount(x) + logSum(stays, Math.log(a) - Math.log(b + x - 1) - (r + x) * Math.log(alpha + lastAt));
  }
  return whole;
}

const logSum = (one: number, other: number): number =>
  Math.max(one, other) + Math.log1p(Math.exp(-Math.abs(one - other)));

/** How many purchases a new customer makes within a time. */
export const expectedPurchases = (model: BgNbd, time: number): number =>
  untilThen(model, { repeats: 0, lastAt: 0, age: 0 }, time);

/** How many purchases a known customer makes within the time to come. */
export const expectedFromNow = (model: BgNbd, customer: Repeats, time: number): number =>
  untilThen(model, customer, time) * alive(model, customer);

/** The chance that a known customer still buys. Who never came back cannot be told from who waits: 1. */
export function alive({ r, alpha, a, b }: BgNbd, { repeats: x, lastAt, age }: Repeats): number {
  if (x === 0) return 1;
  return 1 / (1 + (a / (b + x - 1)) * ((alpha + age) / (alpha + lastAt)) ** (r + x));
}

/** Equation 10 of the paper for a customer who still buys; Euler's transformation keeps the series short and its terms small. */
function untilThen({ r, alpha, a, b }: BgNbd, { repeats: x, age }: Repeats, time: number): number {
  const tail = Math.abs(a - 1) < 1e-6 ? 1 + 1e-6 : a; // the formula has a hole at a = 1, and its limit there
  const z = time / (alpha + age + time);
  const series = hypergeometric(tail + b - 1 - r, tail - 1, tail + b + x - 1, z);
  return ((tail + b + x - 1) / (tail - 1)) * (1 - (1 - z) ** (tail - 1) * series);
}

/** The chance that a new customer makes exactly so many purchases within a time (equation 8 of the paper). */
export function chanceOf({ r, alpha, a, b }: BgNbd, purchases: number, time: number): number {
  const soon = Math.log(time / (alpha + time));
  const late = r * Math.log(alpha / (alpha + time));
  const exactly = (n: number) => Math.exp(logGamma(r + n) - logGamma(r) - logGamma(n + 1) + late + n * soon);
  const stayed = Math.exp(logBeta(a, b + purchases) - logBeta(a, b)) * exactly(purchases);
  if (purchases === 0) return stayed;
  const fewer = Array.from({ length: purchases }, (_, n) => exactly(n)).reduce((sum, each) => sum + each, 0);
  return stayed + Math.exp(logBeta(a + 1, b + purchases - 1) - logBeta(a, b)) * (1 - fewer);
}
