import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";

/** A past day's outcome: whether MRR became 0 within so many days. */
export const OUTCOME_DAYS = 90;

const churnedRow = z.object({ accountId: z.number() });

/**
 * Those whose MRR became 0 after a day and within 90 days: the balance at the end of some day, changes of one day together.
 * Amounts of several currencies stand in one sum only to see whether nothing is left, which no rate can blur.
 */
export async function churnedAfter(
  rows: Reading,
  ids: readonly number[],
  { zone, day }: { zone: string; day: string },
): Promise<Set<number>> {
  const found = await rows.many(
    churnedRow,
    sql`select distinct account_id as "accountId" from (
          select e.account_id, e.day, sum(sum(e.delta_minor)) over (partition by e.account_id order by e.day) as balance
          from (select e.*, (e.effective_at at time zone ${zone})::date as day from mrr_event e
                where e.workspace_id = current_workspace() and e.account_id = any(${ids}::bigint[])) e
          where e.day <= ${day}::date + ${OUTCOME_DAYS}::int group by e.account_id, e.day) balances
        where balance <= 0 and day > ${day}::date`,
  );
  return new Set(found.map(({ accountId }) => accountId));
}
