import { seeded } from "#seeded.ts";

/** How relevant each document is to a question: its grade, 1 and up; what is not listed is not relevant. */
export type Grades = ReadonlyMap<string, number>;

export const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Normalised discounted cumulative gain of the first `depth`, 0 to 1. The grade is the gain, as in trec_eval. */
export function ndcg(ranked: readonly string[], grades: Grades, depth = 10): number {
  const best = discounted([...grades.values()].sort((one, other) => other - one).slice(0, depth));
  return best === 0 ? 0 : discounted(ranked.slice(0, depth).map((id) => grades.get(id) ?? 0)) / best;
}

const discounted = (gains: readonly number[]): number =>
  gains.reduce((sum, gain, place) => sum + gain / Math.log2(place + 2), 0);

/** Share of the relevant documents that are among the first `depth`. */
export const recall = (ranked: readonly string[], grades: Grades, depth = 5): number =>
  relevantIn(ranked, grades, depth) / (relevantIn([...grades.keys()], grades, grades.size) || 1);

/** 1 when a relevant document is among the first `depth`, else 0. */
export const hit = (ranked: readonly string[], grades: Grades, depth = 5): number =>
  relevantIn(ranked, grades, depth) > 0 ? 1 : 0;

/** Share of the first `depth` places that a relevant document takes. */
export const precision = (ranked: readonly string[], grades: Grades, depth = 3): number =>
  relevantIn(ranked, grades, depth) / depth;

/** One over the place of the first relevant document; 0 without one. */
export function reciprocalRank(ranked: readonly string[], grades: Grades): number {
  const place = ranked.findIndex((id) => (grades.get(id) ?? 0) > 0);
  return place === -1 ? 0 : 1 / (place + 1);
}

const relevantIn = (ranked: readonly string[], grades: Grades, depth: number): number =>
  ranked.slice(0, depth).filter((id) => (grades.get(id) ?? 0) > 0).length;

/**
 * How likely a question that can be answered gets a higher value than one that cannot: 1 is a clean cut, 0.5 is chance,
 * null where one of the two kinds is missing.
 */
export function auroc(answerable: readonly number[], unanswerable: readonly number[]): number | null {
  if (answerable.length === 0 || unanswerable.length === 0) return null;
  const wins = (value: number) =>
    unanswerable.reduce((sum, other) => sum + (value > other ? 1 : value === other ? 0.5 : 0), 0);
  return answerable.reduce((sum, value) => sum + wins(value), 0) / (answerable.length * unanswerable.length);
}

export interface Difference {
  /** Mean of now minus before. */
  mean: number;
  /** 95 % interval of that mean, over other questions of the same kind. */
  low: number;
  high: number;
}

const ROUNDS = 2_000;

/** Paired bootstrap over questions: what the mean difference might be on others like them. The same seed, the same interval. */
export function pairedBootstrap(
  now: readonly number[],
  before: readonly number[],
  { rounds = ROUNDS, seed = 1 }: { rounds?: number; seed?: number } = {},
): Difference {
  if (now.length !== before.length) throw new Error("a paired bootstrap wants as many values now as before");
  const differences = now.map((value, at) => value - before[at]!);
  if (differences.length === 0) return { mean: 0, low: 0, high: 0 };
  const next = seeded(seed);
  const pick = () => differences[Math.floor(next() * differences.length)]!;
  const means = Array.from({ length: rounds }, () => mean(differences.map(pick))).sort((one, other) => one - other);
  const at = (share: number) => means[Math.min(rounds - 1, Math.floor(share * rounds))]!;
  return { mean: mean(differences), low: at(0.025), high: at(0.975) };
}
