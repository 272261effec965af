import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { join, type Sql, sql } from "#database/sql.ts";
import { minorDigits } from "#money.ts";

/** Which deals are meant. All that is given must hold; within a list, one of it. */
export interface DealQuery {
  today: string;
  state: "open" | "won" | "lost";
  /** First and last day on which it closes (or closed). */
  closesFrom?: string | undefined;
  closesTo?: string | undefined;
  /** In minor units of the base currency. */
  atLeastMinor?: number | undefined;
  kind?: string | undefined;
  owners?: string[] | undefined;
  teams?: string[] | undefined;
  segments?: string[] | undefined;
  countries?: string[] | undefined;
  baseCurrency: string;
  sort: "closing" | "amount";
  limit: number;
}

const deal = z.object({
  id: z.number(),
  accountId: z.number(),
  account: z.string(),
  owner: z.string().nullable(),
  name: z.string().nullable(),
  stage: z.string(),
  kind: z.string().nullable(),
  amountMinor: z.number().nullable(),
  currency: z.string().nullable(),
  closeOn: z.string().nullable(),
  nextStep: z.string().nullable(),
});

/** An opportunity, and the account that it is with. */
export type Deal = z.infer<typeof deal>;

const total = z.object({
  currency: z.string().nullable(),
  deals: z.number(),
  valued: z.number(),
  amountMinor: z.number(),
  rate: z.number().nullable(),
});

/** What the deals of one currency come to; `valued` have an amount; `rate` is the stored one of today, null where there is none. */
export type DealTotal = z.infer<typeof total>;

/** The deals that fit, counted and summed by currency, and the first `limit` of them. */
export async function dealsThat(rows: Reading, query: DealQuery): Promise<{ totals: DealTotal[]; deals: Deal[] }> {
  const { baseCurrency, sort, limit } = query;
  const everyOne = rated(query);
  const currencies = await rows.many(
    z.object({ currency: z.string() }),
    sql`select distinct currency::text as currency from opportunity where currency is not null`,
  );
  const units = JSON.stringify(
    Object.fromEntries(
      [...currencies.map((each) => each.currency), baseCurrency].map((each) => [each, 10 ** -minorDigits(each)]),
    ),
  );
  const inBase = sql`amount_minor * rate * (${units}::jsonb ->> currency)::numeric`;
  const least =
    query.atLeastMinor === undefined
      ? sql`true`
      : sql`${inBase} >= ${query.atLeastMinor * 10 ** -minorDigits(baseCurrency)}`;
  const fit = sql`with fit as (select * from (${everyOne}) every_deal where ${least})`;
  const totals = await rows.many(
    total,
    sql`${fit} select currency, count(*)::int as deals, count(amount_minor)::int as valued, coalesce(sum(amount_minor), 0)::bigint as "amountMinor", max(rate)::float8 as rate from fit group by currency order by currency`,
  );
  const order =
    sort === "amount"
      ? sql`${inBase} desc nulls last, close_on, id`
      : query.state === "open"
        ? sql`close_on nulls last, id`
        : sql`close_on desc nulls last, id`;
  const deals = await rows.many(
    deal,
    sql`${fit} select id, account_id as "accountId", account, owner, name, stage, kind, amount_minor as "amountMinor", currency, close_on as "closeOn", next_step as "nextStep"
        from fit order by ${order} limit ${limit}`,
  );
  return { totals, deals };
}

const rated = (query: DealQuery): Sql => sql`
  select o.opportunity_id as id, a.account_id, a.name as account, coalesce(s.full_name, p.full_name) as owner, o.name, o.stage, o.kind, o.amount_minor, o.currency::text as currency, o.close_on, o.next_step,
    case when o.currency = ${query.baseCurrency} then 1 else (select r.rate from exchange_rate r where r.workspace_id = o.workspace_id and r.currency = o.currency and r.day <= ${query.today} order by r.day desc limit 1) end as rate
  from opportunity o join account a on a.workspace_id = o.workspace_id and a.account_id = o.account_id
    left join person s on s.workspace_id = o.workspace_id and s.person_id = o.owner_id
    left join person p on p.workspace_id = a.workspace_id and p.person_id = a.owner_id
    left join team t on t.workspace_id = a.workspace_id and t.team_id = coalesce(s.team_id, p.team_id)
  where a.deleted_at is null and a.merged_into is null and ${join(conditions(query), " and ")}`;

function conditions({ state, closesFrom, closesTo, kind, owners, teams, segments, countries }: DealQuery): Sql[] {
  const oneOf = (column: Sql, values: string[] | undefined) => values && sql`${column} = any(${values}::text[])`;
  const all = [
    state === "open" ? sql`not o.is_closed` : sql`o.is_closed and o.is_won = ${state === "won"}`,
    closesFrom !== undefined && sql`o.close_on >= ${closesFrom}::date`,
    closesTo !== undefined && sql`o.close_on <= ${closesTo}::date`,
    kind !== undefined && sql`o.kind = ${kind}`,
    oneOf(sql`coalesce(s.full_name, p.full_name)`, owners),
    oneOf(sql`t.name`, teams),
    oneOf(sql`a.segment`, segments),
    oneOf(sql`a.country`, countries),
  ];
  return all.filter((each) => each !== undefined && each !== false);
}
