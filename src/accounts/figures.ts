import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { type Sql, sql } from "#database/sql.ts";
import { AskAgain } from "#errors.ts";
import type { Window } from "#metrics/figure.ts";
import { type AccountsAsked, accountsAsked } from "./figures-accounts.ts";

const ledgerRow = z.object({
  row: z.string(),
  accountId: z.number(),
  at: z.string(),
  deltaMinor: z.number(),
  currency: z.string(),
  baseDeltaMinor: z.number(),
  reason: z.string().nullable(),
});

/** A row of the MRR ledger as the metrics read it, with what the billing system calls it. */
export type FigureRow = z.infer<typeof ledgerRow>;

interface LedgerAsked {
  before: string;
  zone: string;
  /** Only of accounts that may have first paid inside a window, by their kept weeks. */
  firstPaidIn?: Window | undefined;
  /** Only of accounts that may have paid nothing after they had paid. */
  lapsing?: boolean;
}

/** How many rows are followed one by one, which takes some seconds; a person waits for it. */
export const MOST_FOLLOWED = 400_000;

/**
 * The ledger of the accounts asked about, from its beginning up to a day (not included) in the zone. Throws AskAgain where that
 * is more than can be followed row by row while a person waits.
 */
export async function ledgerBefore(rows: Reading, asked: AccountsAsked, given: LedgerAsked): Promise<FigureRow[]> {
  const { before, zone, firstPaidIn, lapsing } = given;
  const everybody = Object.values(asked).every((each) => each === undefined);
  const from = sql`
    from mrr_event e ${everybody ? sql`` : sql`join ${accountsAsked(asked)} chosen using (workspace_id, account_id)`}
    where e.workspace_id = current_workspace() and e.effective_at < (${before}::date)::timestamp at time zone ${zone}
      ${firstPaidIn ? sql`and ${mayHaveComeIn(firstPaidIn)}` : sql``} ${lapsing ? sql`and ${mayHaveLapsed}` : sql``}`;
  await notTooMany(rows, "ledger rows", sql`select e.account_id ${from}`);
  return rows.many(
    ledgerRow,
    sql`select 'mrr_event:' || e.mrr_event_id as row, e.account_id as "accountId", e.effective_at as at,
          e.delta_minor as "deltaMinor", e.currency, e.base_delta_minor as "baseDeltaMinor", e.reason
        ${from} order by e.effective_at, e.mrr_event_id`,
  );
}

const countRow = z.object({ n: z.number() });

/** Throws AskAgain where a query has more rows than can be followed; stops counting there. */
export async function notTooMany(rows: Reading, what: string, query: Sql): Promise<void> {
  const { n } = await rows.one(
    countRow,
    sql`select count(*)::int as n from (${query} limit ${MOST_FOLLOWED + 1}::int) some_of_them`,
  );
  if (n > MOST_FOLLOWED)
    throw new AskAgain(
      `That would follow more than ${MOST_FOLLOWED.toLocaleString("en")} ${what} one by one, which takes too long. Ask for less at once: one segment, country, plan, industry, owner or team, several of them together, or a shorter window.`,
    );
}

/** Whoever left, or had several rows in one week, so that the week does not tell whether it was at 0 in between. */
const mayHaveLapsed = sql`e.account_id in (
  select w.account_id from account_week w where w.workspace_id = current_workspace() and (w.kind = 'churn' or w.flash_minor > 0 or w.ledger_rows > 1 or w.is_foreign or w.fault))`;

/** The weeks that a window touches; who came and went inside a week has paid too. */
const mayHaveComeIn = ({ start, end }: Window): Sql => sql`e.account_id in (
  select w.account_id from account_week w where w.workspace_id = current_workspace() and w.week > ${start}::date - 7 and w.week < ${end}::date and (w.kind = 'new' or w.flash_minor > 0))`;

const ending = z.object({
  accountId: z.number(),
  on: z.string(),
  reason: z.string().nullable(),
  kind: z.string().nullable(),
  row: z.string(),
});

/** Why a customer left, as the subscription or a churn record says it. */
export type Ending = z.infer<typeof ending>;

/** Reasons on record for ends of subscriptions and for churn, of the accounts asked about, newest first. */
export const endings = (rows: Reading, asked: AccountsAsked): Promise<Ending[]> =>
  endingsOf(rows, sql`(select workspace_id, account_id from ${accountsAsked(asked)} every_one)`);

/** The same of a few accounts. */
export const endingsOfAccounts = (rows: Reading, accountIds: readonly number[]): Promise<Ending[]> =>
  endingsOf(
    rows,
    sql`(select current_workspace() as workspace_id, few.account_id from unnest(${accountIds}::bigint[]) few (account_id))`,
  );

const endingsOf = (rows: Reading, chosen: Sql): Promise<Ending[]> =>
  rows.many(
    ending,
    sql`with chosen as ${chosen}
        select s.account_id as "accountId", coalesce(s.ended_on, s.cancel_on) as on, s.cancel_reason as reason,
          s.cancel_kind as kind, 'subscription:' || s.subscription_id as row
        from subscription s join chosen using (workspace_id, account_id)
        where s.cancel_reason is not null and coalesce(s.ended_on, s.cancel_on) is not null
        union all
        select c.account_id, c.churned_on, c.reason, null, 'churn_record:' || c.churn_record_id
        from churn_record c join chosen using (workspace_id, account_id) where not c.is_reactivation and c.reason is not null
        order by 2 desc, 5`,
  );

const entryRow = z.object({ row: z.string(), reason: z.string().nullable() });

/** The reasons that ledger rows carry, by row (`mrr_event:id`). */
export async function entryReasons(rows: Reading, refs: readonly string[]): Promise<Map<string, string | null>> {
  const ids = refs.map((ref) => Number(ref.slice(ref.indexOf(":") + 1)));
  const found = await rows.many(
    entryRow,
    sql`select 'mrr_event:' || mrr_event_id as row, reason from mrr_event where workspace_id = current_workspace() and mrr_event_id = any(${ids}::bigint[])`,
  );
  return new Map(found.map(({ row, reason }) => [row, reason]));
}

const scheduled = z.object({
  accountId: z.number(),
  row: z.string(),
  endsOn: z.string().nullable(),
  renewsOn: z.string().nullable(),
  mrrMinor: z.number(),
  currency: z.string(),
});

/** A running subscription, with the day on which it ends or renews. Money in minor units of its own currency. */
export type RunningSubscription = z.infer<typeof scheduled>;

const idRow = z.object({ id: z.number() });

/** The accounts asked about that have cancelled a running subscription, with an end after a day and before another one. */
export const cancellingBetween = async (
  rows: Reading,
  asked: AccountsAsked,
  { today, before }: { today: string; before: string },
): Promise<number[]> =>
  (
    await rows.many(
      idRow,
      sql`select distinct s.account_id as id from subscription s join ${accountsAsked(asked)} chosen using (workspace_id, account_id)
          where s.cancel_on > ${today} and s.cancel_on < ${before} and (s.ended_on is null or s.ended_on > ${today}) and chosen.is_live order by 1`,
    )
  ).map(({ id }) => id);

/** Subscriptions that still run on a day, of the accounts asked about. */
export const runningSubscriptions = (rows: Reading, asked: AccountsAsked, today: string) =>
  rows.many(
    scheduled,
    sql`select s.account_id as "accountId", 'subscription:' || s.subscription_id as row, s.cancel_on as "endsOn",
          s.renews_on as "renewsOn", s.mrr_minor as "mrrMinor", s.currency
        from subscription s join ${accountsAsked(asked)} chosen using (workspace_id, account_id)
        where (s.ended_on is null or s.ended_on > ${today}) and s.mrr_minor > 0 and s.status <> 'ended' and chosen.is_live
        order by s.account_id, s.subscription_id`,
  );

/** The gross margin that the workspace has set, 0 to 1; 1 where it has set none. */
export const grossMargin = async (rows: Reading): Promise<number> =>
  (
    await rows.one(
      z.object({ margin: z.number() }),
      sql`select coalesce((settings ->> 'grossMargin')::numeric, 1) as margin from workspace where workspace_id = current_workspace()`,
    )
  ).margin;
