import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { type Sql, sql } from "#database/sql.ts";
import type { Window } from "#metrics/figure.ts";
import { counted, type GroupFilter } from "./movements.ts";
import { reasonIsShared } from "./movements-reasons.ts";

const nameRow = z.object({ accountId: z.number(), name: z.string(), owner: z.string().nullable() });

/** Names and owners of accounts, by account. */
export async function namesOf(
  rows: Reading,
  accountIds: readonly number[],
): Promise<Map<number, z.infer<typeof nameRow>>> {
  const found = await rows.many(
    nameRow,
    sql`select a.account_id as "accountId", a.name, p.full_name as owner from account a
        left join person p on p.workspace_id = a.workspace_id and p.person_id = a.owner_id
        where a.account_id = any(${accountIds}::bigint[])`,
  );
  return new Map(found.map((each) => [each.accountId, each]));
}

/** The first of a list, and how many it has in all. */
export interface Capped<T> {
  first: T[];
  all: number;
}

/** Of each row of a capped list: how many there are in all. */
export const withAll = z.object({ all: z.number() });

export const capped = <T extends z.infer<typeof withAll>>(found: T[]): Capped<T> => ({
  first: found,
  all: found[0]?.all ?? 0,
});

const cancelledRow = withAll.extend({
  accountId: z.number(),
  subscription: z.string(),
  endsOn: z.string(),
  reason: z.string().nullable(),
  reasonShared: z.boolean(),
  amountMinor: z.number(),
});

/** A subscription that somebody pays for on a day (alias `s`). */
const runs = (today: string): Sql =>
  sql`s.started_on <= ${today}::date and (s.ended_on is null or s.ended_on > ${today}::date) and s.mrr_minor > 0 and s.status <> 'trialing'`;

/** What stands in an index of those whose end is announced. */
const ENDING = sql`s.subscription_id, s.account_id, s.mrr_minor`;

/**
 * Subscriptions that are cancelled and still paid for, nearest end first; each with its share of what the account pays,
 * in base minor units at today's rates.
 */
export const cancelledAhead = async (
  rows: Reading,
  { today, filter, most }: { today: string; filter: GroupFilter; most: number },
): Promise<Capped<z.infer<typeof cancelledRow>>> =>
  capped(
    await rows.many(
      cancelledRow,
      sql`with announced as (
          select ${ENDING}, s.cancel_on as ends_on from subscription s where s.workspace_id = current_workspace() and s.ended_on is null and s.cancel_on > ${today}::date and ${runs(today)}
          union all select ${ENDING}, s.ended_on from subscription s where s.workspace_id = current_workspace() and s.ended_on > ${today}::date and ${runs(today)}),
        ending as materialized (
          select s.subscription_id, s.account_id, s.mrr_minor, s.ends_on, g.mrr_minor as base_mrr_minor
          from announced s join account_standing g on g.workspace_id = current_workspace() and g.account_id = s.account_id where g.leaving and ${counted(filter)}),
        first_ones as materialized (select * from ending order by ends_on, base_mrr_minor desc fetch first (${most}::int) rows with ties),
        nearest as (
          select e.*, a.name, (select cancel_reason from subscription c where c.workspace_id = a.workspace_id and c.subscription_id = e.subscription_id)
          from first_ones e join account a on a.workspace_id = current_workspace() and a.account_id = e.account_id
          order by ends_on, base_mrr_minor desc, lower(a.name), account_id, subscription_id limit ${most}),
        share as (
          select n.*, round(n.base_mrr_minor * n.mrr_minor / (select sum(s.mrr_minor) from subscription s where s.workspace_id = current_workspace() and s.account_id = n.account_id and ${runs(today)}))::bigint as amount from nearest n)
        select account_id as "accountId", 'subscription:' || subscription_id as subscription, ends_on as "endsOn", cancel_reason as reason,
          ${reasonIsShared(sql`share.cancel_reason`, ["subscription"])} as "reasonShared", amount as "amountMinor", (select count(*)::int from ending) as all
        from share order by ends_on, amount desc, lower(name), account_id, subscription_id`,
    ),
  );

const savedRow = withAll.extend({ accountId: z.number(), row: z.string(), amountMinor: z.number() });

/**
 * Accounts that paid, inside a window, an invoice long overdue (15 days, as the index of migration 0018 has it: that was in
 * dunning, a few days late is a habit), or whose announced end came inside it and passed; the largest first.
 */
export const savedIn = async (
  rows: Reading,
  { window, today, filter, most }: { window: Window; today: string; filter: GroupFilter; most: number },
): Promise<Capped<z.infer<typeof savedRow>>> =>
  capped(
    await rows.many(
      savedRow,
      sql`with rescued as materialized (
          select v.account_id, 'invoice:' || v.invoice_id as row from invoice v
          where v.workspace_id = current_workspace() and v.paid_on >= ${window.start}::date and v.paid_on < ${window.end}::date and v.paid_on - v.due_on >= 15
          union all
          select s.account_id, 'subscription:' || s.subscription_id from subscription s
          where s.workspace_id = current_workspace() and s.cancelled_on is not null and s.ended_on is null and s.status in ('active', 'past_due') and s.mrr_minor > 0
            and s.cancel_on >= ${window.start}::date and s.cancel_on < least(${window.end}::date, ${today}::date)),
        saved as materialized (
          select g.account_id, g.name, f.base_mrr_minor, r.row from (select account_id, min(row) as row from rescued group by account_id) r
          join account_group g on g.workspace_id = current_workspace() and g.account_id = r.account_id
          join account_facts f on f.workspace_id = g.workspace_id and f.account_id = g.account_id
          where f.mrr_minor > 0 and ${counted(filter)})
        select account_id as "accountId", row, base_mrr_minor as "amountMinor", (select count(*)::int from saved) as all
        from saved order by base_mrr_minor desc, lower(name), account_id limit ${most}`,
    ),
  );

const renewingRow = z.object({
  accountId: z.number(),
  mrrMinor: z.number(),
  renewsOn: z.string(),
  row: z.string().nullable(),
});
export type Renewing = z.infer<typeof renewingRow>;

/** Paying accounts that renew in a window, nearest first; money in base minor units at today's rates. */
export const renewingIn = (
  rows: Reading,
  { window, filter, most }: { window: Window; filter: GroupFilter; most: number },
): Promise<Renewing[]> =>
  rows.many(
    renewingRow,
    sql`with nearest as materialized (
          select g.account_id, g.renews_on, g.mrr_minor from account_standing g
          where g.workspace_id = current_workspace() and g.renews_on >= ${window.start}::date and g.renews_on < ${window.end}::date and ${counted(filter)}
          order by g.renews_on, g.mrr_minor desc fetch first (${most}::int) rows with ties)
        select n.account_id as "accountId", n.mrr_minor as "mrrMinor", n.renews_on as "renewsOn", f.evidence -> 'renews_on' -> 'rows' ->> 0 as row
        from nearest n join account a on a.workspace_id = current_workspace() and a.account_id = n.account_id join account_facts f on f.workspace_id = a.workspace_id and f.account_id = a.account_id
        order by n.renews_on, n.mrr_minor desc, lower(a.name), n.account_id limit ${most}`,
  );
