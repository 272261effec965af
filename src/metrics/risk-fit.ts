import { inverse, Matrix, solve } from "ml-matrix";
import { logistic, type RiskModel, scoreOf } from "./churn-risk.ts";
import { alwaysSaying, brierScore, type CalibrationRow, calibration, type Outcome } from "./risk-quality.ts";

/** An account as it was known on a day, and whether it churned in the 90 days after. */
export interface RiskRow {
  accountId: number;
  on: string;
  /** In the order of the model's signals; null where it was not known on that day. */
  strengths: (number | null)[];
  churned: boolean;
}

export interface RiskFit {
  /** The model to use from now on: the fitted one if it was accepted, else the one it began with. */
  model: RiskModel;
  accepted: boolean;
  /** Why it was or was not, in words. */
  because: string;
  /** Brier scores over the newest quarter, which the tried weights had not seen; null when nothing was tried. */
  brier: { before: number; fitted: number; baseRate: number } | null;
  /** Of the tried weights over the newest quarter. */
  calibration: CalibrationRow[];
  rows: number;
  churnedAccounts: number;
}

const ENOUGH_CHURNED = 15; // fewer cannot move sixteen weights by more than chance does
const QUARTER_DAYS = 90;
const OUTCOME_DAYS = 90; // a row's outcome is known so long after it
const ROUNDS = 50;

/**
 * Logistic regression with a ridge around the given weights (Hoerl and Kennard; a normal prior in Bayes' words), by Newton
 * steps. It is tried on the newest quarter, whose outcomes it has not seen, and accepted only if the Brier score is better
 * there; then it learns from all rows. Rows are as of their day; their order makes no difference.
 */
export function fitRisk(rows: readonly RiskRow[], prior: RiskModel): RiskFit {
  const ordered = [...rows].sort((a, b) => (a.on === b.on ? a.accountId - b.accountId : a.on < b.on ? -1 : 1));
  const { known, newest } = splitByTime(ordered);
  const churnedAccounts = churnedIn(known);
  const kept = { model: prior, accepted: false, brier: null, calibration: [], rows: rows.length, churnedAccounts };
  if (churnedAccounts < ENOUGH_CHURNED)
    return {
      ...kept,
      because: `${churnedAccounts} accounts churned before the newest quarter; ${ENOUGH_CHURNED} are needed`,
    };
  const tried = outcomesOf(fitted(known, prior), newest);
  const rate = known.filter(({ churned }) => churned).length / known.length;
  const brier = {
    before: brierScore(outcomesOf(prior, newest))!,
    fitted: brierScore(tried)!,
    baseRate: brierScore(alwaysSaying(rate, tried))!,
  };
  const accepted = brier.fitted < brier.before;
  const change = `Brier score of the newest quarter ${brier.fitted.toFixed(4)} against ${brier.before.toFixed(4)} before`;
  const model = accepted ? fitted(ordered, prior) : prior;
  return { ...kept, model, accepted, because: change, brier, calibration: calibration(tried) };
}

/** The newest quarter of rows, and those whose outcome was known when it began: what lies between is in neither. */
function splitByTime(ordered: readonly RiskRow[]): { known: RiskRow[]; newest: RiskRow[] } {
  const last = Date.parse(ordered.at(-1)?.on ?? "1970-01-01");
  const age = ({ on }: RiskRow) => (last - Date.parse(on)) / 86_400_000;
  return {
    known: ordered.filter((row) => age(row) >= QUARTER_DAYS + OUTCOME_DAYS),
    newest: ordered.filter((row) => age(row) < QUARTER_DAYS),
  };
}

const churnedIn = (rows: readonly RiskRow[]): number =>
  new Set(rows.filter(({ churned }) => churned).map(({ accountId }) => accountId)).size;

/** What a model says of rows, and what became of them. */
export const outcomesOf = (model: RiskModel, rows: readonly RiskRow[]): Outcome[] =>
  rows.map(({ strengths, churned }) => ({ probability: logistic(scoreOf(model, strengths)), churned }));

function fitted(rows: readonly RiskRow[], prior: RiskModel): RiskModel {
  const facts = new Matrix(rows.map(({ strengths }) => [1, ...strengths.map((strength) => strength ?? 0)]));
  const churned = rows.map((row) => Number(row.churned));
  const centre = [prior.intercept, ...prior.weights];
  const pull = inverse(new Matrix(prior.covariance)); // the surer the prior is of a weight, the harder it holds it
  let weights = centre;
  let curvature = pull;
  for (let round = 0; round < ROUNDS; round += 1) {
    const next = newtonStep({ facts, churned, centre, pull, weights });
    curvature = next.curvature;
    weights = weights.map((weight, at) => weight + next.step[at]!);
    if (Math.max(...next.step.map(Math.abs)) < 1e-9) break;
  }
  const [intercept = prior.intercept, ...rest] = weights;
  const version = `fitted-${rows.at(-1)!.on}-${rows.length}-${churnedIn(rows)}`;
  const covariance = inverse(curvature).to2DArray();
  return { ...prior, version, kind: "fitted", intercept, weights: rest, covariance };
}

interface Climb {
  facts: Matrix;
  churned: number[];
  centre: number[];
  pull: Matrix;
  weights: number[];
}

/** One step of iteratively reweighted least squares on the penalised likelihood, and its curvature. */
function newtonStep({ facts, churned, centre, pull, weights }: Climb): { step: number[]; curvature: Matrix } {
  const said = facts.mmul(Matrix.columnVector(weights)).to1DArray().map(logistic);
  const error = Matrix.columnVector(churned.map((each, at) => each - said[at]!));
  const away = Matrix.columnVector(weights.map((weight, at) => weight - centre[at]!));
  const slope = Matrix.sub(facts.transpose().mmul(error), pull.mmul(away));
  const weighted = facts.clone().mulColumnVector(said.map((each) => each * (1 - each)));
  const curvature = Matrix.add(facts.transpose().mmul(weighted), pull);
  return { step: solve(curvature, slope).to1DArray(), curvature };
}
