import { describe, expect, test } from "vitest";
import { churnFigures, type WindowSums, windowSums } from "#metrics/churn.ts";
import { sayFigure } from "#metrics/figure.ts";
import { mrrMovements } from "#metrics/mrr-movements.ts";
import { ledger, WORLD, week, weekByHand } from "../fixtures/worked-figures.ledger.ts";
import { CHURN_RATES, CHURNZERO_NRR, WEEK_BY_HAND } from "../fixtures/worked-figures.ts";

const base = { zone: "UTC", base: "USD" };
const line = (amountMinor: number) => ({ amountMinor, customers: 1 });
const sums = (told: Partial<WindowSums>, lines: Partial<WindowSums["lines"]> = {}): WindowSums => ({
  currency: "USD",
  startMinor: 100,
  startCustomers: 100,
  keptMinor: 100,
  endOfStartersMinor: 100,
  lostCustomers: 0,
  lines: { new: line(0), reactivation: line(0), expansion: line(0), contraction: line(0), churn: line(0), ...lines },
  definition: {},
  rows: 0,
  ...told,
});

test.each(CHURN_RATES)("ChartMogul: $says", ({ churn, contraction, expansion, gross, net }) => {
  const lines = { churn: line(-churn), contraction: line(-contraction), expansion: line(expansion) };
  const found = churnFigures(sums({}, lines), WORLD);
  expect(found.grossMrrChurn.value).toBeCloseTo(gross);
  expect(found.netMrrChurn.value).toBeCloseTo(net);
});

test("ChurnZero's NRR: what the customers of the start pay at the end", () => {
  const { start, withUpsell, churn, nrr } = CHURNZERO_NRR;
  const found = churnFigures(sums({ startMinor: start, endOfStartersMinor: withUpsell - churn }), WORLD);
  expect(found.nrr.value).toBeCloseTo(nrr, 2);
});

test("the rates of a week worked out by hand", () => {
  const movements = mrrMovements({ ...base, rows: weekByHand(), window: week("2025-02-03") });
  const found = churnFigures(windowSums(movements), WORLD);
  expect(found.grr.value).toBeCloseTo(WEEK_BY_HAND.grr);
  expect(found.nrr.value).toBeCloseTo(WEEK_BY_HAND.nrr);
  expect(found.grossMrrChurn.value).toBeCloseTo(WEEK_BY_HAND.grossMrrChurn);
  expect(found.netMrrChurn.value).toBeCloseTo(WEEK_BY_HAND.netMrrChurn);
  expect(found.logoChurn.value).toBeCloseTo(WEEK_BY_HAND.logoChurn);
  expect(found.retentionRate.value).toBeCloseTo(1 - WEEK_BY_HAND.logoChurn);
  expect(found.quickRatio.value).toBeCloseTo(WEEK_BY_HAND.quickRatio);
  const withReactivation =
    found.nrr.of!.part + movements.movements.find(({ kind }) => kind === "reactivation")!.amountMinor;
  expect(withReactivation / found.nrr.of!.whole).toBeCloseTo(WEEK_BY_HAND.nrrWithReactivation);
});

describe("what a figure says of itself", () => {
  test("it names its formula, its options, its window, its zone, its filter and what it counted", () => {
    const movements = mrrMovements({ ...base, rows: weekByHand(), window: week("2025-02-03") });
    const scope = { window: week("2025-02-03"), zone: "Europe/Berlin", filter: "team EMEA" };
    expect(churnFigures(windowSums(movements), scope).grr).toMatchObject({
      metric: "GRR",
      definition: { formula: expect.stringContaining("min(end, start)"), mode: "net", flash: "apart" },
      window: { start: "2025-02-03", end: "2025-02-10" },
      zone: "Europe/Berlin",
      filter: "team EMEA",
      n: 10,
      rows: 13,
    });
  });

  test("below 30 customers people read how many of how many", () => {
    const movements = mrrMovements({ ...base, rows: weekByHand(), window: week("2025-02-03") });
    const few = churnFigures(windowSums(movements), WORLD);
    expect(sayFigure(few.logoChurn)).toBe("1 of 10");
    expect(sayFigure(few.grr)).toBe("$870.00 of $1,000.00");
    expect(sayFigure(churnFigures(sums({ startCustomers: 30, lostCustomers: 3 }), WORLD).logoChurn)).toBe("10.0%");
  });

  test("with nothing at the start there is no rate, rather than 0 %", () => {
    const rows = ledger([["2025-02-04", 100_00]]);
    const found = churnFigures(windowSums(mrrMovements({ ...base, rows, window: week("2025-02-03") })), WORLD);
    expect(found.grr).toMatchObject({ value: null, because: "MRR at the start is 0" });
    expect(found.logoChurn).toMatchObject({ value: null, because: "there are no customers at the start" });
    expect(sayFigure(found.netMrrChurn)).toBe("MRR at the start is 0");
  });

  test("without losses the quick ratio says so", () => {
    expect(sayFigure(churnFigures(sums({}, { new: line(50) }), WORLD).quickRatio)).toBe("no losses");
  });
});

test("growth of one customer does not hide the loss of another from GRR, and does from NRR", () => {
  const rows = ledger(
    [
      ["2025-01-06", 100_00],
      ["2025-02-04", 100_00],
    ],
    [
      ["2025-01-06", 100_00],
      ["2025-02-04", -100_00],
    ],
  );
  const found = churnFigures(windowSums(mrrMovements({ ...base, rows, window: week("2025-02-03") })), WORLD);
  expect(found.grr.value).toBe(0.5);
  expect(found.nrr.value).toBe(1);
});
