import { z } from "zod";
import type { Reading, Writing } from "#database/door.ts";
import { prepared, sql } from "#database/sql.ts";
import { MOVEMENT_KINDS } from "#metrics/movement.ts";
import { type Addition, additionOf } from "./rollup-sums.ts";
import { type AccountPeriod, LONG_INTERVALS } from "./rollup-weeks.ts";

/** An account's month or quarter as it was added to the sums. */
export interface KeptPeriod extends Addition {
  interval: AccountPeriod["interval"];
  start: string;
}

// Written short, because there is a list of them for every account.
const entry = z.tuple([
  z.enum(LONG_INTERVALS),
  z.string(),
  z.enum(MOVEMENT_KINDS).nullable(),
  z.number(),
  z.number(),
  z.number(),
  z.number(),
  z.number(),
  z.boolean(),
  z.number(),
]);
type Entry = z.infer<typeof entry>;
const periodsRow = z.object({ accountId: z.number(), periods: z.array(entry) });

const entryOf = (each: KeptPeriod): Entry => [
  each.interval,
  each.start,
  each.kind,
  each.movedMinor,
  each.deltaMinor,
  each.customersDelta,
  each.fxMinor,
  each.flashMinor,
  each.fault,
  each.ledgerRows,
];

const periodOf = ([interval, start, kind, moved, delta, customers, fx, flash, fault, rows]: Entry): KeptPeriod => ({
  ...{ interval, start, kind, fault },
  movedMinor: moved,
  deltaMinor: delta,
  customersDelta: customers,
  fxMinor: fx,
  flashMinor: flash,
  ledgerRows: rows,
});

/** The months and quarters of accounts as the ledger tells them, by account. */
export function periodsByAccount(periods: readonly AccountPeriod[]): Map<number, KeptPeriod[]> {
  const byAccount = Map.groupBy(periods, ({ accountId }) => accountId);
  return new Map([...byAccount].map(([id, mine]) => [id, mine.map((each) => periodOf(entryOf(additionOf(each))))]));
}

/** What some accounts have added to the sums of months and quarters. */
export async function periodsKept(rows: Reading, accountIds: readonly number[]): Promise<Map<number, KeptPeriod[]>> {
  const found = await rows.many(
    periodsRow,
    prepared(
      "periods_kept",
      sql`select p.account_id as "accountId", p.periods from account_period p where p.account_id = any(${accountIds}::bigint[])`,
    ),
  );
  return new Map(found.map(({ accountId, periods }) => [accountId, periods.map(periodOf)]));
}

/** Keeps what accounts add from now on. */
export const keepPeriods = async (
  rows: Writing,
  workspaceId: number,
  byAccount: ReadonlyMap<number, readonly KeptPeriod[]>,
): Promise<void> => {
  if (byAccount.size === 0) return;
  const lists = [...byAccount.values()].map((each) => JSON.stringify(each.map(entryOf)));
  await rows.run(
    prepared(
      "keep_periods",
      sql`insert into account_period (workspace_id, account_id, periods)
          select ${workspaceId}, t.account_id, t.periods::json from unnest(${[...byAccount.keys()]}::bigint[], ${lists}::text[]) t (account_id, periods) order by 2
          on conflict (workspace_id, account_id) do update set periods = excluded.periods`,
    ),
  );
};

/** The months and quarters of an account that no longer hold, and those that do now; one that has changed is among both. */
export function periodsChanged(kept: readonly KeptPeriod[], given: readonly KeptPeriod[]) {
  const words = (each: KeptPeriod) => JSON.stringify(entryOf(each));
  const [before, now] = [new Set(kept.map(words)), new Set(given.map(words))];
  return {
    gone: kept.filter((each) => !now.has(words(each))),
    come: given.filter((each) => !before.has(words(each))),
  };
}

const known = z.object({ known: z.boolean() });

/** Marks a workspace whose months and quarters are whole. */
export const markPeriodsWhole = (rows: Writing, workspaceId: number) =>
  rows.run(sql`insert into period_rollup (workspace_id) values (${workspaceId}) on conflict do nothing`);

/**
 * Whether months and quarters are kept along. They are from a workspace's first row on; one that is older than they are has
 * them made as a whole, and until then a part of them would be wrong.
 */
export async function keepsPeriods(rows: Writing, workspaceId: number, touched: readonly number[]): Promise<boolean> {
  const { known: kept } = await rows.one(
    known,
    prepared(
      "keeps_periods",
      sql`select exists (select from period_rollup where workspace_id = ${workspaceId}) as known`,
    ),
  );
  if (kept) return true;
  const { known: old } = await rows.one(
    known,
    sql`select exists (select from account_week where workspace_id = ${workspaceId})
          or exists (select from mrr_event where workspace_id = ${workspaceId} and account_id <> all (${touched}::bigint[])) as known`,
  );
  if (!old) await markPeriodsWhole(rows, workspaceId);
  return !old;
}
