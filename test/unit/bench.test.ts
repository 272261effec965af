import { expect, test } from "vitest";
import { BadInput } from "#errors.ts";
import { seeded } from "#seeded.ts";
import { interleaved, single, spread } from "../../scripts/bench/measure.ts";
import { readOptions } from "../../scripts/bench/options.ts";
import { judged, type Row } from "../../scripts/bench/result.ts";
import { coinedWords, misspelt } from "../../scripts/bench/store/names.ts";

const row = (changes: Partial<Row>): Row => ({
  part: "turn",
  what: "a turn",
  unit: "ms",
  ours: single(3),
  against: { name: "peer", spread: single(2) },
  aim: null,
  ...changes,
});

test("an aim is met below its limit and missed at it", () => {
  expect(judged(row({ aim: { ratioBelow: 2 } }))).toMatchObject({ ratio: 1.5, met: true });
  expect(judged(row({ aim: { ratioBelow: 1.5 } })).met).toBe(false);
  expect(judged(row({ aim: { p50Below: 4 } })).met).toBe(true);
  expect(judged(row({ aim: { p50Below: 3 } })).met).toBe(false);
});

test("without an aim nothing is met or missed, and without a peer no ratio is told", () => {
  expect(judged(row({})).met).toBeNull();
  expect(judged(row({ against: null })).ratio).toBeNull();
});

test("one slow turn in a hundred is the 99th percentile's business, not the median's", () => {
  const values = [...Array.from({ length: 98 }, () => 1), 50, 90];
  expect(spread(values)).toEqual({ p50: 1, p99: 50, n: 100 });
});

test("every contestant runs once a round, each round begun by another one, warm-up not counted", async () => {
  const order: string[] = [];
  const run = (name: string) => async (round: number) => void order.push(`${name}${round}`);
  const timings = await interleaved({ a: run("a"), b: run("b") }, { rounds: 2, warmup: 1 });
  expect(order).toEqual(["a0", "b0", "b1", "a1", "a2", "b2"]);
  expect(timings.a.wallMs.n).toBe(2);
});

test("a wrong part or size is refused with what there is, and the sizes fit the database", () => {
  expect(() => readOptions(["speed"], null)).toThrow(BadInput);
  expect(() => readOptions(["--accounts", "many"], null)).toThrow(/--accounts takes a whole number/);
  expect(readOptions([], null)!.accounts).toBeLessThan(readOptions([], "postgres://localhost/x")!.accounts);
  expect(readOptions(["store", "--accounts", "1_000_000"], null)).toMatchObject({
    parts: ["store"],
    accounts: 1_000_000,
  });
});

test("several sizes are measured from small to large, and the store takes the largest", () => {
  expect(readOptions(["churn", "--accounts", "100_000,10000"], null)).toMatchObject({
    ledgers: [10_000, 100_000],
    accounts: 100_000,
  });
  expect(() => readOptions(["--accounts", "10000,few"], null)).toThrow(/not few/);
});

test("made-up names are the same in every run, and a typo always changes one", () => {
  const words = coinedWords(500, seeded(1));
  expect(coinedWords(500, seeded(1))).toEqual(words);
  expect(new Set(words).size).toBe(500);
  const random = seeded(2);
  for (const word of words) expect(misspelt(word, random)).not.toBe(word);
});
