import { type RiskFacts, SIGNAL_IDS, SIGNALS, type SignalId, strengths } from "./risk-signals.ts";

/** Weights of the signals in log-odds and how unsure they are. Plain data, so that a version can be kept and shown. */
export interface RiskModel {
  version: string;
  kind: "expert" | "fitted";
  /** Log-odds of a churn in 90 days where no signal speaks. */
  intercept: number;
  /** In the order of `signals`. */
  weights: number[];
  signals: SignalId[];
  /** Of the intercept and the weights, in this order. */
  covariance: number[][];
}

export type Band = "low" | "watch" | "high" | "critical";

/** One term of the score. */
export interface RiskReason {
  signal: SignalId;
  /** Log-odds that it adds; below 0 it speaks for staying. */
  term: number;
  says: string;
  rows: readonly string[];
}

export interface ChurnRisk {
  modelVersion: string;
  /** The probability rests on this workspace's own churns; else it is an expert's estimate. */
  calibrated: boolean;
  /** Log-odds: the intercept and all terms. */
  score: number;
  intercept: number;
  terms: RiskReason[];
  /** Of a churn within 90 days; null below half of the signals. */
  probability: number | null;
  /** 95 %, wider where signals are not known. */
  interval: { low: number; high: number } | null;
  band: Band | null;
  because: string | null;
  /** Share of the weight whose facts are known, 0 to 1, and the signals that are not. */
  coverage: number;
  missing: SignalId[];
}

const BASE_RATE = 0.02; // of 90 days, in a business that loses some 8 % of its customers a year for no visible reason
const UNSURE = { intercept: 0.5, weight: 0.5, least: 0.3 }; // an expert's weight may well be off by half
const ENOUGH_COVERAGE = 0.5; // as for health: a guess from less than half of the signals would look surer than it is
const MISSING_SPREAD = 0.3; // how far the strength of a signal that nobody sees varies between accounts
const BANDS: [Band, number][] = [
  ["critical", 0.4], // two of five such accounts leave: somebody calls today
  ["high", 0.15],
  ["watch", 0.05], // more than twice the base rate
  ["low", 0],
];

export const logistic = (score: number): number => 1 / (1 + Math.exp(-score));
export const logit = (chance: number): number => Math.log(chance / (1 - chance));

/** The expert's weights with what an expert does not know. */
export const EXPERT: RiskModel = {
  version: "expert-1",
  kind: "expert",
  intercept: logit(BASE_RATE),
  weights: SIGNAL_IDS.map((id) => SIGNALS[id].weight),
  signals: SIGNAL_IDS,
  covariance: diagonal([
    UNSURE.intercept,
    ...SIGNAL_IDS.map((id) => Math.max(UNSURE.least, UNSURE.weight * Math.abs(SIGNALS[id].weight))),
  ]),
};

/** The risk that a paying account churns within 90 days, with the terms of its score as reasons, strongest first. */
export function churnRisk(facts: RiskFacts, model: RiskModel = EXPERT): ChurnRisk {
  const known = inOrderOf(model, strengths(facts));
  const score = scoreOf(model, known);
  const coverage = coverageOf(model, known);
  const enough = coverage >= ENOUGH_COVERAGE;
  const probability = enough ? logistic(score) : null;
  return {
    modelVersion: model.version,
    calibrated: model.kind === "fitted",
    score,
    intercept: model.intercept,
    terms: termsOf(facts, model, known),
    probability,
    interval: enough ? intervalOf(model, known, score) : null,
    band: probability === null ? null : BANDS.find(([, from]) => probability >= from)![0],
    because: enough ? null : `only ${Math.round(coverage * 100)}% of the signals are known`,
    coverage,
    missing: model.signals.filter((_, at) => known[at] === null),
  };
}

/** A model that was kept may list its signals otherwise than the code does today. */
const inOrderOf = (model: RiskModel, found: readonly (number | null)[]): (number | null)[] =>
  model.signals.map((id) => found[SIGNAL_IDS.indexOf(id)] ?? null);

/** Log-odds of a churn. A signal that is not known adds nothing; nobody else's weight grows for it. */
export const scoreOf = (model: RiskModel, known: readonly (number | null)[]): number =>
  model.weights.reduce((score, weight, at) => score + weight * (known[at] ?? 0), model.intercept);

function termsOf(facts: RiskFacts, model: RiskModel, known: readonly (number | null)[]): RiskReason[] {
  const terms = model.signals.map((signal, at) => {
    const { fact, says } = SIGNALS[signal];
    const { value, rows } = facts[fact];
    return {
      signal,
      term: model.weights[at]! * (known[at] ?? 0),
      says: value === null ? "" : says(Number(value)),
      rows,
    };
  });
  return terms.filter(({ term }) => term !== 0).sort((a, b) => b.term - a.term || (a.signal < b.signal ? -1 : 1));
}

function coverageOf({ weights }: RiskModel, known: readonly (number | null)[]): number {
  const all = weights.reduce((sum, weight) => sum + Math.abs(weight), 0);
  return weights.reduce((sum, weight, at) => sum + (known[at] === null ? 0 : Math.abs(weight)), 0) / all;
}

function intervalOf(model: RiskModel, known: readonly (number | null)[], score: number): { low: number; high: number } {
  const at = [1, ...known.map((strength) => strength ?? 0)];
  const ofWeights = at.reduce((sum, one, row) => sum + dot(model.covariance[row]!, at) * one, 0);
  const ofMissing = model.weights.reduce(
    (sum, weight, place) => sum + (known[place] === null ? (weight * MISSING_SPREAD) ** 2 : 0),
    0,
  );
  const spread = 1.96 * Math.sqrt(ofWeights + ofMissing);
  return { low: logistic(score - spread), high: logistic(score + spread) };
}

const dot = (one: readonly number[], other: readonly number[]): number =>
  one.reduce((sum, each, at) => sum + each * other[at]!, 0);

function diagonal(deviations: readonly number[]): number[][] {
  return deviations.map((deviation, row) => deviations.map((_, column) => (row === column ? deviation ** 2 : 0)));
}
