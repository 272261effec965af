import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { type Sql, sql } from "#database/sql.ts";
import { CONDITIONS, type Condition } from "./conditions.ts";
import { type Limits, limitsFrom, type SomeLimits } from "./limits.ts";
import { differentLimits } from "./limits-kept.ts";

// What makes an alert besides its limits, with the reason of each number.
const REGRESSION_DAYS = 90; // a step back that nobody has mended in a quarter is known by then
const STORM_TIMES = 3; // so many times as many as the account usually has
const USUAL_WEEKS = 12;
const CHAMPION_QUARTER_DAYS = 90; // silence is news of a champion who was heard of in the quarter before it
const CHAMPION_LEFT_DAYS = 90;
const DETRACTOR_DAYS = 60; // an older answer has been dealt with, or will not be

const sign = z.object({
  accountId: z.number(),
  condition: z.enum(CONDITIONS),
  before: z.string().nullable(),
  after: z.string(),
  evidence: z.array(z.string()),
});

/** A condition that holds for an account by these limits, before → after, with the rows that show it as `table:id`. Days are ISO. */
export type Sign = z.infer<typeof sign> & { limits: SomeLimits };

export interface Sight {
  /** Ids and names of the model's stages, in their order. */
  model: { id: string; stages: readonly { id: string; name: string }[] };
  today: string;
}

const known = sql`join account a on a.workspace_id = f.workspace_id and a.account_id = f.account_id and a.deleted_at is null and a.merged_into is null`;

type Query = (sight: Sight, limits: Limits) => Sql;

const QUERIES: [Condition, Query][] = [
  ["stage_regression", regressions],
  ["renewal_untouched", renewals],
  ["ticket_storm", storms],
  ["champion_silent", championsLeft],
  ["champion_silent", championsSilent],
  ["detractor", detractors],
  ["cancellation", cancellations],
];

/** Every condition that holds today, by each set of limits, but health, which needs to know how it was before. */
export async function signsToday(rows: Reading, sight: Sight, inUse: readonly Limits[]): Promise<Sign[]> {
  const once = new Map<string, Sign>();
  for (const [condition, query] of QUERIES)
    for (const limits of differentLimits(condition, inUse))
      for (const each of await rows.many(sign, query(sight, limitsFrom(limits))))
        once.set(`${each.accountId} ${condition} ${JSON.stringify(limits)}`, { ...each, limits });
  return [...once.values()];
}

function regressions({ model, today }: Sight): Sql {
  const ids = model.stages.map(({ id }) => id);
  const names = model.stages.map(({ name }) => name);
  return sql`
    select t.account_id as "accountId", 'stage_regression' as condition, (${names}::text[])[array_position(${ids}::text[], t.from_stage)] as before,
      (${names}::text[])[array_position(${ids}::text[], s.stage)] || ' since ' || s.since as after,
      array['stage_transition:' || t.stage_transition_id] as evidence
    from account_stage s
    join lateral (
      select * from stage_transition m where m.workspace_id = s.workspace_id and m.account_id = s.account_id and m.model_id = s.model_id
      order by m.entered_on desc, m.stage_transition_id desc limit 1) t on true
    join account a on a.workspace_id = s.workspace_id and a.account_id = s.account_id and a.deleted_at is null and a.merged_into is null
    where s.model_id = ${model.id} and t.decided_on >= ${today}::date - ${REGRESSION_DAYS}::int and s.lapsed_since is null
      and array_position(${ids}::text[], s.stage) < array_position(${ids}::text[], t.from_stage)
      and (s.pinned_until is null or s.pinned_until < ${today}::date)`;
}

/** Silence is judged up to the last day that contacts are known of: a source that has stopped is no silence. */
function renewals({ today }: Sight, { renewalDays, contactDays }: Limits): Sql {
  return sql`
  select f.account_id as "accountId", 'renewal_untouched' as condition,
    coalesce('last contact ' || f.last_touch_on, 'no contact on record') as before, 'renews ' || f.renews_on as after,
    array(select 'subscription:' || u.subscription_id from subscription u where u.workspace_id = f.workspace_id and u.account_id = f.account_id
      and u.ended_on is null and u.renews_on = f.renews_on) as evidence
  from account_facts f ${known}
  cross join (select least(max(synced_at)::date, ${today}::date) as known_to from source_feed where domain = 'crm') talk
  where f.mrr_minor > 0 and f.cancel_on is null and f.renews_on between ${today}::date and ${today}::date + ${renewalDays}::int
    and talk.known_to is not null and coalesce(f.last_touch_on, a.created_on) < talk.known_to - ${contactDays}::int`;
}

function storms({ today }: Sight, { stormTickets, stormDays }: Limits): Sql {
  return sql`
  select k.account_id as "accountId", 'ticket_storm' as condition,
    'usually ' || round(k.before::numeric / ${USUAL_WEEKS}::numeric, 1) || ' tickets a week' as before, k.lately || ' in the last ' || ${stormDays}::int || ' days' as after, k.rows as evidence
  from (
    select account_id, count(*) filter (where created_at::date > ${today}::date - ${stormDays}::int) as lately,
      count(*) filter (where created_at::date <= ${today}::date - ${stormDays}::int) as before,
      (array_agg('ticket:' || ticket_id order by created_at desc) filter (where created_at::date > ${today}::date - ${stormDays}::int))[:10] as rows
    from ticket where account_id is not null and created_at::date <= ${today}::date
      and created_at::date > ${today}::date - (${stormDays}::int + 7 * ${USUAL_WEEKS}::int)
    group by account_id) k
  where k.lately >= ${stormTickets}::int
    and k.lately >= ${STORM_TIMES}::int * ${stormDays}::int * k.before::numeric / (7 * ${USUAL_WEEKS}::int)`;
}

function championsLeft({ today }: Sight): Sql {
  return sql`
  select f.account_id as "accountId", 'champion_silent' as condition, 'a champion' as before, 'left on ' || f.champion_left_on as after,
    array(select 'contact:' || c.contact_id from contact c where c.workspace_id = f.workspace_id and c.account_id = f.account_id
      and c.role = 'champion' and c.left_on = f.champion_left_on) as evidence
  from account_facts f ${known}
  where f.mrr_minor > 0 and f.champion_left_on between ${today}::date - ${CHAMPION_LEFT_DAYS}::int and ${today}::date`;
}

function championsSilent({ today }: Sight, { silentDays }: Limits): Sql {
  return sql`
  select c.account_id as "accountId", 'champion_silent' as condition, 'last heard ' || heard.last as before,
    'silent for ' || (talk.known_to - heard.last) || ' days' as after, array['contact:' || c.contact_id, 'interaction:' || heard.row] as evidence
  from contact c
  join account_facts f on f.workspace_id = c.workspace_id and f.account_id = c.account_id and f.mrr_minor > 0
  join account a on a.workspace_id = c.workspace_id and a.account_id = c.account_id and a.deleted_at is null and a.merged_into is null
  cross join (select least(max(synced_at)::date, ${today}::date) as known_to from source_feed where domain = 'crm') talk
  join lateral (
    select i.occurred_at::date as last, i.interaction_id as row from interaction i
    where i.workspace_id = c.workspace_id and i.account_id = c.account_id and i.contact_id = c.contact_id and i.direction = 'inbound'
      and i.occurred_at::date <= ${today}::date
    order by i.occurred_at desc limit 1) heard on true
  where c.role = 'champion' and c.left_on is null and f.champion_left_on is null and talk.known_to is not null
    and heard.last between talk.known_to - ${silentDays + CHAMPION_QUARTER_DAYS}::int and talk.known_to - ${silentDays}::int
    and not exists (select from contact o join interaction i on i.workspace_id = o.workspace_id and i.contact_id = o.contact_id
      where o.workspace_id = c.workspace_id and o.account_id = c.account_id and o.role = 'champion' and i.direction = 'inbound'
        and i.occurred_at::date > talk.known_to - ${silentDays}::int)`;
}

function detractors({ today }: Sight, { detractorScore }: Limits): Sql {
  return sql`
  select v.account_id as "accountId", 'detractor' as condition,
    (select 'NPS ' || trim_scale(o.score) || ' on ' || o.responded_on from survey_response o where o.workspace_id = v.workspace_id
      and o.account_id = v.account_id and o.kind = 'nps' and o.responded_on < v.responded_on order by o.responded_on desc limit 1) as before,
    'NPS ' || trim_scale(v.score) || ' on ' || v.responded_on as after, array['survey_response:' || v.survey_response_id] as evidence
  from (
    select distinct on (account_id) * from survey_response where kind = 'nps' and account_id is not null and responded_on <= ${today}::date
    order by account_id, responded_on desc, survey_response_id desc) v
  join account a on a.workspace_id = v.workspace_id and a.account_id = v.account_id and a.deleted_at is null and a.merged_into is null
  where v.score <= ${detractorScore}::int and v.responded_on > ${today}::date - ${DETRACTOR_DAYS}::int`;
}

function cancellations({ today }: Sight): Sql {
  return sql`
  select f.account_id as "accountId", 'cancellation' as condition, null as before, 'cancelled: the paid term ends ' || f.cancel_on as after,
    array(select 'subscription:' || u.subscription_id from subscription u where u.workspace_id = f.workspace_id and u.account_id = f.account_id
      and u.cancel_on = f.cancel_on) as evidence
  from account_facts f ${known} where f.mrr_minor > 0 and f.cancel_on >= ${today}::date`;
}
