import { beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { factsOf, refreshFacts } from "#accounts/facts.ts";
import { bandWeeksFrom, healthWeeks, keepBandsOfWeek } from "#accounts/health-weeks.ts";
import type { Actor } from "#actor.ts";
import type { Database, Reading } from "#database/door.ts";
import { type Sql, sql } from "#database/sql.ts";
import { createWriter } from "#intake/write.ts";
import { checkHistory } from "#reports/past/check.ts";
import { rebuildHistory } from "#reports/past/rebuild.ts";
import { judgeAccounts } from "#stages/judge-accounts.ts";
import { modelNamed, readLifecycle } from "#stages/knowledge.ts";
import { keepStageWeek, stageWeeksFrom } from "#stages/weeks.ts";
import { freshWorkspace } from "../fixtures/database.ts";
import { knowledgeFolder } from "../fixtures/sample.ts";

const TODAY = "2026-11-25"; // a Wednesday: the week that runs began on the 23rd
const model = modelNamed(readLifecycle(knowledgeFolder), "experience-six");
let database: Database;
let actor: Actor;

/** Two customers: one pays in euros and leaves in October, one stays and falls silent. */
beforeEach(async () => {
  ({ database, actor } = await freshWorkspace());
  await write([
    { kind: "exchange_rate", record: { id: "r1", currency: "EUR", day: "2026-01-01", rate: 1.1 } },
    { kind: "exchange_rate", record: { id: "r2", currency: "EUR", day: "2026-10-01", rate: 1.2 } },
    { kind: "account", record: { id: "a1", name: "Acme", createdOn: "2026-08-10" } },
    { kind: "account", record: { id: "b1", name: "Birch", createdOn: "2026-08-10" } },
    {
      kind: "subscription",
      record: {
        id: "s1",
        account: "a1",
        mrrMinor: 50_000,
        currency: "EUR",
        startedOn: "2026-09-01",
        cancelledOn: "2026-10-01",
        cancelOn: "2026-10-20",
        endedOn: "2026-10-20",
      },
    },
    {
      kind: "mrr_event",
      record: { id: "m1", account: "a1", at: "2026-09-01T00:00:00Z", deltaMinor: 50_000, currency: "EUR" },
    },
    {
      kind: "mrr_event",
      record: { id: "m2", account: "a1", at: "2026-10-20T00:00:00Z", deltaMinor: -50_000, currency: "EUR" },
    },
    {
      kind: "subscription",
      record: { id: "s2", account: "b1", mrrMinor: 20_000, currency: "USD", startedOn: "2026-09-01" },
    },
    {
      kind: "mrr_event",
      record: { id: "m3", account: "b1", at: "2026-09-01T00:00:00Z", deltaMinor: 20_000, currency: "USD" },
    },
    ...["a1", "b1"].flatMap((account): Records[number][] => [
      {
        kind: "interaction" as const,
        record: {
          id: `i ${account}`,
          account,
          at: "2026-09-03T10:00:00Z",
          channel: "email",
          direction: "inbound" as const,
          kind: "question",
        },
      },
      {
        kind: "ticket" as const,
        record: {
          id: `t ${account}`,
          account,
          priority: "normal" as const,
          createdAt: "2026-09-10T10:00:00Z",
          solvedAt: "2026-09-11T10:00:00Z",
        },
      },
      {
        kind: "survey" as const,
        record: { id: `v ${account}`, account, kind: "nps" as const, score: 9, on: "2026-09-14" },
      },
    ]),
  ]);
  await live(TODAY);
});

type Records = Parameters<ReturnType<typeof createWriter>["write"]>[0];
async function write(records: Records): Promise<void> {
  const writer = createWriter({ database, actor, source: "crm", syncedAt: `${TODAY}T06:00:00Z`, today: TODAY });
  expect((await writer.write(records)).refused).toEqual([]);
}

/** What the house does on a day. */
async function live(day: string): Promise<void> {
  await refreshFacts(database, actor, day);
  await judgeAccounts({ database, actor, model, day, factsOf });
  await database.write(actor, async (rows) => {
    await keepStageWeek(rows, { workspaceId: actor.workspaceId, model: model.id, day });
    await keepBandsOfWeek(rows, actor.workspaceId, day);
  });
}

const read = <T>(work: (rows: Reading) => Promise<T>) => database.read(actor, work);
const rebuild = (weeks = 26) => rebuildHistory({ database, actor, model, today: TODAY, weeks });
const check = () => checkHistory({ database, actor, model, today: TODAY });
const stages = () => read((rows) => stageWeeksFrom(rows, model.id, "2026-01-01"));
const bands = () => read((rows) => bandWeeksFrom(rows, "2026-01-01"));
const idOf = (name: string) =>
  read(
    async (rows) =>
      (await rows.one(z.object({ id: z.number() }), sql`select account_id as id from account where name = ${name}`)).id,
  );
const healthOf = async (name: string) => {
  const id = await idOf(name);
  return read((rows) => healthWeeks(rows, [id]));
};
const change = (query: Sql) => database.write(actor, (rows) => rows.run(query));
const everything = async () =>
  read(async (rows) => [
    await stageWeeksFrom(rows, model.id, "2026-01-01"),
    await bandWeeksFrom(rows, "2026-01-01"),
    await rows.many(z.unknown(), sql`select account_id, week, score, points from health_week order by 1, 2`),
    await rows.many(
      z.unknown(),
      sql`select account_id, from_stage, to_stage, entered_on, decided_on, rule from stage_transition order by account_id, entered_on, stage_transition_id`,
    ),
    await rows.many(z.unknown(), sql`select account_id, stage, since, candidate_count from account_stage order by 1`),
    await rows.many(
      z.unknown(),
      sql`select account_id, as_of, base_mrr_minor, health, refreshed_at from account_facts order by 1`,
    ),
  ]);

test("the past is filled week by week, as far as there is data, with the MRR that the ledger had then", async () => {
  expect(await rebuild()).toMatchObject({ accounts: 2, weeks: 15 });
  const found = await stages();
  const weeks = [...new Set(found.map(({ week }) => week))];
  expect([weeks[0], weeks.at(-2), weeks.at(-1), weeks.length]).toEqual(["2026-08-10", "2026-11-16", "2026-11-23", 16]);
  const mrr = (week: string) =>
    found.filter((each) => each.week === week).reduce((sum, each) => sum + each.mrrMinor, 0);
  // 500.00 EUR at the rate of the day on which they were agreed, before and after the rate changed.
  expect(["2026-08-24", "2026-08-31", "2026-10-12", "2026-10-19", "2026-11-23"].map(mrr)).toEqual([
    0, 75_000, 75_000, 20_000, 20_000,
  ]);
  expect(
    found.filter(({ week }) => week === "2026-10-19").map(({ stage, accounts }) => [stage, accounts]),
  ).toContainEqual(["lapsed", 1]);
});

test("health is kept for each week in which an account paid, with the points of its parts", async () => {
  await rebuild();
  const [acme, birch] = [await healthOf("Acme"), await healthOf("Birch")];
  expect([acme[0]!.week, acme.at(-1)!.week, acme.length]).toEqual(["2026-08-31", "2026-10-12", 7]);
  expect([birch[0]!.week, birch.at(-1)!.week, birch.length]).toEqual(["2026-08-31", "2026-11-23", 13]);
  // Payment is the fourth part: full until the click on 1 October, nothing after it.
  const payment = new Map(acme.map(({ week, points }) => [week, points[3]]));
  expect([payment.get("2026-09-21"), payment.get("2026-09-28")]).toEqual([15, 0]);
  // Contact is the third: it wears off while nobody talks.
  expect(birch.at(-1)!.points[2]!).toBeLessThan(birch[2]!.points[2]!);
  const sums = await bands();
  expect(sums.filter(({ week }) => week === "2026-10-12").reduce((sum, { accounts }) => sum + accounts, 0)).toBe(2);
  expect(sums.filter(({ week }) => week === "2026-10-19").map(({ mrrMinor }) => mrrMinor)).toEqual([20_000]);
});

test("to make it again changes nothing, a shorter past leaves the older weeks, and today's facts are not touched", async () => {
  const [, , , , , factsBefore] = await everything();
  await rebuild();
  const first = await everything();
  expect(first[5]).toEqual(factsBefore);
  await rebuild();
  expect(await everything()).toEqual(first);
  await rebuild(4);
  expect((await stages()).map(({ week }) => week)).toContain("2026-08-10");
  expect((await healthOf("Birch")).length).toBe(13);
});

test("a check says where what is kept is not what the rows say, account by account and sum by sum", async () => {
  expect(await check()).toEqual({ weeks: 0, accounts: 0, differences: [] });
  await rebuild();
  expect(await check()).toEqual({ weeks: 15, accounts: 2, differences: [] });
  const birch = await idOf("Birch");
  await change(sql`update health_week set score = 1 where account_id = ${birch} and week = '2026-10-05'`);
  await change(sql`delete from stage_week where week = '2026-09-07' and stage = 'support'`);
  await change(sql`update health_band_week set accounts = 9 where week = '2026-09-14' and band = 'good'`);
  const { differences } = await check();
  expect(differences.map(({ where, week }) => [where, week])).toEqual([
    [`account:${birch}`, "2026-10-05"],
    ["stage:support", "2026-09-07"],
    ["health:good", "2026-09-14"],
  ]);
  expect(differences[0]!.says).toMatch(/^health 1 \(.*in the snapshot, health \d+ /);
});

test("rows that came late show in a check, and are in the past once it is made anew", async () => {
  await rebuild();
  await write([
    {
      kind: "ticket",
      record: {
        id: "late",
        account: "b1",
        priority: "urgent",
        createdAt: "2026-10-06T10:00:00Z",
        solvedAt: "2026-10-16T10:00:00Z",
      },
    },
  ]);
  await live(TODAY);
  const birch = await idOf("Birch");
  const found = (await check()).differences.filter(({ where }) => where === `account:${birch}`);
  expect(found.map(({ week }) => week)).toContain("2026-10-05");
  expect(found.map(({ week }) => week)).not.toContain("2026-09-28");
  await rebuild();
  expect((await check()).differences).toEqual([]);
});

test("from then on each week is kept as it comes, and who stops paying leaves the week", async () => {
  await rebuild();
  await live("2026-12-02");
  expect((await healthOf("Birch")).map(({ week }) => week).slice(-2)).toEqual(["2026-11-23", "2026-11-30"]);
  await write([
    {
      kind: "mrr_event",
      record: { id: "m4", account: "b1", at: "2026-12-03T00:00:00Z", deltaMinor: -20_000, currency: "USD" },
    },
  ]);
  await live("2026-12-03");
  expect((await healthOf("Birch")).at(-1)!.week).toBe("2026-11-23");
  expect((await bands()).at(-1)!.week).toBe("2026-11-23");
});
