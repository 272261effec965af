/** What was said of an account and what became of it. */
export interface Outcome {
  probability: number;
  churned: boolean;
}

/** The mean squared error of probabilities (Brier 1950): 0 is perfect, always saying the base rate p gives p (1 − p). Null without any. */
export const brierScore = (outcomes: readonly Outcome[]): number | null =>
  outcomes.length === 0
    ? null
    : outcomes.reduce((sum, { probability, churned }) => sum + (probability - Number(churned)) ** 2, 0) /
      outcomes.length;

/** The same outcomes when everybody is given one probability, as by somebody who knows the base rate and nothing else. */
export const alwaysSaying = (probability: number, outcomes: readonly Outcome[]): Outcome[] =>
  outcomes.map(({ churned }) => ({ probability, churned }));

/** The accounts that were given much the same probability. */
export interface CalibrationRow {
  from: number;
  to: number;
  accounts: number;
  churned: number;
  /** Mean of what was said, and the share that did churn. */
  said: number;
  came: number;
}

const BOUNDS = [0, 0.02, 0.05, 0.1, 0.15, 0.25, 0.4, 0.6, 1]; // churns are rare: most accounts are at the low end

/** Whether of those who were told 10 % about a tenth churned; ranges without accounts are left out. */
export function calibration(outcomes: readonly Outcome[]): CalibrationRow[] {
  return BOUNDS.slice(0, -1).flatMap((from, at) => {
    const to = BOUNDS[at + 1]!;
    const here = outcomes.filter(({ probability: p }) => p >= from && (p < to || (to === 1 && p === 1)));
    if (here.length === 0) return [];
    const churned = here.filter((each) => each.churned).length;
    const said = here.reduce((sum, { probability }) => sum + probability, 0) / here.length;
    return [{ from, to, accounts: here.length, churned, said, came: churned / here.length }];
  });
}
