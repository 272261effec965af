import { inverse, Matrix } from "ml-matrix";
import { type Duration, howMany } from "./time-in-stage.ts";

/** What a group saw, and what it would have seen had it ended at everybody's pace. */
export interface GroupEnds {
  group: string;
  n: number;
  ended: number;
  expected: number;
}

export interface PaceComparison {
  groups: GroupEnds[];
  chiSquare: number;
  degrees: number;
  /** How likely a difference this large would be if all groups ended at one pace. */
  p: number;
}

/**
 * The log-rank test (Mantel 1966): do some groups end sooner than others? Open ones count as long as they have lasted.
 * null where there is nothing to compare: fewer than two groups, or nobody's end while others were still there.
 */
export function logRank(groups: ReadonlyMap<string, readonly Duration[]>): PaceComparison | null {
  const names = [...groups.keys()].filter((name) => groups.get(name)!.length > 0);
  const ends = names.map((group) => told(group, groups.get(group)!));
  const spread = Matrix.zeros(names.length, names.length);
  for (const moment of momentsOf(names.map((name) => groups.get(name)!))) addMoment(moment, ends, spread);
  const last = names.length - 1; // the differences sum to 0, so the last group says nothing of its own
  if (last < 1 || spread.get(0, 0) === 0) return null;
  const away = Matrix.columnVector(ends.slice(0, last).map(({ ended, expected }) => ended - expected));
  const chiSquare = away
    .transpose()
    .mmul(inverse(spread.subMatrix(0, last - 1, 0, last - 1), true))
    .mmul(away)
    .get(0, 0);
  return { groups: ends, chiSquare, degrees: last, p: chiSquareAbove(chiSquare, last) };
}

const told = (group: string, durations: readonly Duration[]): GroupEnds => ({
  group,
  n: howMany(durations),
  ended: howMany(durations.filter(({ ended }) => ended)),
  expected: 0,
});

interface Moment {
  /** Of each group: how many were still there, and how many of them ended on this day. */
  atRisk: number[];
  ended: number[];
}

/** The days on which somebody ended, in order. */
function momentsOf(groups: (readonly Duration[])[]): Moment[] {
  const counted = groups.map((durations) => Map.groupBy(durations, ({ days }) => days));
  const atRisk = groups.map(howMany);
  const days = [...new Set(counted.flatMap((byDay) => [...byDay.keys()]))].sort((a, b) => a - b);
  return days.flatMap((day) => {
    const here = counted.map((byDay) => byDay.get(day) ?? []);
    const moment = { atRisk: [...atRisk], ended: here.map((each) => howMany(each.filter(({ ended }) => ended))) };
    here.forEach((each, at) => {
      atRisk[at]! -= howMany(each);
    });
    return moment.ended.some((count) => count > 0) ? [moment] : [];
  });
}

/** Adds what each group was to expect on a day, and the covariance of that (hypergeometric). */
function addMoment({ atRisk, ended }: Moment, ends: GroupEnds[], spread: Matrix): void {
  const everybody = sum(atRisk);
  const all = sum(ended);
  const scale = everybody > 1 ? (all * (everybody - all)) / (everybody - 1) : 0;
  const shares = atRisk.map((each) => each / everybody);
  shares.forEach((share, at) => {
    ends[at]!.expected += all * share;
    shares.forEach((other, beside) => {
      spread.set(at, beside, spread.get(at, beside) + scale * share * (Number(at === beside) - other));
    });
  });
}

const sum = (numbers: readonly number[]): number => numbers.reduce((whole, each) => whole + each, 0);

/** The chance that a chi-squared number with so many degrees of freedom is larger than this one. */
export function chiSquareAbove(value: number, degrees: number): number {
  const half = value / 2;
  // For whole degrees the tail is a finite sum (Abramowitz and Stegun 26.4.4 and 26.4.5): each step of two adds one term.
  const odd = degrees % 2 === 1;
  let tail = odd ? errorAbove(Math.sqrt(half)) : Math.exp(-half);
  let term = odd ? Math.exp(-half) * Math.sqrt(half / Math.PI) * 2 : Math.exp(-half) * half;
  for (let k = odd ? 3 : 4; k <= degrees; k += 2) {
    tail += term;
    term *= half / (k / 2);
  }
  return Math.min(1, tail);
}

/** The complementary error function at 0 and above, to about 1e-7 of its value (Numerical Recipes' Chebyshev fit). */
function errorAbove(x: number): number {
  const t = 1 / (1 + x / 2);
  const fit = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
    0.17087277,
  ];
  const power = fit.reduceRight((whole, each) => each + t * whole, 0);
  return t * Math.exp(power - x * x);
}
