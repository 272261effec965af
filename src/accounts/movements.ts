import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { join, type Sql, sql } from "#database/sql.ts";
import type { Window } from "#metrics/figure.ts";
import type { WeekStart } from "#metrics/weeks.ts";
import type { Counting, DatedRow } from "./rollup-weeks.ts";

/** Which accounts are counted, as the store knows them; empty: all. */
export interface GroupFilter {
  ownerIds?: number[];
  segment?: string;
  countries?: string[];
  plan?: string;
}

const ledgerRow = z.object({
  row: z.string(),
  accountId: z.number(),
  at: z.string(),
  day: z.string(),
  deltaMinor: z.number(),
  currency: z.string(),
  baseDeltaMinor: z.number(),
});

const columns = (zone: string): Sql =>
  sql`'mrr_event:' || e.mrr_event_id as row, e.account_id as "accountId", e.effective_at as at, (e.effective_at at time zone ${zone})::date as day,
    e.delta_minor as "deltaMinor", e.currency, e.base_delta_minor as "baseDeltaMinor"`;

/** The moment at which a day begins in a zone. */
const begins = (day: string, zone: string): Sql => sql`(${day}::date::timestamp at time zone ${zone})`;

/** Whether an account (alias `g`, of the view account_group) is among those that are counted. */
export function counted({ ownerIds, segment, countries, plan }: GroupFilter): Sql {
  const all = [
    ownerIds && sql`g.owner_id = any(${ownerIds}::bigint[])`,
    segment && sql`g.segment = ${segment}`,
    countries && sql`g.country = any(${countries}::text[])`,
    plan && sql`g.plan = ${plan}`,
  ];
  return join([sql`true`, ...all.filter((each) => each !== undefined && each !== "")] as Sql[], " and "); // what is left are pieces
}

export const isEverybody = (filter: GroupFilter): boolean => Object.values(filter).every((each) => each === undefined);

/** The whole ledgers of some accounts, oldest row first. */
export const ledgersOf = (rows: Reading, accountIds: readonly number[], zone: string): Promise<DatedRow[]> =>
  rows.many(
    ledgerRow,
    sql`select ${columns(zone)} from mrr_event e where e.account_id = any(${accountIds}::bigint[])
        order by e.account_id, e.effective_at, e.mrr_event_id`,
  );

/** The ledgers, up to the end of a window, of the accounts that move inside it. What does not move needs no row. */
export const ledgersIn = (
  rows: Reading,
  { window, zone, filter }: { window: Window; zone: string; filter: GroupFilter },
): Promise<DatedRow[]> =>
  rows.many(
    ledgerRow,
    sql`with moving as (
          select distinct e.account_id from mrr_event e
          where e.workspace_id = current_workspace() and e.effective_at >= ${begins(window.start, zone)} and e.effective_at < ${begins(window.end, zone)})
        select ${columns(zone)} from moving join account_group g using (account_id) join mrr_event e on e.workspace_id = g.workspace_id and e.account_id = g.account_id
        where ${counted(filter)} and e.effective_at < ${begins(window.end, zone)}
        order by e.account_id, e.effective_at, e.mrr_event_id`,
  );

const countingRow = z.object({ zone: z.string(), base: z.string(), weekStart: z.number().int().min(1).max(7) });

/** The zone, base currency and first day of the week that a workspace counts with. */
export async function countingOf(rows: Reading): Promise<Counting> {
  const found = await rows.one(
    countingRow,
    sql`select time_zone as zone, base_currency as base, week_starts_on as "weekStart" from workspace where workspace_id = current_workspace()`,
  );
  return { ...found, weekStart: found.weekStart as WeekStart }; // 1 to 7, as checked
}
