import { expect, test } from "vitest";
import { refreshFacts } from "#accounts/facts.ts";
import { rebuildRollups } from "#accounts/rollups.ts";
import { sql } from "#database/sql.ts";
import type { Incoming, RecordKind, RecordOf } from "#intake/records.ts";
import { createWriter } from "#intake/write.ts";
import { changedReports, keepReissue, reissueWords } from "#reports/changed-reports.ts";
import type { ReportFilter } from "#reports/churn-report.ts";
import { keepVersion } from "#reports/versions.ts";
import { modelNamed, readLifecycle } from "#stages/knowledge.ts";
import { churnReportTool } from "#tools/churn-report.ts";
import type { ToolContext } from "#tools/define-tool.ts";
import { freshWorkspace } from "../fixtures/database.ts";
import { knowledgeFolder } from "../fixtures/sample.ts";

const TODAY = "2026-11-22";
const rec = <K extends RecordKind>(kind: K, record: RecordOf<K>): Incoming => ({ kind, record }) as Incoming; // its kind
const account = (id: string, more: Partial<RecordOf<"account">> = {}) =>
  rec("account", { id, name: id, createdOn: "2025-01-01", ...more });
const event = (of: string, on: string, deltaMinor: number) =>
  rec("mrr_event", {
    id: `${of} ${on}`,
    account: of,
    at: `${on}T10:00:00Z`,
    deltaMinor,
    currency: "USD",
    reason: "change",
  });

/** A company with four customers of two industries, one of whom left in the week of 9 November. */
async function company() {
  const place = await freshWorkspace();
  const lifecycle = readLifecycle(knowledgeFolder);
  const knowledge = {
    ...lifecycle,
    model: modelNamed(lifecycle, "experience-six"),
  } as unknown as ToolContext["knowledge"]; // nothing is searched
  const context: ToolContext = { ...place, today: TODAY, zone: "UTC", baseCurrency: "USD", knowledge };
  const { database, actor } = place;
  const come = async (...batch: Incoming[]) => {
    await createWriter({ ...place, source: "billing", today: TODAY, syncedAt: `${TODAY}T08:00:00Z` }).write(batch);
    await refreshFacts(database, actor, TODAY);
  };
  const report = (window: string, filter: ReportFilter = {}) => churnReportTool.run({ window, ...filter }, context);
  const giveOut = async (window: string, filter: ReportFilter = {}) => {
    const given = await report(window, filter);
    await database.write(actor, (rows) => keepVersion(rows, actor.workspaceId, given));
    return given;
  };
  const changed = (from?: string) =>
    database.read(actor, (rows) => changedReports(rows, { today: TODAY, ...(from ? { from } : {}) }));
  const keep = (each: Awaited<ReturnType<typeof changed>>[number]) =>
    database.write(actor, (rows) => keepReissue(rows, actor.workspaceId, each));
  await come(
    account("School", { industry: "EdTech" }),
    account("College", { industry: "EdTech" }),
    account("Clinic", { industry: "Health" }),
    account("Surgery", { industry: "Health" }),
    event("School", "2026-01-10", 10_000),
    event("College", "2026-01-10", 20_000),
    event("Clinic", "2026-01-10", 40_000),
    event("Surgery", "2026-01-10", 80_000),
    event("School", "2026-11-12", -10_000),
  );
  return { ...place, come, report, giveOut, changed, keep };
}

test("a report that nothing has touched is not re-issued", async () => {
  const { giveOut, come, changed } = await company();
  await giveOut("week of 2026-11-09");
  await giveOut("October 2026");
  await come(event("Clinic", "2026-11-18", 5_000)); // after both windows
  expect(await changed()).toEqual([]);
});

test("who is backdated into windows that were given out is told for each of them, once", async () => {
  const { giveOut, come, changed, keep } = await company();
  await giveOut("week of 2026-11-09");
  await giveOut("week of 2026-11-02");
  await giveOut("week of 2026-10-26");
  await come(event("Clinic", "2026-11-04", -40_000));
  const found = await changed();
  expect(found.map(({ title, filterWords, version, changes }) => ({ title, filterWords, version, changes }))).toEqual([
    {
      title: "Week of 2 Nov 2026",
      filterWords: "all accounts",
      version: 2,
      changes: ["Clinic churned on 2026-11-04 was added: −$400.00", "MRR at the end was $1,500.00 and is $1,100.00"],
    },
    {
      title: "Week of 9 Nov 2026",
      filterWords: "all accounts",
      version: 2,
      changes: ["MRR at the start was $1,500.00 and is $1,100.00", "MRR at the end was $1,400.00 and is $1,000.00"],
    },
  ]);
  expect(reissueWords(found[0]!)).toBe(
    "The churn report of the week of 2 Nov 2026 (all accounts) was re-issued as version 2: Clinic churned on 2026-11-04 was added: −$400.00; MRR at the end was $1,500.00 and is $1,100.00.",
  );
  expect((await changed("2026-11-09")).map(({ title }) => title)).toEqual(["Week of 9 Nov 2026"]);
  expect(await Promise.all([keep(found[0]!), keep(found[0]!)]).then((told) => told.filter(Boolean))).toHaveLength(1);
  expect(await keep(found[1]!)).toBe(true);
  expect(await changed()).toEqual([]);
  expect(await giveOut("week of 2026-11-02")).toMatchObject({ version: 2, changes: found[0]!.changes });
});

test("only the reports of those accounts are re-issued; a month is held against its own days", async () => {
  const { giveOut, come, changed } = await company();
  await giveOut("October 2026", { industry: "EdTech" });
  await giveOut("October 2026", { industry: "Health" });
  await come(event("College", "2026-10-31", -5_000));
  expect(await changed()).toMatchObject([
    {
      title: "October 2026",
      filterWords: "industry EdTech",
      changes: ["College contracted on 2026-10-31 was added: −$50.00", expect.any(String)],
    },
  ]);
});

test("a movement that turns out to be another account's is told of both", async () => {
  const { giveOut, changed, database, actor } = await company();
  await giveOut("week of 2026-11-09");
  await database.write(actor, async (rows) => {
    const idOf = (name: string) =>
      sql`(select account_id from account where workspace_id = ${actor.workspaceId} and name = ${name})`;
    await rows.run(sql`update mrr_event set account_id = ${idOf("College")}, base_delta_minor = -20000, delta_minor = -20000
      where account_id = ${idOf("School")} and effective_at::date = '2026-11-12'`);
  });
  await rebuildRollups(database, actor);
  expect((await changed()).flatMap(({ changes }) => changes)).toEqual([
    "College churned on 2026-11-12 was added: −$200.00",
    "School churned on 2026-11-12 was taken out: it had counted −$100.00",
    "MRR at the end was $1,400.00 and is $1,300.00",
  ]);
});

test("a report of an industry or of a stage counts those accounts alone, and unknown names are answered with near ones", async () => {
  const { report, database, actor, changed, giveOut, come } = await company();
  const edtech = await report("week of 2026-11-09", { industry: "edtech" });
  expect(edtech).toMatchObject({
    filterWords: "industry EdTech",
    rollForward: { startMinor: 30_000, endMinor: 20_000, startCustomers: 2 },
  });
  expect(edtech.lost.map(({ name }) => name)).toEqual(["School"]);
  await expect(report("last week", { industry: "EdTec" })).rejects.toThrow(
    "There is no industry “EdTec” here. Did you mean: EdTech?",
  );
  await database.write(actor, (rows) =>
    rows.run(sql`insert into account_stage (workspace_id, account_id, model_id, model_version, model_hash, stage, since, rule, says, confidence, judged_on)
      select workspace_id, account_id, 'experience-six', 1, 'made', case when name = 'Clinic' then 'advocacy' else 'retention' end, '2026-01-10', 'made', 'made', 'high', ${TODAY}
      from account where workspace_id = ${actor.workspaceId} and name <> 'School'`),
  );
  expect(await giveOut("week of 2026-11-09", { stage: "Advocacy" })).toMatchObject({
    filterWords: "stage advocacy today",
    rollForward: { startMinor: 40_000, startCustomers: 1, endMinor: 40_000 },
  });
  await expect(report("last week", { stage: "Advocates" })).rejects.toThrow("There is no stage “Advocates” here");
  await come(event("Clinic", "2026-11-10", 1_000));
  expect(await changed()).toEqual([]); // of a stage: it changes by itself
});
