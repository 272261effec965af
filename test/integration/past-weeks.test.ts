import { expect, test } from "vitest";
import { replaceBands } from "#accounts/health-weeks.ts";
import { replaceStageWeeks } from "#stages/weeks.ts";
import { callTool, madeCompany } from "../fixtures/figures.ts";

const weeks = { from: "2026-11-02", until: "2026-11-30" };

test("people see how health developed: each week's bands with their money, and the mean then and now", async () => {
  const { context } = await madeCompany();
  const band = (week: string, name: "good" | "watch" | "poor" | "unknown", accounts: number, score: number | null) => ({
    week,
    band: name,
    accounts,
    mrrMinor: accounts * 100_00,
    score,
    judgedOn: week,
  });
  await context.database.write(context.actor, (rows) =>
    replaceBands(rows, context.actor.workspaceId, {
      ...weeks,
      bands: [
        band("2026-11-09", "good", 3, 80),
        band("2026-11-09", "poor", 1, 20),
        band("2026-11-16", "good", 1, 90),
        band("2026-11-16", "poor", 2, 30),
        band("2026-11-16", "unknown", 4, null),
      ],
    }),
  );
  const { words } = await callTool(context, "past_weeks", { of: "health" });
  expect(words).toContain("Mean score 65.0 then, 50.0 now.");
  expect(words).toContain("- 2026-11-16: mean 50.0; poor 2 ($200.00), good 1 ($100.00), unknown 4 ($400.00)");
  expect(words).toContain("2 weeks of the 12 asked for are on record; `perennial history` works out more.");
});

test("stages week by week are told by their names, those who lapsed too", async () => {
  const { context } = await madeCompany();
  const stage = (name: string, accounts: number) => ({
    week: "2026-11-16",
    stage: name,
    accounts,
    paying: accounts,
    mrrMinor: accounts * 50_00,
    health: null,
    judgedOn: "2026-11-22",
  });
  await context.database.write(context.actor, (rows) =>
    replaceStageWeeks(rows, {
      workspaceId: context.actor.workspaceId,
      ...{ from: weeks.from, until: weeks.until, model: "experience-six" },
      weeks: [stage("retention", 5), stage("lapsed", 2)],
    }),
  );
  const { words } = await callTool(context, "past_weeks", { of: "stages", weeks: 4 });
  expect(words).toMatch(/Retention 5 \(\$250\.00\)/);
  expect(words).toMatch(/Lapsed 2 \(\$100\.00\)/);
});

test("without a past on record the answer names the command that works it out", async () => {
  const { context } = await madeCompany();
  expect((await callTool(context, "past_weeks", { of: "health" })).words).toContain(
    "`perennial history` works the past weeks out",
  );
});
