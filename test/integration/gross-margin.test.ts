import { expect, test } from "vitest";
import { grossMarginSet, setGrossMargin } from "#workspaces/gross-margin.ts";
import { callTool, madeCompany } from "../fixtures/figures.ts";

test("CLV says which gross margin it counts with: the whole unless the workspace has set one", async () => {
  const { context, account, ledger } = await madeCompany();
  await ledger(await account("Acme"), "2026-01-05", 10_000);
  const { database, actor } = context;
  const clv = async () =>
    (await callTool(context, "compare_figures", { metrics: ["clv"], windows: ["October 2026"] })).words;
  expect(await clv()).toContain("gross margin 100%");
  await setGrossMargin(database, actor.workspaceId, 0.78);
  expect(await clv()).toContain("gross margin 78%");
  await setGrossMargin(database, actor.workspaceId, null);
  expect(await database.read(actor, grossMarginSet)).toBeNull();
  expect(await clv()).toContain("gross margin 100%");
});
