import { join, name, type Sql, sql } from "#database/sql.ts";
import { STORED_FACTS, type StoredFactName } from "#lifecycle/facts.ts";

export const FACT_NAMES = Object.keys(STORED_FACTS) as StoredFactName[];

/** The columns of `account_facts` in the order in which they are gathered. */
export const GATHERED = sql`workspace_id, account_id, as_of, currency, base_mrr_minor, evidence, dirty, refreshed_at, ${join(
  FACT_NAMES.map((each) => name(each)),
  ", ",
)}`;

/** A sign that the customer wants something: what a first-stage rule calls interest. */
const INTEREST = [
  "question",
  "reply",
  "demo",
  "download",
  "pricing_page",
  "form",
  "webinar",
  "chat",
  "trial_started",
  "checkout_started",
];
/** Stages of the sale that come after the offer, as CRMs name them. */
const LATE_STAGES = "(proposal|quote|negotiat|contract|decision|commit|verbal|closing)";

/**
 * What is read otherwise on a past day. Later changes have written over what a row said then: a cancellation is known from
 * its click on, a subscription renewed at the end of the term that ran (counted back from its last known end; else those
 * that left would show by having no renewal), an opportunity stood in the stage it had entered, a trial was a trial, and an
 * invoice that was written off later was overdue until then.
 */
interface Manner {
  cancelKnown: Sql;
  renewal: Sql;
  dealStage: Sql;
  onTrial: Sql;
  unpaid: Sql;
}

const NOW: Manner = {
  cancelKnown: sql`coalesce(s.cancelled_on <= due.day, true)`,
  renewal: sql`s.renews_on`,
  dealStage: sql`o.stage`,
  onTrial: sql`s.status = 'trialing'`,
  unpaid: sql`('open', 'paid')`,
};

const THEN: Manner = {
  cancelKnown: sql`coalesce(s.cancelled_on <= due.day, false)`,
  renewal: sql`case when s.cancelled_on <= due.day then null when s.term_months is null then s.renews_on
      when s.term_months > 1 then term_end(coalesce(s.renews_on, s.cancel_on, s.ended_on), s.term_months, due.day) end`,
  dealStage: sql`(select case when count(*) = 0 then o.stage else (array_agg(h.stage order by h.entered_on desc) filter (where h.entered_on <= due.day))[1] end
      from opportunity_stage h where h.workspace_id = o.workspace_id and h.opportunity_id = o.opportunity_id)`,
  onTrial: sql`(s.status = 'trialing' or s.trial_ends_on > due.day)`,
  unpaid: sql`('open', 'paid', 'uncollectible')`,
};

/**
 * The facts of the accounts in `due (account_id, day)`, each with the rows it was read from, as they stood at the end of
 * that day, in the columns of `GATHERED`. One pass a source table; the newest row of each kind is its evidence. `hindsight`: the day is past.
 */
export function gathered(workspaceId: number, { hindsight }: { hindsight: boolean }): Sql {
  const manner = hindsight ? THEN : NOW;
  return sql`
    select a.workspace_id, a.account_id, due.day, coalesce(money.currency, sub.currency, a.currency, w.base_currency), coalesce(money.base_mrr, 0),
      jsonb_strip_nulls(jsonb_build_object(
        'created_on', proof(a.created_on, array['account:' || a.account_id]),
        'first_touch_on', proof(talk.first_at, array[talk.first_row]), 'first_touch_channel', proof(talk.first_at, array[talk.first_row]),
        'last_inbound_on', proof(talk.inbound_at, array[talk.inbound_row]), 'last_outbound_on', proof(talk.outbound_at, array[talk.outbound_row]),
        'last_touch_on', proof(talk.touch_at, array[talk.touch_row]), 'touches_30d', proof(talk.touch_at, array[talk.touch_row]),
        'last_interest_on', proof(talk.interest_at, array[talk.interest_row]), 'interest_kind', proof(talk.interest_at, array[talk.interest_row]),
        'interest_30d', proof(talk.interest_at, array[talk.interest_row]), 'last_meeting_on', proof(talk.meeting_at, array[talk.meeting_row]),
        'contacts', proof(null, people.rows), 'reachable_contacts', proof(null, people.rows), 'champion_left_on', proof(people.left_at, array[people.left_row]))
      || jsonb_build_object(
        'checkout_started_on', proof(talk.checkout_at, array[talk.checkout_row]), 'checkout_abandoned_on', proof(talk.abandoned_at, array[talk.abandoned_row]),
        'open_opportunities', proof(deals.open_since, deals.open_rows), 'open_opportunity_since', proof(deals.open_since, deals.open_rows),
        'late_stage_opportunities', proof(deals.open_since, deals.late_rows), 'open_opportunity_minor', proof(deals.open_since, deals.open_rows),
        'last_won_on', proof(deals.won_at, array[deals.won_row]), 'last_lost_on', proof(deals.lost_at, array[deals.lost_row]), 'lost_reason', proof(deals.lost_at, array[deals.lost_row]),
        'mrr_minor', proof(money.changed_at, money.rows), 'first_paid_on', proof(money.first_paid, array[money.first_row]),
        'churned_on', proof(money.churned_at, array[money.churned_row]), 'churn_reason', proof(money.churned_at, array[coalesce(sub.reason_row, gone.row)]),
        'reactivated_on', proof(money.back_at, array[money.back_row]), 'last_expansion_on', proof(money.up_at, array[money.up_row]), 'last_contraction_on', proof(money.down_at, array[money.down_row]))
      || jsonb_build_object(
        'active_subscriptions', proof(null, sub.rows), 'seats', proof(null, sub.rows), 'plan', proof(null, sub.rows),
        'renews_on', proof(sub.renews, array[sub.renews_row]), 'cancel_on', proof(sub.cancel_at, array[sub.cancel_row]), 'trial_ends_on', proof(sub.trial_ends, array[sub.trial_row]),
        'overdue_minor', proof(bills.overdue_since, bills.overdue_rows), 'overdue_since', proof(bills.overdue_since, bills.overdue_rows),
        'paid_invoices', proof(bills.paid_at, array[bills.paid_row]), 'last_invoice_paid_on', proof(bills.paid_at, array[bills.paid_row]),
        'open_tickets', proof(care.open_since, care.open_rows), 'open_urgent_tickets', proof(care.urgent_since, care.urgent_rows), 'oldest_open_ticket_on', proof(care.open_since, care.open_rows),
        'tickets_30d', proof(care.last_at, array[care.last_row]), 'tickets_90d', proof(care.last_at, array[care.last_row]), 'last_ticket_on', proof(care.last_at, array[care.last_row]),
        'csat_90d', proof(care.rated_at, care.rated_rows))
      || jsonb_build_object(
        'first_used_on', proof(used.first_at, array[used.first_row]), 'last_used_on', proof(used.last_at, array[used.last_row]),
        'active_users_30d', proof(used.last_at, used.rows), 'events_30d', proof(used.last_at, used.rows), 'events_prior_30d', proof(null, used.prior_rows),
        'nps_score', proof(voice.nps_at, array[voice.nps_row]), 'nps_on', proof(voice.nps_at, array[voice.nps_row]),
        'referrals', proof(refs.last_at, refs.rows), 'last_referral_on', proof(refs.last_at, refs.rows),
        'reviews', proof(gifts.review_at, gifts.review_rows), 'last_review_on', proof(gifts.review_at, gifts.review_rows),
        'loyalty_points', proof(gifts.last_at, array[gifts.last_row]), 'last_loyalty_on', proof(gifts.last_at, array[gifts.last_row]))),
      false, now(),
      a.created_on, talk.first_at, talk.first_channel, talk.inbound_at, talk.outbound_at, talk.touch_at, coalesce(talk.touches, 0), talk.interest_at, talk.interest_kind, coalesce(talk.interests, 0), talk.meeting_at,
      coalesce(people.n, 0), coalesce(people.reachable, 0), people.left_at, coalesce(deals.open, 0), deals.open_since, coalesce(deals.late, 0), deals.open_minor, deals.won_at, deals.lost_at, deals.lost_reason,
      talk.checkout_at, talk.abandoned_at, coalesce(money.mrr, 0), coalesce(sub.active, 0), sub.seats, coalesce(sub.plan, a.plan), money.first_paid, money.churned_at,
      coalesce(sub.reason, gone.reason), money.back_at, money.up_at, money.down_at, sub.renews, sub.cancel_at, sub.trial_ends, coalesce(bills.overdue, 0), bills.overdue_since, coalesce(bills.paid, 0), bills.paid_at,
      coalesce(care.open, 0), coalesce(care.urgent, 0), care.open_since, coalesce(care.last_30, 0), coalesce(care.last_90, 0), care.last_at, care.csat, used.first_at, used.last_at, used.people, used.events, used.prior,
      voice.score, voice.nps_at, coalesce(refs.n, 0), refs.last_at, coalesce(gifts.reviews, 0), gifts.review_at, coalesce(gifts.points, 0), gifts.last_at
    from due join account a using (account_id) join workspace w using (workspace_id)
    left join lateral (select
        min(i.occurred_at)::date as first_at, first_row(array_agg(i.ref order by i.occurred_at)) as first_row, (array_agg(i.channel order by i.occurred_at))[1] as first_channel,
        max(i.occurred_at) filter (where i.inbound)::date as inbound_at, first_row(array_agg(i.ref order by i.occurred_at desc) filter (where i.inbound)) as inbound_row,
        max(i.occurred_at) filter (where i.outbound)::date as outbound_at, first_row(array_agg(i.ref order by i.occurred_at desc) filter (where i.outbound)) as outbound_row,
        max(i.occurred_at) filter (where i.touch)::date as touch_at, first_row(array_agg(i.ref order by i.occurred_at desc) filter (where i.touch)) as touch_row,
        count(*) filter (where i.touch and i.occurred_at >= due.day - 29)::int as touches,
        max(i.occurred_at) filter (where i.interest)::date as interest_at, first_row(array_agg(i.ref order by i.occurred_at desc) filter (where i.interest)) as interest_row,
        (array_agg(i.kind order by i.occurred_at desc) filter (where i.interest))[1] as interest_kind, count(*) filter (where i.interest and i.occurred_at >= due.day - 29)::int as interests,
        max(i.occurred_at) filter (where i.channel = 'meeting')::date as meeting_at, first_row(array_agg(i.ref order by i.occurred_at desc) filter (where i.channel = 'meeting')) as meeting_row,
        max(i.occurred_at) filter (where i.kind = 'checkout_started')::date as checkout_at, first_row(array_agg(i.ref order by i.occurred_at desc) filter (where i.kind = 'checkout_started')) as checkout_row,
        max(i.occurred_at) filter (where i.kind = 'checkout_abandoned')::date as abandoned_at, first_row(array_agg(i.ref order by i.occurred_at desc) filter (where i.kind = 'checkout_abandoned')) as abandoned_row
      from (select i.*, 'interaction:' || i.interaction_id as ref, i.direction = 'inbound' as inbound, i.direction = 'outbound' and i.campaign is null as outbound,
              -- A campaign mail that nobody answered is no contact.
              i.direction = 'inbound' or (i.direction = 'outbound' and i.campaign is null) or i.channel = 'meeting' as touch,
              i.direction = 'inbound' and i.kind = any(${INTEREST}) as interest
            from interaction i where i.workspace_id = a.workspace_id and i.account_id = a.account_id and i.occurred_at < due.day + 1) i) talk on true
    left join lateral (select count(*)::int as n, count(*) filter (where not c.email_opt_out and c.email is not null and coalesce(c.left_on > due.day, true))::int as reachable, array(select 'contact:' || unnest((array_agg(c.contact_id order by c.contact_id))[1:3])) as rows,
        max(c.left_on) filter (where c.role = 'champion' and c.left_on <= due.day) as left_at, first_row(array_agg('contact:' || c.contact_id order by c.left_on desc) filter (where c.role = 'champion' and c.left_on <= due.day)) as left_row
      from contact c where c.workspace_id = a.workspace_id and c.account_id = a.account_id and (c.created_on is null or c.created_on <= due.day) having count(*) > 0) people on true
    left join lateral (select
        count(*) filter (where o.open)::int as open, min(o.created_on) filter (where o.open) as open_since, (array_agg(o.ref order by o.created_on) filter (where o.open))[1:3] as open_rows,
        count(*) filter (where o.open and o.stage ~* ${LATE_STAGES})::int as late, (array_agg(o.ref order by o.created_on) filter (where o.open and o.stage ~* ${LATE_STAGES}))[1:3] as late_rows,
        sum(o.amount_minor) filter (where o.open)::bigint as open_minor,
        max(o.close_on) filter (where o.is_won and not o.open) as won_at, first_row(array_agg(o.ref order by o.close_on desc) filter (where o.is_won and not o.open)) as won_row,
        max(o.close_on) filter (where o.lost) as lost_at, first_row(array_agg(o.ref order by o.close_on desc) filter (where o.lost)) as lost_row, (array_agg(o.lost_reason order by o.close_on desc) filter (where o.lost))[1] as lost_reason
      from (select o.created_on, o.close_on, o.amount_minor, o.is_won, o.lost_reason, ${manner.dealStage} as stage, 'opportunity:' || o.opportunity_id as ref, not o.is_closed or o.close_on > due.day as open, o.is_closed and not o.is_won and o.close_on <= due.day as lost
            from opportunity o where o.workspace_id = a.workspace_id and o.account_id = a.account_id and o.created_on <= due.day offset 0) o) deals on true
    -- In the base currency as agreed, as the ledger counts it; an account in two currencies is told in the base one.
    left join lateral (select (array_agg(m.currency order by m.at desc))[1] as currency, (array_agg(m.balance order by m.at desc))[1]::bigint as mrr, (array_agg(m.base_balance order by m.at desc))[1]::bigint as base_mrr,
        max(m.at)::date as changed_at, array(select unnest((array_agg(m.ref order by m.at desc))[1:3])) as rows,
        min(m.at) filter (where m.balance > 0)::date as first_paid, first_row(array_agg(m.ref order by m.at) filter (where m.balance > 0)) as first_row,
        max(m.at) filter (where m.balance = 0 and m.before > 0)::date as churned_at, first_row(array_agg(m.ref order by m.at desc) filter (where m.balance = 0 and m.before > 0)) as churned_row,
        max(m.at) filter (where m.balance > 0 and m.before = 0 and m.ever)::date as back_at, first_row(array_agg(m.ref order by m.at desc) filter (where m.balance > 0 and m.before = 0 and m.ever)) as back_row,
        max(m.at) filter (where m.balance > m.before and m.before > 0)::date as up_at, first_row(array_agg(m.ref order by m.at desc) filter (where m.balance > m.before and m.before > 0)) as up_row,
        max(m.at) filter (where m.balance < m.before and m.balance > 0)::date as down_at, first_row(array_agg(m.ref order by m.at desc) filter (where m.balance < m.before and m.balance > 0)) as down_row
      from (select m.*, m.balance - m.delta as before, coalesce(max(m.balance) over (order by m.at rows between unbounded preceding and 1 preceding), 0) > 0 as ever
            -- Changes of one moment are one: moving a plan is not a churn and a comeback.
            from (select e.at, e.currency, e.ref, e.delta, sum(e.delta) over (order by e.at) as balance, sum(e.base_delta) over (order by e.at) as base_balance
                  from (select e.at, max(case when e.mixed then w.base_currency else e.currency end) as currency, 'mrr_event:' || max(e.id) as ref,
                          sum(case when e.mixed then e.worth - e.worth_before else e.delta end) as delta, sum(e.worth - e.worth_before) as base_delta
                        from (select e.*, coalesce(lag(e.worth) over (partition by e.currency order by e.at), 0) as worth_before
                              from (select e.*, min(e.currency) over () <> max(e.currency) over () as mixed,
                                      case when e.currency = w.base_currency then sum(e.delta) over (partition by e.currency order by e.at)
                                        else (agreed(e.delta, e.added) filter (where e.currency <> w.base_currency) over (partition by e.currency order by e.at))[2] end as worth
                                    from (select e.effective_at as at, e.currency, max(e.mrr_event_id) as id, sum(e.delta_minor)::bigint as delta,
                                            case when count(*) = 1 then coalesce(min(e.base_delta_minor) filter (where e.delta_minor <> 0), 0)
                                              else agreed_change(array_agg(e.delta_minor order by e.mrr_event_id::text collate "C"), array_agg(e.base_delta_minor order by e.mrr_event_id::text collate "C")) end as added
                                          from mrr_event e where e.workspace_id = a.workspace_id and e.account_id = a.account_id and e.effective_at < due.day + 1
                                          group by e.effective_at, e.currency) e) e) e
                        group by e.at) e) m) m
      having count(*) > 0) money on true
    left join lateral (select (array_agg(s.currency order by s.live desc, s.mrr_minor desc))[1] as currency, count(*) filter (where s.live and s.mrr_minor > 0)::int as active, sum(s.seats) filter (where s.live and s.mrr_minor > 0)::int as seats,
        (array_agg(s.plan order by s.mrr_minor desc) filter (where s.live))[1] as plan, (array_agg(s.ref order by s.mrr_minor desc) filter (where s.live))[1:3] as rows,
        min(s.renewal) filter (where s.live and s.mrr_minor > 0 and s.renewal >= due.day) as renews, first_row(array_agg(s.ref order by s.renewal) filter (where s.live and s.mrr_minor > 0 and s.renewal >= due.day)) as renews_row,
        min(s.cancel_on) filter (where s.live and s.cancel_known and s.cancel_on > due.day) as cancel_at, first_row(array_agg(s.ref order by s.cancel_on) filter (where s.live and s.cancel_known and s.cancel_on > due.day)) as cancel_row,
        max(s.trial_ends_on) filter (where s.live and s.on_trial) as trial_ends, first_row(array_agg(s.ref order by s.trial_ends_on desc) filter (where s.live and s.on_trial)) as trial_row,
        (array_agg(s.cancel_reason order by s.ended_on desc) filter (where not s.live and s.cancel_reason is not null))[1] as reason, first_row(array_agg(s.ref order by s.ended_on desc) filter (where not s.live and s.cancel_reason is not null)) as reason_row
      from (select s.*, 'subscription:' || s.subscription_id as ref, s.ended_on is null or s.ended_on > due.day as live,
              ${manner.cancelKnown} as cancel_known, ${manner.renewal} as renewal, ${manner.onTrial} as on_trial
            from subscription s where s.workspace_id = a.workspace_id and s.account_id = a.account_id and s.started_on <= due.day offset 0) s having count(*) > 0) sub on true
    left join lateral (select c.reason, 'churn_record:' || c.churn_record_id as row from churn_record c
      where c.workspace_id = a.workspace_id and c.account_id = a.account_id and c.churned_on <= due.day and c.reason is not null order by c.churned_on desc limit 1) gone on true
    left join lateral (select sum(v.due_minor - case when v.paid_on > due.day then 0 else v.paid_minor end) filter (where v.overdue)::bigint as overdue, min(v.due_on) filter (where v.overdue) as overdue_since, (array_agg(v.ref order by v.due_on) filter (where v.overdue))[1:3] as overdue_rows,
        count(*) filter (where v.paid_on <= due.day)::int as paid, max(v.paid_on) filter (where v.paid_on <= due.day) as paid_at, first_row(array_agg(v.ref order by v.paid_on desc) filter (where v.paid_on <= due.day)) as paid_row
      from (select v.*, 'invoice:' || v.invoice_id as ref, v.due_on < due.day and (v.paid_on is null or v.paid_on > due.day) and v.status in ${manner.unpaid} as overdue
            from invoice v where v.workspace_id = a.workspace_id and v.account_id = a.account_id and v.issued_on <= due.day) v) bills on true
    left join lateral (select count(*) filter (where t.open)::int as open, min(t.created_at) filter (where t.open)::date as open_since, (array_agg(t.ref order by t.created_at) filter (where t.open))[1:3] as open_rows,
        count(*) filter (where t.open and t.priority = 'urgent')::int as urgent, min(t.created_at) filter (where t.open and t.priority = 'urgent')::date as urgent_since, (array_agg(t.ref order by t.created_at) filter (where t.open and t.priority = 'urgent'))[1:3] as urgent_rows,
        count(*) filter (where t.created_at >= due.day - 29)::int as last_30, count(*) filter (where t.created_at >= due.day - 89)::int as last_90, max(t.created_at)::date as last_at, first_row(array_agg(t.ref order by t.created_at desc)) as last_row,
        round(avg(t.csat) filter (where t.created_at >= due.day - 89), 1) as csat, max(t.created_at) filter (where t.csat is not null)::date as rated_at, (array_agg(t.ref order by t.created_at desc) filter (where t.csat is not null))[1:3] as rated_rows
      from (select t.created_at, t.priority, case when t.solved_at >= due.day + 1 then null else t.csat end as csat, 'ticket:' || t.ticket_id as ref, t.solved_at is null or t.solved_at >= due.day + 1 as open
            from ticket t where t.workspace_id = a.workspace_id and t.account_id = a.account_id and t.created_at < due.day + 1) t) care on true
    -- A source that is nine days late has no nine days without use: its windows end where its data does.
    cross join lateral (select least(due.day, coalesce(max(synced_at)::date, due.day)) as day from source_feed where domain = 'usage') fresh
    left join lateral (select min(u.day) as first_at, first_row(array_agg(u.ref order by u.day)) as first_row, max(u.day) as last_at, first_row(array_agg(u.ref order by u.day desc)) as last_row,
        max(u.active_users) filter (where u.day > fresh.day - 30) as people, sum(u.events) filter (where u.day > fresh.day - 30)::int as events, sum(u.events) filter (where u.day > fresh.day - 60 and u.day <= fresh.day - 30)::int as prior,
        (array_agg(u.ref order by u.day desc) filter (where u.day > fresh.day - 30))[1:3] as rows, (array_agg(u.ref order by u.day desc) filter (where u.day > fresh.day - 60 and u.day <= fresh.day - 30))[1:1] as prior_rows
      from (select u.*, 'product_usage:' || u.product_usage_id as ref from product_usage u where u.workspace_id = a.workspace_id and u.account_id = a.account_id and u.day <= due.day and u.events > 0) u having count(*) > 0) used on true
    left join lateral (select s.score, s.responded_on as nps_at, 'survey_response:' || s.survey_response_id as nps_row from survey_response s
      where s.workspace_id = a.workspace_id and s.account_id = a.account_id and s.kind = 'nps' and s.responded_on <= due.day order by s.responded_on desc, s.survey_response_id desc limit 1) voice on true
    left join lateral (select count(*)::int as n, max(r.made_on) as last_at, array(select unnest((array_agg('referral:' || r.referral_id order by r.made_on desc))[1:3])) as rows
      from referral r where r.workspace_id = a.workspace_id and r.account_id = a.account_id and r.made_on <= due.day having count(*) > 0) refs on true
    left join lateral (select sum(l.points)::int as points, max(l.occurred_on) as last_at, first_row(array_agg('loyalty_entry:' || l.loyalty_entry_id order by l.occurred_on desc)) as last_row,
        count(*) filter (where l.kind in ('review', 'case_study'))::int as reviews, max(l.occurred_on) filter (where l.kind in ('review', 'case_study')) as review_at,
        (array_agg('loyalty_entry:' || l.loyalty_entry_id order by l.occurred_on desc) filter (where l.kind in ('review', 'case_study')))[1:3] as review_rows
      from loyalty_entry l where l.workspace_id = a.workspace_id and l.account_id = a.account_id and l.occurred_on <= due.day having count(*) > 0) gifts on true
    where a.workspace_id = ${workspaceId}`;
}
