import { FARTHEST, type Repeats } from "./bg-nbd.ts";
import { minimise } from "./nelder-mead.ts";
import { logGamma } from "./special-functions.ts";

/** Purchases come at rates spread as Gamma(r, alpha); customers leave at rates spread as Gamma(s, beta), at any moment. */
export interface ParetoNbd {
  r: number;
  alpha: number;
  s: number;
  beta: number;
}

export interface ParetoNbdFit extends ParetoNbd {
  logLikelihood: number;
  n: number;
  settled: boolean;
}

/**
 * The Pareto/NBD model of repeat purchases (Schmittlein, Morrison and Colombo 1987), by maximum likelihood. It lets customers
 * leave at any moment, BG/NBD only after a purchase. Times in any one unit; the answers are in the same.
 */
export function fitParetoNbd(customers: readonly Repeats[]): ParetoNbdFit {
  const paramsOf = (logs: number[]): ParetoNbd => {
    const [r, alpha, s, beta] = logs.map(Math.exp) as [number, number, number, number]; // as many as the start below
    return { r, alpha, s, beta };
  };
  const age = Math.log(customers.reduce((sum, each) => sum + each.age, 0) / customers.length / 3); // the scale of the rates
  const start = [-0.5, age, -0.5, age];
  const found = minimise((logs) => -paretoLogLikelihood(paramsOf(logs), customers) / customers.length, start, {
    farthest: FARTHEST,
  });
  const params = paramsOf(found.at);
  return {
    ...params,
    logLikelihood: paretoLogLikelihood(params, customers),
    n: customers.length,
    settled: found.settled,
  };
}

/** The logarithm of the likelihood of what customers did (Fader and Hardie 2005, "A note on deriving the Pareto/NBD model"). */
export function paretoLogLikelihood(model: ParetoNbd, customers: readonly Repeats[]): number {
  const { r, alpha, s, beta } = model;
  return customers.reduce((whole, customer) => {
    const { repeats: x, age } = customer;
    const start = logGamma(r + x) - logGamma(r) + r * Math.log(alpha) + s * Math.log(beta);
    const stays = -(r + x) * Math.log(alpha + age) - s * Math.log(beta + age);
    return whole + start + stays + Math.log1p(Math.exp(logOddsOfHavingLeft(model, customer)));
  }, 0);
}

/** The chance that a known customer still buys. */
export const paretoAlive = (model: ParetoNbd, customer: Repeats): number =>
  1 / (1 + Math.exp(logOddsOfHavingLeft(model, customer)));

/** How many purchases a known customer makes within the time to come. */
export function paretoFromNow(model: ParetoNbd, customer: Repeats, time: number): number {
  const { r, alpha, s, beta } = model;
  const { repeats: x, age } = customer;
  const rate = (r + x) / (alpha + age);
  const left = Math.log((beta + age) / (beta + age + time));
  const away = s - 1;
  const weeks = Math.abs(away) < 1e-9 ? -left : -Math.expm1(away * left) / away; // the limit where s is 1
  return paretoAlive(model, customer) * rate * (beta + age) * weeks;
}

/**
 * The customer may have left at any moment since the last purchase: these chances together, against still being there. The
 * integral is taken as it stands; its closed form in hypergeometric functions converges too slowly where alpha and beta
 * are far apart.
 */
function logOddsOfHavingLeft({ r, alpha, s, beta }: ParetoNbd, { repeats: x, lastAt, age }: Repeats): number {
  if (age <= lastAt) return Number.NEGATIVE_INFINITY;
  const [often, gone] = [r + x, s + 1];
  const nearest = Math.min(alpha, beta);
  const [from, to] = [Math.log(nearest + lastAt), Math.log(nearest + age)];
  const still = often * Math.log(alpha + age) + s * Math.log(beta + age);
  const at = (w: number): number => {
    const u = Math.exp(w) - nearest;
    return Math.exp(still - often * Math.log(alpha + u) - gone * Math.log(beta + u) + w);
  };
  return Math.log(s * integral(at, { from, to, panels: Math.ceil(((often + s) * (to - from)) / FOLDS) }));
}

const FOLDS = 4; // powers of e within a panel: eight points are good for twelve digits then
// Gauss and Legendre's eight points: distance from the middle, in half panels, and weight.
const POINTS = [
  [0.1834346424956498, 0.362683783378362],
  [0.525532409916329, 0.3137066458778873],
  [0.7966664774136267, 0.2223810344533745],
  [0.9602898564975363, 0.1012285362903763],
] as const;

function integral(
  of: (at: number) => number,
  { from, to, panels }: { from: number; to: number; panels: number },
): number {
  const half = (to - from) / panels / 2;
  let whole = 0;
  for (let panel = 0; panel < panels; panel += 1) {
    const middle = from + (2 * panel + 1) * half;
    for (const [distance, weight] of POINTS)
      whole += weight * half * (of(middle - distance * half) + of(middle + distance * half));
  }
  return whole;
}
