import { describe, expect, test } from "vitest";
import { stageFunnel } from "#metrics/funnel.ts";
import type { Spell } from "#metrics/spells.ts";
import { dayWhenEnded, kaplanMeier, survivalAt, survivalInterval, timeInStage } from "#metrics/time-in-stage.ts";
import { WORLD } from "../fixtures/worked-figures.ledger.ts";
import { GLIOMA } from "../fixtures/worked-figures.ts";

const ORDER = ["awareness", "consideration", "purchase"];
const DAYS = ["2026-01-05", "2026-01-15", "2026-01-25", "2026-02-05", "2026-02-15"];

/** Accounts that go from stage to stage every ten days; "-" leaves the model, the last stage stays open. */
const spells = (...paths: string[]): Spell[] =>
  paths.flatMap((path, account) => {
    const stages = path.split(" ");
    return stages
      .map((stage, step) => ({
        accountId: account + 1,
        stage,
        from: DAYS[step]!,
        to: step === stages.length - 1 ? null : DAYS[step + 1]!,
      }))
      .filter(({ stage }) => stage !== "-");
  });
const funnel = (paths: string[], mode?: "strict" | "any-order", until = "2026-03-01") =>
  stageFunnel(
    { spells: spells(...paths), order: ORDER, window: { start: "2026-01-01", end: "2026-04-01" }, until, mode },
    WORLD,
  );

describe("the funnel", () => {
  const paths = [
    "awareness consideration purchase",
    "awareness purchase",
    "awareness consideration awareness",
    "awareness -",
    "awareness",
    "consideration purchase -",
  ];

  test("everybody who entered a stage went forward, back, out, or is still there", () => {
    expect(funnel(paths)).toMatchObject([
      { stage: "awareness", entered: 5, forward: 2, backward: 0, out: 1, still: 2, again: 1 },
      { stage: "consideration", entered: 3, forward: 2, backward: 1, out: 0, still: 0, again: 0 },
      { stage: "purchase", entered: 3, forward: 0, backward: 0, out: 1, still: 2, again: 0 },
    ]);
  });

  test("in any order a skipped stage is passed, and who is still on the way has not failed", () => {
    const [awareness, consideration, purchase] = funnel(paths);
    expect(awareness!.next).toMatchObject({ of: { part: 3, whole: 4 }, definition: { stillOpen: 1 } });
    expect(consideration!.next).toMatchObject({ of: { part: 2, whole: 3 } });
    expect(purchase!.cumulative).toMatchObject({ of: { part: 2, whole: 3 }, definition: { stillOpen: 2 } });
    expect(purchase!.next).toBeNull();
  });

  test("strict counts only those that went through every stage in order", () => {
    const [awareness, consideration, purchase] = funnel(paths, "strict");
    expect([awareness!.entered, consideration!.entered, purchase!.entered]).toEqual([5, 2, 1]);
    expect(awareness!.next).toMatchObject({ of: { part: 2, whole: 4 }, definition: { order: "strict" } });
    expect(purchase!.cumulative).toMatchObject({ of: { part: 1, whole: 3 } });
  });

  test("where nobody has decided yet there is no rate", () => {
    expect(funnel(["awareness", "awareness"])[0]!.next).toMatchObject({
      value: null,
      because: "all 2 are still on their way",
    });
    expect(funnel(["purchase"])[0]!.next).toMatchObject({ value: null, because: "nobody entered" });
  });

  test("what happened after the last known day is not known", () => {
    const [awareness] = funnel(["awareness consideration"], undefined, "2026-01-10");
    expect(awareness).toMatchObject({ entered: 1, still: 1, forward: 0 });
  });
});

describe("Kaplan–Meier", () => {
  const durations = ({ ended, open }: { ended: number[]; open: number[] }) => [
    ...ended.map((days) => ({ days, ended: true })),
    ...open.map((days) => ({ days, ended: false })),
  ];

  test("glioma patients: survival and intervals as in R", () => {
    const treated = kaplanMeier(durations(GLIOMA.treated));
    for (const [day, survival] of Object.entries(GLIOMA.treated.survival))
      expect(survivalAt(treated, Number(day)).survival).toBeCloseTo(survival, 3);
    const others = kaplanMeier(durations(GLIOMA.others));
    for (const day of [9, 19, 32, 34] as const) {
      const at = survivalAt(others, day);
      expect(at.survival).toBeCloseTo(GLIOMA.others.survival[day], 3);
      expect(survivalInterval(at).low).toBeCloseTo(GLIOMA.others.low[day], 3);
      expect(survivalInterval(at).high).toBeCloseTo(GLIOMA.others.high[day], 3);
    }
    expect(dayWhenEnded(others, 0.5)).toBe(32);
    expect(dayWhenEnded(treated, 0.5)).toBeNull();
  });
});

describe("time in stage", () => {
  const stay = (accountId: number, from: string, to: string | null): Spell => ({
    accountId,
    stage: "consideration",
    from,
    to,
  });

  test("open spells hold the median up, and stand beside it with their age", () => {
    const found = timeInStage(
      [
        stay(1, "2026-01-01", "2026-01-11"),
        stay(2, "2026-01-01", "2026-01-21"),
        stay(3, "2026-01-01", null),
        stay(4, "2026-02-01", null),
      ],
      "consideration",
      "2026-03-02",
      WORLD,
    );
    expect(found).toMatchObject({
      finishedMedian: 15,
      finished: 2,
      open: { spells: 2, medianDays: 44.5, longestDays: 60 },
    });
    expect(found.median.value).toBe(20);
    expect(found.p90).toMatchObject({ value: null, because: "less than nine of ten have left the stage" });
  });

  test("who enters again begins anew", () => {
    const spell = timeInStage(
      [stay(1, "2026-01-01", "2026-01-06"), stay(1, "2026-02-01", "2026-02-21")],
      "consideration",
      "2026-03-01",
      WORLD,
    );
    expect(spell.median).toMatchObject({ value: 5, n: 2 });
  });

  test("an end that lies ahead has not happened yet, and a stage that nobody was in has no time", () => {
    const planned = timeInStage([stay(1, "2026-01-01", "2026-05-01")], "consideration", "2026-01-31", WORLD);
    expect(planned).toMatchObject({ finished: 0, open: { longestDays: 30 } });
    expect(timeInStage([], "purchase", "2026-01-31", WORLD).median.because).toBe("nobody was in the stage");
  });
});
