import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import type { Window } from "#metrics/figure.ts";
import { counted, type GroupFilter } from "./movements.ts";

const nameRow = z.object({ accountId: z.number(), name: z.string(), owner: z.string().nullable() });

/** Names and owners of accounts, by account. */
export async function namesOf(
  rows: Reading,
  accountIds: readonly number[],
): Promise<Map<number, z.infer<typeof nameRow>>> {
  const found = await rows.many(
    nameRow,
    sql`select a.account_id as "accountId", a.name, p.full_name as owner from account a
        left join person p on p.workspace_id = a.workspace_id and p.person_id = a.owner_id
        where a.account_id = any(${accountIds}::bigint[])`,
  );
  return new Map(found.map((each) => [each.accountId, each]));
}

const cancelledRow = z.object({
  accountId: z.number(),
  subscription: z.string(),
  endsOn: z.string(),
  reason: z.string().nullable(),
  reasonShared: z.boolean(),
  amountMinor: z.number(),
});

/**
 * Subscriptions that are cancelled and still paid for, nearest end first; each with its share of what the account pays,
 * in base minor units at today's rates.
 */
export const cancelledAhead = (
  rows: Reading,
  today: string,
  filter: GroupFilter,
): Promise<z.infer<typeof cancelledRow>[]> =>
  rows.many(
    cancelledRow,
    sql`with live as (
          select s.*, sum(s.mrr_minor) over (partition by s.account_id) as whole from subscription s
          where s.workspace_id = current_workspace() and s.started_on <= ${today}::date and (s.ended_on is null or s.ended_on > ${today}::date) and s.mrr_minor > 0 and s.status <> 'trialing')
        select s.account_id as "accountId", 'subscription:' || s.subscription_id as subscription, coalesce(s.ended_on, s.cancel_on) as "endsOn", s.cancel_reason as reason,
          s.cancel_reason is not null and length(s.cancel_reason) <= 40 and (select count(distinct x.account_id) >= 3 from subscription x where x.workspace_id = s.workspace_id and x.cancel_reason = s.cancel_reason) as "reasonShared",
          round(f.base_mrr_minor * s.mrr_minor / s.whole)::bigint as "amountMinor"
        from live s join account_group g using (workspace_id, account_id) join account_facts f using (workspace_id, account_id)
        where coalesce(s.ended_on, s.cancel_on) > ${today}::date and f.mrr_minor > 0 and ${counted(filter)}
        order by 3, 6 desc, lower(g.name), s.account_id, s.subscription_id`,
  );

const savedRow = z.object({ accountId: z.number(), row: z.string(), amountMinor: z.number() });
const LATE_DAYS = 15; // a payment so late was in dunning; a few days late is a habit

/** Accounts that paid, inside a window, an invoice long overdue, or whose announced end came inside it and passed. */
export const savedIn = (
  rows: Reading,
  { window, today, filter }: { window: Window; today: string; filter: GroupFilter },
): Promise<z.infer<typeof savedRow>[]> =>
  rows.many(
    savedRow,
    sql`select distinct on (g.account_id) g.account_id as "accountId", saved.row, f.base_mrr_minor as "amountMinor"
        from (
          select v.account_id, 'invoice:' || v.invoice_id as row from invoice v
          where v.workspace_id = current_workspace() and v.paid_on >= ${window.start}::date and v.paid_on < ${window.end}::date and v.paid_on - v.due_on >= ${LATE_DAYS}::int
          union all
          select s.account_id, 'subscription:' || s.subscription_id from subscription s
          where s.workspace_id = current_workspace() and s.cancelled_on is not null and s.ended_on is null and s.status in ('active', 'past_due') and s.mrr_minor > 0
            and s.cancel_on >= ${window.start}::date and s.cancel_on < least(${window.end}::date, ${today}::date)) saved
        join account_group g on g.workspace_id = current_workspace() and g.account_id = saved.account_id
        join account_facts f on f.workspace_id = g.workspace_id and f.account_id = g.account_id
        where f.mrr_minor > 0 and ${counted(filter)} order by g.account_id, saved.row`,
  );

const payingRow = z.object({ accountId: z.number(), mrrMinor: z.number() });
const renewingRow = payingRow.extend({ renewsOn: z.string(), row: z.string().nullable() });
export type Renewing = z.infer<typeof renewingRow>;

/** Paying accounts that renew in a window, nearest first; money in base minor units at today's rates. */
export const renewingIn = (rows: Reading, { start, end }: Window, filter: GroupFilter): Promise<Renewing[]> =>
  rows.many(
    renewingRow,
    sql`select f.account_id as "accountId", f.base_mrr_minor as "mrrMinor", f.renews_on as "renewsOn", f.evidence -> 'renews_on' -> 'rows' ->> 0 as row
        from account_facts f join account_group g using (workspace_id, account_id)
        where f.workspace_id = current_workspace() and f.mrr_minor > 0 and ${counted(filter)} and f.renews_on >= ${start}::date and f.renews_on < ${end}::date
        order by f.renews_on, f.base_mrr_minor desc, lower(g.name), f.account_id`,
  );

const bands = z.enum(["low", "watch", "high", "critical"]);
const riskRow = payingRow.extend({
  probability: z.number(),
  band: bands,
  calibrated: z.boolean(),
  reasons: z.array(z.object({ what: z.string(), rows: z.array(z.string()) })),
});
export type PayingAtRisk = z.infer<typeof riskRow>;

const riskColumns = sql`f.account_id as "accountId", f.base_mrr_minor as "mrrMinor", r.probability, r.band, r.calibrated,
  (select coalesce(jsonb_agg(jsonb_build_object('what', t ->> 'says', 'rows', t -> 'rows') order by (t ->> 'term')::float8 desc), '[]')
    from jsonb_array_elements(r.terms) t where (t ->> 'term')::float8 > 0) as reasons`;
const withRisk = sql`join account_risk r using (workspace_id, account_id)`;

/** The kept risks of accounts, with what speaks for a churn, strongest first; those of whom too little is known have none. */
export const risksKept = (rows: Reading, accountIds: readonly number[]): Promise<PayingAtRisk[]> =>
  rows.many(
    riskRow,
    sql`select ${riskColumns} from account_facts f ${withRisk}
        where f.workspace_id = current_workspace() and f.account_id = any(${accountIds}::bigint[]) and r.probability is not null`,
  );

const countRow = z.object({
  paying: z.number(),
  scored: z.number(),
  known: z.number(),
  atRisk: z.number(),
  atRiskMinor: z.number(),
});

/** Accounts at high risk that have not cancelled, by MRR × risk, ties by name, then id; and how many there are in all. */
export async function highRisks(
  rows: Reading,
  filter: GroupFilter,
  most: number,
): Promise<{ accounts: PayingAtRisk[]; counts: z.infer<typeof countRow> }> {
  const counts = await rows.one(
    countRow,
    sql`select count(*)::int as paying, count(r.account_id)::int as scored, (count(*) filter (where r.probability is not null))::int as known,
          (count(*) filter (where r.band in ('high', 'critical') and f.cancel_on is null))::int as "atRisk",
          coalesce(sum(f.base_mrr_minor) filter (where r.band in ('high', 'critical') and f.cancel_on is null), 0)::bigint as "atRiskMinor"
        from account_facts f join account_group g using (workspace_id, account_id) left ${withRisk}
        where f.workspace_id = current_workspace() and f.mrr_minor > 0 and ${counted(filter)}`,
  );
  const accounts = await rows.many(
    riskRow,
    sql`select ${riskColumns} from account_facts f join account_group g using (workspace_id, account_id) ${withRisk}
        where f.workspace_id = current_workspace() and f.mrr_minor > 0 and f.cancel_on is null and r.band in ('high', 'critical') and ${counted(filter)}
        order by r.probability * f.base_mrr_minor desc, lower(g.name), f.account_id limit ${most}`,
  );
  return { accounts, counts };
}

const moveRow = z.object({
  accountId: z.number(),
  name: z.string(),
  owner: z.string().nullable(),
  from: z.string(),
  to: z.string(),
  on: z.string(),
  mrrMinor: z.number(),
});

/** Moves between stages inside a window, newest first; whether one goes back is for the model to say. */
export const stageMovesIn = (
  rows: Reading,
  { window, model, filter }: { window: Window; model: string; filter: GroupFilter },
): Promise<z.infer<typeof moveRow>[]> =>
  rows.many(
    moveRow,
    sql`select t.account_id as "accountId", g.name, p.full_name as owner, t.from_stage as "from", t.to_stage as "to", t.entered_on as "on", coalesce(f.base_mrr_minor, 0)::bigint as "mrrMinor"
        from stage_transition t join account_group g using (workspace_id, account_id)
        left join person p on p.workspace_id = g.workspace_id and p.person_id = g.owner_id
        left join account_facts f on f.workspace_id = g.workspace_id and f.account_id = g.account_id
        where t.workspace_id = current_workspace() and t.model_id = ${model} and t.from_stage is not null
          and t.entered_on >= ${window.start}::date and t.entered_on < ${window.end}::date and ${counted(filter)}
        order by t.entered_on desc, 7 desc, lower(g.name), t.account_id, t.stage_transition_id`,
  );
