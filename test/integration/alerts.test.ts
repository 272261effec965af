import { beforeEach, expect, test } from "vitest";
import { z } from "zod";
import type { Actor } from "#actor.ts";
import type { Database } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { type Alert, markTold, sayOfAlert, settleAlerts, untold } from "#schedules/alerts.ts";
import type { Condition } from "#schedules/conditions.ts";
import { keepWorkspaceLimits } from "#schedules/limits-kept.ts";
import { addSchedule } from "#schedules/store.ts";
import { freshWorkspace } from "../fixtures/database.ts";

const TODAY = "2026-11-22";
const MODEL = {
  id: "experience-six",
  stages: ["awareness", "consideration", "purchase", "support", "retention", "advocacy"].map((id) => ({
    id,
    name: id,
  })),
};

let database: Database;
let actor: Actor;
let schedule: number;
beforeEach(async () => {
  ({ database, actor } = await freshWorkspace());
  const personId = await insert(
    sql`insert into person (workspace_id, full_name) values (current_workspace(), 'Owen') returning person_id as id`,
  );
  const made = await database.write(actor, (rows) =>
    addSchedule(
      rows,
      {
        ownerId: personId,
        report: "alerts",
        filter: {},
        cadence: { days: [1], at: "09:00" },
        zone: "UTC",
        slackTeam: null,
        channel: null,
      },
      "2026-11-22T00:00:00Z",
    ),
  );
  schedule = made.id;
});

const insert = async (query: ReturnType<typeof sql>): Promise<number> =>
  (await database.write(actor, (rows) => rows.one(z.object({ id: z.number() }), query))).id;
const change = (query: ReturnType<typeof sql>): Promise<number> => database.write(actor, (rows) => rows.run(query));

/** A paying account with facts that are of no concern. */
async function account(name: string): Promise<number> {
  const id = await insert(
    sql`insert into account (workspace_id, name, name_norm, created_on) values (current_workspace(), ${name}, lower(${name}), '2025-01-01') returning account_id as id`,
  );
  await change(
    sql`insert into account_facts (workspace_id, account_id, as_of, currency, created_on, mrr_minor, base_mrr_minor, renews_on, last_touch_on, health)
        values (current_workspace(), ${id}, ${TODAY}, 'USD', '2025-01-01', 10000, 10000, '2027-06-01', '2026-11-20', 80)`,
  );
  return id;
}
const settle = (today = TODAY) => settleAlerts(database, actor, { model: MODEL, today });
const open = (today = TODAY): Promise<Alert[]> => database.read(actor, (rows) => untold(rows, schedule, {}, today));
const tell = (alerts: Alert[], slot: string) => database.write(actor, (rows) => markTold(rows, schedule, slot, alerts));
const feed = () =>
  change(
    sql`insert into source_feed (workspace_id, domain, source, synced_at) values (current_workspace(), 'crm', 'crm', ${TODAY})`,
  );

test("an account on which nothing weighs has no alert", async () => {
  await feed();
  await account("Calm");
  expect(await settle()).toEqual({ opened: 0, cleared: 0 });
});

const CASES: [
  what: string,
  condition: Condition,
  make: (id: number) => Promise<unknown>,
  seen: Partial<Alert>,
  mend: (id: number) => Promise<unknown>,
][] = [
  [
    "a step back",
    "stage_regression",
    async (id) => {
      await change(sql`insert into stage_transition (workspace_id, account_id, model_id, model_version, from_stage, to_stage, entered_on, decided_on, rule, says, evidence)
        values (current_workspace(), ${id}, 'experience-six', 1, 'retention', 'support', '2026-11-18', '2026-11-18', 'r', 's', '[]')`);
      await change(sql`insert into account_stage (workspace_id, account_id, model_id, stage, since, judged_on, model_version, model_hash, rule, says, confidence)
        values (current_workspace(), ${id}, 'experience-six', 'support', '2026-11-18', ${TODAY}, 1, 'h', 'r', 's', 'sure')`);
    },
    {
      before: "retention",
      after: "support since 2026-11-18",
      evidence: [expect.stringMatching(/^stage_transition:\d+$/)],
    },
    (id) => change(sql`update account_stage set stage = 'retention' where account_id = ${id}`),
  ],
  [
    "a renewal that nobody has talked about",
    "renewal_untouched",
    (id) =>
      change(
        sql`update account_facts set renews_on = '2026-12-10', last_touch_on = '2026-09-01' where account_id = ${id}`,
      ),
    { before: "last contact 2026-09-01", after: "renews 2026-12-10" },
    (id) => change(sql`update account_facts set last_touch_on = '2026-11-21' where account_id = ${id}`),
  ],
  [
    "many tickets at once",
    "ticket_storm",
    (id) =>
      change(sql`insert into ticket (workspace_id, account_id, status, created_at)
        select current_workspace(), ${id}, 'open', '2026-11-20T10:00:00Z'::timestamptz + make_interval(hours => n) from generate_series(1, 5) n`),
    { before: "usually 0.0 tickets a week", after: "5 in the last 7 days" },
    () => change(sql`delete from ticket`),
  ],
  [
    "a champion who left",
    "champion_silent",
    async (id) => {
      await change(
        sql`insert into contact (workspace_id, account_id, full_name, role, left_on) values (current_workspace(), ${id}, 'Ada', 'champion', '2026-11-01')`,
      );
      await change(sql`update account_facts set champion_left_on = '2026-11-01' where account_id = ${id}`);
    },
    { before: "a champion", after: "left on 2026-11-01", evidence: [expect.stringMatching(/^contact:\d+$/)] },
    (id) => change(sql`update account_facts set champion_left_on = null where account_id = ${id}`),
  ],
  [
    "a champion who has gone silent",
    "champion_silent",
    async (id) => {
      const contact = await insert(
        sql`insert into contact (workspace_id, account_id, full_name, role) values (current_workspace(), ${id}, 'Ada', 'champion') returning contact_id as id`,
      );
      await change(sql`insert into interaction (workspace_id, account_id, contact_id, occurred_at, channel, direction)
        values (current_workspace(), ${id}, ${contact}, '2026-09-01', 'email', 'inbound')`);
    },
    { before: "last heard 2026-09-01", after: "silent for 82 days" },
    (id) =>
      change(sql`insert into interaction (workspace_id, account_id, contact_id, occurred_at, channel, direction)
      select current_workspace(), ${id}, contact_id, '2026-11-21', 'email', 'inbound' from contact`),
  ],
  [
    "an answer of a detractor",
    "detractor",
    (id) =>
      change(sql`insert into survey_response (workspace_id, account_id, kind, score, responded_on)
      values (current_workspace(), ${id}, 'nps', 9, '2026-03-01'), (current_workspace(), ${id}, 'nps', 4, '2026-11-15')`),
    { before: "NPS 9 on 2026-03-01", after: "NPS 4 on 2026-11-15" },
    (id) =>
      change(
        sql`insert into survey_response (workspace_id, account_id, kind, score, responded_on) values (current_workspace(), ${id}, 'nps', 8, '2026-11-21')`,
      ),
  ],
  [
    "a cancellation that is scheduled",
    "cancellation",
    (id) => change(sql`update account_facts set cancel_on = '2026-12-31' where account_id = ${id}`),
    { before: null, after: "cancelled: the paid term ends 2026-12-31" },
    (id) => change(sql`update account_facts set cancel_on = null where account_id = ${id}`),
  ],
];

test.each(CASES)(
  "%s opens one alert with its evidence, and closes it when it is over",
  async (_, condition, make, seen, mend) => {
    await feed();
    const id = await account("Acme");
    await make(id);
    expect(await settle()).toEqual({ opened: 1, cleared: 0 });
    expect(await settle()).toEqual({ opened: 0, cleared: 0 });
    const alerts = await open();
    expect(alerts).toMatchObject([{ name: "Acme", condition, clearedOn: null, ...seen }]);
    await tell(alerts, "2026-11-23T09:00:00Z");
    expect(await open()).toEqual([]);
    await mend(id);
    expect(await settle()).toEqual({ opened: 0, cleared: 1 });
    expect(await open()).toMatchObject([{ condition, clearedOn: TODAY }]);
    await tell(await open(), "2026-11-24T09:00:00Z");
    expect(await open()).toEqual([]);
  },
);

test("health that falls into a lower band is told from the band it fell from, until it is back there", async () => {
  const id = await account("Acme");
  const health = (score: number) => change(sql`update account_facts set health = ${score} where account_id = ${id}`);
  expect(await settle()).toEqual({ opened: 0, cleared: 0 });
  await health(55);
  expect(await settle()).toEqual({ opened: 1, cleared: 0 });
  expect(await open()).toMatchObject([{ condition: "health_band", before: "good", after: "watch, 55 of 100" }]);
  await health(30);
  expect(await settle()).toEqual({ opened: 0, cleared: 0 });
  await health(60);
  expect(await settle()).toEqual({ opened: 0, cleared: 0 });
  await health(75);
  expect(await settle()).toEqual({ opened: 0, cleared: 1 });
});

test("what is over before it was told is not told at all", async () => {
  const id = await account("Acme");
  await change(sql`update account_facts set cancel_on = '2026-12-31' where account_id = ${id}`);
  await settle();
  await change(sql`update account_facts set cancel_on = null where account_id = ${id}`);
  await settle();
  expect(await open()).toEqual([]);
});

test("snoozed it stays quiet for 14 days though it comes back, then it is told again; “not useful” counts", async () => {
  const id = await account("Acme");
  const cancel = (on: string | null) =>
    change(sql`update account_facts set cancel_on = ${on} where account_id = ${id}`);
  await cancel("2027-03-31");
  await settle();
  const [first] = await open();
  await tell([first!], "2026-11-23T09:00:00Z");
  const person = await insert(sql`select person_id as id from person`);
  const say = (said: "snooze" | "not_useful", alertId: number) =>
    database.write(actor, (rows) =>
      sayOfAlert(rows, { alertId, scheduleId: schedule, personId: person, said, today: TODAY }),
    );
  expect(await say("snooze", first!.alertId)).toEqual({ until: "2026-12-06", notUseful: 0 });
  await cancel(null);
  await settle();
  await cancel("2027-04-30");
  await settle();
  expect(await open("2026-12-06")).toEqual([]);
  const again = (await open("2026-12-07")).filter(({ clearedOn }) => clearedOn === null);
  expect(again).toMatchObject([{ condition: "cancellation" }]);
  await tell(again, "2026-12-07T09:00:00Z");
  expect(await say("not_useful", again[0]!.alertId)).toMatchObject({ notUseful: 1 });
  expect(await say("not_useful", 4_711)).toBeNull();
});

test("only what a schedule asks for is told there", async () => {
  const id = await account("Acme");
  await change(sql`update account_facts set cancel_on = '2026-12-31' where account_id = ${id}`);
  await change(sql`update account set country = 'DE', segment = 'mid' where account_id = ${id}`);
  await settle();
  const told = (about: Parameters<typeof untold>[2]) =>
    database.read(actor, (rows) => untold(rows, schedule, about, TODAY));
  expect(await told({ country: "DE", segment: "mid", conditions: ["cancellation"] })).toHaveLength(1);
  expect(await told({ country: "FR" })).toEqual([]);
  expect(await told({ conditions: ["detractor"] })).toEqual([]);
  expect(await told({ team: "DACH" })).toEqual([]);
});

test("each subscription has its own limits: what is early enough for one is too early for the other", async () => {
  await feed();
  const id = await account("Acme");
  await change(
    sql`update account_facts set renews_on = '2027-01-06', last_touch_on = '2026-09-01' where account_id = ${id}`,
  );
  await settle();
  expect(await open()).toEqual([]);
  await limits({ renewalDays: 45 });
  expect(await settle()).toEqual({ opened: 1, cleared: 0 });
  expect(await open()).toMatchObject([
    { condition: "renewal_untouched", limits: { renewalDays: 45, contactDays: 30 }, after: "renews 2027-01-06" },
  ]);
});

test("who was told by one limit is not told again by another that also holds, nor that it is over", async () => {
  await feed();
  const id = await account("Acme");
  await change(
    sql`update account_facts set renews_on = '2026-12-10', last_touch_on = '2026-09-01' where account_id = ${id}`,
  );
  await settle();
  await tell(await open(), "2026-11-23T09:00:00Z");
  await limits({ renewalDays: 45 });
  expect(await settle()).toEqual({ opened: 1, cleared: 0 }); // the workspace's own limit is looked at all the same
  expect(await open()).toEqual([]);
  await limits({ renewalDays: 5 });
  await settle();
  expect(await open()).toEqual([]);
  await limits({});
  await change(sql`update account_facts set last_touch_on = '2026-11-21' where account_id = ${id}`);
  await settle();
  expect(await open()).toMatchObject([{ clearedOn: TODAY }]);
});

test("a workspace's limits are those of every subscription without its own", async () => {
  const id = await account("Acme");
  await change(sql`insert into survey_response (workspace_id, account_id, kind, score, responded_on)
      values (current_workspace(), ${id}, 'nps', 5, '2026-11-15')`);
  await database.write(actor, (rows) => keepWorkspaceLimits(rows, { detractorScore: 4 }));
  await settle();
  expect(await open()).toEqual([]);
  await limits({ detractorScore: 6 });
  await settle();
  expect(await open()).toMatchObject([{ condition: "detractor", limits: { detractorScore: 6 } }]);
  await expect(database.write(actor, (rows) => keepWorkspaceLimits(rows, { watchFrom: 90 }))).rejects.toThrow(
    /poor has to be below/,
  );
});

test("a fall below an edge of one's own is told, where the usual edges are not passed", async () => {
  const id = await account("Acme");
  await limits({ goodFrom: 78 });
  const health = (score: number) => change(sql`update account_facts set health = ${score} where account_id = ${id}`);
  await settle();
  await health(75);
  expect(await settle()).toEqual({ opened: 1, cleared: 0 });
  expect(await open()).toMatchObject([{ before: "good", after: "watch, 75 of 100", limits: { goodFrom: 78 } }]);
});

/** What the subscription says otherwise than the workspace, from now on. */
const limits = (own: object) =>
  change(sql`update schedule set filter = ${JSON.stringify({ limits: own })}::jsonb where schedule_id = ${schedule}`);
