import { expect, test } from "vitest";
import { auroc, hit, mean, ndcg, pairedBootstrap, precision, recall, reciprocalRank } from "#metrics/retrieval.ts";

const grades = new Map([
  ["a", 2],
  ["b", 1],
  ["c", 0], // judged, and found not to help
]);

test.each([
  // By hand: the best order gives 2/log2(2) + 1/log2(3) = 2.63093.
  ["the best order", ["a", "b", "x"], 1],
  ["the two swapped: (1 + 2/1.58496) / 2.63093", ["b", "a"], 0.859719],
  ["the good one third: (2/2) / 2.63093", ["x", "y", "a"], 0.380094],
  ["nothing that helps", ["c", "x"], 0],
  ["nothing found", [], 0],
])("gain falls with the place: %s", (_, ranked, expected) => {
  expect(ndcg(ranked, grades)).toBeCloseTo(expected, 5);
});

test("what stands below the depth does not count", () => {
  const late = [...Array.from({ length: 10 }, (_, at) => `x${at}`), "a"];
  expect(ndcg(late, grades)).toBe(0);
  expect(hit(late, grades)).toBe(0);
  expect(reciprocalRank(late, grades)).toBeCloseTo(1 / 11, 10);
});

test("recall, precision and hit count what was judged to help", () => {
  const ranked = ["c", "b", "x", "a"];
  expect(recall(ranked, grades)).toBe(1);
  expect(recall(ranked, grades, 3)).toBe(0.5);
  expect(precision(ranked, grades)).toBeCloseTo(1 / 3, 10);
  expect(hit(ranked, grades, 1)).toBe(0);
  expect(hit(ranked, grades, 2)).toBe(1);
  expect(reciprocalRank(ranked, grades)).toBe(0.5);
});

test("a clean cut has an AUROC of 1, chance one half, ties count half", () => {
  expect(auroc([0.8, 0.9], [0.1, 0.2])).toBe(1);
  expect(auroc([0.5], [0.5])).toBe(0.5);
  // Pairs: .6 beats .4 and loses to .7; .3 loses to both: 1 of 4.
  expect(auroc([0.6, 0.3], [0.4, 0.7])).toBe(0.25);
  expect(auroc([0.6], [])).toBeNull();
});

test("an equal gain on every question leaves no doubt, one lucky question does", () => {
  const before = Array.from({ length: 40 }, (_, at) => at / 100);
  const steady = pairedBootstrap(
    before.map((value) => value + 0.1),
    before,
  );
  expect(steady.low).toBeCloseTo(0.1, 10);
  expect(steady.high).toBeCloseTo(0.1, 10);
  const lucky = pairedBootstrap(
    before.map((value, at) => (at === 7 ? value + 0.5 : value)),
    before,
  );
  expect(lucky.mean).toBeCloseTo(0.5 / 40, 10);
  expect(lucky.low).toBe(0);
});

test("the interval is about 1.96 standard errors wide, and the same each time", () => {
  // Differences of +1 and −1 in turn: deviation 1, 100 questions, so ±0.196 around 0.
  const now = Array.from({ length: 100 }, (_, at) => (at % 2 === 0 ? 1 : 0));
  const before = now.map((value) => 1 - value);
  const interval = pairedBootstrap(now, before);
  expect(interval.mean).toBe(0);
  expect(interval.low).toBeGreaterThan(-0.24);
  expect(interval.low).toBeLessThan(-0.15);
  expect(interval.high).toBeGreaterThan(0.15);
  expect(interval.high).toBeLessThan(0.24);
  expect(pairedBootstrap(now, before)).toEqual(interval);
});

test("nothing to compare is no difference, and unequal lists are refused", () => {
  expect(pairedBootstrap([], [])).toEqual({ mean: 0, low: 0, high: 0 });
  expect(() => pairedBootstrap([1], [])).toThrow(/as many values/);
  expect(mean([])).toBe(0);
});
