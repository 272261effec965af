import { expect, test } from "vitest";
import { pointsOf, windowLabel } from "#reports/charts/points.ts";
import { renderPng, renderSvg } from "#reports/charts/render.ts";
import { mapPictureOf, type StageMap } from "#reports/charts/stage-map.ts";
import { stepsOf } from "#reports/charts/steps.ts";
import { trendOf } from "#reports/charts/trend.ts";
import { waterfallOf } from "#reports/charts/waterfall.ts";
import type { ChurnReport } from "#reports/churn-report.ts";
import { aChurnReport, aQuietReport } from "../fixtures/churn-report.ts";

const report = aChurnReport();

/** A report whose MRR is another one, with the same movements. */
const startingAt = (startMinor: number, changes: Partial<ChurnReport> = {}): ChurnReport => ({
  ...report,
  ...changes,
  rollForward: { ...report.rollForward, startMinor, endMinor: startMinor + report.headline.netMinor },
});

test("every step of the waterfall begins where the one before ended, and the last is the end", () => {
  const steps = stepsOf(report);
  expect(steps.map(({ label }) => label)).toEqual(["Start", "New", "Expansion", "Contraction", "Churn", "End"]);
  const moves = steps.slice(1, -1);
  moves.reduce((at, step) => {
    expect(step.fromMinor).toBe(at);
    return step.toMinor;
  }, report.rollForward.startMinor);
  expect(moves.at(-1)?.toMinor).toBe(report.rollForward.endMinor);
});

test("exchange rates get a step of their own, without customers", () => {
  const lines = [
    ...report.rollForward.lines.slice(0, 5),
    { kind: "exchange" as const, amountMinor: -500, customers: 9 },
  ];
  const steps = stepsOf({ rollForward: { ...report.rollForward, lines, endMinor: 11_698_015 } });
  expect(steps.at(-2)).toMatchObject({
    label: "Exchange rates",
    amountMinor: -500,
    customers: null,
    toMinor: 11_698_015,
  });
});

test("the waterfall shows every amount to the cent, who was lost, and says the same in words", async () => {
  const picture = waterfallOf(report);
  const svg = await renderSvg(picture);
  for (const amount of ["$120,000.00", "+$950.00", "+$410.50", "−$275.25", "−$4,100.10", "$116,985.15"]) {
    expect(svg).toContain(`>${amount}<`);
    expect(picture.alt).toContain(amount);
  }
  expect(svg).toContain("Lost: Acme GmbH $2,400.00, Tidemark Freight $1,200.10, Quiet Harbor $500.00");
  expect(svg).toContain(`<desc>${picture.alt}</desc>`);
  expect(svg).toContain("412 ledger rows");
});

test("movements that are small beside the start are shown large, and the picture says that its axis is cut", async () => {
  expect(await renderSvg(waterfallOf(report))).toContain("the axis begins at $115,000.00");
  expect(await renderSvg(waterfallOf(startingAt(600_000)))).not.toContain("the axis begins");
});

test("amounts too long to stand over a bar are all shortened, and that is said", async () => {
  const svg = await renderSvg(waterfallOf(startingAt(1_234_567_890_12)));
  expect(svg).toContain(">$1.23B<");
  expect(svg).toContain("amounts are rounded");
  expect(await renderSvg(waterfallOf(startingAt(12_000_000, { currency: "JPY" })))).toContain(">¥12,000,000<");
});

test("a week without movements and a company without customers are drawn too", async () => {
  const quiet = aQuietReport();
  expect(await renderSvg(waterfallOf(quiet))).toContain("nobody was lost");
  const nobody = {
    ...quiet,
    rollForward: { ...quiet.rollForward, startMinor: 0, startCustomers: 0, endMinor: 0, endCustomers: 0 },
  };
  const svg = await renderSvg(waterfallOf(nobody));
  expect(svg).toContain("0 customers");
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
});

test("the same report gives the same picture, 2400 by 1260 points", async () => {
  const [one, two] = await Promise.all([renderSvg(waterfallOf(report)), renderSvg(waterfallOf(aChurnReport()))]);
  expect(one).toBe(two);
  const png = Buffer.from(renderPng(one));
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([2400, 1260]);
  expect(Buffer.from(renderPng(two)).equals(png)).toBe(true);
});

test("a name from the CRM is text in a picture, never markup", async () => {
  const lost = [{ ...report.lost[0]!, name: '</text><script>alert("1")</script> & Söhne' }];
  const svg = await renderSvg(waterfallOf({ ...report, lost }));
  expect(svg).not.toContain("<script>");
  expect(svg).toContain("&lt;script");
});

test("the trend shows each window and how the last one stands to the mean", async () => {
  const picture = trendOf(report)!;
  const svg = await renderSvg(picture);
  expect(svg).toContain("MRR gained and lost, last 12 weeks");
  expect(svg).toContain(">31 Aug<");
  expect(svg).toContain("−$3,734.85 against the one before");
  expect(picture.alt).toContain("16 Nov −$3,014.85 (3 lost)");
  const last = pointsOf(report).at(-1)!;
  expect(last.gainedMinor + last.lostMinor).toBe(last.netMinor);
  expect(last.netMinor).toBe(report.headline.netMinor);
});

test("with nothing to compare with there is no trend", () => {
  expect(trendOf({ ...report, trend: { ...report.trend, windows: report.trend.windows.slice(-1) } })).toBeNull();
});

test.each([
  ["week", "2026-11-16", "16 Nov"],
  ["month", "2026-11-01", "Nov 26"],
  ["quarter", "2026-10-01", "Q4 26"],
  [null, "2026-10-03", "3 Oct 26"],
] as const)("a %s is labelled by its start", (interval, start, label) => {
  expect(windowLabel({ start, end: "2027-01-01" }, interval)).toBe(label);
});

test("the lifecycle map has a count in each cell that was touched, and what hurts most in each stage", async () => {
  const map: StageMap = {
    title: "last 90 days",
    model: "Six stages",
    scope: { filter: "all accounts", zone: "Europe/Berlin" },
    stages: [
      { id: "purchase", name: "Purchase", accounts: 1, pains: [] },
      { id: "retention", name: "Retention", accounts: 230, pains: [{ what: "bug (17 urgent)", count: 36 }] },
    ],
    touchpoints: [
      { id: "email", title: "E-mail" },
      { id: "call", title: "Calls" },
      { id: "loyalty", title: "Loyalty and referrals" },
    ],
    cells: [
      { stage: "retention", touchpoint: "email", touches: 1_963, accounts: 90 },
      { stage: "purchase", touchpoint: "call", touches: 4, accounts: 1 },
    ],
  };
  const picture = mapPictureOf(map);
  const svg = await renderSvg(picture);
  for (const shown of [
    "1,963",
    "4",
    "36 × bug",
    "none seen",
    "230 accounts today",
    "1 account today",
    "Loyalty and",
    "referrals",
  ])
    expect(svg).toContain(`>${shown}<`);
  expect(picture.alt).toBe("Lifecycle map, last 90 days. Purchase: Calls 4. Retention: E-mail 1963.");
});
