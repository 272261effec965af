import { z } from "zod";
import type { Actor } from "#actor.ts";
import type { Database, Reading, Writing } from "#database/door.ts";
import { join, name, prepared, sql } from "#database/sql.ts";
import { type AccountFacts, DOMAINS, type Freshness } from "#lifecycle/facts.ts";
import { FACT_NAMES, GATHERED, gathered } from "./facts-gather.ts";
import { keepHealth } from "./health.ts";
import { keepStandings } from "./standings.ts";

const value = z.union([z.number(), z.string(), z.null()]);
const evidence = z.object({ on: z.string().nullable().default(null), rows: z.array(z.string()) });

/** The columns of facts in `account_facts f`, and how they are read. */
export const factColumns = sql`to_jsonb(f) - '{evidence,health_parts,dirty}'::text[] as values, f.evidence, f.currency`;
export const factFields = {
  currency: z.string(),
  values: z.record(z.string(), value),
  evidence: z.record(z.string(), evidence),
};

const factsRow = z.object({ accountId: z.number(), crmStage: z.string().nullable(), ...factFields });

/** The facts of the given accounts, in the order of their ids, with the freshness of every domain. */
export async function factsOf(rows: Reading, accountIds: readonly number[], today: string): Promise<AccountFacts[]> {
  const fresh = await freshness(rows, today);
  const found = await rows.many(
    factsRow,
    prepared(
      "facts_of",
      sql`select f.account_id as "accountId", a.crm_stage as "crmStage", ${factColumns}
        from account_facts f join account a using (workspace_id, account_id)
        where f.account_id = any(${accountIds}) order by f.account_id`,
    ),
  );
  return found.map((row) => ({ ...row, values: onlyFacts(row.values), freshness: fresh }));
}

/** Values by fact; what the row lacks is null. */
export function onlyFacts(all: Record<string, z.infer<typeof value>>): AccountFacts["values"] {
  return Object.fromEntries(FACT_NAMES.map((fact) => [fact, all[fact] ?? null]));
}

export const feedRow = z.object({
  domain: z.enum(DOMAINS),
  source: z.string(),
  asOf: z.string(),
  expectedDays: z.number(),
});

/** The freshest source of each domain; a domain that no source feeds has `source` and `asOf` null. */
export async function freshness(rows: Reading, today: string): Promise<Freshness[]> {
  const feeds = await rows.many(
    feedRow,
    prepared(
      "freshness",
      sql`select distinct on (domain) domain, source, least(synced_at::date, ${today}::date) as "asOf", expected_days as "expectedDays"
        from source_feed order by domain, synced_at desc`,
    ),
  );
  return everyDomain(feeds);
}

/** The freshness of all domains, those included that nothing feeds. */
export const everyDomain = (feeds: readonly Freshness[]): Freshness[] =>
  DOMAINS.map(
    (domain) => feeds.find((feed) => feed.domain === domain) ?? { domain, source: null, asOf: null, expectedDays: 0 },
  );

const refreshedRow = z.object({ accountId: z.number() });

/** Recomputes facts and health of accounts that changed, or whose facts are from another day. Returns how many. */
export async function refreshFacts(
  database: Database,
  actor: Actor,
  today: string,
  { batch = 2_000 } = {},
): Promise<number> {
  let refreshed = 0;
  for (;;) {
    const done = await database.write(actor, (rows) => refreshBatch(rows, actor.workspaceId, today, batch));
    refreshed += done;
    if (done < batch) return refreshed;
  }
}

async function refreshBatch(rows: Writing, workspaceId: number, today: string, batch: number): Promise<number> {
  const refreshed = await rows.many(
    refreshedRow,
    sql`with due as (
          select account_id, ${today}::date as day from account_facts where dirty or as_of <> ${today}::date order by account_id limit ${batch} for update skip locked)
        insert into account_facts (${GATHERED}) ${gathered(workspaceId, { hindsight: false })}
        on conflict (workspace_id, account_id) do update set as_of = excluded.as_of, currency = excluded.currency, base_mrr_minor = excluded.base_mrr_minor,
          evidence = excluded.evidence, dirty = false, refreshed_at = now(), ${taken} returning account_id as "accountId"`,
  );
  const ids = refreshed.map((each) => each.accountId);
  await keepHealth(rows, workspaceId, { all: await factsOf(rows, ids, today), day: today });
  await keepStandings(rows, workspaceId, ids);
  return refreshed.length;
}

const taken = join(
  FACT_NAMES.map((each) => sql`${name(each)} = excluded.${name(each)}`),
  ", ",
);
