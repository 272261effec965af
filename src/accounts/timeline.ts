import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { type Sql, sql } from "#database/sql.ts";
import { MOVEMENT_WORDS } from "./movement-words.ts";

const eventRow = z.object({
  on: z.string(),
  kind: z.enum([
    "account",
    "contact",
    "opportunity",
    "subscription",
    "mrr",
    "invoice",
    "ticket",
    "interaction",
    "survey",
    "referral",
    "loyalty",
    "churn",
    "note",
    "task",
    "stage",
  ]),
  /** What happened, in words; text from outside stands in `quote`. */
  what: z.string(),
  /** The same without names of persons, titles and reasons that somebody wrote: fit for a channel. */
  plain: z.string(),
  quote: z.string().nullable(),
  amountMinor: z.number().nullable(),
  currency: z.string().nullable(),
  row: z.string(),
});

/** Something that happened to an account on a day. Amounts in minor units. */
export type TimelineEvent = z.infer<typeof eventRow>;

/** What happened to an account from `since` up to and including `until`, newest first. */
export const accountTimeline = (
  rows: Reading,
  { accountId, since, until, model, limit, onlyContacts = false }: TimelineWindow,
): Promise<TimelineEvent[]> =>
  rows.many(
    eventRow,
    sql`with happened (at, kind, what, plain, quote, amount, currency, row_ref) as (${onlyContacts ? interactions(accountId, true) : events(accountId, model)})
        select at::date as "on", kind, what, coalesce(plain, what) as plain, left(quote, 300) as quote, amount as "amountMinor", currency, row_ref as "row" from happened
        where at::date between ${since} and ${until} order by at desc, row_ref desc limit ${limit}`,
  );

export interface TimelineWindow {
  accountId: number;
  since: string;
  until: string;
  /** The lifecycle model whose transitions are told. */
  model: string;
  limit: number;
  /** Only what the two sides said to each other: no visits of a page, no mass mail. */
  onlyContacts?: boolean;
}

const money = sql`null::bigint, null::text`;

/** What the two sides said and did; or only contacts, without visits of a page and mass mail. */
const interactions = (id: number, onlyContacts: boolean): Sql => sql`
    select i.occurred_at, 'interaction', coalesce(replace(i.kind, '_', ' '), i.channel) || ' by ' || i.channel || case i.direction when 'inbound' then ' from the customer' when 'outbound' then ' from us' else '' end || coalesce(', campaign ' || i.campaign, ''), null, i.subject, ${money}, 'interaction:' || i.interaction_id
      from interaction i where i.account_id = ${id} and (${!onlyContacts} or (i.direction <> 'none' and i.channel <> 'web' and i.campaign is null))`;

/** Every dated row of an account as one event. */
function events(id: number, model: string): Sql {
  return sql`
    select created_on::timestamptz, 'account', 'account created' || coalesce(', source ' || lead_source, ''), 'account created', null::text, ${money}, 'account:' || account_id from account where account_id = ${id}
    union all select created_on::timestamptz, 'contact', 'contact added: ' || coalesce(full_name, email, 'unnamed') || coalesce(', ' || title, ''), 'contact added', null, ${money}, 'contact:' || contact_id from contact where account_id = ${id} and created_on is not null
    union all select left_on::timestamptz, 'contact', coalesce(replace(role, '_', ' '), 'contact') || ' left: ' || coalesce(full_name, email, 'unnamed'), coalesce(replace(role, '_', ' '), 'contact') || ' left', null, ${money}, 'contact:' || contact_id from contact where account_id = ${id} and left_on is not null
    union all select created_on::timestamptz, 'opportunity', 'opportunity opened: ' || coalesce(name, 'unnamed'), 'opportunity opened', null, amount_minor, currency::text, 'opportunity:' || opportunity_id from opportunity where account_id = ${id}
    union all select close_on::timestamptz, 'opportunity', 'opportunity ' || case when is_won then 'won' else 'lost' end || ': ' || coalesce(name, 'unnamed') || coalesce(' (' || lost_reason || ')', ''), 'opportunity ' || case when is_won then 'won' else 'lost' end, null, amount_minor, currency::text, 'opportunity:' || opportunity_id
      from opportunity where account_id = ${id} and is_closed and close_on is not null
    union all select s.entered_on::timestamptz, 'opportunity', 'opportunity ' || coalesce(o.name, 'unnamed') || ' moved to ' || s.stage, 'opportunity moved to ' || s.stage, null, ${money}, 'opportunity_stage:' || s.opportunity_stage_id
      from opportunity_stage s join opportunity o using (workspace_id, opportunity_id) where o.account_id = ${id}
    union all select cancelled_on::timestamptz, 'subscription', 'subscription cancelled' || coalesce(', ends on ' || cancel_on, '') || coalesce(' (' || cancel_reason || ')', ''), 'subscription cancelled' || coalesce(', ends on ' || cancel_on, ''), null, mrr_minor, currency::text, 'subscription:' || subscription_id
      from subscription where account_id = ${id} and cancelled_on is not null
    union all select started_on::timestamptz, 'subscription', case when status = 'trialing' or mrr_minor = 0 then 'trial or free plan started' else 'subscription started' end || coalesce(': ' || plan, '') || coalesce(', ' || seats || ' seats', ''), null, null, ${money}, 'subscription:' || subscription_id
      from subscription where account_id = ${id}
    union all select effective_at, 'mrr', case when delta_minor >= 0 then 'MRR up' else 'MRR down' end || coalesce(' (' || reason || ')', ''), case when delta_minor >= 0 then 'MRR up' else 'MRR down' end || case when reason = any(${MOVEMENT_WORDS}::text[]) then ' (' || reason || ')' else '' end, null, delta_minor, currency::text, 'mrr_event:' || mrr_event_id from mrr_event where account_id = ${id}
    union all select paid_on::timestamptz, 'invoice', 'invoice paid' || coalesce(': ' || number, ''), null, null, paid_minor, currency::text, 'invoice:' || invoice_id from invoice where account_id = ${id} and paid_on is not null
    union all select due_on::timestamptz, 'invoice', 'invoice due and not paid' || coalesce(': ' || number, '') || case when attempts > 1 then ', ' || attempts || ' attempts' else '' end, null, null, due_minor - paid_minor, currency::text, 'invoice:' || invoice_id
      from invoice where account_id = ${id} and paid_on is null and status = 'open' and due_on is not null
    union all select created_at, 'ticket', coalesce(priority || ' ', '') || 'ticket opened', null, subject, ${money}, 'ticket:' || ticket_id from ticket where account_id = ${id}
    union all select solved_at, 'ticket', 'ticket solved' || coalesce(', CSAT ' || csat, ''), null, subject, ${money}, 'ticket:' || ticket_id from ticket where account_id = ${id} and solved_at is not null
    union all ${interactions(id, false)}
    union all select responded_on::timestamptz, 'survey', upper(kind) || ' ' || trim_scale(score), null, comment, ${money}, 'survey_response:' || survey_response_id from survey_response where account_id = ${id}
    union all select made_on::timestamptz, 'referral', 'referred ' || coalesce(referred_name, (select b.name from account b where b.workspace_id = r.workspace_id and b.account_id = r.referred_account_id), 'somebody') || coalesce(' (' || status || ')', ''), 'referred somebody' || coalesce(' (' || status || ')', ''), null, ${money}, 'referral:' || referral_id
      from referral r where account_id = ${id}
    union all select occurred_on::timestamptz, 'loyalty', replace(kind, '_', ' ') || case when points <> 0 then ', ' || points || ' points' else '' end, null, detail, ${money}, 'loyalty_entry:' || loyalty_entry_id from loyalty_entry where account_id = ${id}
    union all select churned_on::timestamptz, 'churn', 'source records a churn' || coalesce(', reason ' || reason, '') || case when is_reactivation then ', marked as reactivation' else '' end, 'source records a churn' || case when is_reactivation then ', marked as reactivation' else '' end, comment, ${money}, 'churn_record:' || churn_record_id from churn_record where account_id = ${id}
    union all select created_at, 'note', 'note', null, body, ${money}, 'note:' || note_id from note where account_id = ${id}
    union all select done_at, 'task', 'task done: ' || title, 'task done', null, ${money}, 'task:' || task_id from task where account_id = ${id} and done_at is not null
    union all select entered_on::timestamptz, 'stage', 'stage ' || coalesce(from_stage || ' → ', '') || to_stage, null, null, ${money}, 'stage_transition:' || stage_transition_id from stage_transition where account_id = ${id} and model_id = ${model}`;
}
