import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { factsOf, refreshFacts } from "#accounts/facts.ts";
import type { Actor } from "#actor.ts";
import type { Database } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import type { Incoming, RecordKind, RecordOf } from "#intake/records.ts";
import { createWriter } from "#intake/write.ts";
import { createLog } from "#log.ts";
import { keepVersion } from "#reports/versions.ts";
import { schedules } from "#schedules/store.ts";
import type { SlackHouse } from "#slack/house.ts";
import { handReissues } from "#slack/reissue.ts";
import { judgeAccounts } from "#stages/judge-accounts.ts";
import { modelNamed, readLifecycle } from "#stages/knowledge.ts";
import type { ToolContext } from "#tools/define-tool.ts";
import { actorIn, allWorkspaces, type Workspace } from "#workspaces/workspace.ts";
import { lookForSlots } from "../../src/jobs.ts";
import { UpToDate } from "../../src/up-to-date.ts";
import { freshWorkspace } from "../fixtures/database.ts";
import { knowledgeFolder } from "../fixtures/sample.ts";
import { type News, TestSlack } from "../fixtures/slack.ts";

// A company of a few customers in front of the real door: rows come in, a day passes, and the clock of schedules looks.
const log = createLog("silent");
const lifecycle = readLifecycle(knowledgeFolder);
const model = modelNamed(lifecycle, "experience-six");

let slack: TestSlack;
let database: Database;
let workspace: Workspace;
let actor: Actor;
let today: string;
let upToDate: UpToDate;

// The clock looks at the schedules of every workspace, so none of other files may be due.
const TABLES = [
  sql`report_reissued`,
  sql`report_posted`,
  sql`schedule_run`,
  sql`alert_said`,
  sql`alert_told`,
  sql`alert`,
  sql`schedule`,
];

beforeAll(async () => {
  const place = await freshWorkspace();
  ({ database } = place);
  await database.maintain(async (rows) => {
    for (const table of TABLES) await rows.run(sql`delete from ${table}`);
  });
  workspace = (await allWorkspaces(database)).find(({ id }) => id === place.actor.workspaceId)!; // just made
  actor = actorIn(workspace);
  today = "2026-11-22";
  const settling = { database, log, today: () => today, modelOf: () => model, settle };
  upToDate = new UpToDate(settling);
  slack = await TestSlack.open({ house: houseOf(), transport: "socket" });
  await write([
    rec("person", { id: "p1", name: "Owen Fairclough", email: slack.person("Owen").email }),
    ...["Acme", "Globex", "Initech"].flatMap((name) => [
      rec("account", { id: name, name, owner: "p1", createdOn: "2025-01-01" }),
      rec("subscription", { ...PAYS, id: `s-${name}`, account: name }),
    ]),
  ]);
});
afterAll(async () => {
  upToDate.stop();
  await slack.close();
});
beforeEach(() => slack.news());
afterEach(async () => {
  expect(slack.malformed()).toEqual([]);
  await database.write(actor, async (rows) => {
    for (const table of TABLES) await rows.run(sql`delete from ${table}`);
  });
});

const PAYS = { mrrMinor: 10_000, currency: "USD", startedOn: "2026-01-05", renewsOn: "2027-01-05" } as const;
const rec = <K extends RecordKind>(kind: K, record: RecordOf<K>): Incoming => ({ kind, record }) as Incoming; // one kind, one record

const write = (batch: Incoming[]) =>
  createWriter({ database, actor, source: "billing", today, syncedAt: `${today}T06:00:00Z` }).write(batch);

async function settle(): Promise<void> {
  await refreshFacts(database, actor, today);
  await judgeAccounts({ database, actor, model, day: today, factsOf });
}

function houseOf(): SlackHouse {
  const knowledge = { ...lifecycle, model } as unknown as ToolContext["knowledge"]; // no embedder: nothing is searched
  const context = { database, zone: "UTC", baseCurrency: "USD", knowledge };
  return {
    ...{ log, database, models: lifecycle.models },
    workspaceForTeam: async () => workspace,
    ready: (served) => upToDate.ready(served),
    today: () => today,
    modelOf: () => model,
    context: (_, asker) => ({
      ...{ ...context, actor: asker, today },
      onReport: async (report) => void (await database.write(actor, (rows) => keepVersion(rows, workspace.id, report))),
    }),
    agent: () => Promise.reject(new Error("nobody asks a model here")),
  };
}

/** A day passes, rows come in, and the clock looks when the schedule is due. What is then shown. */
async function nextDay(rows: Incoming[] = []): Promise<News[]> {
  today = new Date(Date.parse(today) + 86_400_000).toISOString().slice(0, 10);
  await write(rows);
  const [schedule] = await database.read(actor, (each) => schedules(each));
  const now = new Date(Date.parse(schedule!.nextAt) + 1_000).toISOString();
  expect(await lookForSlots(database, log, { now })).toBe(1);
  return slack.news();
}

const cancels = (name: string, on: string | null) =>
  rec("subscription", { ...PAYS, id: `s-${name}`, account: name, cancelOn: on, cancelledOn: on && today });

test("a condition that begins is told once, its end once, and when it comes again it is told again", async () => {
  await slack.command("Owen", "#sales", "/perennial schedule every day at 9, alerts on cancellations");
  await slack.news();
  expect(await nextDay()).toEqual([]);
  const [begun] = await nextDay([cancels("Acme", "2026-12-31")]);
  expect(begun).toMatchObject({ where: "#sales" });
  expect(begun?.words).toMatch(/1 new alert[\s\S]*\*Acme\*.*Cancellation scheduled[\s\S]*31 Dec 2026/);
  expect(await nextDay()).toEqual([]);
  const [over] = await nextDay([cancels("Acme", null)]);
  expect(over?.words).toMatch(/0 new alerts[\s\S]*Over[\s\S]*Acme: cancellation scheduled, over since/);
  expect(await nextDay()).toEqual([]);
  const [again] = await nextDay([cancels("Acme", "2027-01-31")]);
  expect(again?.words).toMatch(/1 new alert[\s\S]*\*Acme\*.*Cancellation scheduled[\s\S]*31 Jan 2027/);
  expect(await nextDay([cancels("Acme", null)])).toHaveLength(1);
});

test("between two slots each day is looked at: what began then is told with its day, what is over by then is not told", async () => {
  const openedOn = async () =>
    database.read(actor, (rows) =>
      rows.many(
        z.object({ on: z.string(), over: z.boolean() }),
        sql`select opened_on as on, cleared_on is not null as over from alert order by alert_id`,
      ),
    );
  const passDay = async (rows: Incoming[] = []) => {
    today = addDays(today, 1);
    await write(rows);
    await upToDate.ready(workspace);
  };
  await passDay([cancels("Acme", "2027-01-31")]);
  expect(await openedOn()).toEqual([]); // nobody asked for alerts yet
  await write([cancels("Acme", null)]);
  await slack.command("Owen", "#sales", "/perennial schedule every Monday at 9, alerts on cancellations");
  await slack.news();
  await passDay([cancels("Acme", "2027-01-31")]);
  await passDay([cancels("Acme", null), cancels("Globex", "2027-02-28")]);
  const begun = today;
  expect(await openedOn()).toEqual([
    { on: addDays(today, -1), over: true },
    { on: begun, over: false },
  ]);
  const [told] = await nextDay();
  expect(told?.words).toMatch(/1 new alert[\s\S]*\*Globex\*/);
  expect(told?.words).not.toMatch(/Acme/);
  await nextDay([cancels("Globex", null)]);
});

test("two subscriptions with limits of their own each hear when it is their time", async () => {
  const told = async (words: string) => {
    await slack.command("Owen", "direct message", `/perennial schedule ${words}`);
    await slack.news();
  };
  await write([rec("subscription", { ...PAYS, id: "s-Globex", account: "Globex", renewsOn: addDays(today, 45) })]);
  await write([
    rec("interaction", {
      id: "i1",
      account: "Globex",
      at: "2026-09-01T10:00:00Z",
      channel: "email",
      direction: "outbound",
    }),
  ]);
  await told("every day at 9 alerts on renewals in 60 days without contact");
  await told("every day at 8 alerts on renewals in 20 days without contact");
  today = addDays(today, 1);
  await database.write(actor, (rows) =>
    rows.run(sql`insert into source_feed (workspace_id, domain, source, synced_at) values (current_workspace(), 'crm', 'crm', ${`${today}T05:00:00Z`})
      on conflict do nothing`),
  );
  const both = await database.read(actor, (rows) => schedules(rows));
  for (const each of both) {
    const now = new Date(Date.parse(each.nextAt) + 1_000).toISOString();
    await lookForSlots(database, log, { now });
  }
  const shown = (await slack.news()).map(({ words }) => words);
  expect(shown).toHaveLength(1);
  expect(shown[0]).toMatch(/Globex[\s\S]*limit: 60 days before the renewal, 30 without contact/);
});

test("a report that was posted and reads otherwise later is told once, under the old post", async () => {
  today = "2026-12-20";
  await slack.command("Owen", "#sales", "/perennial schedule every Monday at 9 in #sales, churn");
  await slack.news();
  const [posted] = await nextDay();
  expect(posted).toMatchObject({ where: "#sales" });
  const look = () => handReissues(database, actor, { now: new Date().toISOString(), today, team: null });
  expect(await look()).toBe(0);
  await write([
    rec("subscription", {
      ...PAYS,
      id: "s-Initech",
      account: "Initech",
      endedOn: "2026-12-16",
      cancelKind: "voluntary",
    }),
  ]);
  const told = await Promise.all([look(), look()]);
  expect(told.sort()).toEqual([0, 1]);
  const shown = (await slack.news()).filter(({ ts }) => ts !== posted?.ts); // that one only has a thread now
  expect(shown).toMatchObject([{ where: "#sales", thread: posted?.ts }]);
  expect(shown[0]?.words).toMatch(/re-issued[\s\S]*version 2[\s\S]*Initech churned on/);
  expect(await look()).toBe(0);
  expect(await slack.news()).toEqual([]);
});

const addDays = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
