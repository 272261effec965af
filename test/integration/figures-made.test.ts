import { describe, expect, test } from "vitest";
import { toolNamed } from "#tools/index.ts";
import { callTool, madeCompany } from "../fixtures/figures.ts";

describe("how accounts go through the stages", () => {
  test("a churned account has left its stage, and one that came back is in it anew", async () => {
    const made = await madeCompany();
    const gone = await made.account("Gone", [
      ["retention", "2026-01-01"],
      ["awareness", "2026-07-01"],
    ]);
    const back = await made.account("Back", [["retention", "2026-01-01"]]);
    await made.ledger(gone, "2026-01-01", 10_000);
    await made.ledger(gone, "2026-06-30", -10_000, "churn");
    await made.ledger(back, "2026-01-01", 10_000);
    await made.ledger(back, "2026-03-01", -10_000, "churn");
    await made.ledger(back, "2026-05-01", 8_000, "came back");
    const { found } = await callTool(made.context, "stage_funnel", { window: "2026" });
    const retention = found.stages.find(({ id }: { id: string }) => id === "retention");
    expect(retention).toMatchObject({ entered: 2, out: 1, still: 1, again: 1 });
    expect(retention.time.finished).toBe(2);
    expect(found.stages.find(({ id }: { id: string }) => id === "awareness").entered).toBe(0);
  });

  test("a conversion counts who is decided, and says who is still on the way", async () => {
    const made = await madeCompany();
    await made.account("Bought", [
      ["consideration", "2026-10-05"],
      ["purchase", "2026-10-20"],
    ]);
    await made.account("Jumped", [
      ["consideration", "2026-10-06"],
      ["retention", "2026-11-01"],
    ]);
    await made.account("Cooled", [
      ["consideration", "2026-10-07"],
      ["awareness", "2026-11-01"],
    ]);
    await made.account("Thinks", [["consideration", "2026-11-10"]]);
    await made.account("Before", [
      ["consideration", "2026-09-30"],
      ["purchase", "2026-10-10"],
    ]);
    const asked = { window: "this quarter", from: "Consideration", to: "Purchase" };
    const { found, words } = await callTool(made.context, "stage_funnel", asked);
    expect(found.conversion.figure).toMatchObject({ of: { part: 2, whole: 3 }, definition: { stillOpen: 1 } });
    expect(words).toContain("Of the 4 accounts that entered Consideration");
    const strict = await callTool(made.context, "stage_funnel", { ...asked, mode: "strict" });
    expect(strict.found.conversion.figure.of).toEqual({ part: 1, whole: 3 });
  });

  test("accounts are stuck where they wait longer than the stage expects, also where hardly anybody has left it", async () => {
    const made = await madeCompany();
    for (let each = 0; each < 4; each += 1) await made.account(`Waiting ${each}`, [["purchase", "2026-08-01"]]);
    await made.account("Quick", [
      ["purchase", "2026-08-01"],
      ["support", "2026-08-05"],
    ]);
    const { found, words } = await callTool(made.context, "stage_funnel", { window: "2026" });
    expect(found.stuck[0].stage).toBe("Purchase");
    expect(words).toMatch(
      /get stuck most in \*\*Purchase\*\*: of 4 in it now half have been there for more than 113 days \(expected: 21\)/,
    );
    expect(words).toContain("median not reached yet");
  });
});

test("a churn is dated in the company's zone, not in UTC", async () => {
  const made = await madeCompany({ zone: "Asia/Tokyo" });
  const account = await made.account("Tokyo");
  await made.ledger(account, "2026-09-15T00:00:00Z", 5_000);
  await made.ledger(account, "2026-10-31T15:30:00Z", -5_000, "churn");
  const october = await callTool(made.context, "why_mrr_changed", { window: "October" });
  const november = await callTool(made.context, "why_mrr_changed", { window: "this month" });
  expect(october.found.explained).toEqual([]);
  expect(november.found.explained).toMatchObject([{ kind: "churn", amountMinor: -5_000, on: "2026-11-01" }]);
});

test("without MRR at the start a rate is not 0 but not there, and few customers are told as k of n", async () => {
  const made = await madeCompany();
  for (const [at, name] of ["One", "Two", "Three"].entries()) {
    const id = await made.account(name);
    await made.ledger(id, "2026-08-10", 1_000);
    if (at === 0) await made.ledger(id, "2026-10-10", -1_000, "churn");
  }
  const { words } = await callTool(made.context, "compare_figures", {
    metrics: ["logo_churn", "nrr"],
    windows: ["Q2", "October"],
  });
  expect(words).toMatch(/logo churn\*\*: Q2 2026 there are no customers at the start.*October 2026 1 of 3/);
  expect(words).toMatch(/NRR\*\*: Q2 2026 MRR at the start is 0.*October 2026 \$20\.00 of \$30\.00/);
});

test("who churned after a price increase: rows that the ledger calls one, beside those that had none", async () => {
  const made = await madeCompany();
  const [raised, late, calm, kept] = [
    await made.account("Raised"),
    await made.account("Late"),
    await made.account("Calm"),
    await made.account("Kept"),
  ];
  for (const id of [raised, late, calm, kept]) await made.ledger(id, "2025-12-01", 10_000, "new");
  for (const id of [raised, late, kept]) await made.ledger(id, "2026-01-10", 1_000, "price increase");
  await made.ledger(raised, "2026-03-10", -11_000, "churn");
  await made.ledger(late, "2026-11-10", -11_000, "churn");
  await made.ledger(calm, "2026-04-10", -10_000, "churn");
  const { found, words } = await callTool(made.context, "churned_after_price_increase", { within_days: 90 });
  expect(found.accounts).toMatchObject([
    { name: "Raised", raisedOn: "2026-01-10", churnedOn: "2026-03-10", daysAfter: 59 },
  ]);
  expect(found).toMatchObject({
    basis: "named a price increase",
    raised: { customers: 3, churned: 1 },
    others: { customers: 1, churned: 1 },
  });
  expect(words).toContain("1 of 3 with a rise; of those without one, 1 of 1");
});

test("a what-if leaves the rest of the roll-forward as it is, and says that it is supposed", async () => {
  const made = await madeCompany();
  const [one, two] = [await made.account("Alder"), await made.account("Birch")];
  await made.ledger(one, "2026-01-01", 10_000);
  await made.ledger(two, "2026-01-01", 30_000);
  const { found } = await callTool(made.context, "what_if", { accounts: [`#${two}`], suppose: "churn" });
  const [scheduled, supposed] = found.outcomes;
  expect(found).toMatchObject({ hypothetical: true, differenceMinor: -30_000 });
  expect(scheduled.rollForward.closingMinor).toBe(40_000);
  expect(supposed).toMatchObject({
    grr: { value: 0.25 },
    logoChurn: { of: { part: 1, whole: 2 } },
    rollForward: { closingMinor: 10_000 },
  });
  const grown = await callTool(made.context, "what_if", { accounts: [`#${one}`], suppose: "grow", percent: 50 });
  expect(grown.found.differenceMinor).toBe(5_000);
});

test("the lifecycle map counts a touch for the stage of its day, with what hurts there", async () => {
  const made = await madeCompany();
  const id = await made.account("Mapped", [
    ["support", "2026-09-01"],
    ["retention", "2026-11-01"],
  ]);
  await made.ticket(id, "2026-10-10", { kind: "onboarding" });
  await made.ticket(id, "2026-11-10", { kind: "bug" });
  await made.ticket(id, "2026-11-11", { kind: "bug" });
  await made.answer(id, "2026-11-12", 3, "Too slow");
  const { found } = await callTool(made.context, "lifecycle_map", {});
  const touches = (stage: string, touchpoint: string) =>
    found.cells.find(
      (cell: { stage: string; touchpoint: string }) => cell.stage === stage && cell.touchpoint === touchpoint,
    )?.touches;
  expect([
    touches("support", "support"),
    touches("retention", "support"),
    touches("retention", "survey"),
    touches("awareness", "support"),
  ]).toEqual([1, 2, 1, 0]);
  const retention = found.stages.find((stage: { id: string }) => stage.id === "retention");
  expect(retention.pains.map(({ count, from }: { count: number; from: string }) => [from, count])).toEqual([
    ["tickets", 2],
    ["surveys", 1],
  ]);
});

test("NPS by stage is by the stage of the day of the answer; one from before the history has none", async () => {
  const made = await madeCompany();
  const id = await made.account("Answered", [
    ["support", "2026-06-01"],
    ["retention", "2026-09-01"],
  ]);
  const other = await made.account("Early", [["retention", "2026-09-01"]]);
  await made.answer(id, "2026-07-01", 9);
  await made.answer(other, "2026-05-01", 2);
  const { found } = await callTool(made.context, "scores", { score: "nps", group_by: "stage" });
  expect(
    found.groups.map(({ group, figure }: { group: string; figure: { value: number } }) => [group, figure.value]),
  ).toEqual([
    ["Support", 100],
    ["no stage on record", -100],
  ]);
  expect(found.doubts.join()).toContain("1 of 2 answers is older");
});

test("who went back a stage is told with both stages; one customer's own words stay out of a channel", async () => {
  const { context, account, ledger } = await madeCompany();
  const stages: [string, string][] = [
    ["support", "2026-08-01"],
    ["retention", "2026-09-01"],
    ["support", "2026-11-05"],
  ];
  const back = await account("Went Back", stages);
  const gone = await account("Gone Away");
  await ledger(back, "2026-08-01", 10_000);
  await ledger(gone, "2026-08-01", 5_000);
  await ledger(gone, "2026-11-10", -5_000, "the new boss knows someone at a rival");
  const { found, words } = await callTool(context, "stage_regressions", { window: "this month" });
  expect(found.accounts).toEqual([{ id: back, name: "Went Back" }]);
  expect(words).toContain("from Retention to Support on 2026-11-05");
  const lost = await callTool(context, "mrr_movements", { window: "this month", kinds: ["churn"], with_rows: true });
  expect(lost.words).toContain("the new boss");
  const shown = toolNamed("mrr_movements")!.inChannel!(lost.found);
  expect(JSON.stringify(shown.finding)).not.toContain("the new boss");
  expect(shown.keptOut).toEqual(["reasons that were written down"]);
});
