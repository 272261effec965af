import { expect, test } from "vitest";
import { addDays } from "#lifecycle/days.ts";
import { healthBefore, healthBeforeLine } from "#tools/health-before.ts";

const TODAY = "2026-11-25";
/** The score of so many weeks before the one that runs. */
const week = (ago: number, score: number | null) => ({
  accountId: 1,
  week: addDays("2026-11-23", -7 * ago),
  score,
  points: [],
});

test("health is told at a few distances, with the lowest of the last year", () => {
  const found = healthBefore([week(53, 5), week(52, 90), week(30, 40), week(4, 80), week(1, 70), week(0, 20)], TODAY);
  expect(found.then.map(({ weeksAgo, score }) => [weeksAgo, score])).toEqual([
    [1, 70],
    [4, 80],
    [52, 90],
  ]);
  // Not the week that runs, nor what is more than a year ago.
  expect(found.lowest).toEqual({ week: addDays("2026-11-23", -210), score: 40 });
  expect(healthBeforeLine(found)).toContain(
    "a week ago 70, 4 weeks ago 80 and a year ago 90; lowest in the last year 40",
  );
});

test("weeks of which too little is known say nothing, and without a past nothing is said", () => {
  expect(healthBefore([week(1, null), week(4, 60)], TODAY).then).toEqual([
    { weeksAgo: 4, week: "2026-10-26", score: 60 },
  ]);
  expect(healthBeforeLine(healthBefore([week(0, 60)], TODAY))).toBeNull();
});
