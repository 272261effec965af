import { expect, test } from "vitest";
import { csat } from "#metrics/csat.ts";
import { byGroup, nps, type SurveyAnswer } from "#metrics/nps.ts";
import { WORLD } from "../fixtures/worked-figures.ledger.ts";
import { CSAT_CASE, NPS_CASES } from "../fixtures/worked-figures.ts";

const answer = (score: number, place: number, told: Partial<SurveyAnswer> = {}): SurveyAnswer => ({
  row: `survey_response:${place}`,
  person: `contact:${place}`,
  on: "2026-02-03",
  score,
  ...told,
});

test.each(NPS_CASES)("NPS $nps", ({ scores, nps: expected, standardError }) => {
  const found = nps(
    scores.map((score, place) => answer(score, place)),
    WORLD,
  );
  if (expected === null) expect(found.score).toMatchObject({ value: null, because: "no answers" });
  else expect(found.score.value).toBeCloseTo(expected);
  if (standardError) expect(found.score.standardError).toBeCloseTo(standardError, 2);
  expect(found.promoters + found.passives + found.detractors).toBe(scores.length);
});

test("the last answer of a person in the window counts, whatever the order of the rows", () => {
  const window = { start: "2026-01-01", end: "2026-02-01" };
  const answers = [
    answer(9, 2, { person: "contact:1", on: "2026-01-20" }),
    answer(2, 1, { person: "contact:1", on: "2026-01-10" }),
    answer(0, 3, { person: "contact:1", on: "2026-02-01" }),
    answer(8, 4, { person: null, on: "2026-01-11" }),
  ];
  for (const given of [answers, answers.toReversed()])
    expect(nps(given, { ...WORLD, window })).toMatchObject({
      promoters: 1,
      passives: 1,
      detractors: 0,
      score: { n: 2, rows: 3 },
    });
});

test("scores that a survey cannot give are left out and counted", () => {
  expect(nps([answer(11, 1), answer(10, 2)], WORLD)).toMatchObject({ refused: 1, score: { value: 100, n: 1 } });
  expect(csat([answer(0, 1), answer(5, 2)], WORLD)).toMatchObject({ refused: 1, score: { value: 1, n: 1 } });
});

test("by stage, those whose stage is not known come last", () => {
  const answers = [
    answer(9, 1, { groups: { stage: null } }),
    answer(3, 2, { groups: { stage: "retention" } }),
    answer(10, 3, { groups: { stage: "advocacy" } }),
  ];
  const found = byGroup(answers, "stage", (mine) => nps(mine, WORLD).score.value);
  expect(found).toEqual([
    { group: "advocacy", score: 100 },
    { group: "retention", score: -100 },
    { group: null, score: 100 },
  ]);
});

test("CSAT is the share of fours and fives", () => {
  const { scores, satisfied } = CSAT_CASE;
  const found = csat(
    scores.map((score, place) => answer(score, place)),
    WORLD,
  );
  expect(found.score.value).toBeCloseTo(satisfied);
  expect(found.score.standardError).toBeCloseTo(Math.sqrt((satisfied * (1 - satisfied)) / scores.length));
  expect(found.mean).toBeCloseTo(22 / 6);
});
