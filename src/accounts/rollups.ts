import { z } from "zod";
import type { Actor } from "#actor.ts";
import type { Database, Reading, Writing } from "#database/door.ts";
import { prepared, sql } from "#database/sql.ts";
import { countingOf } from "./movements.ts";
import { addToSums, WeekDeltas } from "./rollup-sums.ts";
import {
  type Difference,
  GROUP_FIELDS,
  type KeptWeek,
  keepWeeks,
  replaceWeeks,
  WEEK_FIELDS,
  weekKey,
  weeksByLedger,
  weeksKept,
} from "./rollups-kept.ts";

const ROLLUP_LOCK = 7_265_712; // any number; with the workspace, one writer of sums at a time

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
  const given = await weeksByLedger(rows, accountIds, await countingOf(rows));
  const kept = await weeksKept(rows, accountIds);
  const { gone, come } = differenceOf(kept, given);
  const deltas = new WeekDeltas();
  for (const week of gone) deltas.add(week, week, -1);
  for (const week of come) deltas.add(week, week, 1);
  await replaceWeeks(rows, workspaceId, { gone, come });
  await addToSums(rows, workspaceId, deltas);
  return new Set([...gone, ...come].map(({ accountId }) => accountId)).size;
}

const lock = (rows: Writing, workspaceId: number) =>
  rows.run(prepared("rollup_lock", sql`select pg_advisory_xact_lock(${ROLLUP_LOCK}, ${workspaceId})`));

const same = (one: KeptWeek, other: KeptWeek | undefined): boolean =>
  other !== undefined && [...WEEK_FIELDS, ...GROUP_FIELDS].every((field) => one[field] === other[field]);

function differenceOf(kept: KeptWeek[], given: KeptWeek[]): Difference {
  const [before, now] = [
    new Map(kept.map((each) => [weekKey(each), each])),
    new Map(given.map((each) => [weekKey(each), each])),
  ];
  return {
    gone: kept.filter((each) => !same(each, now.get(weekKey(each)))),
    come: given.filter((each) => !same(each, before.get(weekKey(each)))),
  };
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
    const counting = await countingOf(rows);
    const sums = new WeekDeltas(); // written once at the end: each page would touch nearly all of them
    let counted = 0;
    await eachPage(rows, async (ids) => {
      const weeks = await weeksByLedger(rows, ids, counting);
      for (const week of weeks) sums.add(week, week, 1);
      if (weeks.length > 0) await keepWeeks(rows, actor.workspaceId, weeks);
      counted += ids.length;
      onProgress(counted);
    });
    await addToSums(rows, actor.workspaceId, sums);
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
