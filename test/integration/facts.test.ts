import { beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { factsOf, refreshFacts } from "#accounts/facts.ts";
import { pastFacts, pastSources } from "#accounts/facts-past.ts";
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

describe("what was entered later does not show in the facts of an earlier day", () => {
  const workspace = sql`select workspace_id, account_id`;
  const then = async (day: string) => {
    const [facts] = await database.read(actor, async (rows) =>
      pastFacts(rows, actor.workspaceId, { accountIds: [id], days: [day], sources: await pastSources(rows) }),
    );
    return facts!.values;
  };
  const subscription = (columns: Sql, values: Sql) =>
    sql`insert into subscription (workspace_id, account_id, status, mrr_minor, currency, started_on, ${columns}) ${workspace}, 'active', 5000, 'USD', '2025-11-01', ${values} from account`;

  test("a cancellation", async () => {
    await put(subscription(sql`cancelled_on, cancel_on, term_months`, sql`'2026-10-10'::date, '2026-10-31'::date, 12`));
    expect((await known("2026-10-09")).values.cancel_on).toBeNull();
    expect((await known("2026-10-10")).values.cancel_on).toBe("2026-10-31");
    // Until the click it was a contract that would renew.
    expect(await then("2026-10-09")).toMatchObject({ cancel_on: null, renews_on: "2026-10-31" });
    expect(await then("2026-10-10")).toMatchObject({ cancel_on: "2026-10-31", renews_on: null });
  });

  test("a cancellation whose day nobody noted is known today, and not before", async () => {
    await put(subscription(sql`cancel_on`, sql`'2026-12-31'::date`));
    expect((await known()).values.cancel_on).toBe("2026-12-31");
    expect((await then("2026-11-21")).cancel_on).toBeNull();
  });

  test("a renewal in a term that has ended since", async () => {
    await put(subscription(sql`renews_on, term_months`, sql`'2028-02-29'::date, 12`));
    expect((await then("2026-02-27")).renews_on).toBe("2026-02-28");
    expect((await then("2026-03-01")).renews_on).toBe("2027-02-28");
    expect((await known()).values.renews_on).toBe("2028-02-29");
  });

  test("a champion who left", async () => {
    const contact = (name: string, left: string | null) =>
      sql`insert into contact (workspace_id, account_id, full_name, email, role, left_on, created_on) ${workspace}, ${name}, ${`${name}@acme.example`}, 'champion', ${left}::date, '2025-01-01'::date from account`;
    await put(contact("ada", "2026-10-10"), contact("bob", null));
    expect((await known("2026-10-09")).values).toMatchObject({ champion_left_on: null, reachable_contacts: 2 });
    expect((await known("2026-10-10")).values).toMatchObject({ champion_left_on: "2026-10-10", reachable_contacts: 1 });
  });

  test("that an invoice was paid, or written off", async () => {
    const invoice = (status: string, paid: string | null) =>
      sql`insert into invoice (workspace_id, account_id, status, due_minor, paid_minor, currency, issued_on, due_on, paid_on) ${workspace}, ${status}, 900, ${paid ? 900 : 0}::int, 'USD', '2026-08-01'::date, '2026-09-01'::date, ${paid}::date from account`;
    await put(invoice("paid", "2026-10-10"), invoice("uncollectible", null));
    expect(await then("2026-09-15")).toMatchObject({
      overdue_minor: 1800,
      overdue_since: "2026-09-01",
      paid_invoices: 0,
    });
    expect((await known()).values).toMatchObject({ overdue_minor: 0, overdue_since: null, paid_invoices: 1 });
  });

  test("how a ticket was rated once it was solved", async () => {
    await put(
      sql`insert into ticket (workspace_id, account_id, status, csat, created_at, solved_at) ${workspace}, 'solved', 2, '2026-10-05T10:00Z'::timestamptz, '2026-10-10T10:00Z'::timestamptz from account`,
    );
    expect((await known("2026-10-09")).values).toMatchObject({ csat_90d: null, open_tickets: 1 });
    expect((await known("2026-10-10")).values).toMatchObject({ csat_90d: 2, open_tickets: 0 });
  });

  test("the stage that a sale reached", async () => {
    await put(
      sql`insert into opportunity (workspace_id, account_id, opportunity_id, stage, created_on) ${workspace}, 1, 'Negotiation', '2026-09-01'::date from account`,
      sql`insert into opportunity_stage (workspace_id, opportunity_id, stage, entered_on) values (${actor.workspaceId}, 1, 'Qualified', '2026-09-01'), (${actor.workspaceId}, 1, 'Negotiation', '2026-10-10')`,
    );
    expect(await then("2026-10-09")).toMatchObject({ open_opportunities: 1, late_stage_opportunities: 0 });
    expect(await then("2026-10-10")).toMatchObject({ open_opportunities: 1, late_stage_opportunities: 1 });
  });

  test("what the CRM says, and sources that had told nothing yet", async () => {
    await put(
      sql`update account set crm_stage = 'Customer'`,
      talk("2026-10-10T10:00Z", "inbound", "question"),
      sql`insert into source_feed (workspace_id, domain, source, synced_at) values (${actor.workspaceId}, 'crm', 'crm', '2026-11-20T06:00Z')`,
    );
    const past = await database.read(actor, async (rows) =>
      pastFacts(rows, actor.workspaceId, {
        accountIds: [id],
        days: ["2026-10-09", "2026-10-10", "2026-11-21"],
        sources: await pastSources(rows),
      }),
    );
    expect(past.map(({ freshness }) => freshness.find(({ domain }) => domain === "crm")!.asOf)).toEqual([
      null,
      "2026-10-10",
      "2026-11-20",
    ]);
    expect(past.map(({ crmStage }) => crmStage)).toEqual([null, null, null]);
  });

  test("nobody is told of before they were on record or paid", async () => {
    await put(ledger("2024-12-20", 100));
    const past = await database.read(actor, async (rows) =>
      pastFacts(rows, actor.workspaceId, {
        accountIds: [id],
        days: ["2024-12-01", "2024-12-24", "2025-01-02"],
        sources: await pastSources(rows),
      }),
    );
    expect(past.map(({ day, baseMrrMinor }) => [day, baseMrrMinor])).toEqual([
      ["2024-12-24", 100],
      ["2025-01-02", 100],
    ]);
  });
});

test("an account that pays in two currencies is told in the base currency, and ends at nothing", async () => {
  const rate = (day: string, value: number) =>
    sql`insert into exchange_rate values (${actor.workspaceId}, 'EUR', ${day}, ${value})`;
  await put(rate("2026-01-01", 1.1), rate("2026-06-01", 1.25));
  await put(ledger("2026-02-01", 1000), ledger("2026-02-02", 2000, "EUR", 2200));
  const both = await known();
  expect([both.currency, both.values.mrr_minor]).toEqual(["USD", 3200]);
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

test("a plan that moves at another rate adds the difference at the new one, and what goes takes its share", async () => {
  const baseMrr = async (day: string) => {
    await refreshFacts(database, actor, day);
    const [found] = await database.read(actor, (rows) =>
      rows.many(z.object({ minor: z.number() }), sql`select base_mrr_minor as minor from account_facts`),
    );
    return found!.minor;
  };
  await put(
    ledger("2026-02-01", 1000, "EUR", 1100),
    ledger("2026-03-01", -1000, "EUR", -1100),
    ledger("2026-03-01", 1200, "EUR", 1500),
    ledger("2026-04-01", -600, "EUR", -900),
    ledger("2026-05-01", -600, "EUR", -900),
  );
  expect(await baseMrr("2026-02-01")).toBe(1100);
  expect(await baseMrr("2026-03-01")).toBe(1100 + 250); // 200 more at 1.25, not 1500 − 1100
  expect(await baseMrr("2026-04-01")).toBe(675); // half of it, whatever the day's rate
  expect(await baseMrr("2026-05-01")).toBe(0);
});
