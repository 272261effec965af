import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { CUTS } from "./standings.ts";

const differenceRow = z.object({ where: z.string(), says: z.string() });

/** Where what is kept for the lists of today says otherwise than facts, risks and groups: an account, or a sum over a group. */
export type StandingDifference = z.infer<typeof differenceRow>;

const countRow = z.object({ accounts: z.number() });

/** Compares every kept standing with what it is derived from, and every sum with its standings. */
export async function checkStandings(rows: Reading): Promise<{ accounts: number; differences: StandingDifference[] }> {
  const { accounts } = await rows.one(countRow, sql`select count(*)::int as accounts from standing_now`);
  const differences = [
    ...(await rows.many(differenceRow, OF_ACCOUNTS)),
    ...(await rows.many(differenceRow, OF_SUMS)),
    ...(await rows.many(differenceRow, OF_RENEWALS)),
  ];
  return { accounts, differences };
}

const KEPT = sql`(select * from account_standing where workspace_id = current_workspace())`;

const OF_ACCOUNTS = sql`
  select 'account:' || coalesce(k.account_id, n.account_id) as where,
    case when k.account_id is null then 'it pays or has a risk, and is not counted among those at risk or renewing'
      when n.account_id is null then 'it neither pays nor has a risk, and is counted still'
      else 'it is counted with another MRR, renewal, cancellation, risk, owner, segment, country or plan than it has' end as says
  from ${KEPT} k full join (select * from standing_now where workspace_id = current_workspace()) n using (workspace_id, account_id)
  where k is distinct from n order by coalesce(k.account_id, n.account_id)`;

const OF_SUMS = sql`
  select coalesce(m.cut, d.cut) || ':' || coalesce(m.value, d.value) as where, 'who pays, has a risk and is at risk are others than its sum says' as says
  from (select * from standing_sum where workspace_id = current_workspace()) m full join (
    select c.cut, c.value, count(*) filter (where paying) as paying, count(*) filter (where scored) as scored, count(*) filter (where known) as known,
      count(*) filter (where at_risk) as at_risk, coalesce(sum(mrr_minor) filter (where at_risk), 0) as at_risk_minor
    from ${KEPT} s cross join lateral ${CUTS} group by 1, 2) d on d.cut = m.cut and d.value = m.value
  where (coalesce(m.paying, 0), coalesce(m.scored, 0), coalesce(m.known, 0), coalesce(m.at_risk, 0), coalesce(m.at_risk_minor, 0))
    <> (coalesce(d.paying, 0), coalesce(d.scored, 0), coalesce(d.known, 0), coalesce(d.at_risk, 0), coalesce(d.at_risk_minor, 0)) order by 1`;

const OF_RENEWALS = sql`
  select coalesce(m.cut, d.cut) || ':' || coalesce(m.value, d.value) as where, 'the renewals of ' || coalesce(m.renews_on, d.renews_on) || ' are others than its sum says' as says
  from (select * from renewal_sum where workspace_id = current_workspace()) m full join (
    select c.cut, c.value, s.renews_on, count(*) as customers, sum(s.mrr_minor) as mrr_minor
    from ${KEPT} s cross join lateral ${CUTS} where s.renews_on is not null group by 1, 2, 3) d on d.cut = m.cut and d.value = m.value and d.renews_on = m.renews_on
  where (coalesce(m.customers, 0), coalesce(m.mrr_minor, 0)) <> (coalesce(d.customers, 0), coalesce(d.mrr_minor, 0)) order by 1, 2`;
