import { describe, expect, test } from "vitest";
import { churnRisk, EXPERT, logistic, logit, scoreOf } from "#metrics/churn-risk.ts";
import { fitRisk, outcomesOf, type RiskRow } from "#metrics/risk-fit.ts";
import { alwaysSaying, brierScore, calibration } from "#metrics/risk-quality.ts";
import { type RiskFacts, SIGNAL_IDS, strengths } from "#metrics/risk-signals.ts";

const known = <Value>(value: Value | null, row = "account:1") => ({ value, rows: [row] });
const well: RiskFacts = {
  cancelling: known(false),
  seatUse: known(0.8),
  usageChange: known(0.05),
  daysSinceUse: known(1),
  openUrgentTickets: known(0),
  tickets30d: known(0),
  csat90d: known(4.5),
  daysSinceTouch: known(10),
  unansweredDays: known(0),
  championLeft: known(false),
  overdueDays: known(0),
  npsScore: known(8),
  daysToRenewal: known(200),
  tenureDays: known(500),
  daysSinceContraction: known(400),
};
const nothing = Object.fromEntries(Object.keys(well).map((fact) => [fact, known(null)])) as unknown as RiskFacts; // its keys
const risk = (facts: Partial<RiskFacts>) => churnRisk({ ...well, ...facts });

describe("an expert's risk", () => {
  test("an account without a signal is at the base rate and low", () => {
    expect(risk({})).toMatchObject({ band: "low", terms: [], calibrated: false, coverage: 1 });
    expect(risk({}).probability).toBeCloseTo(0.02);
  });

  test.each<Partial<RiskFacts>>([
    { cancelling: known(true) },
    { seatUse: known(0.1) },
    { usageChange: known(-0.4) },
    { daysSinceUse: known(25) },
    { openUrgentTickets: known(2) },
    { tickets30d: known(6) },
    { csat90d: known(2) },
    { daysSinceTouch: known(80) },
    { unansweredDays: known(10) },
    { championLeft: known(true) },
    { overdueDays: known(20) },
    { npsScore: known(3) },
    { daysToRenewal: known(20) },
    { tenureDays: known(20) },
    { daysSinceContraction: known(10) },
  ])("%o raises it", (fault) => {
    expect(risk(fault).probability).toBeGreaterThan(risk({}).probability!);
  });

  test("a promoter is at less risk", () => {
    expect(risk({ npsScore: known(10) }).probability).toBeLessThan(risk({}).probability!);
  });

  test("the reasons are the terms of the score, strongest first, with their rows", () => {
    const found = risk({
      seatUse: known(0.2, "product_usage:7"),
      championLeft: known(true, "contact:3"),
      tickets30d: known(1, "ticket:9"),
    });
    expect(found.intercept + found.terms.reduce((sum, { term }) => sum + term, 0)).toBeCloseTo(found.score, 12);
    expect(found.terms.map(({ says, rows }) => [says, rows])).toEqual([
      ["champion left", ["contact:3"]],
      ["20% of seats active", ["product_usage:7"]],
      ["1 ticket in 30 days", ["ticket:9"]],
    ]);
  });

  test("a scheduled cancellation is critical by itself", () => {
    expect(risk({ cancelling: known(true) }).band).toBe("critical");
  });

  test("what is not known is named, adds nothing and widens the interval", () => {
    const full = risk({ championLeft: known(true) });
    const blind = risk({ championLeft: known(true), seatUse: known(null), usageChange: known(null) });
    expect(blind.missing).toEqual(["thin_usage", "falling_usage"]);
    expect(blind.score).toBeCloseTo(full.score);
    expect(blind.coverage).toBeLessThan(1);
    expect(blind.interval!.high - blind.interval!.low).toBeGreaterThan(full.interval!.high - full.interval!.low);
    expect(full.interval!.low).toBeLessThan(full.probability!);
    expect(full.interval!.high).toBeGreaterThan(full.probability!);
  });

  test("from less than half of the signals there is no band", () => {
    expect(churnRisk(nothing)).toMatchObject({ probability: null, band: null, interval: null, coverage: 0 });
    expect(churnRisk(nothing).because).toContain("0% of the signals");
  });
});

describe("what a workspace's own history teaches", () => {
  const truth = { ...EXPERT, intercept: -3, weights: EXPERT.weights.map((weight, at) => (at === 9 ? 4 : weight / 3)) };

  test("with many churns the weights move to the truth, and the newest quarter is told better", () => {
    const rows = history(6_000, truth);
    const fit = fitRisk(rows, EXPERT);
    expect(fit.accepted).toBe(true);
    expect(fit.brier!.fitted).toBeLessThan(fit.brier!.before);
    expect(fit.brier!.fitted).toBeLessThan(fit.brier!.baseRate);
    expect(fit.model).toMatchObject({ kind: "fitted" });
    expect(Math.abs(fit.model.weights[9]! - 4)).toBeLessThan(Math.abs(EXPERT.weights[9]! - 4) / 3);
    for (const { said, came, accounts } of fit.calibration.filter((each) => each.accounts > 100))
      expect(Math.abs(said - came)).toBeLessThan(3 * Math.sqrt((said * (1 - said)) / accounts) + 0.02);
  });

  test("what was learnt makes surer, and the same rows in another order give the same weights", () => {
    const rows = history(1_500, truth);
    const { model } = fitRisk(rows, EXPERT);
    const again = fitRisk(rows.toReversed(), EXPERT).model;
    expect(again).toEqual(model);
    expect(model.covariance[0]![0]).toBeLessThan(EXPERT.covariance[0]![0]!);
    const [one, other] = [churnRisk(well, EXPERT).interval!, churnRisk(well, model).interval!];
    expect(logit(other.high) - logit(other.low)).toBeLessThan(logit(one.high) - logit(one.low));
  });

  test("below 15 churned accounts the expert's weights stay", () => {
    const few = history(200, EXPERT).map((row, at) => ({ ...row, churned: at % 20 === 0 }));
    const fit = fitRisk(few.slice(0, 200), EXPERT);
    expect(fit).toMatchObject({ accepted: false, brier: null, model: EXPERT });
    expect(fit.because).toMatch(/^\d+ accounts churned before the newest quarter; 15 are needed$/);
    expect(fitRisk([], EXPERT).accepted).toBe(false);
  });

  test("weights that tell the newest quarter worse are not taken", () => {
    const turned = { ...EXPERT, intercept: 0, weights: EXPERT.weights.map((weight) => -2 * weight) };
    const past = history(2_000, turned).filter((row) => monthsBack(row) >= 6);
    const newest = history(2_000, EXPERT).filter((row) => monthsBack(row) < 3);
    const fit = fitRisk([...past, ...newest], EXPERT);
    expect(fit).toMatchObject({ accepted: false, model: EXPERT });
    expect(fit.brier!.fitted).toBeGreaterThan(fit.brier!.before);
  });

  test("outcomes that were not yet known when the newest quarter began teach nothing", () => {
    const rows = history(3_000, truth);
    const between = rows.filter((row) => monthsBack(row) >= 3 && monthsBack(row) < 6);
    const turned = rows.map((row) => (between.includes(row) ? { ...row, churned: !row.churned } : row));
    expect(fitRisk(turned, EXPERT).brier).toEqual(fitRisk(rows, EXPERT).brier);
  });
});

describe("how good probabilities are", () => {
  const outcomes = [
    { probability: 0.9, churned: true },
    { probability: 0.1, churned: false },
    { probability: 0.1, churned: true },
    { probability: 1, churned: true },
  ];

  test("the Brier score is the mean squared error", () => {
    expect(brierScore(outcomes)).toBeCloseTo((0.01 + 0.01 + 0.81 + 0) / 4);
    expect(brierScore(alwaysSaying(0.75, outcomes))).toBeCloseTo(0.75 * 0.25);
    expect(brierScore([])).toBeNull();
  });

  test("calibration sets what was said beside what came, and leaves nobody out", () => {
    const table = calibration(outcomes);
    expect(table.reduce((sum, { accounts }) => sum + accounts, 0)).toBe(4);
    expect(table[0]).toMatchObject({ from: 0.1, said: 0.1, came: 0.5, accounts: 2, churned: 1 });
  });
});

const FIRST = Date.UTC(2025, 0, 1);
const MONTH = 30 * 86_400_000;
const MONTHS = 20;
const monthsBack = ({ on }: RiskRow): number => MONTHS - 1 - (Date.parse(on) - FIRST) / MONTH;

/** Accounts, each on the first day of one of twenty months, whose churns follow the given weights. */
function history(accounts: number, truth: typeof EXPERT): RiskRow[] {
  const next = seeded(7);
  return Array.from({ length: accounts }, (_, at) => {
    const on = new Date(FIRST + Math.floor(next() * MONTHS) * MONTH).toISOString().slice(0, 10);
    const strong = SIGNAL_IDS.map((_, signal) => (signal === 0 ? 0 : next() < 0.3 ? next() : next() < 0.1 ? null : 0));
    const row = { accountId: at, on, strengths: strong, churned: false };
    return { ...row, churned: next() < logistic(scoreOf(truth, strong)) };
  });
}

/** The same numbers from 0 to 1 every time. */
function seeded(start: number): () => number {
  let state = start;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

test("strengths stand in the order of the signals, between 0 and 1", () => {
  const wild = strengths({ ...well, seatUse: known(-3), overdueDays: known(900), npsScore: known(null) });
  expect(wild).toHaveLength(SIGNAL_IDS.length);
  expect(wild[SIGNAL_IDS.indexOf("thin_usage")]).toBe(1);
  expect(wild[SIGNAL_IDS.indexOf("detractor")]).toBeNull();
  expect(outcomesOf(EXPERT, [{ accountId: 1, on: "2026-01-01", strengths: wild, churned: true }])[0]!.churned).toBe(
    true,
  );
});
