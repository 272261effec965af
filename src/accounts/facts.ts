import { z } from "zod";
import type { Actor } from "#actor.ts";
import type { Database, Reading, Writing } from "#database/door.ts";
import { name, prepared, type Sql, sql } from "#database/sql.ts";
import { type AccountFacts, DOMAINS, type Freshness, STORED_FACTS, type StoredFactName } from "#lifecycle/facts.ts";
import { keepHealth } from "./health.ts";

const names = Object.keys(STORED_FACTS) as StoredFactName[];
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
  return Object.fromEntries(names.map((fact) => [fact, all[fact] ?? null]));
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

/** The same inside a transaction of the caller's: nobody else sees the facts of that day before it ends. */
export async function refreshFactsIn(rows: Writing, workspaceId: number, day: string, batch = 2_000): Promise<void> {
  while ((await refreshBatch(rows, workspaceId, day, batch)) === batch);
}

async function refreshBatch(rows: Writing, workspaceId: number, today: string, batch: number): Promise<number> {
  const refreshed = await rows.many(
    refreshedRow,
    sql`with due as (
          select account_id from account_facts where dirty or as_of <> ${today}::date order by account_id limit ${batch} for update skip locked)
        ${gather(workspaceId, today)} returning account_id as "accountId"`,
  );
  await keepHealth(
    rows,
    await factsOf(
      rows,
      refreshed.map((each) => each.accountId),
      today,
    ),
    today,
  );
  return refreshed.length;
}

const columns = join(names.map((each) => name(each)));
const taken = join(names.map((each) => sql`${name(each)} = excluded.${name(each)}`));

function join(pieces: Sql[]): Sql {
  return pieces.reduce((whole, piece) => sql`${whole}, ${piece}`);
}

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
 * The facts of the accounts in `due`, each with the rows it was read from, as they stood at the end of `day`.
 * One pass a source table; the newest row of each kind is its evidence.
 */
function gather(workspaceId: number, day: string): Sql {
  const today = sql`${day}::date`;
  return sql`
    insert into account_facts (workspace_id, account_id, as_of, currency, base_mrr_minor, evidence, dirty, refreshed_at, ${columns})
    select ${workspaceId}, a.account_id, ${today}, coalesce(money.currency, sub.currency, a.currency, w.base_currency), coalesce(money.base_mrr, 0),
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
        count(*) filter (where i.touch and i.occurred_at >= ${today} - 29)::int as touches,
        max(i.occurred_at) filter (where i.interest)::date as interest_at, first_row(array_agg(i.ref order by i.occurred_at desc) filter (where i.interest)) as interest_row,
        (array_agg(i.kind order by i.occurred_at desc) filter (where i.interest))[1] as interest_kind, count(*) filter (where i.interest and i.occurred_at >= ${today} - 29)::int as interests,
        max(i.occurred_at) filter (where i.channel = 'meeting')::date as meeting_at, first_row(array_agg(i.ref order by i.occurred_at desc) filter (where i.channel = 'meeting')) as meeting_row,
        max(i.occurred_at) filter (where i.kind = 'checkout_started')::date as checkout_at, first_row(array_agg(i.ref order by i.occurred_at desc) filter (where i.kind = 'checkout_started')) as checkout_row,
        max(i.occurred_at) filter (where i.kind = 'checkout_abandoned')::date as abandoned_at, first_row(array_agg(i.ref order by i.occurred_at desc) filter (where i.kind = 'checkout_abandoned')) as abandoned_row
      from (select i.*, 'interaction:' || i.interaction_id as ref, i.direction = 'inbound' as inbound, i.direction = 'outbound' and i.campaign is null as outbound,
              -- A campaign mail that nobody answered is no contact.
              i.direction = 'inbound' or (i.direction = 'outbound' and i.campaign is null) or i.channel = 'meeting' as touch,
              i.direction = 'inbound' and i.kind = any(${INTEREST}) as interest
            from interaction i where i.workspace_id = a.workspace_id and i.account_id = a.account_id and i.occurred_at < ${today} + 1) i) talk on true
    left join lateral (select count(*)::int as n, count(*) filter (where not c.email_opt_out and c.email is not null and c.left_on is null)::int as reachable, array(select 'contact:' || unnest((array_agg(c.contact_id order by c.contact_id))[1:3])) as rows,
        max(c.left_on) filter (where c.role = 'champion') as left_at, first_row(array_agg('contact:' || c.contact_id order by c.left_on desc) filter (where c.role = 'champion' and c.left_on is not null)) as left_row
      from contact c where c.workspace_id = a.workspace_id and c.account_id = a.account_id and (c.created_on is null or c.created_on <= ${today}) having count(*) > 0) people on true
    left join lateral (select
        count(*) filter (where o.open)::int as open, min(o.created_on) filter (where o.open) as open_since, (array_agg(o.ref order by o.created_on) filter (where o.open))[1:3] as open_rows,
        count(*) filter (where o.open and o.stage ~* ${LATE_STAGES})::int as late, (array_agg(o.ref order by o.created_on) filter (where o.open and o.stage ~* ${LATE_STAGES}))[1:3] as late_rows,
        sum(o.amount_minor) filter (where o.open)::bigint as open_minor,
        max(o.close_on) filter (where o.is_won and not o.open) as won_at, first_row(array_agg(o.ref order by o.close_on desc) filter (where o.is_won and not o.open)) as won_row,
        max(o.close_on) filter (where o.lost) as lost_at, first_row(array_agg(o.ref order by o.close_on desc) filter (where o.lost)) as lost_row, (array_agg(o.lost_reason order by o.close_on desc) filter (where o.lost))[1] as lost_reason
      from (select o.*, 'opportunity:' || o.opportunity_id as ref, not o.is_closed or o.close_on > ${today} as open, o.is_closed and not o.is_won and o.close_on <= ${today} as lost
            from opportunity o where o.workspace_id = a.workspace_id and o.account_id = a.account_id and o.created_on <= ${today}) o) deals on true
    -- All at the rate of the day, so that what was added and taken away cancels out; an account in two currencies is told in the base one.
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
                  from (select e.at, max(e.currency) as currency, sum(e.delta) as delta, sum(e.base_delta) as base_delta, 'mrr_event:' || max(e.id) as ref
                        from (select e.at, e.id, e.base_delta, case when e.mixed then w.base_currency else e.currency end as currency, case when e.mixed then e.base_delta else e.delta_minor end as delta
                              from (select e.effective_at as at, e.mrr_event_id as id, e.currency, e.delta_minor, min(e.currency) over () <> max(e.currency) over () as mixed,
                                      case when e.currency = w.base_currency then e.delta_minor else coalesce(round(e.delta_minor * fx.rate * 10::numeric ^ (minor_digits(w.base_currency) - minor_digits(e.currency))), e.base_delta_minor) end as base_delta
                                    from mrr_event e
                                    left join lateral (select x.rate from exchange_rate x where x.workspace_id = e.workspace_id and x.currency = e.currency and x.day <= ${today} order by x.day desc limit 1) fx on true
                                    where e.workspace_id = a.workspace_id and e.account_id = a.account_id and e.effective_at < ${today} + 1) e) e
                        group by e.at) e) m) m
      having count(*) > 0) money on true
    left join lateral (select (array_agg(s.currency order by s.live desc, s.mrr_minor desc))[1] as currency, count(*) filter (where s.live and s.mrr_minor > 0)::int as active, sum(s.seats) filter (where s.live and s.mrr_minor > 0)::int as seats,
        (array_agg(s.plan order by s.mrr_minor desc) filter (where s.live))[1] as plan, (array_agg(s.ref order by s.mrr_minor desc) filter (where s.live))[1:3] as rows,
        min(s.renews_on) filter (where s.live and s.mrr_minor > 0 and s.renews_on >= ${today}) as renews, first_row(array_agg(s.ref order by s.renews_on) filter (where s.live and s.mrr_minor > 0 and s.renews_on >= ${today})) as renews_row,
        min(s.cancel_on) filter (where s.live and s.cancel_on > ${today}) as cancel_at, first_row(array_agg(s.ref order by s.cancel_on) filter (where s.live and s.cancel_on > ${today})) as cancel_row,
        max(s.trial_ends_on) filter (where s.live and s.status = 'trialing') as trial_ends, first_row(array_agg(s.ref order by s.trial_ends_on desc) filter (where s.live and s.status = 'trialing')) as trial_row,
        (array_agg(s.cancel_reason order by s.ended_on desc) filter (where not s.live and s.cancel_reason is not null))[1] as reason, first_row(array_agg(s.ref order by s.ended_on desc) filter (where not s.live and s.cancel_reason is not null)) as reason_row
      from (select s.*, 'subscription:' || s.subscription_id as ref, s.ended_on is null or s.ended_on > ${today} as live
            from subscription s where s.workspace_id = a.workspace_id and s.account_id = a.account_id and s.started_on <= ${today}) s having count(*) > 0) sub on true
    left join lateral (select c.reason, 'churn_record:' || c.churn_record_id as row from churn_record c
      where c.workspace_id = a.workspace_id and c.account_id = a.account_id and c.churned_on <= ${today} and c.reason is not null order by c.churned_on desc limit 1) gone on true
    left join lateral (select sum(v.due_minor - v.paid_minor) filter (where v.overdue)::bigint as overdue, min(v.due_on) filter (where v.overdue) as overdue_since, (array_agg(v.ref order by v.due_on) filter (where v.overdue))[1:3] as overdue_rows,
        count(*) filter (where v.paid_on <= ${today})::int as paid, max(v.paid_on) filter (where v.paid_on <= ${today}) as paid_at, first_row(array_agg(v.ref order by v.paid_on desc) filter (where v.paid_on <= ${today})) as paid_row
      from (select v.*, 'invoice:' || v.invoice_id as ref, v.due_on < ${today} and (v.paid_on is null or v.paid_on > ${today}) and v.status in ('open', 'paid') as overdue
            from invoice v where v.workspace_id = a.workspace_id and v.account_id = a.account_id and v.issued_on <= ${today}) v) bills on true
    left join lateral (select count(*) filter (where t.open)::int as open, min(t.created_at) filter (where t.open)::date as open_since, (array_agg(t.ref order by t.created_at) filter (where t.open))[1:3] as open_rows,
        count(*) filter (where t.open and t.priority = 'urgent')::int as urgent, min(t.created_at) filter (where t.open and t.priority = 'urgent')::date as urgent_since, (array_agg(t.ref order by t.created_at) filter (where t.open and t.priority = 'urgent'))[1:3] as urgent_rows,
        count(*) filter (where t.created_at >= ${today} - 29)::int as last_30, count(*) filter (where t.created_at >= ${today} - 89)::int as last_90, max(t.created_at)::date as last_at, first_row(array_agg(t.ref order by t.created_at desc)) as last_row,
        round(avg(t.csat) filter (where t.created_at >= ${today} - 89), 1) as csat, max(t.created_at) filter (where t.csat is not null)::date as rated_at, (array_agg(t.ref order by t.created_at desc) filter (where t.csat is not null))[1:3] as rated_rows
      from (select t.*, 'ticket:' || t.ticket_id as ref, t.solved_at is null or t.solved_at >= ${today} + 1 as open
            from ticket t where t.workspace_id = a.workspace_id and t.account_id = a.account_id and t.created_at < ${today} + 1) t) care on true
    -- A source that is nine days late has no nine days without use: its windows end where its data does.
    cross join lateral (select least(${today}, coalesce(max(synced_at)::date, ${today})) as day from source_feed where domain = 'usage') fresh
    left join lateral (select min(u.day) as first_at, first_row(array_agg(u.ref order by u.day)) as first_row, max(u.day) as last_at, first_row(array_agg(u.ref order by u.day desc)) as last_row,
        max(u.active_users) filter (where u.day > fresh.day - 30) as people, sum(u.events) filter (where u.day > fresh.day - 30)::int as events, sum(u.events) filter (where u.day > fresh.day - 60 and u.day <= fresh.day - 30)::int as prior,
        (array_agg(u.ref order by u.day desc) filter (where u.day > fresh.day - 30))[1:3] as rows, (array_agg(u.ref order by u.day desc) filter (where u.day > fresh.day - 60 and u.day <= fresh.day - 30))[1:1] as prior_rows
      from (select u.*, 'product_usage:' || u.product_usage_id as ref from product_usage u where u.workspace_id = a.workspace_id and u.account_id = a.account_id and u.day <= ${today} and u.events > 0) u having count(*) > 0) used on true
    left join lateral (select s.score, s.responded_on as nps_at, 'survey_response:' || s.survey_response_id as nps_row from survey_response s
      where s.workspace_id = a.workspace_id and s.account_id = a.account_id and s.kind = 'nps' and s.responded_on <= ${today} order by s.responded_on desc, s.survey_response_id desc limit 1) voice on true
    left join lateral (select count(*)::int as n, max(r.made_on) as last_at, array(select unnest((array_agg('referral:' || r.referral_id order by r.made_on desc))[1:3])) as rows
      from referral r where r.workspace_id = a.workspace_id and r.account_id = a.account_id and r.made_on <= ${today} having count(*) > 0) refs on true
    left join lateral (select sum(l.points)::int as points, max(l.occurred_on) as last_at, first_row(array_agg('loyalty_entry:' || l.loyalty_entry_id order by l.occurred_on desc)) as last_row,
        count(*) filter (where l.kind in ('review', 'case_study'))::int as reviews, max(l.occurred_on) filter (where l.kind in ('review', 'case_study')) as review_at,
        (array_agg('loyalty_entry:' || l.loyalty_entry_id order by l.occurred_on desc) filter (where l.kind in ('review', 'case_study')))[1:3] as review_rows
      from loyalty_entry l where l.workspace_id = a.workspace_id and l.account_id = a.account_id and l.occurred_on <= ${today} having count(*) > 0) gifts on true
    where a.workspace_id = ${workspaceId}
    on conflict (workspace_id, account_id) do update set as_of = excluded.as_of, currency = excluded.currency, base_mrr_minor = excluded.base_mrr_minor,
      evidence = excluded.evidence, dirty = false, refreshed_at = now(), ${taken}`;
}
