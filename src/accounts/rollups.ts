import { z } from "zod";
import type { Actor } from "#actor.ts";
import type { Database, Reading, Writing } from "#database/door.ts";
import { name, prepared, sql } from "#database/sql.ts";
import { countingOf } from "./movements.ts";
import {
  type KeptPeriod,
  keepPeriods,
  keepsPeriods,
  markPeriodsWhole,
  periodsChanged,
  periodsKept,
} from "./rollup-periods.ts";
import { additionOf, addToSums, type Groups, SumDeltas } from "./rollup-sums.ts";
import {
  type Difference,
  GROUP_FIELDS,
  type KeptWeek,
  keepWeeks,
  replaceWeeks,
  type Spans,
  spansByLedger,
  WEEK_FIELDS,
  weekKey,
  weeksKept,
} from "./rollups-kept.ts";

const ROLLUP_LOCK = 7_265_712; // any number; with the workspace, one writer of sums at a time

/**
 * Works out the weeks, months and quarters of touched accounts anew from their whole ledgers, and corrects the sums by the
 * difference; so rows may come late, twice or out of order. To be called after the accounts' rows are locked. Returns how many
 * accounts changed.
 */
export async function refreshRollups(
  rows: Writing,
  workspaceId: number,
  accountIds: readonly number[],
): Promise<number> {
  if (accountIds.length === 0) return 0;
  await lock(rows, workspaceId);
  const withPeriods = await keepsPeriods(rows, workspaceId, accountIds);
  const given = await spansByLedger(rows, accountIds, await countingOf(rows));
  const kept = await weeksKept(rows, accountIds);
  const { gone, come } = differenceOf(kept, given.weeks);
  const deltas = new SumDeltas();
  for (const week of gone) addWeek(deltas, week, -1);
  for (const week of come) addWeek(deltas, week, 1);
  if (withPeriods) await refreshPeriods(rows, workspaceId, { accountIds, given, kept, deltas });
  await replaceWeeks(rows, workspaceId, { gone, come });
  await addToSums(rows, workspaceId, deltas);
  return new Set([...gone, ...come].map(({ accountId }) => accountId)).size;
}

const lock = (rows: Writing, workspaceId: number) =>
  rows.run(prepared("rollup_lock", sql`select pg_advisory_xact_lock(${ROLLUP_LOCK}, ${workspaceId})`));

const addWeek = (deltas: SumDeltas, week: KeptWeek, sign: 1 | -1): void =>
  deltas.add({ interval: "week", start: week.week }, additionOf(week), week, sign);

interface Touched {
  accountIds: readonly number[];
  given: Spans;
  /** The weeks before; an account's months were added under the groups of these. */
  kept: readonly KeptWeek[];
  deltas: SumDeltas;
}

/** Takes out what accounts had added to months and quarters and adds what they do now, where that is not the same. */
async function refreshPeriods(
  rows: Writing,
  workspaceId: number,
  { accountIds, given, kept, deltas }: Touched,
): Promise<void> {
  const before = await periodsKept(rows, accountIds);
  const groupsBefore = new Map<number, Groups>(kept.map((week) => [week.accountId, week]));
  const changed = new Map<number, KeptPeriod[]>();
  for (const id of accountIds) {
    const [old, now] = [before.get(id) ?? [], given.periods.get(id) ?? []];
    const [from, to] = [groupsBefore.get(id), given.groups.get(id)];
    const moved = from && to && GROUP_FIELDS.some((field) => from[field] !== to[field]);
    const { gone, come } = periodsChanged(old, now);
    if (gone.length + come.length > 0) changed.set(id, now);
    for (const period of moved ? old : gone) deltas.add(period, period, from!, -1); // who has months has weeks
    for (const period of moved ? now : come) deltas.add(period, period, to!, 1); // and groups
  }
  await keepPeriods(rows, workspaceId, changed);
}

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
export const rebuildRollups = (
  database: Database,
  actor: Actor,
  onProgress: (accounts: number) => void = () => undefined,
): Promise<number> =>
  database.write(actor, (rows) => rebuild(rows, actor.workspaceId, { withWeeks: true, onProgress }));

const TABLES = { weeks: ["account_week", "mrr_week"], periods: ["account_period", "mrr_period", "period_rollup"] };

async function rebuild(
  rows: Writing,
  workspaceId: number,
  { withWeeks, onProgress }: { withWeeks: boolean; onProgress: (accounts: number) => void },
): Promise<number> {
  await lock(rows, workspaceId);
  for (const table of [...(withWeeks ? TABLES.weeks : []), ...TABLES.periods])
    await rows.run(sql`delete from ${name(table)} where workspace_id = ${workspaceId}`);
  const counting = await countingOf(rows);
  const sums = new SumDeltas(); // written once at the end: each page would touch nearly all of them
  let counted = 0;
  await eachPage(rows, async (ids) => {
    const { weeks, periods, groups } = await spansByLedger(rows, ids, counting);
    for (const [id, mine] of periods) for (const each of mine) sums.add(each, each, groups.get(id)!, 1); // a ledger is of an account
    await keepPeriods(rows, workspaceId, periods);
    if (withWeeks) for (const week of weeks) addWeek(sums, week, 1);
    if (withWeeks && weeks.length > 0) await keepWeeks(rows, workspaceId, weeks);
    counted += ids.length;
    onProgress(counted);
  });
  await addToSums(rows, workspaceId, sums);
  await markPeriodsWhole(rows, workspaceId);
  return counted;
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

const lacking = z.object({ weeks: z.boolean(), periods: z.boolean() });

/** Which rollups a workspace with a ledger has not: those of a database from before there were any, or from before months were kept. */
const rollupsLacking = (rows: Reading): Promise<z.infer<typeof lacking>> =>
  rows.one(
    lacking,
    sql`with ledger as (select exists (select from mrr_event where workspace_id = current_workspace()) as there)
        select there and not exists (select from account_week where workspace_id = current_workspace()) as weeks,
          there and not exists (select from period_rollup where workspace_id = current_workspace()) as periods from ledger`,
  );

/** Whether a workspace has a ledger but not all of its rollups. */
export async function rollupsAreMissing(rows: Reading): Promise<boolean> {
  const { weeks, periods } = await rollupsLacking(rows);
  return weeks || periods;
}

/** Makes the rollups that a workspace has not yet; of several callers one. Returns how many accounts it has counted. */
export async function fillRollups(database: Database, actor: Actor): Promise<number> {
  if (!(await database.read(actor, rollupsAreMissing))) return 0;
  return database.write(actor, async (rows) => {
    await lock(rows, actor.workspaceId);
    const { weeks, periods } = await rollupsLacking(rows); // perhaps somebody else was quicker
    if (!weeks && !periods) return 0;
    return rebuild(rows, actor.workspaceId, { withWeeks: weeks, onProgress: () => undefined });
  });
}
