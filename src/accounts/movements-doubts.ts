import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { type Sql, sql } from "#database/sql.ts";
import { counted, type GroupFilter, groupsFor } from "./movements.ts";
import { lostIn, type MovesAsked } from "./movements-listed.ts";

const disagreementRow = z.object({
  accountId: z.number(),
  name: z.string(),
  currency: z.string(),
  ledgerMinor: z.number(),
  subscriptionsMinor: z.number(),
});
export type Disagreement = z.infer<typeof disagreementRow>;

/**
 * Accounts whose ledger says another MRR than their running subscriptions do, largest difference first; in minor units of
 * the account's currency. Only accounts that pay in one currency can be compared. It reads every subscription of those that are
 * counted, unless only `among` some accounts.
 */
export const ledgerAgainstSubscriptions = (
  rows: Reading,
  { today, filter, among }: { today: string; filter: GroupFilter; among: readonly number[] | null },
): Promise<Disagreement[]> =>
  rows.many(
    disagreementRow,
    sql`with subs as (
          select s.account_id, min(s.currency) as currency, min(s.currency) <> max(s.currency) as mixed,
            coalesce(sum(s.mrr_minor) filter (where s.status <> 'trialing' and s.started_on <= ${today}::date and (s.ended_on is null or s.ended_on > ${today}::date)), 0)::bigint as minor
          from subscription s ${groupsFor(filter, sql`s`)}
          where s.workspace_id = current_workspace() and ${counted(filter)} ${among ? sql`and s.account_id = any(${among}::bigint[])` : sql``} group by s.account_id)
        select a.account_id as "accountId", a.name, subs.currency, f.mrr_minor as "ledgerMinor", subs.minor as "subscriptionsMinor"
        from subs join account a on a.workspace_id = current_workspace() and a.account_id = subs.account_id
        join account_facts f on f.workspace_id = a.workspace_id and f.account_id = a.account_id
        where not subs.mixed and f.mrr_minor <> subs.minor and (f.mrr_minor = 0 or f.currency = subs.currency)
        order by abs(f.mrr_minor - subs.minor) desc, lower(a.name), a.account_id limit 200`,
  );

const oneSided = { n: z.number(), first: z.array(z.string()) };
const signalsRow = z.object({
  records: z.number(),
  onlyRecords: z.object(oneSided),
  onlyLedger: z.object(oneSided),
  crm: z.number(),
});

/**
 * Who the sources call lost in a window: how many churn records name, and who is lost by one side alone, the first few by
 * name; and how many accounts the CRM calls churned that still pay.
 */
export const churnSources = (
  rows: Reading,
  moves: MovesAsked,
  { crmNames, named }: { crmNames: readonly string[]; named: number },
): Promise<z.infer<typeof signalsRow>> => {
  const { window, counted: within } = moves;
  const told = (side: Sql): Sql => sql`(select jsonb_build_object('n', (select count(*) from ${side}), 'first',
    (select coalesce(jsonb_agg(a.name order by x.account_id), '[]') from (select account_id from ${side} order by 1 limit ${named}) x join account a on a.workspace_id = current_workspace() and a.account_id = x.account_id)))`;
  return rows.one(
    signalsRow,
    sql`with ${lostIn(moves)}, recorded as materialized (
          select distinct c.account_id from churn_record c join account_group g on g.workspace_id = c.workspace_id and g.account_id = c.account_id
          where c.workspace_id = current_workspace() and not c.is_reactivation and c.churned_on >= ${window.start}::date and c.churned_on < ${window.end}::date and ${counted(within.filter)}),
        only_records as (select account_id from recorded except select account_id from lost),
        only_ledger as (select account_id from lost where exists (select from recorded) except select account_id from recorded)
        select (select count(*)::int from recorded) as records, ${told(sql`only_records`)} as "onlyRecords", ${told(sql`only_ledger`)} as "onlyLedger",
          (select count(*)::int from account a join account_standing g on g.workspace_id = a.workspace_id and g.account_id = a.account_id
            where a.workspace_id = current_workspace() and a.crm_stage is not null and lower(a.crm_stage) = any(${crmNames}::text[]) and g.paying and ${counted(within.filter)}) as crm`,
  );
};

const refusedRow = z.object({ currency: z.string(), n: z.number() });

/** Rows of money that intake could not take because no exchange rate was stored, by currency; of the last import of each source. */
export const refusedForRates = (rows: Reading): Promise<z.infer<typeof refusedRow>[]> =>
  rows.many(
    refusedRow,
    sql`select substring(reason from 'no exchange rate for (\\w{3})') as currency, count(*)::int as n from import_refusal r
        where r.reason like 'there is no exchange rate for %' and r.import_run_id in (select max(import_run_id) from import_run group by source)
        group by 1 order by 1`,
  );

const strayRow = z.object({ n: z.number(), mrrMinor: z.number() });

/** Accounts that the CRM has deleted and the ledger still counts. */
export const deletedButPaying = (rows: Reading, filter: GroupFilter): Promise<z.infer<typeof strayRow>> =>
  rows.one(
    strayRow,
    sql`select count(*)::int as n, coalesce(sum(g.mrr_minor), 0)::bigint as "mrrMinor"
        from account a join account_standing g on g.workspace_id = a.workspace_id and g.account_id = a.account_id
        where a.workspace_id = current_workspace() and a.deleted_at is not null and g.paying and ${counted(filter)}`,
  );
