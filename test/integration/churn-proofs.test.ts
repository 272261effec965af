import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { ChurnProof } from "#accounts/churn-proofs.ts";
import { sql } from "#database/sql.ts";
import { importFolder } from "#intake/import.ts";
import { parseMapping } from "#intake/mapping.ts";
import type { ToolContext } from "#tools/define-tool.ts";
import { callTool, madeCompany } from "../fixtures/figures.ts";

const one = z.object({ count: z.number() });

/** Runs the SQL that an answer shows, letter by letter, and gives what comes out. */
function run({ database, actor }: ToolContext, text: string): Promise<number> {
  const shown = sql(Object.assign([text.replace(/;$/, "")], { raw: [text] }));
  return database.read(actor, async (rows) => (await rows.one(one, shown)).count);
}

const statementsIn = (words: string): string[] =>
  (words.split("```")[1] ?? "")
    .trim()
    .split("\n")
    .map((line) => line.replace(/ -- .*$/, ""));

/** Each count that is told stands with its SQL, and comes out of it; and so do those that nobody disagrees with. */
async function expectProved(context: ToolContext, words: string, proofs: ChurnProof[]): Promise<void> {
  const shown = statementsIn(words);
  expect(proofs.map(({ sql: text }) => text)).toEqual(expect.arrayContaining(shown));
  for (const of of ["window", "all time"] as const) {
    const counts = proofs.filter((each) => each.of === of);
    const disagree = new Set(counts.map(({ count }) => count)).size > 1;
    expect(counts.every(({ sql: text }) => shown.includes(text))).toBe(disagree);
  }
  for (const { source, count, sql: text } of proofs)
    expect([source, await run(context, text)]).toEqual([source, count]);
}

test("where sources disagree on who churned, the SQL in the answer gives the numbers of the answer", async () => {
  const { context, account, ledger } = await madeCompany();
  const [gone, stays, back] = [await account("Gone"), await account("Stays"), await account("Back")];
  await ledger(gone, "2026-01-05", 10_000);
  await ledger(gone, "2026-10-12", -10_000);
  await ledger(stays, "2026-02-01", 5_000);
  await ledger(back, "2026-02-01", 7_000);
  await ledger(back, "2026-10-03", -7_000);
  await ledger(back, "2026-10-20", 6_000);
  await context.database.write(context.actor, async (rows) => {
    await rows.run(
      sql`insert into churn_record (workspace_id, account_id, churned_on) values (${context.actor.workspaceId}, ${gone}, '2026-10-12'), (${context.actor.workspaceId}, ${back}, '2026-10-03')`,
    );
    await rows.run(sql`update account set crm_stage = 'Churned' where account_id = ${stays}`);
  });
  const { found, words } = await callTool(context, "compare_figures", {
    metrics: ["logo_churn"],
    windows: ["October 2026"],
  });
  const [sources] = found.churnSources;
  expect(sources).toMatchObject({ lost: 1, byRecord: 2, bySubscription: 0, byCrm: 1 });
  expect(words).toContain("The SQL that proves each");
  await expectProved(context, words, sources.proofs);
});

test("of some accounts only, no SQL of all accounts is shown as a proof", async () => {
  const { context, account, ledger } = await madeCompany();
  const gone = await account("Gone", [], "startup");
  await ledger(gone, "2026-01-05", 10_000);
  await ledger(gone, "2026-10-12", -10_000);
  const { words } = await callTool(context, "compare_figures", {
    metrics: ["logo_churn"],
    windows: ["October 2026"],
    filters: { segment: ["startup"] },
  });
  expect(words).toContain("The sources disagree");
  expect(words).not.toContain("select");
});

// The sample does not belong to the project: name the folder that holds `ravenstack/` to run this.
const folder = join(process.env.PERENNIAL_SAMPLES ?? "", "ravenstack");
const present = process.env.PERENNIAL_SAMPLES !== undefined && existsSync(folder);

describe.skipIf(!present)("the RavenStack sample (skipped unless PERENNIAL_SAMPLES names its folder)", () => {
  test("the answer's figure and each source's count come out of the SQL that it shows", async () => {
    const { context } = await madeCompany({ today: "2025-01-01" });
    const { database, actor } = context;
    const mapping = parseMapping(readFileSync("knowledge/mappings/ravenstack.yaml", "utf8"), "ravenstack.yaml");
    await importFolder({ database, actor, folder, mapping });
    const { found, words } = await callTool(context, "compare_figures", { metrics: ["logo_churn"], windows: ["2024"] });
    const [sources] = found.churnSources;
    expect(words).toContain("logo churn = lost customers / customers at start");
    expect(found.lines[0].figures[0].of.part).toBe(sources.lost);
    expect(new Set([sources.lost, sources.byRecord, sources.bySubscription]).size).toBe(3);
    await expectProved(context, words, sources.proofs);
  });
});
