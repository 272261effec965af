import { expect, test } from "vitest";
import { cohortRetention } from "#metrics/cohorts.ts";
import { ledger, WORLD } from "../fixtures/worked-figures.ledger.ts";

const rows = ledger(
  [
    ["2025-01-06", 100_00],
    ["2025-03-10", 50_00],
  ],
  [
    ["2025-01-20", 100_00],
    ["2025-02-10", -100_00],
    ["2025-04-02", 60_00],
  ],
  [["2025-02-28T23:30:00Z", 40_00]],
);
const table = (options: object = {}) => cohortRetention({ rows, by: "month", asOf: "2025-04-15", ...options }, WORLD);

test("a cohort shrinks by who left, grows by who came back, and its money by what was added", () => {
  const [january] = table().cohorts;
  expect(january).toMatchObject({ start: "2025-01-01", customers: 2, startMinor: 200_00 });
  expect(january!.cells.map(({ logo }) => logo)).toEqual([1, 0.5, 0.5, 1]);
  expect(january!.cells.map(({ money }) => money)).toEqual([1, 0.5, 0.75, 1.05]);
});

test("gross money never counts more than a customer began with", () => {
  expect(table({ money: "gross" }).cohorts[0]!.cells.map(({ money }) => money)).toEqual([1, 0.5, 0.5, 0.8]);
});

test("an interval that is not over is marked, one that ended last night is not", () => {
  expect(table().cohorts[0]!.cells.map(({ partial }) => partial)).toEqual([false, false, false, true]);
  expect(table({ asOf: "2025-04-01" }).cohorts[0]!.cells.map(({ partial }) => partial)).toEqual([false, false, false]);
});

test("the first paid day is a day of the zone", () => {
  const berlin = cohortRetention({ rows, by: "month", asOf: "2025-04-15" }, { ...WORLD, zone: "Europe/Berlin" });
  expect(table().cohorts.map(({ start }) => start)).toEqual(["2025-01-01", "2025-02-01"]);
  expect(berlin.cohorts.map(({ start }) => start)).toEqual(["2025-01-01", "2025-03-01"]);
});

test("cohorts may be weeks and quarters, and nobody has no cohort", () => {
  expect(table({ by: "quarter" }).cohorts.map(({ customers }) => customers)).toEqual([3]);
  expect(table({ by: "week" }).cohorts.map(({ start }) => start)).toEqual(["2025-01-06", "2025-01-20", "2025-02-24"]);
  expect(cohortRetention({ rows: [], by: "month", asOf: "2025-04-15" }, WORLD).cohorts).toEqual([]);
});
