import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { refreshFacts } from "#accounts/facts.ts";
import { counted, type GroupFilter, groupsFor } from "#accounts/movements.ts";
import { cancelledAhead } from "#accounts/movements-ahead.ts";
import { refreshRisks } from "#accounts/risk-scores.ts";
import { keepStandings, rebuildStandings } from "#accounts/standings.ts";
import { checkStandings } from "#accounts/standings-check.ts";
import { renewalsDue, riskCounts } from "#accounts/standings-read.ts";
import type { Actor } from "#actor.ts";
import type { Database, Reading, Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import type { Incoming, RecordKind, RecordOf } from "#intake/records.ts";
import { createWriter } from "#intake/write.ts";
import { freshWorkspace } from "../fixtures/database.ts";
import { sampleCompanyHouse } from "../fixtures/sample.ts";

type Place = { database: Database; actor: Actor };
const TODAY = "2026-11-22";
const AHEAD = { start: TODAY, end: "2027-02-21" };
const idRow = z.object({ id: z.number() });
const countsRow = z.object({
  paying: z.number(),
  scored: z.number(),
  known: z.number(),
  atRisk: z.number(),
  atRiskMinor: z.number(),
});
const renewalsRow = z.object({ customers: z.number(), amountMinor: z.number() });

/** Counted from facts and risks themselves, account by account. */
async function byHand(rows: Reading, filter: GroupFilter) {
  const from = sql`from account_facts f left join account_risk r using (workspace_id, account_id) ${groupsFor(filter, sql`f`)} where f.workspace_id = current_workspace() and ${counted(filter)}`;
  const risky = sql`f.mrr_minor > 0 and f.cancel_on is null and r.band in ('high', 'critical')`;
  const counts = await rows.one(
    countsRow,
    sql`select (count(*) filter (where f.mrr_minor > 0))::int as paying, count(r.account_id)::int as scored, count(r.band)::int as known,
          (count(*) filter (where ${risky}))::int as "atRisk", coalesce(sum(f.base_mrr_minor) filter (where ${risky}), 0)::bigint as "atRiskMinor" ${from}`,
  );
  const renewals = await rows.one(
    renewalsRow,
    sql`select count(*)::int as customers, coalesce(sum(f.base_mrr_minor), 0)::bigint as "amountMinor" ${from}
          and f.mrr_minor > 0 and f.renews_on >= ${AHEAD.start}::date and f.renews_on < ${AHEAD.end}::date`,
  );
  return { counts, renewals };
}

async function asKept(rows: Reading, filter: GroupFilter) {
  const due = await renewalsDue(rows, { window: AHEAD, filter });
  const sum = (of: (month: (typeof due)[number]) => number) => due.reduce((whole, each) => whole + of(each), 0);
  return {
    counts: await riskCounts(rows, filter),
    renewals: { customers: sum(({ customers }) => customers), amountMinor: sum(({ amountMinor }) => amountMinor) },
  };
}

const differences = ({ database, actor }: Place) =>
  database.read(actor, async (rows) => (await checkStandings(rows)).differences);

test("who pays, is at risk and renews is the same from the sums as counted in the sample company, whoever is asked for", async () => {
  const { database, context } = await sampleCompanyHouse();
  const { actor } = context;
  expect(await differences({ database, actor })).toEqual([]);
  await database.read(actor, async (rows) => {
    const owners = await rows.many(
      idRow,
      sql`select owner_id as id from account where owner_id is not null group by 1 order by 1 limit 3`,
    );
    const [some] = await rows.many(
      z.object({ segment: z.string(), country: z.string(), plan: z.string(), industry: z.string() }),
      sql`select g.segment, g.country, g.plan, a.industry from account_standing g join account a using (workspace_id, account_id) where g.at_risk and g.plan is not null and g.country is not null order by g.account_id limit 1`,
    );
    const { segment, country, plan, industry } = some!;
    const filters = [
      {},
      { ownerIds: owners.map(({ id }) => id) },
      { segment },
      { countries: [country] },
      { plan },
      { industry },
      { segment, plan },
    ];
    for (const filter of filters)
      expect([filter, await asKept(rows, filter)]).toEqual([filter, await byHand(rows, filter)]);
    expect((await riskCounts(rows, {})).atRisk).toBeGreaterThan(0);
  });
}, 180_000);

const touch = fc.record({
  of: fc.integer({ min: 0, max: 4 }),
  mrr: fc.constantFrom(0, 0, 5_000, 9_900),
  renewsOn: fc.constantFrom(null, "2026-12-01", "2027-01-15", "2027-06-30"),
  cancelOn: fc.constantFrom(null, null, "2026-12-24"),
  band: fc.constantFrom(null, "none", "low", "high", "critical"),
  segment: fc.constantFrom(null, "startup", "enterprise"),
  plan: fc.constantFrom("Team", "Business"),
});
type Touch = typeof touch extends fc.Arbitrary<infer T> ? T : never;

/** `band` null: never scored; "none": too little is known. */
async function touched(
  rows: Writing,
  workspaceId: number,
  id: number,
  { mrr, renewsOn, cancelOn, band, segment, plan }: Touch,
) {
  await rows.run(sql`update account set segment = ${segment}, plan = ${plan} where account_id = ${id}`);
  await rows.run(
    sql`insert into account_facts (workspace_id, account_id, as_of, currency, mrr_minor, base_mrr_minor, renews_on, cancel_on)
        values (${workspaceId}, ${id}, ${TODAY}, 'USD', ${mrr}, ${mrr * 2}, ${renewsOn}, ${cancelOn})
        on conflict (workspace_id, account_id) do update set mrr_minor = excluded.mrr_minor, base_mrr_minor = excluded.base_mrr_minor, renews_on = excluded.renews_on, cancel_on = excluded.cancel_on`,
  );
  await rows.run(sql`delete from account_risk where account_id = ${id}`);
  if (band)
    await rows.run(
      sql`insert into account_risk (workspace_id, account_id, as_of, facts_at, model_version, calibrated, score, intercept, probability, band, coverage, missing, terms)
          values (${workspaceId}, ${id}, ${TODAY}, now(), 'made', false, 0, 0, ${band === "none" ? null : 0.3}, ${band === "none" ? null : band}, 1, '[]', '[]')`,
    );
}

test("after any touches, in any order, the sums say what is counted", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(touch, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
      async (visits) => {
        const { database, actor } = await freshWorkspace();
        const { workspaceId } = actor;
        await database.write(actor, async (rows) => {
          const made = await rows.many(
            idRow,
            sql`insert into account (workspace_id, name, name_norm, created_on) select ${workspaceId}, 'Customer ' || n, 'customer ' || n, '2025-01-01' from generate_series(0, 4) n returning account_id as id`,
          );
          for (const visit of visits) {
            for (const each of visit) await touched(rows, workspaceId, made[each.of]!.id, each);
            await keepStandings(rows, workspaceId, [...new Set(visit.map(({ of }) => made[of]!.id))]);
          }
          for (const filter of [{}, { segment: "startup" }, { plan: "Team" }, { segment: "enterprise", plan: "Team" }])
            expect([filter, await asKept(rows, filter)]).toEqual([filter, await byHand(rows, filter)]);
          expect((await checkStandings(rows)).differences).toEqual([]);
        });
      },
    ),
    { numRuns: 12 },
  );
}, 60_000);

const rec = <K extends RecordKind>(kind: K, record: RecordOf<K>): Incoming => ({ kind, record }) as Incoming; // a kind and its record
const account = (segment: string) => rec("account", { id: "1", name: "Acme", createdOn: "2025-01-01", segment });
const subscription = (more: Partial<RecordOf<"subscription">> = {}) =>
  rec("subscription", {
    id: "s",
    account: { id: "1" },
    plan: "Team",
    status: "active",
    mrrMinor: 10_000,
    currency: "USD",
    startedOn: "2025-02-01",
    renewsOn: "2026-12-01",
    ...more,
  });
const event = (id: string, at: string, deltaMinor: number) =>
  rec("mrr_event", { id, account: { id: "1" }, at, deltaMinor, currency: "USD", reason: "change" });

test("a new segment and a cancellation count from the import on; who pays no more leaves the lists", async () => {
  const place = await freshWorkspace();
  const { database, actor } = place;
  const writer = createWriter({ ...place, source: "crm", today: TODAY, syncedAt: `${TODAY}T08:00:00Z` });
  const judge = async () => {
    await refreshFacts(database, actor, TODAY);
    await refreshRisks(database, actor, TODAY);
  };
  const of = (segment: string) => database.read(actor, (rows) => asKept(rows, { segment }));
  const [one, none] = [
    { counts: { paying: 1, scored: 1 }, renewals: { customers: 1, amountMinor: 10_000 } },
    { counts: { paying: 0, scored: 0 }, renewals: { customers: 0, amountMinor: 0 } },
  ];
  await writer.write([account("startup"), subscription(), event("new", "2025-02-01T10:00:00Z", 10_000)]);
  await judge();
  expect(await of("startup")).toMatchObject(one);
  await writer.write([account("enterprise"), subscription({ renewsOn: null, cancelOn: "2026-12-24" })]);
  const cancelled = await database.read(actor, (rows) =>
    cancelledAhead(rows, { today: TODAY, filter: { segment: "enterprise" }, most: 5 }),
  );
  expect(cancelled).toMatchObject({ all: 1, first: [{ endsOn: "2026-12-24", amountMinor: 10_000 }] });
  expect(await of("startup")).toMatchObject(none);
  expect(await of("enterprise")).toMatchObject(one);
  await writer.write([event("gone", "2026-11-20T10:00:00Z", -10_000)]);
  await judge();
  expect(await of("enterprise")).toMatchObject(none);
  expect(await differences(place)).toEqual([]);
});

test("sums that somebody has tampered with are found by the check, and put right by a rebuild", async () => {
  const place = await freshWorkspace();
  const { database, actor } = place;
  const writer = createWriter({ ...place, source: "crm", today: TODAY, syncedAt: `${TODAY}T08:00:00Z` });
  await writer.write([account("startup"), subscription(), event("new", "2025-02-01T10:00:00Z", 10_000)]);
  await refreshFacts(database, actor, TODAY);
  await database.write(actor, async (rows) => {
    await rows.run(sql`update account_standing set mrr_minor = 1`);
    await rows.run(sql`update standing_sum set paying = 2 where cut = 'segment'`);
  });
  expect((await differences(place)).map(({ where }) => where)).toEqual(
    expect.arrayContaining([expect.stringMatching(/^account:\d+$/), "segment:startup", "all:"]),
  );
  expect(await rebuildStandings(database, actor)).toBe(1);
  expect(await differences(place)).toEqual([]);
});
