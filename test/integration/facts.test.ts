import { beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { factsOf, refreshFacts } from "#accounts/facts.ts";
import type { Actor } from "#actor.ts";
import type { Database } from "#database/door.ts";
import { type Sql, sql } from "#database/sql.ts";
import { freshWorkspace } from "../fixtures/database.ts";

const DAY = "2026-11-22";
let database: Database;
let actor: Actor;
let id: number;

beforeEach(async () => {
  ({ database, actor } = await freshWorkspace());
  id = await database.write(actor, async (rows) => {
    await rows.run(
      sql`insert into account (workspace_id, name, name_norm, created_on) values (${actor.workspaceId}, 'Acme', 'acme', '2025-01-01')`,
    );
    await rows.run(
      sql`insert into account_facts (workspace_id, account_id, as_of, currency) select ${actor.workspaceId}, account_id, '2025-01-01', 'USD' from account`,
    );
    return (await rows.one(z.object({ id: z.number() }), sql`select account_id as id from account`)).id;
  });
});

const put = (...queries: Sql[]) =>
  database.write(actor, async (rows) => {
    for (const query of queries) await rows.run(query);
    await rows.run(sql`update account_facts set dirty = true`);
  });
const ledger = (at: string, delta: number, currency = "USD", base = delta) =>
  sql`insert into mrr_event (workspace_id, account_id, effective_at, delta_minor, base_delta_minor, currency, source, source_key)
      values (${actor.workspaceId}, ${id}, ${at}::timestamptz, ${delta}, ${base}, ${currency}, 'billing', ${`${at} ${currency} ${delta}`})`;
const talk = (at: string, direction: string, kind: string, campaign: string | null = null) =>
  sql`insert into interaction (workspace_id, account_id, occurred_at, channel, direction, kind, campaign) values (${actor.workspaceId}, ${id}, ${at}::timestamptz, 'email', ${direction}, ${kind}, ${campaign})`;
const usage = (day: string, events: number) =>
  sql`insert into product_usage (workspace_id, account_id, day, events, active_users) values (${actor.workspaceId}, ${id}, ${day}, ${events}, 5)`;

async function known(day = DAY) {
  await refreshFacts(database, actor, day);
  const [facts] = await database.read(actor, (rows) => factsOf(rows, [id], day));
  return facts!;
}

test("the ledger tells churn, comeback, expansion and contraction apart", async () => {
  await put(
    ledger("2026-02-01", 100),
    ledger("2026-03-01", 50),
    ledger("2026-04-01", -150),
    ledger("2026-05-01", 70),
    ledger("2026-06-01", -20),
  );
  const { values, evidence } = await known();
  expect(values).toMatchObject({
    mrr_minor: 50,
    first_paid_on: "2026-02-01",
    last_expansion_on: "2026-03-01",
    churned_on: "2026-04-01",
    reactivated_on: "2026-05-01",
    last_contraction_on: "2026-06-01",
  });
  expect(evidence.churned_on).toEqual({ on: "2026-04-01", rows: [expect.stringMatching(/^mrr_event:\d+$/)] });
});

test("moving a plan at one moment is neither churn nor comeback", async () => {
  await put(ledger("2026-02-01", 100), ledger("2026-03-01", -100), ledger("2026-03-01", 120));
  expect((await known()).values).toMatchObject({
    mrr_minor: 120,
    churned_on: null,
    reactivated_on: null,
    last_expansion_on: "2026-03-01",
  });
});

test("a past day is told as it was on that day", async () => {
  await put(ledger("2026-02-01", 100), ledger("2026-04-01", -100), talk("2026-05-05T10:00Z", "inbound", "question"));
  expect((await known("2026-03-15")).values).toMatchObject({ mrr_minor: 100, churned_on: null, last_inbound_on: null });
  expect((await known("2026-05-06")).values).toMatchObject({
    mrr_minor: 0,
    churned_on: "2026-04-01",
    last_inbound_on: "2026-05-05",
  });
});

test("an account that pays in two currencies is told in the base currency, and ends at nothing", async () => {
  const rate = (day: string, value: number) =>
    sql`insert into exchange_rate values (${actor.workspaceId}, 'EUR', ${day}, ${value})`;
  await put(rate("2026-01-01", 1.1), rate("2026-06-01", 1.25));
  await put(ledger("2026-02-01", 1000), ledger("2026-02-02", 2000, "EUR", 2200));
  const both = await known();
  expect([both.currency, both.values.mrr_minor]).toEqual(["USD", 3500]);
  await put(ledger("2026-07-01", -1000), ledger("2026-07-02", -2000, "EUR", -2500));
  expect((await known()).values).toMatchObject({ mrr_minor: 0, churned_on: "2026-07-02" });
});

test("a campaign mail that nobody answered is no contact", async () => {
  await put(
    talk("2026-10-01T10:00Z", "outbound", "newsletter", "Autumn"),
    talk("2026-09-01T10:00Z", "outbound", "answer"),
  );
  expect((await known()).values).toMatchObject({
    last_touch_on: "2026-09-01",
    last_outbound_on: "2026-09-01",
    last_inbound_on: null,
  });
});

test("usage that is late does not read as usage that fell", async () => {
  const weeks = [
    "2026-11-13",
    "2026-11-06",
    "2026-10-30",
    "2026-10-23",
    "2026-10-14",
    "2026-10-07",
    "2026-09-30",
    "2026-09-23",
  ];
  await put(
    ...weeks.map((day) => usage(day, 100)),
    sql`insert into source_feed (workspace_id, domain, source, synced_at) values (${actor.workspaceId}, 'usage', 'telemetry', '2026-11-13T06:00Z')`,
  );
  expect((await known()).values).toMatchObject({ events_30d: 400, events_prior_30d: 400 });
});

test("a day is the workspace's day, not the server's", async () => {
  const east = { ...actor, zone: "Asia/Tokyo" };
  await put(talk("2026-11-21T20:00Z", "inbound", "question"));
  await refreshFacts(database, east, DAY);
  const [facts] = await database.read(east, (rows) => factsOf(rows, [id], DAY));
  expect(facts!.values.last_inbound_on).toBe("2026-11-22");
});

test("nothing is recomputed when nothing changed", async () => {
  expect(await refreshFacts(database, actor, DAY)).toBe(1);
  expect(await refreshFacts(database, actor, DAY)).toBe(0);
  await put(talk("2026-11-20T10:00Z", "inbound", "question"));
  expect(await refreshFacts(database, actor, DAY)).toBe(1);
});

test("a domain without a source is named as such", async () => {
  const { freshness } = await known();
  expect(freshness.every(({ source, asOf }) => source === null && asOf === null)).toBe(true);
});
