import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import type { AccountFacts, Freshness } from "#lifecycle/facts.ts";
import { factColumns, factFields, freshness, onlyFacts } from "./facts.ts";
import { GATHERED, gathered } from "./facts-gather.ts";

const pastRow = z.object({ accountId: z.number(), day: z.string(), baseMrrMinor: z.number(), ...factFields });

/** What was known of an account on a past day. */
export interface PastFacts extends AccountFacts {
  day: string;
  /** Its MRR in minor units of the base currency, as the ledger counts it. */
  baseMrrMinor: number;
}

export interface PastAsked {
  accountIds: readonly number[];
  days: readonly string[];
  /** From `pastSources`. */
  sources: readonly PastSource[];
}

/**
 * The facts of accounts as they were known at the end of past days, in the order of the days, then of the accounts; an
 * account that was neither on record nor paid yet has none. Nothing is kept of them. What a row looked like before it was changed is known for cancellations, renewals, trials, sales stages
 * and written-off invoices; seats, plans, ticket priorities and owners are today's, and what the CRM said is not known.
 */
export async function pastFacts(
  rows: Reading,
  workspaceId: number,
  { accountIds, days, sources }: PastAsked,
): Promise<PastFacts[]> {
  const found = await rows.many(
    pastRow,
    sql`with due as (
          select a.account_id, d.day from account a cross join unnest(${days}::date[]) d (day)
          where a.workspace_id = ${workspaceId} and a.account_id = any(${accountIds}::bigint[])
            and (a.created_on <= d.day or exists (select from mrr_event e where e.workspace_id = a.workspace_id and e.account_id = a.account_id and e.effective_at < d.day + 1))),
        f (${GATHERED}) as (${gathered(workspaceId, { hindsight: true })})
        select f.account_id as "accountId", f.as_of as day, f.base_mrr_minor as "baseMrrMinor", ${factColumns}
        from f order by f.as_of, f.account_id`,
  );
  return found.map((row) => ({
    ...row,
    values: onlyFacts(row.values),
    freshness: sources.map((each) => freshOn(row.day, each)),
    crmStage: null,
  }));
}

/** How fresh a kind of data is, and since when it tells anything. */
export type PastSource = Freshness & { since: string };

const sinceRow = z.object({ domain: z.string(), since: z.string().nullable() });

/** What feeds each domain; read once for many past days, because it looks for the first row of each kind. */
export async function pastSources(rows: Reading): Promise<PastSource[]> {
  const first = new Map((await rows.many(sinceRow, FIRST_TOLD)).map(({ domain, since }) => [domain, since ?? NEVER]));
  return (await freshness(rows, NEVER)).map((each) => ({ ...each, since: first.get(each.domain) ?? EVER }));
}

/** A source that had told nothing yet was no source. */
function freshOn(day: string, { since, ...source }: PastSource): Freshness {
  const told = since <= day && source.asOf !== null;
  return { ...source, asOf: told ? earlier(source.asOf!, day) : null }; // just looked at
}

const EVER = "0001-01-01";
const NEVER = "9999-12-31";
const earlier = (a: string, b: string): string => (a < b ? a : b);

/** The first day that each kind of data speaks of. */
const FIRST_TOLD = sql`
  select 'usage' as domain, (select min(day) from product_usage) as since
  union all select 'support', (select min(created_at)::date from ticket)
  union all select 'voice', (select min(responded_on) from survey_response)
  union all select 'crm', (select min(occurred_at)::date from interaction)`;
