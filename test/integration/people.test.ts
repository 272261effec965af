import { beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { factsOf, refreshFacts } from "#accounts/facts.ts";
import type { Actor } from "#actor.ts";
import type { Database, Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { AskAgain } from "#errors.ts";
import type { Incoming } from "#intake/records.ts";
import { createWriter } from "#intake/write.ts";
import { myTasks } from "#people/my-tasks.ts";
import { type NeedsMe, needsMe } from "#people/needs-me.ts";
import {
  channelSettings,
  keepChannelSettings,
  keepPersonSettings,
  personForSlack,
  personSettings,
  recentQuestions,
} from "#people/people.ts";
import { keepQuietHours, quietHoursOf } from "#schedules/quiet.ts";
import { addSchedule, keepDigest, schedules } from "#schedules/store.ts";
import { judgeAccounts } from "#stages/judge-accounts.ts";
import { modelNamed, readLifecycle } from "#stages/knowledge.ts";
import { pinStage } from "#stages/state.ts";
import { NO_FOCUS } from "#threads/focus.ts";
import { openThread, rememberTurn } from "#threads/thread.ts";
import { freshWorkspace } from "../fixtures/database.ts";
import { knowledgeFolder } from "../fixtures/sample.ts";

const TODAY = "2026-11-22";
const model = modelNamed(readLifecycle(knowledgeFolder), "experience-six");
let database: Database;
let actor: Actor;

beforeEach(async () => {
  ({ database, actor } = await freshWorkspace());
});

const write = (records: Incoming[], syncedAt = "2026-11-22T06:00:00Z") =>
  createWriter({ database, actor, source: "crm", syncedAt, today: TODAY }).write(records);
const read = <T>(work: (rows: Reading) => Promise<T>) => database.read(actor, work);
const slack = (slackUserId: string, email: string | null = null, name = "Somebody") =>
  personForSlack(database, actor.workspaceId, { slackUserId, email, name });
const idOf = async (name: string) =>
  (
    await read((rows) =>
      rows.one(
        z.object({ id: z.number() }),
        sql`select account_id as id from account where name = ${name} union all select person_id from person where full_name = ${name}`,
      ),
    )
  ).id;

test("a colleague is recognised by the e-mail of the CRM, however it is written, and stays so when it changes", async () => {
  await write([
    { kind: "person", record: { id: "p1", name: "Ana Sousa", email: "Ana.Sousa@Vendor.example", role: "manager" } },
    { kind: "account", record: { id: "a1", name: "Acme", owner: "p1" } },
  ]);
  const ana = await slack("U1", " ana.sousa@vendor.EXAMPLE ", "ana");
  expect(ana).toEqual({
    personId: await idOf("Ana Sousa"),
    fullName: "Ana Sousa",
    role: "manager",
    isActive: true,
    ownsAccounts: true,
  });
  expect(await slack("U1", "other@vendor.example")).toEqual(ana);
  expect(await slack("U1", null)).toEqual(ana);
});

test("somebody whom the CRM does not know is a member, once, also when asking twice at the same moment", async () => {
  const both = await Promise.all([slack("U2", "new@vendor.example", "New"), slack("U2", "new@vendor.example", "New")]);
  expect(both[0]).toMatchObject({ fullName: "New", role: "member", ownsAccounts: false });
  expect(both[1]).toEqual(both[0]);
  expect(await slack("U3", null, " ")).toMatchObject({ fullName: "U3" });
  await write([{ kind: "person", record: { id: "p9", name: "New Person", email: "new@vendor.example", role: "rep" } }]);
  expect(await slack("U2", "new@vendor.example")).toMatchObject({ personId: both[0]!.personId, role: "rep" });
});

test("an address that another Slack user is linked to is not taken over", async () => {
  await write([{ kind: "person", record: { id: "p1", name: "Ana Sousa", email: "ana@vendor.example" } }]);
  const ana = await slack("U1", "ana@vendor.example");
  const other = await slack("U9", "ana@vendor.example", "Other");
  expect(other.personId).not.toBe(ana.personId);
  expect(other.fullName).toBe("Other");
  expect((await slack("U1")).personId).toBe(ana.personId);
});

test("one whom the CRM has deactivated may ask, and owns nothing", async () => {
  await write([
    { kind: "person", record: { id: "p1", name: "Gone Rep", email: "gone@vendor.example", active: false } },
    { kind: "account", record: { id: "a1", name: "Acme", owner: "p1" } },
  ]);
  expect(await slack("U1", "gone@vendor.example")).toMatchObject({ isActive: false, ownsAccounts: false });
});

test("who asked before Slack told their address becomes the colleague of the CRM, with questions and settings", async () => {
  const before = await slack("U1", null, "Ana");
  await database.write(actor, (rows) => keepPersonSettings(rows, before.personId, { digest: "daily" }));
  await ask({ ...actor, personId: before.personId }, "slack:D1:1", "how is Acme?");
  await write([
    { kind: "person", record: { id: "p1", name: "Ana Sousa", email: "ana@vendor.example" } },
    { kind: "account", record: { id: "a1", name: "Acme", owner: "p1" } },
  ]);
  const after = await slack("U1", "ana@vendor.example", "Ana");
  expect(after).toMatchObject({ fullName: "Ana Sousa", ownsAccounts: true });
  expect(await read((rows) => personSettings(rows, after.personId))).toEqual({ zone: null, digest: "daily" });
  expect(await read((rows) => recentQuestions(rows, after.personId, 5))).toMatchObject([{ question: "how is Acme?" }]);
  expect(await slack("U1", "ana@vendor.example")).toEqual(after);
});

test("their schedules, digest, snoozes and votes go along, and nothing of theirs is left behind", async () => {
  const before = await slack("U1", null, "Ana");
  const { personId } = before;
  const now = "2026-11-22T08:00:00Z";
  const timetable = { filter: {}, cadence: { days: [1], at: "09:00" }, zone: "UTC", slackTeam: "T1" };
  const set = await database.write(actor, async (rows) => {
    await keepDigest(rows, { ownerId: personId, digest: "daily", zone: "UTC", slackTeam: "T1" }, now);
    await keepQuietHours(rows, personId, { from: "22:00", to: "07:00" });
    return addSchedule(rows, { ...timetable, ownerId: personId, report: "alerts", channel: "C1" }, now);
  });
  await write([
    { kind: "person", record: { id: "p1", name: "Ana Sousa", email: "ana@vendor.example" } },
    { kind: "account", record: { id: "a1", name: "Acme", owner: "p1" } },
  ]);
  const ana = await idOf("Ana Sousa");
  await database.write(actor, async (rows) => {
    await keepDigest(rows, { ownerId: ana, digest: "weekly", zone: "UTC", slackTeam: "T1" }, now); // from an earlier time
    await rows.run(
      sql`insert into alert (workspace_id, account_id, condition, opened_on, after, evidence)
          select current_workspace(), account_id, 'detractor', '2026-11-20', 'NPS 3', '{}' from account`,
    );
    for (const [said, who] of [
      ["snooze", personId],
      ["snooze", ana],
      ["not_useful", personId],
    ] as const)
      await rows.run(
        sql`insert into alert_said (workspace_id, alert_id, schedule_id, person_id, said) select current_workspace(), alert_id, ${set.id}, ${who}, ${said} from alert`,
      );
  });
  expect((await slack("U1", "ana@vendor.example", "Ana")).personId).toBe(ana);
  const theirs = await read((rows) => schedules(rows));
  expect(theirs.map(({ ownerId, report, cadence }) => [ownerId, report, cadence])).toEqual(
    expect.arrayContaining([
      [ana, "alerts", timetable.cadence],
      [ana, "digest", { days: [1, 2, 3, 4, 5], at: "08:30" }],
    ]),
  );
  expect(theirs).toHaveLength(2);
  expect(await read((rows) => quietHoursOf(rows, ana))).toEqual({ from: "22:00", to: "07:00" });
  const said = await read((rows) =>
    rows.many(
      z.object({ who: z.number(), said: z.string() }),
      sql`select person_id as who, said from alert_said order by said`,
    ),
  );
  expect(said).toEqual([
    { who: ana, said: "not_useful" },
    { who: ana, said: "snooze" },
  ]);
});

test("an address that Slack tells later lets the CRM's next import find the person", async () => {
  const before = await slack("U1", null, "Ana");
  await slack("U1", "ana@vendor.example", "Ana");
  await write([{ kind: "person", record: { id: "p1", name: "Ana Sousa", email: "ana@vendor.example", role: "rep" } }]);
  expect(await slack("U1", "ana@vendor.example")).toMatchObject({ personId: before.personId, role: "rep" });
});

test("people of another workspace are others", async () => {
  const here = await slack("U1", "ana@vendor.example", "Here");
  const { actor: there } = await freshWorkspace();
  const away = await personForSlack(database, there.workspaceId, {
    slackUserId: "U1",
    email: "ana@vendor.example",
    name: "There",
  });
  expect(away.fullName).toBe("There");
  expect((await slack("U1")).personId).toBe(here.personId);
});

test("what a person chose is kept, the rest stays; a time zone that does not exist is refused", async () => {
  const { personId } = await slack("U1");
  expect(await read((rows) => personSettings(rows, personId))).toEqual({ zone: null, digest: "off" });
  const keep = (chosen: Parameters<typeof keepPersonSettings>[2]) =>
    database.write(actor, (rows) => keepPersonSettings(rows, personId, chosen));
  await keep({ zone: "Europe/Berlin" });
  await keep({ digest: "weekly" });
  await expect(keep({ zone: "Europe/Atlantis" })).rejects.toBeInstanceOf(AskAgain);
  expect(await read((rows) => personSettings(rows, personId))).toEqual({ zone: "Europe/Berlin", digest: "weekly" });
});

test("a channel's rule is kept by channel and workspace", async () => {
  await database.write(actor, (rows) => keepChannelSettings(rows, "C1", { speak: "never" }));
  await database.write(actor, (rows) => keepChannelSettings(rows, "C1", { speak: "mentions" }));
  expect(await read((rows) => channelSettings(rows, "C1"))).toEqual({ speak: "mentions" });
  expect(await read((rows) => channelSettings(rows, "C2"))).toEqual({ speak: "threads" });
  const { actor: other } = await freshWorkspace();
  expect(await database.read(other, (rows) => channelSettings(rows, "C1"))).toEqual({ speak: "threads" });
});

test("what was asked lately: one's own questions, each once, newest first", async () => {
  const ana = { ...actor, personId: (await slack("U1")).personId };
  const ben = { ...actor, personId: (await slack("U2")).personId };
  await ask(ana, "slack:D1:1", "How is Acme?");
  await ask(ana, "slack:D1:1", "what renews?");
  await ask(ben, "slack:C1:2", "secret");
  await ask(ana, "slack:C1:2", "how is acme?");
  expect(await read((rows) => recentQuestions(rows, ana.personId, 5))).toMatchObject([
    { question: "how is acme?", askedOn: TODAY, threadKey: "slack:C1:2" },
    { question: "what renews?", threadKey: "slack:D1:1" },
  ]);
});

async function ask(asker: Actor, key: string, question: string) {
  const answer = { text: "Well.", findings: [], dropped: [], offline: true, focus: NO_FOCUS };
  await rememberTurn(database, asker, await openThread(database, asker, key), { question, askedOn: TODAY, answer });
}

const account = (id: string, name: string, owner = "p1"): Incoming => ({
  kind: "account",
  record: { id, name, owner, createdOn: "2025-01-10" },
});
const pays = (id: string, mrrMinor: number, more: { renewsOn?: string; cancelOn?: string } = {}): Incoming => ({
  kind: "subscription",
  record: {
    id: `s-${id}`,
    account: id,
    mrrMinor,
    currency: "USD",
    startedOn: "2025-04-01",
    renewsOn: "2027-08-01",
    ...more,
  },
});
const talked = (id: string, on: string): Incoming => ({
  kind: "interaction",
  record: { id: `i-${id}-${on}`, account: id, at: `${on}T10:00:00Z`, channel: "call", direction: "outbound" },
});
const ticket = (id: string, priority: "urgent" | "high" | "normal", solvedAt?: string): Incoming => ({
  kind: "ticket",
  record: { id: `t-${id}-${priority}`, account: id, priority, createdAt: "2026-11-18T09:00:00Z", solvedAt },
});
async function judge(day: string) {
  await refreshFacts(database, actor, day);
  await judgeAccounts({ database, actor, model, day, factsOf });
}
async function needed(limit = 20, of = "Ana Sousa"): Promise<NeedsMe[]> {
  const personId = await idOf(of);
  return read((rows) => needsMe(rows, { personId, model, today: TODAY, limit }));
}
const ANA: Incoming = { kind: "person", record: { id: "p1", name: "Ana Sousa" } };

test("what needs me comes in the order of its urgency, each account once with its facts", async () => {
  await write([
    ANA,
    { kind: "person", record: { id: "p2", name: "Ben Ito" } },
    ...["calm", "silent", "owes", "renews", "ends", "fire", "both"].map((id) => account(id, id)),
    account("other", "other", "p2"),
    ...["calm", "owes", "fire", "both"].map((id) => pays(id, 10_000)),
    pays("silent", 20_000),
    pays("renews", 30_000, { renewsOn: "2026-12-20" }),
    pays("ends", 30_000, { cancelOn: "2026-12-01" }),
    ...["calm", "owes", "renews", "ends", "fire", "both"].map((id) => talked(id, "2026-11-15")),
    talked("silent", "2026-09-30"),
    ticket("fire", "urgent"),
    ticket("fire", "high"),
    ticket("both", "high"),
    ticket("calm", "normal"),
    ticket("renews", "urgent", "2026-11-19T09:00:00Z"),
    ticket("other", "urgent"),
    ...["owes", "both"].map(
      (id): Incoming => ({
        kind: "invoice",
        record: {
          id: `v-${id}`,
          account: id,
          status: "open",
          dueMinor: 9_900,
          currency: "USD",
          issuedOn: "2026-10-01",
          dueOn: "2026-10-31",
        },
      }),
    ),
  ]);
  await judge(TODAY);
  const found = await needed();
  expect(found.map(({ name, because }) => [name, because.kind])).toEqual([
    ["fire", "tickets"],
    ["both", "tickets"],
    ["ends", "renewal"],
    ["renews", "renewal"],
    ["owes", "overdue"],
    ["silent", "silent"],
  ]);
  expect(found.map(({ because }) => because)).toEqual([
    { kind: "tickets", urgent: 1, high: 1, oldestOn: "2026-11-18" },
    { kind: "tickets", urgent: 0, high: 1, oldestOn: "2026-11-18" },
    { kind: "renewal", renewsOn: "2026-12-01", daysLeft: 9, cancelled: true },
    { kind: "renewal", renewsOn: "2026-12-20", daysLeft: 28, cancelled: false },
    { kind: "overdue", overdueMinor: 9_900, currency: "USD", since: "2026-10-31" },
    { kind: "silent", lastTouchOn: "2026-09-30", days: 53 },
  ]);
  expect(found[2]).toMatchObject({ mrrMinor: 30_000, currency: "USD" });
  expect(await needed(2)).toEqual(found.slice(0, 2));
  expect((await needed(20, "Ben Ito")).map(({ name }) => name)).toEqual(["other"]);
});

test("a stage that went back is told, until it is better again or a person has overruled it", async () => {
  await write([ANA, account("a1", "Acme"), pays("a1", 10_000), talked("a1", "2026-11-15")]);
  const personId = await idOf("Ana Sousa");
  const accountId = await idOf("Acme");
  await judge(TODAY);
  const moved = (from: string | null, to: string, on: string) =>
    database.write(actor, (rows) =>
      rows.run(
        sql`insert into stage_transition (workspace_id, account_id, model_id, model_version, from_stage, to_stage, entered_on, decided_on, rule, says, evidence)
            values (${actor.workspaceId}, ${accountId}, ${model.id}, 1, ${from}, ${to}, ${on}, ${on}, 'r', 's', '[]')`,
      ),
    );
  const reasons = async () =>
    (await read((rows) => needsMe(rows, { personId, model, today: TODAY, limit: 9 }))).map(({ because }) => because);
  await database.write(actor, (rows) => rows.run(sql`delete from stage_transition`));

  await moved(null, "retention", "2026-06-01");
  expect(await reasons()).toEqual([]);
  await moved("retention", "support", "2026-11-10");
  expect(await reasons()).toEqual([
    {
      kind: "regressed",
      from: { id: "retention", name: "Retention" },
      to: { id: "support", name: "Support" },
      on: "2026-11-10",
    },
  ]);
  const pin = { accountId, model: model.id, stage: "retention", until: "2026-12-31", reason: null };
  await pinStage(database, actor, pin);
  expect(await reasons()).toEqual([]);
  await pinStage(database, actor, { ...pin, until: "2026-11-21" });
  expect(await reasons()).toMatchObject([{ kind: "regressed" }]);
  await moved("support", "retention", "2026-11-20");
  expect(await reasons()).toEqual([]);
  await moved("retention", "support", "2026-11-21");
  expect(await reasons()).toMatchObject([{ kind: "regressed", on: "2026-11-21" }]);
  await moved("support", "a_stage_of_old", "2026-11-22");
  expect(await reasons()).toEqual([]);
});

test("a stage that went back long ago is no news", async () => {
  await write([ANA, account("a1", "Acme"), pays("a1", 10_000), talked("a1", "2026-11-15")]);
  await judge(TODAY);
  const went = (on: string) =>
    database.write(actor, (rows) =>
      rows.run(
        sql`update stage_transition set from_stage = 'advocacy', to_stage = 'support', entered_on = ${on}, decided_on = ${on}`,
      ),
    );
  await went("2026-10-22");
  expect(await needed()).toEqual([]);
  await went("2026-10-23");
  expect(await needed()).toMatchObject([{ because: { kind: "regressed" } }]);
});

test("a source that has stopped telling of contacts is no silence of ours", async () => {
  await write([ANA, account("a1", "Acme"), pays("a1", 10_000), talked("a1", "2026-08-01")], "2026-08-20T06:00:00Z");
  await judge(TODAY);
  expect(await needed()).toEqual([]);
});

test("a customer who pays and was never spoken to is silent, once contacts are recorded at all", async () => {
  await write([ANA, account("a1", "Acme"), pays("a1", 10_000)]);
  await judge(TODAY);
  expect(await needed()).toEqual([]);
  await write([account("a2", "Other"), talked("a2", "2026-11-20")]);
  await judge(TODAY);
  expect(await needed()).toMatchObject([{ name: "Acme", because: { kind: "silent", lastTouchOn: null, days: null } }]);
});

test("my open tasks come with account and day, the longest due first", async () => {
  const task = (id: string, title: string, dueOn: string | null, more = {}): Incoming => ({
    kind: "task",
    record: { id, title, dueOn, owner: "p1", ...more },
  });
  await write([
    ANA,
    account("a1", "Acme"),
    task("1", "Some day", null),
    task("2", "Call", "2026-12-01", { account: "a1" }),
    task("3", "Late", "2026-11-20"),
    task("4", "Over", "2026-11-01", { status: "done" }),
    task("5", "Today", TODAY),
  ]);
  const personId = await idOf("Ana Sousa");
  const tasks = await read((rows) => myTasks(rows, personId, TODAY, 9));
  expect(tasks.map(({ title, dueOn, isLate }) => [title, dueOn, isLate])).toEqual([
    ["Late", "2026-11-20", true],
    ["Today", TODAY, false],
    ["Call", "2026-12-01", false],
    ["Some day", null, false],
  ]);
  expect(tasks[2]!.account).toEqual({ id: await idOf("Acme"), name: "Acme" });
  expect(await read((rows) => myTasks(rows, personId, TODAY, 1))).toHaveLength(1);
});
