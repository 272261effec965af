import { type Figure, figure, type Scope } from "./figure.ts";
import type { Spell } from "./spells.ts";

/** How long something lasted in whole days (or another unit), and whether it ended: an open one lasted at least so long. */
export interface Duration {
  days: number;
  ended: boolean;
  /** How many lasted just so; 1 unless given. */
  times?: number;
}

/** How many durations these stand for. */
export const howMany = (durations: readonly Duration[]): number =>
  durations.reduce((sum, { times = 1 }) => sum + times, 0);

/** One day on which something ended. `survival` is the share that lasts longer; its error is Greenwood's. */
export interface SurvivalStep {
  days: number;
  atRisk: number;
  ended: number;
  survival: number;
  standardError: number;
}

/** The Kaplan–Meier estimate (1958) with Greenwood's standard error: open ones count as long as they have lasted. */
export function kaplanMeier(durations: readonly Duration[]): SurvivalStep[] {
  const byDay = Map.groupBy(durations, ({ days }) => days);
  let atRisk = howMany(durations);
  let survival = 1;
  let variance = 0;
  const steps: SurvivalStep[] = [];
  for (const days of [...byDay.keys()].sort((a, b) => a - b)) {
    const here = byDay.get(days)!;
    const ended = howMany(here.filter((each) => each.ended));
    if (ended > 0) {
      survival *= 1 - ended / atRisk;
      variance += ended / (atRisk * (atRisk - ended));
      const standardError = survival === 0 ? 0 : survival * Math.sqrt(variance);
      steps.push({ days, atRisk, ended, survival, standardError });
    }
    atRisk -= howMany(here);
  }
  return steps;
}

/** The share that lasts longer than so many days, with its error; 1 before the first end. */
export function survivalAt(steps: readonly SurvivalStep[], days: number): { survival: number; standardError: number } {
  const { survival, standardError } = steps.findLast((step) => step.days <= days) ?? { survival: 1, standardError: 0 };
  return { survival, standardError };
}

/** The first day by which a share has ended; null when so many have not ended yet. */
export const dayWhenEnded = (steps: readonly SurvivalStep[], share: number): number | null =>
  steps.find(({ survival }) => survival <= 1 - share + 1e-12)?.days ?? null;

/** The 95 % interval of a share that lasts, on the log(−log) scale (Kalbfleisch and Prentice), so that it stays within 0 and 1. */
export function survivalInterval({ survival, standardError }: { survival: number; standardError: number }) {
  if (survival <= 0 || survival >= 1) return { low: survival, high: survival };
  const spread = (1.959964 * standardError) / (survival * Math.log(survival)); // negative, as the logarithm is
  return { low: survival ** Math.exp(-spread), high: survival ** Math.exp(spread) };
}

export interface TimeInStage {
  stage: string;
  median: Figure;
  p90: Figure;
  /** Plain median of the finished spells, only ever shown beside the others: it leaves out those that stay longest. */
  finishedMedian: number | null;
  finished: number;
  /** How long the open ones have been there; null without any. */
  open: { spells: number; medianDays: number; longestDays: number } | null;
  curve: SurvivalStep[];
}

/** How long accounts stay in a stage, from spells with their days counted up to `asOf`; every entry is a spell. */
export function timeInStage(spells: readonly Spell[], stage: string, asOf: string, scope: Scope): TimeInStage {
  const durations = spells
    .filter((spell) => spell.stage === stage && spell.from <= asOf)
    .map((spell) => lasted(spell, asOf));
  const curve = kaplanMeier(durations);
  const finished = durations.filter(({ ended }) => ended).map(({ days }) => days);
  const open = durations.filter(({ ended }) => !ended).map(({ days }) => days);
  const told = { n: durations.length, rows: durations.length, definition: { stage, method: "Kaplan–Meier", asOf } };
  const when = (metric: string, share: number, words: string) =>
    figure(scope, {
      ...told,
      metric,
      unit: "days",
      value: dayWhenEnded(curve, share),
      because: tooFew(durations, words),
    });
  return {
    stage,
    median: when("median time in stage", 0.5, "half"),
    p90: when("90th percentile of time in stage", 0.9, "nine of ten"),
    finishedMedian: medianOf(finished),
    finished: finished.length,
    open:
      open.length === 0 ? null : { spells: open.length, medianDays: medianOf(open)!, longestDays: Math.max(...open) },
    curve,
  };
}

function lasted({ from, to }: Spell, asOf: string): Duration {
  const ended = to !== null && to <= asOf;
  return { days: Math.round((Date.parse(ended ? to : asOf) - Date.parse(from)) / 86_400_000), ended };
}

const tooFew = (durations: readonly Duration[], words: string): string =>
  durations.length === 0 ? "nobody was in the stage" : `less than ${words} have left the stage`;

function medianOf(days: readonly number[]): number | null {
  const sorted = [...days].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length === 0) return null;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
