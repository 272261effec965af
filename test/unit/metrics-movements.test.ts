import { describe, expect, test } from "vitest";
import { mrrMovements } from "#metrics/mrr-movements.ts";
import { rollForward } from "#metrics/roll-forward.ts";
import { ledger, week, weekByHand } from "../fixtures/worked-figures.ledger.ts";
import { CHARTMOGUL_STORY, MRR_STORIES, WEEK_BY_HAND } from "../fixtures/worked-figures.ts";

const base = { zone: "UTC", base: "USD" };
const february = { start: "2025-02-01", end: "2025-03-01" };

describe("one customer's week", () => {
  test.each(MRR_STORIES)("$says", ({ changes, week: monday, moved }) => {
    const found = mrrMovements({ ...base, rows: ledger(changes), window: week(monday) });
    expect(found.movements.map(({ kind, amountMinor }) => ({ kind, amount: amountMinor }))).toEqual(
      moved ? [moved] : [],
    );
    expect(rollForward(found)).toMatchObject({ differenceMinor: 0, wrong: null });
  });
});

test("ChartMogul's customer goes through all five movements", () => {
  const days = ["2025-01-06", "2025-02-03", "2025-03-03", "2025-04-07", "2025-05-05"];
  const rows = ledger(CHARTMOGUL_STORY.map(({ amount }, step): [string, number] => [days[step]!, amount]));
  const found = days.flatMap((day) => mrrMovements({ ...base, rows, window: week(day) }).movements);
  expect(found.map(({ kind, amountMinor }) => [kind, amountMinor])).toEqual(
    CHARTMOGUL_STORY.map(({ kind, amount }) => [kind, amount]),
  );
});

test("the roll-forward of a week tells each line with its customers and ends where the ledger ends", () => {
  const found = mrrMovements({ ...base, rows: weekByHand(), window: week("2025-02-03") });
  const sum = (amounts: number[]) => amounts.reduce((whole, each) => whole + each, 0);
  const { expansion, contraction, churn, reactivation, opening, closing } = WEEK_BY_HAND;
  expect(rollForward(found)).toMatchObject({
    openingMinor: opening,
    lines: {
      new: { amountMinor: sum(WEEK_BY_HAND.new), customers: 2 },
      reactivation: { amountMinor: sum(reactivation), customers: 1 },
      expansion: { amountMinor: sum(expansion), customers: 3 },
      contraction: { amountMinor: -sum(contraction), customers: 2 },
      churn: { amountMinor: -sum(churn), customers: 1 },
    },
    fxMinor: 0,
    closingMinor: closing,
    wrong: null,
  });
});

test("each movement keeps the rows it was read from and the moment MRR became what it is", () => {
  const rows = ledger([
    ["2025-01-06", 100_00],
    ["2025-02-03T09:00:00Z", -60_00],
    ["2025-02-05T10:00:00Z", -40_00],
  ]);
  const [lost] = mrrMovements({ ...base, rows, window: week("2025-02-03") }).movements;
  expect(lost).toMatchObject({ kind: "churn", at: "2025-02-05T10:00:00Z", rows: ["mrr_event:1001", "mrr_event:1002"] });
});

test("in gross each event is a movement, and what happens within an hour is one event", () => {
  const changes: [string, number][] = [
    ["2025-01-06", 100_00],
    ["2025-02-03T09:00:00Z", -100_00],
    ["2025-02-03T09:59:00Z", 150_00],
    ["2025-02-05T09:00:00Z", -150_00],
    ["2025-02-06T09:00:00Z", 90_00],
  ];
  const { movements, definition } = mrrMovements({
    ...base,
    rows: ledger(changes),
    window: week("2025-02-03"),
    mode: "gross",
  });
  expect(movements.map(({ kind, amountMinor }) => [kind, amountMinor])).toEqual([
    ["expansion", 50_00],
    ["churn", -150_00],
    ["reactivation", 90_00],
  ]);
  expect(definition).toMatchObject({ mode: "gross", event: "60 minutes" });
});

test.each(["net", "gross"] as const)("in %s, who came and went is apart unless both are to be counted", (mode) => {
  const rows = ledger([
    ["2025-02-03", 100_00],
    ["2025-02-04", 20_00],
    ["2025-02-07", -120_00],
  ]);
  const apart = mrrMovements({ ...base, rows, window: week("2025-02-03"), mode });
  expect(apart.movements).toEqual([]);
  expect(apart.flash).toMatchObject([{ accountId: 1, kind: "new", peakMinor: 120_00 }]);
  const both = rollForward(mrrMovements({ ...base, rows, window: week("2025-02-03"), mode, flash: "include" }));
  expect(both.lines.churn.amountMinor).toBe(-120_00);
  expect(both).toMatchObject({ openingMinor: 0, closingMinor: 0, wrong: null });
});

describe("other currencies", () => {
  test("a change of rates alone makes no movement; its line shows it", () => {
    const rows = ledger([["2025-01-06", 100_00, "EUR", 1.1]]);
    const revalue = {
      start: (minor: number) => Math.round(minor * 1.1),
      end: (minor: number) => Math.round(minor * 1.2),
    };
    const found = mrrMovements({ ...base, rows, window: february, revalue });
    expect(found.movements).toEqual([]);
    expect(rollForward(found)).toMatchObject({
      openingMinor: 110_00,
      fxMinor: 10_00,
      closingMinor: 120_00,
      wrong: null,
    });
  });

  test("who leaves takes along what was counted, whatever the rate is on that day", () => {
    const rows = ledger([
      ["2025-01-06", 100_00, "EUR", 1.1],
      ["2025-02-03", -100_00, "EUR", 1.3],
    ]);
    const found = rollForward(mrrMovements({ ...base, rows, window: february }));
    expect(found).toMatchObject({ openingMinor: 110_00, closingMinor: 0, fxMinor: 0, wrong: null });
    expect(found.lines.churn.amountMinor).toBe(-110_00);
  });

  test("down and up again at another rate is no movement", () => {
    const rows = ledger([
      ["2025-01-06", 100_00, "EUR", 1.1],
      ["2025-02-03", -50_00, "EUR", 1.1],
      ["2025-02-05", 50_00, "EUR", 1.3],
    ]);
    const found = mrrMovements({ ...base, rows, window: february });
    expect(found.movements).toEqual([]);
    expect(found.fx).toEqual([{ accountId: 1, amountMinor: 10_00 }]);
    expect(rollForward(found).wrong).toBeNull();
  });

  test("an upgrade stays an upgrade when the rate falls between its two rows", () => {
    const rows = ledger([
      ["2025-01-06", 100_00, "EUR", 1.2],
      ["2025-02-03", -100_00, "EUR", 1.2],
      ["2025-02-05", 101_00, "EUR", 1.1],
    ]);
    const [moved] = mrrMovements({ ...base, rows, window: february }).movements;
    expect(moved).toMatchObject({ kind: "expansion", amountMinor: 1_10 });
  });
});

test("a ledger that takes somebody below 0 is named and not smoothed over", () => {
  const found = mrrMovements({
    ...base,
    rows: ledger([
      ["2025-01-06", 100_00],
      ["2025-02-03", -130_00],
    ]),
    window: february,
  });
  expect(found.faults).toEqual([{ accountId: 1, balanceMinor: -30_00, rows: ["mrr_event:1001"] }]);
  expect(rollForward(found)).toMatchObject({ differenceMinor: -30_00 });
  expect(rollForward(found).wrong).toContain("below 0");
});

test("a week is a week of the workspace's zone, and the hour that the clock skips changes nothing", () => {
  const rows = ledger([["2026-03-29T22:30:00Z", 100_00]]); // 00:30 on Monday in Berlin, in the night the clock went forward
  const inZone = (zone: string, start: string) =>
    mrrMovements({ rows, base: "USD", zone, window: week(start) }).movements;
  expect(inZone("Europe/Berlin", "2026-03-30")).toHaveLength(1);
  expect(inZone("UTC", "2026-03-23")).toHaveLength(1);
  expect(inZone("Europe/Berlin", "2026-03-23")).toEqual([]);
});

test("a window that runs backwards and a zone that does not exist are said", () => {
  const asked = { rows: [], base: "USD", zone: "UTC" };
  expect(() => mrrMovements({ ...asked, window: { start: "2025-02-03", end: "2025-02-03" } })).toThrow(
    /not after its start/,
  );
  expect(() => mrrMovements({ ...asked, zone: "Mars/Olympus", window: february })).toThrow(/Mars\/Olympus/);
});
