import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";

/** The account behind a record of the CRM; null where there is none, or where two sources mean different ones by that id. */
export async function accountOfRecord(rows: Reading, recordId: string): Promise<number | null> {
  const found = await rows.many(
    z.object({ id: z.number() }),
    sql`select distinct a.account_id as id from external_id e
        join account b on b.workspace_id = e.workspace_id and b.account_id = e.local_id
        join account a on a.workspace_id = b.workspace_id and a.account_id = coalesce(b.merged_into, b.account_id)
        where e.object = 'account' and e.external_id = ${recordId} and a.deleted_at is null limit 2`,
  );
  return found.length === 1 ? (found[0]?.id ?? null) : null;
}

/** The last day that the CRM's data is of, at most today; null where nothing has been brought in. */
export const crmDataFrom = async (rows: Reading, today: string): Promise<string | null> =>
  (
    await rows.one(
      z.object({ day: z.string().nullable() }),
      sql`select least(max(synced_at)::date, ${today}::date) as day from source_feed where domain = 'crm' having max(synced_at) is not null
          union all select null::date order by day nulls last limit 1`,
    )
  ).day;
