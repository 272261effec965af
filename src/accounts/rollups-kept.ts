import { z } from "zod";
import type { Reading, Writing } from "#database/door.ts";
import { prepared, sql } from "#database/sql.ts";
import { MOVEMENT_KINDS } from "#metrics/movement.ts";
import { ledgersOf } from "./movements.ts";
import { type KeptPeriod, periodsByAccount } from "./rollup-periods.ts";
import type { Groups } from "./rollup-sums.ts";
import { type AccountWeek, accountSpans, type Counting } from "./rollup-weeks.ts";

const groupFields = {
  ownerId: z.number().nullable(),
  segment: z.string().nullable(),
  country: z.string().nullable(),
  plan: z.string().nullable(),
};
const groupsRow = z.object({ accountId: z.number(), ...groupFields });

const weekRow = z.object({
  accountId: z.number(),
  week: z.string(),
  startMinor: z.number(),
  endMinor: z.number(),
  kind: z.enum(MOVEMENT_KINDS).nullable(),
  movedMinor: z.number(),
  fxMinor: z.number(),
  flashMinor: z.number(),
  fault: z.boolean(),
  isForeign: z.boolean(),
  ledgerRows: z.number(),
  ...groupFields,
});

/** A kept week, with the groups that it is counted under. */
export type KeptWeek = AccountWeek & Groups;

/** The kept weeks of some accounts. */
export const weeksKept = (rows: Reading, accountIds: readonly number[]): Promise<KeptWeek[]> =>
  rows.many(
    weekRow,
    prepared(
      "weeks_kept",
      sql`select w.account_id as "accountId", w.week, w.start_minor as "startMinor", w.end_minor as "endMinor", w.kind, w.moved_minor as "movedMinor",
          w.fx_minor as "fxMinor", w.flash_minor as "flashMinor", w.fault, w.is_foreign as "isForeign", w.ledger_rows as "ledgerRows",
          w.owner_id as "ownerId", w.segment, w.country, w.plan
        from account_week w where w.account_id = any(${accountIds}::bigint[]) order by w.account_id, w.week`,
    ),
  );

/** The groups that accounts belong to now. */
export async function groupsOf(rows: Reading, accountIds: readonly number[]): Promise<Map<number, Groups>> {
  const found = await rows.many(
    groupsRow,
    prepared(
      "groups_of",
      sql`select g.account_id as "accountId", g.owner_id as "ownerId", g.segment, g.country, g.plan
        from account_group g where g.account_id = any(${accountIds}::bigint[])`,
    ),
  );
  return new Map(found.map((each) => [each.accountId, each]));
}

/** What the ledgers of accounts make: weeks, with the groups that the accounts belong to now, and months and quarters. */
export interface Spans {
  weeks: KeptWeek[];
  periods: Map<number, KeptPeriod[]>;
  groups: Map<number, Groups>;
}

export async function spansByLedger(rows: Reading, accountIds: readonly number[], counting: Counting): Promise<Spans> {
  const ledgers = await ledgersOf(rows, accountIds, counting.zone);
  const groups = await groupsOf(rows, accountIds);
  const { weeks, periods } = accountSpans(ledgers, counting);
  return {
    weeks: weeks.map((week) => ({ ...week, ...groups.get(week.accountId)! })), // a ledger is of an account
    periods: periodsByAccount(periods),
    groups,
  };
}

/** The weeks alone. */
export const weeksByLedger = async (
  rows: Reading,
  accountIds: readonly number[],
  counting: Counting,
): Promise<KeptWeek[]> => (await spansByLedger(rows, accountIds, counting)).weeks;

/** What a week of an account says. */
export const WEEK_FIELDS = [
  "week",
  "startMinor",
  "endMinor",
  "kind",
  "movedMinor",
  "fxMinor",
  "flashMinor",
  "fault",
  "isForeign",
  "ledgerRows",
] as const;
/** The groups that it is counted under. */
export const GROUP_FIELDS = ["ownerId", "segment", "country", "plan"] as const;

/** By account and week. */
export const weekKey = ({ accountId, week }: AccountWeek): string => `${accountId} ${week}`;

/** The weeks that no longer hold and those that do now; one that has changed is among both. */
export interface Difference {
  gone: KeptWeek[];
  come: KeptWeek[];
}

/** Takes weeks away that no longer hold, and writes those that do now. */
export async function replaceWeeks(rows: Writing, workspaceId: number, { gone, come }: Difference): Promise<void> {
  const stays = new Set(come.map(weekKey));
  const left = gone.filter((each) => !stays.has(weekKey(each)));
  if (left.length > 0)
    await rows.run(sql`
      delete from account_week w using unnest(${left.map(({ accountId }) => accountId)}::bigint[], ${left.map(({ week }) => week)}::date[]) l (account_id, week)
      where w.workspace_id = ${workspaceId} and w.account_id = l.account_id and w.week = l.week`);
  if (come.length > 0) await keepWeeks(rows, workspaceId, come);
}

/** Writes weeks; one that is kept already becomes as it is given. */
export const keepWeeks = (rows: Writing, workspaceId: number, weeks: KeptWeek[]): Promise<number> =>
  rows.run(
    prepared(
      "keep_weeks",
      sql`insert into account_week (workspace_id, account_id, week, owner_id, segment, country, plan, start_minor, end_minor, kind, moved_minor, fx_minor, flash_minor, fault, is_foreign, ledger_rows)
    select ${workspaceId}, t."accountId", t.week, t."ownerId", t.segment, t.country, t.plan, t."startMinor", t."endMinor", t.kind, t."movedMinor", t."fxMinor", t."flashMinor", t.fault, t."isForeign", t."ledgerRows"
    from jsonb_to_recordset(${JSON.stringify(weeks)}::jsonb) as t ("accountId" bigint, week date, "ownerId" bigint, segment text, country text, plan text, "startMinor" bigint, "endMinor" bigint, kind text,
      "movedMinor" bigint, "fxMinor" bigint, "flashMinor" bigint, fault boolean, "isForeign" boolean, "ledgerRows" int)
    on conflict (workspace_id, account_id, week) do update set owner_id = excluded.owner_id, segment = excluded.segment, country = excluded.country, plan = excluded.plan,
      start_minor = excluded.start_minor, end_minor = excluded.end_minor, kind = excluded.kind, moved_minor = excluded.moved_minor, fx_minor = excluded.fx_minor,
      flash_minor = excluded.flash_minor, fault = excluded.fault, is_foreign = excluded.is_foreign, ledger_rows = excluded.ledger_rows`,
    ),
  );
