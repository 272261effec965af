import { z } from "zod";
import type { Actor } from "#actor.ts";
import type { Database, Reading, Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { MOVEMENT_KINDS } from "#metrics/movement.ts";
import { countingOf, ledgersOf } from "./movements.ts";
import { type AccountWeek, accountWeeks } from "./rollup-weeks.ts";

const ROLLUP_LOCK = 7_265_712; // any number; with the workspace, one writer of sums at a time

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
  ledgerRows: z.number(),
  /** The account has changed hands, segment, country or plan since it was counted. */
  regrouped: z.boolean(),
});

export type KeptWeek = z.infer<typeof weekRow>;

/** The kept weeks of some accounts. */
export const weeksKept = (rows: Reading, accountIds: readonly number[]): Promise<KeptWeek[]> =>
  rows.many(
    weekRow,
    sql`select w.account_id as "accountId", w.week, w.start_minor as "startMinor", w.end_minor as "endMinor", w.kind, w.moved_minor as "movedMinor",
          w.fx_minor as "fxMinor", w.flash_minor as "flashMinor", w.fault, w.ledger_rows as "ledgerRows",
          (w.owner_id, w.segment, w.country, w.plan) is distinct from (g.owner_id, g.segment, g.country, g.plan) as regrouped
        from account_week w join account_group g using (workspace_id, account_id)
        where w.account_id = any(${accountIds}::bigint[]) order by w.account_id, w.week`,
  );

/**
 * Works out the weeks of touched accounts anew from their whole ledgers, and corrects the sums by the difference; so rows
 * may come late, twice or out of order. To be called after the accounts' rows are locked. Returns how many accounts changed.
 */
export async function refreshRollups(
  rows: Writing,
  workspaceId: number,
  accountIds: readonly number[],
): Promise<number> {
  if (accountIds.length === 0) return 0;
  await lock(rows, workspaceId);
  const counting = await countingOf(rows);
  const [ledgers, kept] = [await ledgersOf(rows, accountIds, counting.zone), await weeksKept(rows, accountIds)];
  const given = Map.groupBy(accountWeeks(ledgers, counting), ({ accountId }) => accountId);
  const before = Map.groupBy(kept, ({ accountId }) => accountId);
  const changed = accountIds.filter((id) => !same(before.get(id) ?? [], given.get(id) ?? []));
  if (changed.length > 0)
    await replaceWeeks(
      rows,
      workspaceId,
      changed,
      changed.flatMap((id) => given.get(id) ?? []),
    );
  return changed.length;
}

const lock = (rows: Writing, workspaceId: number) =>
  rows.run(sql`select pg_advisory_xact_lock(${ROLLUP_LOCK}, ${workspaceId})`);

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
  "ledgerRows",
] as const;

const sameWeek = (one: AccountWeek, other: AccountWeek): boolean =>
  WEEK_FIELDS.every((field) => one[field] === other[field]);

const same = (kept: KeptWeek[], given: AccountWeek[]): boolean =>
  kept.length === given.length && kept.every((each, at) => !each.regrouped && sameWeek(each, given[at]!)); // as long as `kept`

async function replaceWeeks(rows: Writing, workspaceId: number, ids: number[], weeks: AccountWeek[]): Promise<void> {
  await rows.run(sql`
    with gone as (delete from account_week w where w.workspace_id = ${workspaceId} and w.account_id = any(${ids}::bigint[]) returning w)
    select add_to_mrr_week((select array_agg(w) from gone), -1) where exists (select from gone)`);
  if (weeks.length === 0) return;
  await rows.run(sql`
    with come as (
      insert into account_week as w (workspace_id, account_id, week, owner_id, segment, country, plan, start_minor, end_minor, kind, moved_minor, fx_minor, flash_minor, fault, ledger_rows)
      select ${workspaceId}, t."accountId", t.week, g.owner_id, g.segment, g.country, g.plan, t."startMinor", t."endMinor", t.kind, t."movedMinor", t."fxMinor", t."flashMinor", t.fault, t."ledgerRows"
      from jsonb_to_recordset(${JSON.stringify(weeks)}::jsonb) as t ("accountId" bigint, week date, "startMinor" bigint, "endMinor" bigint, kind text,
        "movedMinor" bigint, "fxMinor" bigint, "flashMinor" bigint, fault boolean, "ledgerRows" int)
      join account_group g on g.workspace_id = ${workspaceId} and g.account_id = t."accountId"
      returning w)
    select add_to_mrr_week((select array_agg(w) from come), 1)`);
}

const idRow = z.object({ id: z.number() });
const AT_ONCE = 5_000;

/** Accounts that have, or have had, money, in pages by id. */
const idsAfter = (rows: Reading, last: number): Promise<{ id: number }[]> =>
  rows.many(
    idRow,
    sql`select a.account_id as id from account a where a.account_id > ${last}
          and (exists (select from mrr_event e where e.workspace_id = a.workspace_id and e.account_id = a.account_id)
            or exists (select from account_week w where w.workspace_id = a.workspace_id and w.account_id = a.account_id))
        order by 1 limit ${AT_ONCE}`,
  );

/** Makes all rollups of a workspace anew from its ledger, in one transaction. Returns how many accounts it has counted. */
export function rebuildRollups(
  database: Database,
  actor: Actor,
  onProgress: (accounts: number) => void = () => undefined,
): Promise<number> {
  return database.write(actor, async (rows) => {
    await lock(rows, actor.workspaceId);
    await rows.run(sql`delete from account_week where workspace_id = ${actor.workspaceId}`);
    await rows.run(sql`delete from mrr_week where workspace_id = ${actor.workspaceId}`);
    let counted = 0;
    await eachPage(rows, async (ids) => {
      await refreshRollups(rows, actor.workspaceId, ids);
      counted += ids.length;
      onProgress(counted);
    });
    return counted;
  });
}

/** Works through all accounts with money, some thousands at a time. */
export async function eachPage(rows: Reading, work: (ids: number[]) => Promise<void>): Promise<void> {
  let last = 0;
  for (;;) {
    const ids = (await idsAfter(rows, last)).map(({ id }) => id);
    if (ids.length === 0) return;
    await work(ids);
    last = ids.at(-1)!;
  }
}

const lacking = z.object({ lacking: z.boolean() });

/** Whether a workspace has a ledger but no rollups yet: a database from before there were any. */
export const rollupsAreMissing = async (rows: Reading): Promise<boolean> =>
  (
    await rows.one(
      lacking,
      sql`select exists (select from mrr_event where workspace_id = current_workspace()) and not exists (select from account_week where workspace_id = current_workspace()) as lacking`,
    )
  ).lacking;
