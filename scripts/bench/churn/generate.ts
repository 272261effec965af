import type pg from "pg";
import type { LifecycleModel } from "#lifecycle/model.ts";
import { modelHash } from "#stages/knowledge.ts";
import { accountSteps, factsOfAll, load, type Step, sourcesStep } from "../store/generate.ts";

/** Raise it when other rows are made: a kept database of another edition is made anew. */
export const EDITION = 1;
/** The day of the report: the Monday after the last week of the ledger. */
export const TODAY = "2026-11-23";
export const LAST_WEEK = { start: "2026-11-16", end: TODAY };
export const WEEKS = 104;

const DAYS = WEEKS * 7;
const FIRST = `(date '${TODAY}' - ${DAYS})`;
const TABLES = ["account", "account_facts", "account_stage", "mrr_event", "stage_transition", "subscription"];

/**
 * Fills a migrated, empty database with accounts and two years of their MRR, the same in every run: some five changes an
 * account that pays, one in twelve never does. Rollups and risk are the product's own to make. Returns the workspace's id.
 */
export const generateLedger = (
  connection: pg.PoolConfig,
  { accounts, model, tell }: { accounts: number; model: LifecycleModel; tell(words: string): void },
): Promise<number> =>
  load(connection, {
    tables: TABLES,
    steps: (workspace) => [
      ...accountSteps(workspace, accounts),
      lives(),
      changes(),
      ledger(workspace),
      subscriptions(workspace),
      facts(workspace),
      stages(workspace, model),
      sourcesStep(workspace),
    ],
    tell,
  });

const chance = (seed: number): string => `pg_temp.chance(id, ${seed})`;
/** A whole number from 0 to below `count`, by chance. */
const among = (count: string, seed: number): string => `floor((${count}) * ${chance(seed)})::int`;

/**
 * One row an account that ever pays: what a month at first, the days (counted from the first) on which it comes, goes and
 * comes back. More came early than late; a fourth has gone, some within days, and some of those are back.
 */
const lives = (): Step => [
  "lives of customers",
  `create temp table life as
   select id, mrr, starts, ends, back, plan, floor(changes_a_day * (coalesce(ends, ${DAYS}) - starts - 1))::int as changes, ends is null or back is not null as pays, announced
   from (
     select *, case when returns < ${DAYS} then returns end as back, case when ends is null and ${chance(19)} < 0.01 then 1 + ${among("90", 20)} end as announced
     from (
       select *, case when leaves < ${DAYS} then leaves end as ends, case when ${chance(17)} < 0.5 then leaves + 20 + ${among("700", 18)} end as returns
       from (
         select id, mrr, starts, plan, changes_a_day, case when ${chance(14)} < 0.003 then starts + 1 + ${among("3", 15)} when ${chance(14)} < 0.75 then starts + 30 + ${among("1100", 15)} end as leaves
         from (
           select id, 1000 * (5 + floor(500 * ${chance(11)} ^ 3))::bigint as mrr, floor(${DAYS - 4} * ${chance(12)} ^ 1.6)::int as starts,
             ${chance(13)} / 41 as changes_a_day, (array['Basic', 'Pro', 'Enterprise'])[1 + ${among("3", 16)}] as plan
           from named where ${chance(10)} < 11.0 / 12) came) went) returned) told;
   create unique index on life (id); analyze life`,
];

/**
 * The signed changes of all lives. Ups and downs are parts of the first price, and downs so small that nobody falls to 0 by
 * them; a churn takes what had come together until then.
 */
const changes = (): Step => [
  "changes of MRR",
  `create temp table change as
   select id, starts as day, mrr as delta, 'new business' as reason, 0 as n from life
   union all
   select id, starts + 1 + floor((coalesce(ends, ${DAYS}) - starts - 1) * pg_temp.chance(id * 32 + n, 21))::int,
     case when pg_temp.chance(id * 32 + n, 22) < 0.6 then mrr / 10 else -mrr / 20 end, null, n
   from life, generate_series(1, changes) n;
   insert into change select id, ends, -sum(delta), (array['price', 'missing feature', 'company closed', 'competitor', 'no use', 'involuntary churn'])[1 + ${among("6", 23)}], 30
     from life join change using (id) where ends is not null group by id, ends;
   insert into change select id, back, mrr * 4 / 5, 'reactivation', 31 from life where back is not null;
   analyze change`,
];

/** In the order of time, as a ledger grows. */
const ledger = (workspace: number): Step => [
  "the ledger",
  `insert into mrr_event (workspace_id, account_id, effective_at, recorded_at, delta_minor, currency, base_delta_minor, reason, source, source_key)
   select ${workspace}, id, at, at + interval '1 hour', delta, 'USD', delta, reason, 'bench', to_char(row_number() over (order by at, id, n), 'FM000000000')
   from (select *, (${FIRST} + day)::timestamp at time zone 'UTC' + floor(86400 * pg_temp.chance(id * 32 + n, 24)) * interval '1 second' as at from change) dated order by at, id, n`,
];

/** One subscription for each stay; what runs carries what the ledger says. */
const subscriptions = (workspace: number): Step => [
  "subscriptions",
  `create temp table standing as select id, sum(delta)::bigint as minor from change group by id;
   create unique index on standing (id); analyze standing;
   insert into subscription (workspace_id, account_id, plan, status, seats, mrr_minor, currency, billing_interval, term_months, auto_renew, started_on, renews_on, cancelled_on, cancel_on, ended_on, cancel_reason, cancel_kind)
   select ${workspace}, id, plan, case when ends is null then 'active' else 'ended' end, 1 + (id % 300)::int, case when ends is null then minor else mrr end, 'USD', 'year', 12, announced is null, ${FIRST} + starts,
     case when ends is null and announced is null then ${renewal} end, case when announced is not null then date '${TODAY}' - ${among("20", 25)} when ends is not null then ${FIRST} + ends - ${among("30", 25)} end,
     date '${TODAY}' + announced, ${FIRST} + ends, case when announced is not null or ends is not null then (array['price', 'missing feature', 'company closed', 'competitor', 'no use', 'payment failed'])[1 + ${among("6", 23)}] end,
     case when ends is not null then 'voluntary' end
   from life join standing using (id);
   insert into subscription (workspace_id, account_id, plan, status, seats, mrr_minor, currency, billing_interval, term_months, auto_renew, started_on, renews_on)
   select ${workspace}, id, plan, 'active', 1 + (id % 300)::int, minor, 'USD', 'year', 12, true, ${FIRST} + back, ${renewal} from life join standing using (id) where back is not null`,
];

const renewal = `date '${TODAY}' + ${among("365", 26)}`;

/** The money of the facts is that of ledger and subscriptions; the rest is made up, so that risk has its signals. */
const facts = (workspace: number): Step => [
  "facts",
  `create temp table known as select n.id, l.plan, l.pays, coalesce(s.minor, 0) as minor, ${FIRST} + starts as first_paid, ${FIRST} + ends as churned, ${FIRST} + back as reactivated,
     case when l.pays and announced is null then date '${TODAY}' + floor(365 * pg_temp.chance(n.id, 26))::int end as renews, date '${TODAY}' + announced as cancels
   from named n left join life l using (id) left join standing s using (id)`,
  factsOfAll(workspace, {
    from: "known",
    day: `date '${TODAY}'`,
    own: {
      base_mrr_minor: "minor",
      mrr_minor: "minor",
      active_subscriptions: "coalesce(pays, false)::int",
      plan: "plan",
      seats: "1 + (id % 300)::int",
      first_paid_on: "first_paid",
      churned_on: "case when not pays then churned end",
      reactivated_on: "reactivated",
      renews_on: "renews",
      cancel_on: "cancels",
    },
  }),
];

/** Where accounts stand, as if the product had judged them today, and moves of two years; one account in five has gone back once. */
const stages = (workspace: number, model: LifecycleModel): Step => [
  "stages",
  `insert into account_stage (workspace_id, account_id, model_id, stage, since, judged_on, model_version, model_hash, rule, says, confidence)
   select ${workspace}, id, '${model.id}', case when pays then 'support' else 'awareness' end, coalesce(first_paid, date '${TODAY}' - 100), date '${TODAY}', ${model.version}, '${modelHash(model)}', 'bench', 'made for the bench', 'sure' from known;
   insert into stage_transition (workspace_id, account_id, model_id, model_version, from_stage, to_stage, entered_on, decided_on, rule, says, evidence)
   select ${workspace}, id, '${model.id}', 1, 'consideration', 'purchase', first_paid, first_paid, 'bench', 'made for the bench', '[]'::jsonb from known where first_paid is not null
   union all
   select ${workspace}, id, '${model.id}', 1, 'retention', 'support', day, day, 'bench', 'made for the bench', '[]'
   from (select id, first_paid + 1 + floor((date '${TODAY}' - first_paid - 1) * ${chance(27)})::int as day from known where first_paid is not null and ${chance(28)} < 0.2) back`,
];
