import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { join, name, type Sql, sql } from "#database/sql.ts";

/** Filters in terms of rows: names are resolved already. All must hold; within a list, one of them. Money in minor units of the base currency. */
export interface PortfolioQuery {
  model: string;
  today: string;
  stages?: string[] | undefined;
  owners?: string[] | undefined;
  teams?: string[] | undefined;
  segments?: string[] | undefined;
  industries?: string[] | undefined;
  countries?: string[] | undefined;
  plans?: string[] | undefined;
  nameContains?: string | undefined;
  mrr?: Range | undefined;
  health?: Range | undefined;
  nps?: Range | undefined;
  renewsFrom?: string | undefined;
  renewsTo?: string | undefined;
  silentDays?: number | undefined;
  contactedWithinDays?: number | undefined;
  unusedDays?: number | undefined;
  tickets?: TicketFilter | undefined;
  paying?: boolean | undefined;
  lapsed?: boolean | undefined;
  cancelling?: boolean | undefined;
  overdue?: boolean | undefined;
  crmDiffers?: boolean | undefined;
  openOpportunity?: boolean | undefined;
  owned?: boolean | undefined;
  sort: keyof typeof SORTS;
  descending?: boolean | undefined;
  limit: number;
  groupBy?: keyof typeof GROUPS | undefined;
}

export interface Range {
  at_least?: number | undefined;
  at_most?: number | undefined;
}

export interface TicketFilter {
  priorities?: string[] | undefined;
  state: "open" | "solved" | "any";
  withinDays?: number | undefined;
  moreThan: number;
}

/** Column of the ranking, and which way people mean it: most money, nearest renewal, worst health first. */
const SORTS = {
  mrr: { by: sql`base_mrr_minor`, descending: true },
  renewal: { by: sql`renews_on`, descending: false },
  health: { by: sql`health`, descending: false },
  last_contact: { by: sql`last_touch_on`, descending: false },
  tickets: { by: sql`tickets`, descending: true },
  nps: { by: sql`nps_score`, descending: false },
  name: { by: sql`lower(name)`, descending: false },
  since: { by: sql`since`, descending: false },
  seats: { by: sql`seats`, descending: true },
  overdue: { by: sql`overdue_minor`, descending: true },
};

const GROUPS = {
  stage: sql`stage`,
  owner: sql`owner`,
  team: sql`team`,
  segment: sql`segment`,
  industry: sql`industry`,
  country: sql`country`,
  plan: sql`plan`,
  currency: sql`currency`,
  lapsed: sql`case when lapsed_since is null then 'not lapsed' else 'lapsed' end`,
};

const listed = z.object({
  id: z.number(),
  name: z.string(),
  owner: z.string().nullable(),
  team: z.string().nullable(),
  stage: z.string().nullable(),
  since: z.string().nullable(),
  lapsedSince: z.string().nullable(),
  mrrMinor: z.number(),
  currency: z.string(),
  baseMrrMinor: z.number(),
  health: z.number().nullable(),
  renewsOn: z.string().nullable(),
  lastTouchOn: z.string().nullable(),
  nps: z.number().nullable(),
  openTickets: z.number(),
  tickets: z.number(),
  seats: z.number().nullable(),
  overdueMinor: z.number(),
});
export type ListedAccount = z.infer<typeof listed>;

const perCurrency = z.object({ currency: z.string(), accounts: z.number(), mrrMinor: z.number() });
const group = z.object({
  value: z.string().nullable(),
  accounts: z.number(),
  baseMrrMinor: z.number(),
  averageHealth: z.number().nullable(),
});
export type PortfolioGroup = z.infer<typeof group>;

/** Counts and sums are over every account that fits; `accounts` holds the first `limit` of them. Money in minor units. */
export interface Portfolio {
  count: number;
  baseMrrMinor: number;
  totals: z.infer<typeof perCurrency>[];
  accounts: ListedAccount[];
  groups: PortfolioGroup[];
}

const summary = z.object({ count: z.number(), baseMrrMinor: z.number(), totals: z.array(perCurrency) });

/** The accounts that fit, counted, summed and listed or grouped. Ties in the ranking break by name, then id. */
export async function portfolio(rows: Reading, query: PortfolioQuery): Promise<Portfolio> {
  const fitting = fits(query);
  const whole = await rows.one(
    summary,
    sql`with fit as (${fitting}), money as (select currency, count(*)::int as accounts, sum(mrr_minor)::bigint as "mrrMinor" from fit where mrr_minor > 0 group by currency order by currency)
        select count(*)::int as count, coalesce(sum(base_mrr_minor), 0)::bigint as "baseMrrMinor", (select coalesce(jsonb_agg(money), '[]') from money) as totals from fit`,
  );
  const groups = query.groupBy ? await rows.many(group, grouped(fitting, query.groupBy)) : [];
  const accounts = query.groupBy ? [] : await rows.many(listed, ranked(fitting, query));
  return { ...whole, groups, accounts };
}

function ranked(fitting: Sql, { sort, descending, limit }: PortfolioQuery): Sql {
  const { by, descending: usual } = SORTS[sort];
  const direction = (descending ?? usual) ? sql`desc` : sql`asc`;
  // Never contacted is the longest silence; elsewhere what is not known comes last.
  const unknown = sort === "last_contact" && !(descending ?? usual) ? sql`nulls first` : sql`nulls last`;
  return sql`with fit as (${fitting})
    select account_id as id, name, owner, team, stage, since, lapsed_since as "lapsedSince", mrr_minor as "mrrMinor", currency, coalesce(base_mrr_minor, 0) as "baseMrrMinor", health, renews_on as "renewsOn",
      last_touch_on as "lastTouchOn", nps_score as nps, open_tickets as "openTickets", tickets, seats, overdue_minor as "overdueMinor"
    from fit order by ${by} ${direction} ${unknown}, lower(name), account_id limit ${limit}`;
}

const grouped = (fitting: Sql, by: keyof typeof GROUPS): Sql => sql`
  with fit as (${fitting})
  select ${GROUPS[by]} as value, count(*)::int as accounts, sum(base_mrr_minor)::bigint as "baseMrrMinor", round(avg(health), 1) as "averageHealth"
  from fit group by 1 order by 3 desc, 2 desc, 1`;

function fits(query: PortfolioQuery): Sql {
  return sql`
    select * from (
      select a.account_id, a.name, p.full_name as owner, t.name as team, a.segment, a.industry, a.country, f.plan,
        case when s.lapsed_since is not null then 'lapsed' when s.pinned_until >= ${query.today}::date then s.pinned_stage else s.stage end as stage, s.since, s.lapsed_since, s.crm_differs,
        f.mrr_minor, f.base_mrr_minor, f.currency, f.health, f.renews_on, f.last_touch_on, f.last_used_on, f.nps_score, f.open_tickets, f.seats, f.overdue_minor,
        f.cancel_on, f.open_opportunities, ${ticketCount(query)} as tickets
      from account a
      join account_facts f on f.workspace_id = a.workspace_id and f.account_id = a.account_id
      left join account_stage s on s.workspace_id = a.workspace_id and s.account_id = a.account_id and s.model_id = ${query.model}
      left join person p on p.workspace_id = a.workspace_id and p.person_id = a.owner_id
      left join team t on t.workspace_id = p.workspace_id and t.team_id = p.team_id
      where a.deleted_at is null and a.merged_into is null) every_account
    where ${join([sql`true`, ...conditions(query)], " and ")}`;
}

function ticketCount({ tickets, today }: PortfolioQuery): Sql {
  if (!tickets) return sql`f.open_tickets`;
  const state = { open: sql`k.solved_at is null`, solved: sql`k.solved_at is not null`, any: sql`true` }[tickets.state];
  const priority = tickets.priorities ? sql`k.priority = any(${tickets.priorities})` : sql`true`;
  const window = tickets.withinDays ? sql`k.created_at >= ${today}::date - ${tickets.withinDays}::int` : sql`true`;
  return sql`(select count(*)::int from ticket k where k.workspace_id = a.workspace_id and k.account_id = a.account_id
    and k.created_at < ${today}::date + 1 and ${state} and ${priority} and ${window})`;
}

function conditions(query: PortfolioQuery): Sql[] {
  const { today } = query;
  return [
    oneOf("stage", query.stages),
    oneOf("owner", query.owners),
    oneOf("team", query.teams),
    oneOf("segment", query.segments),
    oneOf("industry", query.industries),
    oneOf("country", query.countries),
    oneOf("plan", query.plans),
    query.nameContains === undefined ? null : sql`strpos(lower(name), lower(${query.nameContains})) > 0`,
    ...between("base_mrr_minor", query.mrr),
    ...between("health", query.health),
    ...between("nps_score", query.nps),
    query.renewsFrom === undefined ? null : sql`renews_on >= ${query.renewsFrom}`,
    query.renewsTo === undefined ? null : sql`renews_on <= ${query.renewsTo}`,
    query.silentDays === undefined
      ? null
      : sql`(last_touch_on is null or last_touch_on < ${today}::date - ${query.silentDays}::int)`,
    query.contactedWithinDays === undefined
      ? null
      : sql`last_touch_on >= ${today}::date - ${query.contactedWithinDays}::int`,
    query.unusedDays === undefined
      ? null
      : sql`(last_used_on is null or last_used_on < ${today}::date - ${query.unusedDays}::int)`,
    query.tickets === undefined ? null : sql`tickets > ${query.tickets.moreThan}`,
    yesNo(sql`mrr_minor > 0`, query.paying),
    yesNo(sql`lapsed_since is not null`, query.lapsed),
    yesNo(sql`cancel_on is not null`, query.cancelling),
    yesNo(sql`overdue_minor > 0`, query.overdue),
    yesNo(sql`coalesce(crm_differs, false)`, query.crmDiffers),
    yesNo(sql`open_opportunities > 0`, query.openOpportunity),
    yesNo(sql`owner is not null`, query.owned),
  ].filter((each) => each !== null);
}

const oneOf = (column: string, values: string[] | undefined): Sql | null =>
  values ? sql`${name(column)} = any(${values})` : null;
const yesNo = (holds: Sql, wanted: boolean | undefined): Sql | null =>
  wanted === undefined ? null : wanted ? sql`(${holds})` : sql`not (${holds})`;

function between(column: string, range: Range | undefined): Sql[] {
  const least = range?.at_least === undefined ? [] : [sql`${name(column)} >= ${range.at_least}`];
  const most = range?.at_most === undefined ? [] : [sql`${name(column)} <= ${range.at_most}`];
  return [...least, ...most];
}
