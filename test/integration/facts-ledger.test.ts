import { expect, test } from "vitest";
import { z } from "zod";
import { refreshFacts } from "#accounts/facts.ts";
import { pastFacts, pastSources } from "#accounts/facts-past.ts";
import { ledgersOf } from "#accounts/movements.ts";
import type { Actor } from "#actor.ts";
import type { Database } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { addDays } from "#lifecycle/days.ts";
import { standingsAt, worth } from "#metrics/ledger.ts";
import { dayBegins } from "#metrics/weeks.ts";
import { seeded } from "#seeded.ts";
import { freshWorkspace } from "../fixtures/database.ts";
import { SAMPLE_DAY, sampleCompanyHouse } from "../fixtures/sample.ts";

const known = z.object({ accountId: z.number(), baseMrrMinor: z.number() });
type Known = z.infer<typeof known>;

const inFacts = (database: Database, actor: Actor): Promise<Known[]> =>
  database.read(actor, (rows) =>
    rows.many(
      known,
      sql`select account_id as "accountId", base_mrr_minor as "baseMrrMinor" from account_facts order by account_id`,
    ),
  );

/** What the metrics' ledger says that each account pays at the end of a day. */
async function byLedger(database: Database, actor: Actor, accountIds: number[], day: string): Promise<Known[]> {
  const zone = actor.zone ?? "UTC";
  const ledger = await database.read(actor, (rows) => ledgersOf(rows, accountIds, zone));
  const standings = standingsAt(ledger, dayBegins(addDays(day, 1), zone), zone);
  return accountIds.map((accountId) => {
    const standing = standings.get(accountId);
    return { accountId, baseMrrMinor: standing ? worth(standing) : 0 };
  });
}

test("the sample company's accounts pay what the ledger says, each to the cent", async () => {
  const { database, context } = await sampleCompanyHouse();
  const facts = await inFacts(database, context.actor);
  const ids = facts.map(({ accountId }) => accountId);
  expect(facts).toEqual(await byLedger(database, context.actor, ids, SAMPLE_DAY));
  const foreign = await database.read(context.actor, (rows) =>
    rows.many(
      z.object({ n: z.number() }),
      sql`select count(distinct account_id)::int as n from mrr_event where currency <> 'USD'`,
    ),
  );
  expect(foreign[0]!.n).toBeGreaterThan(10); // else it would show nothing
}, 180_000); // the sample company may have to be made up first

test("facts follow the ledger through currencies, shares taken away, one moment's ups and downs and rates that move", async () => {
  const { database, actor } = await freshWorkspace();
  const random = seeded(19);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const RATES: Record<string, number> = { EUR: 1.1, GBP: 1.31, JPY: 0.0067, USD: 1 };
  const ids = await database.write(actor, async (rows) => {
    const made: number[] = [];
    const ledger: object[] = [];
    for (let n = 0; n < 60; n++) {
      const { id } = await rows.one(
        z.object({ id: z.number() }),
        sql`insert into account (workspace_id, name, name_norm, created_on) values (${actor.workspaceId}, ${`Company ${n}`}, ${`company ${n}`}, '2025-01-01') returning account_id as id`,
      );
      made.push(id);
      await rows.run(
        sql`insert into account_facts (workspace_id, account_id, as_of, currency) values (${actor.workspaceId}, ${id}, '2025-01-01', 'USD')`,
      );
      const currencies = n % 3 === 0 ? (["EUR", "GBP", "USD"] as const) : ([pick(["EUR", "JPY", "GBP"])] as const);
      const balance: Record<string, number> = {};
      for (let step = 0; step < 14; step++) {
        const currency = pick(currencies);
        const held = balance[currency] ?? 0;
        const delta = random() < 0.2 ? -held : Math.floor((random() - 0.4) * 90_000);
        const change = held + delta < 0 ? -Math.floor(held / 3) : delta;
        balance[currency] = held + change;
        const rate = RATES[currency]! * (currency === "USD" ? 1 : 0.8 + random() * 0.4);
        const base = currency === "USD" ? change : Math.round(change * rate);
        // A few moments for many rows: some fall together.
        const at = `2026-0${1 + Math.floor(random() * 8)}-1${Math.floor(random() * 3)}T10:00:00Z`;
        ledger.push({ id, at, change, base, currency, key: `${n} ${step}` });
      }
    }
    await rows.run(sql`insert into mrr_event (workspace_id, account_id, effective_at, delta_minor, base_delta_minor, currency, source, source_key)
      select ${actor.workspaceId}, l.id, l.at, l.change, l.base, l.currency, 'billing', l.key
      from jsonb_to_recordset(${JSON.stringify(ledger)}::jsonb) as l (id bigint, at timestamptz, change bigint, base bigint, currency text, key text)`);
    return made;
  });
  for (const day of ["2026-03-11", "2026-06-11", "2026-11-22"]) {
    await refreshFacts(database, actor, day);
    const expected = await byLedger(database, actor, ids, day);
    expect(await inFacts(database, actor)).toEqual(expected);
    const past = await database.read(actor, async (rows) =>
      pastFacts(rows, actor.workspaceId, { accountIds: ids, days: [day], sources: await pastSources(rows) }),
    );
    expect(past.map(({ accountId, baseMrrMinor }) => ({ accountId, baseMrrMinor }))).toEqual(expected);
  }
});
