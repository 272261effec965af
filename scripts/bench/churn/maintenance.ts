import { deepStrictEqual } from "node:assert";
import { z } from "zod";
import { countingOf } from "#accounts/movements.ts";
import { refreshRollups } from "#accounts/rollups.ts";
import { weeksByLedger, weeksKept } from "#accounts/rollups-kept.ts";
import { keepStandings } from "#accounts/standings.ts";
import type { Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { seeded } from "#seeded.ts";
import { type Spread, spread, timed } from "../measure.ts";
import { TODAY } from "./generate.ts";
import type { Ledger } from "./ledgers.ts";

const BATCHES = [
  { size: 1, rounds: 100 },
  { size: 100, rounds: 20 },
  { size: 10_000, rounds: 3 },
];
const SOURCE = "bench, touched";
const SAMPLE = 500;
const MOST_DAYS_BACK = 600;

/** Milliseconds an account: its weeks and sums alone, and the whole visit with new rows and commit. */
export interface Upkeep {
  size: number;
  rollups: Spread;
  visit: Spread;
}

/**
 * A row of MRR for each of some accounts, half of yesterday and half backdated, and the rollups kept by the product; then
 * the rows are taken out again the same way. Throws when rollups and ledger of touched accounts differ.
 */
export async function timeMaintenance(
  ledger: Ledger,
  tell: (words: string) => void,
  whileTouched: () => Promise<void>,
): Promise<Upkeep[]> {
  const paying = await payingAccounts(ledger);
  const random = seeded(11);
  const found: Upkeep[] = [];
  for (const { size, rounds } of BATCHES.filter((each) => each.size <= paying.length)) {
    tell(`keeping rollups, ${size} accounts at once`);
    const times: { rollups: number; visit: number }[] = [];
    for (let round = -1; round < rounds; round++) {
      const ids = drawn(paying, size, random);
      const took = await touch(ledger, ids);
      if (round === rounds - 1) {
        await compare(ledger, ids.slice(0, SAMPLE));
        await whileTouched();
      }
      await untouch(ledger, ids);
      if (round >= 0) times.push(took); // the first one is warm-up
    }
    const each = (which: "rollups" | "visit") => spread(times.map((one) => one[which] / size));
    found.push({ size, rollups: each("rollups"), visit: each("visit") });
  }
  return found;
}

const idRow = z.object({ id: z.number() });

/** Those that have a ledger; as a writer, because it looks at all of them. Rows of a run that was stopped go first. */
async function payingAccounts({ database, actor }: Ledger): Promise<number[]> {
  const left = await database.write(actor, (rows) =>
    rows.many(idRow, sql`select distinct account_id as id from mrr_event where source = ${SOURCE}`),
  );
  if (left.length > 0)
    await untouch(
      { database, actor },
      left.map(({ id }) => id),
    );
  const all = await database.write(actor, (rows) =>
    rows.many(idRow, sql`select account_id as id from account_facts where first_paid_on is not null order by 1`),
  );
  return all.map(({ id }) => id);
}

function drawn(ids: readonly number[], count: number, random: () => number): number[] {
  const chosen = new Set<number>();
  while (chosen.size < count) chosen.add(ids[Math.floor(random() * ids.length)]!);
  return [...chosen].sort((one, other) => one - other);
}

async function touch({ database, actor }: Ledger, ids: readonly number[]): Promise<{ rollups: number; visit: number }> {
  const days = ids.map((id, at) => (at % 2 === 0 ? 1 : 2 + (id % MOST_DAYS_BACK)));
  const visit = await timed(() =>
    database.write(actor, async (rows) => {
      await rows.run(sql`
        insert into mrr_event (workspace_id, account_id, effective_at, delta_minor, currency, base_delta_minor, source, source_key)
        select ${actor.workspaceId}, t.id, (${TODAY}::date - t.days)::timestamp at time zone 'UTC' + interval '12 hours', 700, 'USD', 700, ${SOURCE}, t.id::text
        from unnest(${ids}::bigint[], ${days}::int[]) t (id, days)`);
      return refreshed(rows, actor.workspaceId, ids);
    }),
  );
  return { rollups: visit.result, visit: visit.ms };
}

const untouch = ({ database, actor }: Pick<Ledger, "database" | "actor">, ids: readonly number[]): Promise<number> =>
  database.write(actor, async (rows) => {
    await rows.run(sql`delete from mrr_event where source = ${SOURCE} and account_id = any(${ids}::bigint[])`);
    return refreshed(rows, actor.workspaceId, ids);
  });

/** As after an import: the weeks of the accounts, and where they are counted today. */
const refreshed = async (rows: Writing, workspaceId: number, ids: readonly number[]): Promise<number> =>
  (
    await timed(async () => {
      await refreshRollups(rows, workspaceId, ids);
      await keepStandings(rows, workspaceId, ids);
    })
  ).ms;

/** What `perennial metrics check` compares, for some accounts. */
async function compare({ database, actor }: Ledger, ids: readonly number[]): Promise<void> {
  await database.read(actor, async (rows) => {
    const given = await weeksByLedger(rows, ids, await countingOf(rows));
    deepStrictEqual(await weeksKept(rows, ids), given, "rollups and ledger of touched accounts differ");
  });
}
