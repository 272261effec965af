import { LuDecomposition, Matrix } from "ml-matrix";
import { type Duration, howMany } from "./time-in-stage.ts";

/** A customer with the traits that may go with leaving sooner, each as a number (0 and 1 for no and yes). */
export interface TraitedDuration extends Duration {
  traits: readonly number[];
  /** Customers are only compared within one stratum; all are in one when it is left out. */
  stratum?: string;
}

export interface TraitEffect {
  trait: string;
  /** The logarithm of how many times sooner; above 0 leaves sooner. */
  coefficient: number;
  standardError: number;
  /** How many times the rate of leaving, the other traits being equal. */
  hazardRatio: number;
}

export interface CoxFit {
  effects: TraitEffect[];
  /** The logarithm of the partial likelihood. */
  logLikelihood: number;
  /** Of two comparable customers, how often the one with the higher rate left first; .5 is chance. */
  concordance: number;
  n: number;
  ended: number;
  settled: boolean;
}

const ROUNDS = 50;

/**
 * Which traits go with leaving sooner, the others being equal: Cox's proportional hazards (1972) with Efron's rule for
 * ends on one day, within strata, by Newton steps. Not settled where a trait does not vary within any stratum. It shows what
 * goes together, not what causes what.
 */
export function fitCox(customers: readonly TraitedDuration[], traits: readonly string[]): CoxFit {
  const strata = [...Map.groupBy(customers, ({ stratum }) => stratum ?? "").values()].map(byDayDown);
  let weights = traits.map(() => 0);
  let climbed = climb(strata, weights);
  let settled = false;
  let turned = new LuDecomposition(climbed.curvature);
  for (let round = 0; round < ROUNDS && !settled && !turned.isSingular(); round += 1) {
    const step = turned.solve(Matrix.columnVector(climbed.slope)).to1DArray();
    weights = weights.map((weight, at) => weight + step[at]!); // as many as traits
    climbed = climb(strata, weights);
    turned = new LuDecomposition(climbed.curvature);
    settled = Math.max(...step.map(Math.abs)) < 1e-8;
  }
  const spread = turned.isSingular() ? null : turned.solve(Matrix.eye(traits.length));
  return {
    effects: traits.map((trait, at) => {
      const coefficient = weights[at]!;
      return {
        trait,
        coefficient,
        standardError: spread ? Math.sqrt(spread.get(at, at)) : Number.POSITIVE_INFINITY,
        hazardRatio: Math.exp(coefficient),
      };
    }),
    logLikelihood: climbed.logLikelihood,
    concordance: concordance(strata, weights),
    n: howMany(customers),
    ended: howMany(customers.filter(({ ended }) => ended)),
    settled,
  };
}

/** Those who lasted longest first, together with all who lasted as long. */
function byDayDown(customers: TraitedDuration[]): TraitedDuration[][] {
  const days = Map.groupBy(customers, ({ days }) => days);
  return [...days.keys()].sort((a, b) => b - a).map((day) => days.get(day)!);
}

const scoreOf = ({ traits }: TraitedDuration, weights: readonly number[]): number =>
  traits.reduce((score, trait, at) => score + trait * weights[at]!, 0);

/** Sums over a set of customers: of their rates, of rate × trait, and of rate × trait × trait (row by row). */
interface Sums {
  rate: number;
  first: Float64Array;
  second: Float64Array;
}

const nothing = (size: number): Sums => ({
  rate: 0,
  first: new Float64Array(size),
  second: new Float64Array(size * size),
});

function add(sums: Sums, { traits }: TraitedDuration, rate: number): void {
  sums.rate += rate;
  for (let i = 0; i < traits.length; i += 1) {
    const weighted = rate * traits[i]!;
    if (weighted === 0) continue;
    sums.first[i]! += weighted;
    for (let j = 0; j < traits.length; j += 1) sums.second[i * traits.length + j]! += weighted * traits[j]!;
  }
}

interface Climbed {
  logLikelihood: number;
  slope: number[];
  curvature: Matrix;
}

/** The partial likelihood at some weights, its slope and its curvature (turned positive). */
function climb(strata: TraitedDuration[][][], weights: readonly number[]): Climbed {
  const size = weights.length;
  const climbed = { logLikelihood: 0, slope: weights.map(() => 0), curvature: Matrix.zeros(size, size) };
  for (const days of strata) {
    const atRisk = nothing(size);
    for (const day of days) {
      const ending = nothing(size);
      for (const customer of day) {
        const score = scoreOf(customer, weights);
        const { times = 1 } = customer;
        add(atRisk, customer, times * Math.exp(score));
        if (!customer.ended) continue;
        add(ending, customer, times * Math.exp(score));
        climbed.logLikelihood += times * score;
        customer.traits.forEach((trait, at) => {
          climbed.slope[at]! += times * trait;
        });
      }
      const ends = howMany(day.filter(({ ended }) => ended));
      for (let place = 0; place < ends; place += 1) takeOff(climbed, { atRisk, ending, share: place / ends });
    }
  }
  return climbed;
}

/** One end of a day: of those who end on it, a share counts as gone already (Efron 1977). */
function takeOff(climbed: Climbed, { atRisk, ending, share }: { atRisk: Sums; ending: Sums; share: number }): void {
  const size = climbed.slope.length;
  const rate = atRisk.rate - share * ending.rate;
  const mean = Array.from(atRisk.first, (each, at) => (each - share * ending.first[at]!) / rate);
  climbed.logLikelihood -= Math.log(rate);
  for (let i = 0; i < size; i += 1) {
    climbed.slope[i]! -= mean[i]!;
    for (let j = 0; j < size; j += 1) {
      const both = (atRisk.second[i * size + j]! - share * ending.second[i * size + j]!) / rate;
      climbed.curvature.set(i, j, climbed.curvature.get(i, j) + both - mean[i]! * mean[j]!);
    }
  }
}

interface Ranked {
  score: number;
  times: number;
}

/** Harrell's C within strata: pairs of which one is known to have left before the other; ties of the rate count half. */
function concordance(strata: TraitedDuration[][][], weights: readonly number[]): number {
  let pairs = 0;
  let right = 0;
  for (const days of strata) {
    const longer: Ranked[] = []; // those who lasted longer, or as long without leaving
    for (const day of days) {
      const ranked = (ended: boolean) =>
        day
          .filter((each) => each.ended === ended)
          .map((each) => ({ score: scoreOf(each, weights), times: each.times ?? 1 }));
      longer.push(...ranked(false));
      for (const one of ranked(true)) {
        for (const other of longer) {
          const both = one.times * other.times;
          pairs += both;
          right += both * (Math.abs(one.score - other.score) < 1e-12 ? 0.5 : Number(one.score > other.score));
        }
      }
      longer.push(...ranked(true));
    }
  }
  return pairs === 0 ? 0.5 : right / pairs;
}
