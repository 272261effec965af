import { z } from "zod";
import type { Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import type { Batch, Row } from "./row.ts";

/** Writes exchange rates: what one unit of a currency was worth in the base currency on a day. Returns how many were new, changed, same. */
export async function writeRates(
  rows: Writing,
  standing: readonly Row[],
  batch: Batch,
): Promise<{ new: number; changed: number; same: number }> {
  const given = [...new Map(standing.map((row) => [`${row.fields.currency} ${row.fields.day}`, row])).values()];
  const columns = sql`unnest(${given.map((row) => row.fields.currency)}::text[], ${given.map((row) => row.fields.day)}::date[], ${given.map((row) => row.fields.rate)}::numeric[]) g (currency, day, rate)`;
  const counts = await rows.one(
    z.object({ new: z.number(), same: z.number() }),
    sql`
    select count(*) filter (where x.rate is null)::int as new, count(*) filter (where x.rate = round(g.rate, 8))::int as same
    from ${columns} left join exchange_rate x on x.workspace_id = ${batch.workspaceId} and x.currency = g.currency and x.day = g.day`,
  );
  await rows.run(sql`
    insert into exchange_rate (workspace_id, currency, day, rate) select ${batch.workspaceId}, currency, day, rate from ${columns}
    on conflict (workspace_id, currency, day) do update set rate = excluded.rate where exchange_rate.rate <> excluded.rate`);
  return { ...counts, changed: given.length - counts.new - counts.same };
}
