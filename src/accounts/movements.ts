import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { join, name, prepared, type Sql, sql } from "#database/sql.ts";
import type { WeekStart } from "#metrics/weeks.ts";
import { type AccountsAsked, accountsAsked, type FigureGroup } from "./figures-accounts.ts";
import type { Counting, DatedRow } from "./rollup-weeks.ts";

/** Which accounts are counted, as the store knows them; empty: all. */
export interface GroupFilter {
  ownerIds?: number[];
  segment?: string;
  countries?: string[];
  plan?: string;
  industry?: string;
  /** A stage of a model as it is kept, a pin before it where it holds on the day; `lapsed`: whatever stage, those that have lapsed. */
  stage?: { model: string; stage: string; on?: string };
  /** Only accounts that these names mean. */
  among?: AccountsAsked;
  /** Only accounts that have none. */
  lacking?: FigureGroup;
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
export const begins = (day: string, zone: string): Sql => sql`(${day}::date::timestamp at time zone ${zone})`;

/** Whether an account (alias `g`, of the view account_group, or of a table that has its columns) is among those that are counted. */
export function counted(filter: GroupFilter): Sql {
  const { ownerIds, segment, countries, plan, industry, stage, among, lacking } = filter;
  const all = [
    ownerIds && sql`g.owner_id = any(${ownerIds}::bigint[])`,
    segment && sql`g.segment = ${segment}`,
    countries && sql`g.country = any(${countries}::text[])`,
    plan && sql`g.plan = ${plan}`,
    industry &&
      sql`exists (select from account i where i.workspace_id = g.workspace_id and i.account_id = g.account_id and i.industry = ${industry})`,
    stage && inStage(stage),
    among &&
      sql`exists (select from ${accountsAsked(among)} c where c.workspace_id = g.workspace_id and c.account_id = g.account_id)`,
    lacking &&
      sql`exists (select from ${accountsAsked({})} c where c.workspace_id = g.workspace_id and c.account_id = g.account_id and c.${name(lacking)} is null)`,
  ];
  return join([sql`true`, ...all.filter((each) => each !== undefined && each !== "")] as Sql[], " and "); // what is left are pieces
}

const inStage = ({ model, stage, on }: NonNullable<GroupFilter["stage"]>): Sql => sql`exists (
  select from account_stage t where t.workspace_id = g.workspace_id and t.account_id = g.account_id and t.model_id = ${model} and ${
    stage === "lapsed"
      ? sql`t.lapsed_since is not null`
      : sql`t.lapsed_since is null and case when t.pinned_until >= coalesce(${on ?? null}::date, current_date) then t.pinned_stage else t.stage end = ${stage}`
  })`;

export const isEverybody = (filter: GroupFilter): boolean => Object.values(filter).every((each) => each === undefined);

/** The whole ledgers of some accounts, oldest row first. */
export const ledgersOf = (rows: Reading, accountIds: readonly number[], zone: string): Promise<DatedRow[]> =>
  rows.many(
    ledgerRow,
    prepared(
      "ledgers_of",
      sql`select ${columns(zone)} from mrr_event e where e.account_id = any(${accountIds}::bigint[])
        order by e.account_id, e.effective_at, e.mrr_event_id`,
    ),
  );

/** Joins the groups of accounts (`g`) to a table that names accounts by `alias`, where not all are counted: else nothing asks for them. */
export const groupsFor = (filter: GroupFilter, alias: Sql): Sql =>
  isEverybody(filter)
    ? sql``
    : sql`join account_group g on g.workspace_id = ${alias}.workspace_id and g.account_id = ${alias}.account_id`;

const countingRow = z.object({
  zone: z.string(),
  base: z.string(),
  weekStart: z.number().int().min(1).max(7),
  keepsPeriods: z.boolean(),
});

/** The zone, base currency and first day of the week that a workspace counts with. */
export async function countingOf(rows: Reading): Promise<Counting> {
  const found = await rows.one(
    countingRow,
    prepared(
      "counting_of",
      sql`select time_zone as zone, base_currency as base, week_starts_on as "weekStart",
        exists (select from period_rollup k where k.workspace_id = w.workspace_id) as "keepsPeriods" from workspace w where workspace_id = current_workspace()`,
    ),
  );
  return { ...found, weekStart: found.weekStart as WeekStart }; // 1 to 7, as checked
}
