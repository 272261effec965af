import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import type { AccountFacts, Freshness } from "#lifecycle/facts.ts";

/** A past day's outcome: whether MRR became 0 within so many days. */
export const OUTCOME_DAYS = 90;

const knownRow = z.object({
  accountId: z.number(),
  cancelOn: z.string().nullable(),
  renewsOn: z.string().nullable(),
  overdueSince: z.string().nullable(),
});
export type KnownThen = z.infer<typeof knownRow>;

/**
 * What later changes have written over. A cancellation counts from the click. A subscription renews at the end of the
 * term that ran, counted back from its last known end; else those that left would show by having no renewal. An invoice
 * that was written off later was overdue until then.
 */
export async function knownThen(rows: Reading, ids: readonly number[], day: string): Promise<Map<number, KnownThen>> {
  const found = await rows.many(
    knownRow,
    sql`select k.id as "accountId", sub."cancelOn", sub."renewsOn", bill."overdueSince" from unnest(${ids}::bigint[]) as k (id)
        left join lateral (
          select min(s.cancel_on) filter (where s.clicked and s.cancel_on > ${day}::date) as "cancelOn", min(term.ends) filter (where not s.clicked) as "renewsOn"
          from (select s.*, coalesce(s.cancelled_on <= ${day}::date, false) as clicked, coalesce(s.renews_on, s.cancel_on, s.ended_on) as anchor from subscription s
                where s.workspace_id = current_workspace() and s.account_id = k.id and s.started_on <= ${day}::date and (s.ended_on is null or s.ended_on > ${day}::date) and s.mrr_minor > 0) s
          left join lateral (
            select (s.anchor - make_interval(months => s.term_months * terms))::date as ends from generate_series(0, 240) terms
            where s.term_months > 1 and (s.anchor - make_interval(months => s.term_months * terms))::date >= ${day}::date order by 1 limit 1) term on true) sub on true
        left join lateral (
          select min(v.due_on) as "overdueSince" from invoice v
          where v.workspace_id = current_workspace() and v.account_id = k.id and v.issued_on <= ${day}::date and v.due_on < ${day}::date
            and (v.paid_on is null or v.paid_on > ${day}::date) and v.status in ('open', 'paid', 'uncollectible')) bill on true`,
  );
  return new Map(found.map((each) => [each.accountId, each]));
}

export interface Then {
  day: string;
  known: KnownThen | undefined;
  since: Map<string, string>;
}

/** The facts with what was not known on that day taken back; a source that had told nothing yet is no source. */
export function asKnown(facts: AccountFacts, { day, known, since }: Then): AccountFacts {
  const { champion_left_on: left } = facts.values;
  const values = {
    ...facts.values,
    cancel_on: known?.cancelOn ?? null,
    renews_on: known?.renewsOn ?? null,
    overdue_since: known?.overdueSince ?? null,
    champion_left_on: typeof left === "string" && left <= day ? left : null,
  };
  const told = ({ domain }: Freshness): boolean => (since.get(domain) ?? "") <= day;
  return { ...facts, values, freshness: facts.freshness.map((each) => (told(each) ? each : { ...each, asOf: null })) };
}

const sinceRow = z.object({ domain: z.string(), since: z.string().nullable() });

/** The first day that each kind of data speaks of. */
export async function sourcesSince(rows: Reading): Promise<Map<string, string>> {
  const found = await rows.many(
    sinceRow,
    sql`select 'usage' as domain, (select min(day) from product_usage) as since
        union all select 'support', (select min(created_at)::date from ticket)
        union all select 'voice', (select min(responded_on) from survey_response)
        union all select 'crm', (select min(occurred_at)::date from interaction)`,
  );
  return new Map(found.map(({ domain, since }) => [domain, since ?? "9999-12-31"]));
}

const churnedRow = z.object({ accountId: z.number() });

/**
 * Those whose MRR became 0 after a day and within 90 days: the balance at the end of some day, changes of one day together.
 * Amounts of several currencies stand in one sum only to see whether nothing is left, which no rate can blur.
 */
export async function churnedAfter(
  rows: Reading,
  ids: readonly number[],
  { zone, day }: { zone: string; day: string },
): Promise<Set<number>> {
  const found = await rows.many(
    churnedRow,
    sql`select distinct account_id as "accountId" from (
          select e.account_id, e.day, sum(sum(e.delta_minor)) over (partition by e.account_id order by e.day) as balance
          from (select e.*, (e.effective_at at time zone ${zone})::date as day from mrr_event e
                where e.workspace_id = current_workspace() and e.account_id = any(${ids}::bigint[])) e
          where e.day <= ${day}::date + ${OUTCOME_DAYS}::int group by e.account_id, e.day) balances
        where balance <= 0 and day > ${day}::date`,
  );
  return new Set(found.map(({ accountId }) => accountId));
}
