import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { type Sql, sql } from "#database/sql.ts";
import { notTooMany } from "./figures.ts";
import { type AccountsAsked, accountsAsked } from "./figures-accounts.ts";
import type { StageStay } from "./funnel.ts";

/** Where a company and its customers meet, in the order of a customer's life. */
export const TOUCHPOINTS = [
  "social",
  "web",
  "event",
  "email",
  "call",
  "meeting",
  "chat",
  "product",
  "support",
  "billing",
  "survey",
  "loyalty",
] as const;
export type Touchpoint = (typeof TOUCHPOINTS)[number];

interface WindowAsked {
  start: string;
  end: string;
  zone: string;
}

const idRow = z.object({ id: z.number() });

/** Whom a window has a touch of. Throws AskAgain where those are more than can be followed one by one. */
export async function touchedAccounts(rows: Reading, window: WindowAsked): Promise<number[]> {
  const touched = sql`select distinct account_id as id from (${touches(window)}) touch`;
  await notTooMany(rows, "accounts", touched);
  return (await rows.many(idRow, touched)).map(({ id }) => id);
}

interface Asked extends WindowAsked {
  /** Stays that overlap the window; what happened outside of them has no stage. */
  stays: readonly StageStay[];
}

const touchCell = z.object({
  stage: z.string(),
  touchpoint: z.enum(TOUCHPOINTS).or(z.string()),
  touches: z.number(),
  accounts: z.number(),
});

/** Touches of a stage by a touchpoint; `accounts` had at least one. Product use counts days, billing counts invoices. */
export type TouchCell = z.infer<typeof touchCell>;

/** Counts of touches by the stage in which the account was on the day. */
export const touchCells = (rows: Reading, asked: Asked): Promise<TouchCell[]> =>
  rows.many(
    touchCell,
    sql`with ${staysOf(asked)}, touch as (${touches(asked)})
        select stage, touchpoint, count(*)::int as touches, count(distinct account_id)::int as accounts
        from touch join stay using (account_id) where day >= stay_from and day < stay_to
        group by 1, 2 order by 1, 2`,
  );

const staysOf = ({ stays, end }: Asked): Sql => sql`stay as (
  select * from unnest(${stays.map(({ accountId }) => accountId)}::bigint[], ${stays.map(({ stage }) => stage)}::text[],
    ${stays.map(({ from }) => from)}::date[], ${stays.map(({ to }) => to ?? end)}::date[]) as s (account_id, stage, stay_from, stay_to))`;

function touches({ start, end, zone }: WindowAsked): Sql {
  const from = sql`(${start}::date)::timestamp at time zone ${zone}`;
  const until = sql`(${end}::date)::timestamp at time zone ${zone}`;
  return sql`
    select account_id, (occurred_at at time zone ${zone})::date as day, channel as touchpoint from interaction where occurred_at >= ${from} and occurred_at < ${until}
    union all select account_id, (created_at at time zone ${zone})::date, 'support' from ticket where account_id is not null and created_at >= ${from} and created_at < ${until}
    union all select distinct account_id, day, 'product' from product_usage where day >= ${start} and day < ${end} and events > 0
    union all select account_id, issued_on, 'billing' from invoice where issued_on >= ${start} and issued_on < ${end}
    union all select account_id, responded_on, 'survey' from survey_response where account_id is not null and responded_on >= ${start} and responded_on < ${end}
    union all select account_id, made_on, 'loyalty' from referral where made_on >= ${start} and made_on < ${end}
    union all select account_id, occurred_on, 'loyalty' from loyalty_entry where occurred_on >= ${start} and occurred_on < ${end}`;
}

const ticketPain = z.object({
  stage: z.string(),
  kind: z.string().nullable(),
  tickets: z.number(),
  accounts: z.number(),
  urgent: z.number(),
  open: z.number(),
  csat: z.number().nullable(),
});

/** What customers of a stage opened tickets about; `urgent` counts high ones too. */
export type TicketPain = z.infer<typeof ticketPain>;

export const ticketPains = (rows: Reading, asked: Asked): Promise<TicketPain[]> =>
  rows.many(
    ticketPain,
    sql`with ${staysOf(asked)}
        select stage, kind, count(*)::int as tickets, count(distinct t.account_id)::int as accounts,
          (count(*) filter (where priority in ('high', 'urgent')))::int as urgent, (count(*) filter (where solved_at is null))::int as open,
          round(avg(csat), 1) as csat
        from ticket t join stay using (account_id)
        where (created_at at time zone ${asked.zone})::date >= greatest(stay_from, ${asked.start}::date)
          and (created_at at time zone ${asked.zone})::date < least(stay_to, ${asked.end}::date)
        group by 1, 2 order by 1, 3 desc, 2`,
  );

const surveyPain = z.object({
  stage: z.string(),
  kind: z.string(),
  answers: z.number(),
  low: z.number(),
  comments: z.array(
    z.object({ accountId: z.number(), on: z.string(), score: z.number(), comment: z.string(), row: z.string() }),
  ),
});

/** Answers of a stage that complain: NPS up to 6, satisfaction up to 2; with the newest comments among them. */
export type SurveyPain = z.infer<typeof surveyPain>;

export const surveyPains = (rows: Reading, asked: Asked): Promise<SurveyPain[]> =>
  rows.many(
    surveyPain,
    sql`with ${staysOf(asked)}, given as (
          select stage, s.*, s.score <= case kind when 'nps' then 6 else 2 end as is_low
          from survey_response s join stay using (account_id)
          where responded_on >= greatest(stay_from, ${asked.start}::date) and responded_on < least(stay_to, ${asked.end}::date)),
        newest as (select *, row_number() over (partition by stage, kind order by responded_on desc, survey_response_id) as place
          from given where is_low and comment is not null)
        select g.stage, g.kind, count(*)::int as answers, (count(*) filter (where is_low))::int as low,
          (select coalesce(jsonb_agg(jsonb_build_object('accountId', n.account_id, 'on', n.responded_on, 'score', n.score, 'comment', n.comment,
              'row', 'survey_response:' || n.survey_response_id) order by n.place), '[]')
            from newest n where n.stage = g.stage and n.kind = g.kind and n.place <= 2) as comments
        from given g group by 1, 2 order by 1, 2`,
  );

const chances = z.object({
  stage: z.string(),
  accounts: z.number(),
  baseMrrMinor: z.number(),
  openOpportunities: z.number(),
  promotersWithoutReferral: z.number(),
  silent: z.number(),
  silentMrrMinor: z.number(),
  championsGone: z.number(),
  idleSeats: z.number(),
});

/** What a stage holds today, by account: a promoter who has referred nobody, a paying account that nobody spoke to, and the like. */
export type StageChances = z.infer<typeof chances>;

export const SILENT_DAYS = 60; // two months without a word from either side
const IDLE_SHARE = 0.5; // half of the paid seats not used in 30 days

/** The accounts asked about, by the stage that they are in today; lapsed ones as "lapsed". */
export const stageChances = (
  rows: Reading,
  asked: AccountsAsked,
  { model, today }: { model: string; today: string },
): Promise<StageChances[]> =>
  rows.many(
    chances,
    sql`select case when s.lapsed_since is not null then 'lapsed' when s.pinned_until >= ${today}::date then s.pinned_stage else s.stage end as stage,
          count(*)::int as accounts, sum(f.base_mrr_minor)::bigint as "baseMrrMinor",
          (count(*) filter (where f.open_opportunities > 0))::int as "openOpportunities",
          (count(*) filter (where f.nps_score >= 9 and f.referrals = 0 and f.reviews = 0))::int as "promotersWithoutReferral",
          (count(*) filter (where ${SILENT}))::int as silent,
          coalesce(sum(f.base_mrr_minor) filter (where ${SILENT}), 0)::bigint as "silentMrrMinor",
          (count(*) filter (where f.champion_left_on is not null and f.mrr_minor > 0))::int as "championsGone",
          (count(*) filter (where f.mrr_minor > 0 and f.seats > 0 and coalesce(f.active_users_30d, 0) < f.seats * ${IDLE_SHARE}::numeric and f.first_used_on is not null))::int as "idleSeats"
        from ${accountsAsked(asked)} chosen
        join account_facts f using (workspace_id, account_id)
        join account_stage s on s.workspace_id = f.workspace_id and s.account_id = f.account_id and s.model_id = ${model}
        cross join lateral (select ${today}::date as today) day
        where chosen.is_live group by 1 order by 1`,
  );

const SILENT = sql`f.mrr_minor > 0 and (f.last_touch_on is null or f.last_touch_on < day.today - ${SILENT_DAYS}::int)`;
