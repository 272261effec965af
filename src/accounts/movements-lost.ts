import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { MOVEMENT_WORDS } from "./movement-words.ts";
import { reasonIsShared } from "./movements-reasons.ts";

/** An account that was lost, and the day on which its MRR became 0. */
export interface Loss {
  accountId: number;
  on: string;
}

const lostRow = z.object({
  accountId: z.number(),
  reason: z.string().nullable(),
  /** As many accounts give this reason, so it is a category and not one customer's words. */
  reasonShared: z.boolean(),
  reasonRow: z.string().nullable(),
  kind: z.enum(["voluntary", "involuntary"]).nullable(),
  firstPaidOn: z.string().nullable(),
  lastStage: z.string().nullable(),
});

/** What the sources say of why an account was lost, since when it had paid, and the stage it was in before. */
export type LossDetails = z.infer<typeof lostRow>;

const NEAR_DAYS = 31; // sources write the end of a contract on other days than billing does

/** Details of losses: the reason of the subscription, else of the churn record, the ledger, or a lost renewal, in this order. */
export const lossDetails = (rows: Reading, losses: readonly Loss[], model: string): Promise<LossDetails[]> =>
  rows.many(
    lostRow,
    sql`with lost as (select * from unnest(${losses.map(({ accountId }) => accountId)}::bigint[], ${losses.map(({ on }) => on)}::date[]) l (account_id, day)),
      told as materialized (
        select l.account_id, coalesce(sub.reason, gone.reason, entry.reason, deal.reason) as reason,
          case when sub.reason is not null then sub.row when gone.reason is not null then gone.row when entry.reason is not null then entry.row else deal.row end as row,
          coalesce(sub.kind, case when entry.involuntary then 'involuntary' end) as kind,
          (select min(e.effective_at)::date from mrr_event e where e.account_id = l.account_id and e.workspace_id = current_workspace() and e.delta_minor > 0) as first_paid,
          (select t.to_stage from stage_transition t where t.workspace_id = current_workspace() and t.account_id = l.account_id and t.model_id = ${model} and t.entered_on < l.day
            order by t.entered_on desc, t.stage_transition_id desc limit 1) as stage
        from lost l
        left join lateral (select s.cancel_reason as reason, s.cancel_kind as kind, 'subscription:' || s.subscription_id as row from subscription s
          where s.workspace_id = current_workspace() and s.account_id = l.account_id and coalesce(s.ended_on, s.cancel_on) between l.day - ${NEAR_DAYS}::int and l.day + ${NEAR_DAYS}::int
          order by s.cancel_reason is null, abs(coalesce(s.ended_on, s.cancel_on) - l.day), s.subscription_id desc limit 1) sub on true
        left join lateral (select c.reason, 'churn_record:' || c.churn_record_id as row from churn_record c
          where c.workspace_id = current_workspace() and c.account_id = l.account_id and not c.is_reactivation and c.reason is not null
            and c.churned_on between l.day - ${NEAR_DAYS}::int and l.day + ${NEAR_DAYS}::int order by abs(c.churned_on - l.day), c.churn_record_id desc limit 1) gone on true
        left join lateral (select case when e.reason <> all(${MOVEMENT_WORDS}::text[]) then e.reason end as reason, e.reason = 'involuntary churn' as involuntary, 'mrr_event:' || e.mrr_event_id as row from mrr_event e
          where e.workspace_id = current_workspace() and e.account_id = l.account_id and e.effective_at::date = l.day and e.delta_minor < 0 and e.reason is not null
          order by e.mrr_event_id desc limit 1) entry on true
        left join lateral (select o.lost_reason as reason, 'opportunity:' || o.opportunity_id as row from opportunity o
          where o.workspace_id = current_workspace() and o.account_id = l.account_id and o.is_closed and not o.is_won and o.lost_reason is not null
            and o.close_on between l.day - 90 and l.day + ${NEAR_DAYS}::int order by o.close_on desc, o.opportunity_id desc limit 1) deal on true),
      given as materialized (select reason, ${reasonIsShared(sql`each.reason`)} as shared from (select distinct reason from told where reason is not null) each)
      select account_id as "accountId", reason, row as "reasonRow", kind, first_paid as "firstPaidOn", stage as "lastStage", coalesce(shared, false) as "reasonShared"
      from told left join given using (reason)`,
  );

const signRow = z.object({ accountId: z.number(), what: z.string(), on: z.string() });
const touchRow = z.object({ accountId: z.number(), day: z.string() });
const usageRow = z.object({ accountId: z.number(), day: z.string(), events: z.number() });

/** What could be seen of an account before it was lost: single events, the days of contact, and its use by day. */
export interface Traces {
  events: z.infer<typeof signRow>[];
  touches: z.infer<typeof touchRow>[];
  usage: z.infer<typeof usageRow>[];
}

const LOOK_BACK = 90;
const COMPARED = 60; // a fall of use compares 30 days with the 30 before

/** The traces of losses from 90 days before them on (and what a comparison needs of the time before). */
export async function tracesBefore(rows: Reading, losses: readonly Loss[]): Promise<Traces> {
  const lost = sql`unnest(${losses.map(({ accountId }) => accountId)}::bigint[], ${losses.map(({ on }) => on)}::date[]) l (account_id, day)`;
  const events = await rows.many(
    signRow,
    sql`select account_id as "accountId", what, "on" from (
        select l.account_id, 'urgent ticket' as what, t.created_at::date as "on", l.day from ${lost} join ticket t on t.workspace_id = current_workspace() and t.account_id = l.account_id and t.priority = 'urgent'
        union all select l.account_id, 'NPS answer of ' || s.score::float8, s.responded_on, l.day from ${lost} join survey_response s on s.workspace_id = current_workspace() and s.account_id = l.account_id and s.kind = 'nps' and s.score <= 6
        union all select l.account_id, 'invoice overdue', v.due_on + 1, l.day from ${lost} join invoice v on v.workspace_id = current_workspace() and v.account_id = l.account_id and v.status <> 'void' and (v.paid_on is null or v.paid_on > v.due_on)
        union all select l.account_id, 'champion left', c.left_on, l.day from ${lost} join contact c on c.workspace_id = current_workspace() and c.account_id = l.account_id and c.role = 'champion'
        union all select l.account_id, 'cancellation given', s.cancelled_on, l.day from ${lost} join subscription s on s.workspace_id = current_workspace() and s.account_id = l.account_id
        union all select l.account_id, 'paid less', e.effective_at::date, l.day from ${lost} join mrr_event e on e.workspace_id = current_workspace() and e.account_id = l.account_id and e.delta_minor < 0) signs
      where "on" >= day - ${LOOK_BACK}::int and "on" < day order by 1, 3, 2`,
  );
  const touches = await rows.many(
    touchRow,
    sql`select distinct l.account_id as "accountId", i.occurred_at::date as day from ${lost} join interaction i on i.workspace_id = current_workspace() and i.account_id = l.account_id
        where i.occurred_at < l.day and i.occurred_at >= l.day - ${LOOK_BACK + COMPARED}::int
          and (i.direction = 'inbound' or (i.direction = 'outbound' and i.campaign is null) or i.channel = 'meeting') order by 1, 2`,
  );
  const usage = await rows.many(
    usageRow,
    sql`select l.account_id as "accountId", u.day, sum(u.events)::int as events from ${lost} join product_usage u on u.workspace_id = current_workspace() and u.account_id = l.account_id
        where u.day < l.day and u.day >= l.day - ${LOOK_BACK + COMPARED}::int group by 1, 2 order by 1, 2`,
  );
  return { events, touches, usage };
}
