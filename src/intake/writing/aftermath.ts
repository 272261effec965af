import { z } from "zod";
import type { Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { DOMAIN_OF, type RecordKind } from "../records.ts";
import type { Batch } from "./row.ts";

/** Marks accounts whose facts must be worked out anew. */
export async function markDirty(rows: Writing, batch: Batch): Promise<void> {
  const touched = [...batch.touched].sort((one, other) => one - other); // one order for all writers, so that none waits for another in a ring
  if (touched.length === 0) return;
  await rows.run(sql`
    insert into account_facts (workspace_id, account_id, as_of, currency)
    select workspace_id, account_id, ${batch.today}, coalesce(currency, ${batch.baseCurrency}) from account
    where workspace_id = ${batch.workspaceId} and account_id = any(${touched}::bigint[]) order by account_id
    on conflict (workspace_id, account_id) do update set dirty = true where not account_facts.dirty`);
}

/** Says how fresh the kinds of data are that the batch brought, even where nothing in them had changed. */
export async function bumpFeeds(rows: Writing, kinds: readonly RecordKind[], batch: Batch): Promise<void> {
  const domains = [...new Set(kinds.flatMap((kind) => DOMAIN_OF[kind] ?? []))].sort();
  if (domains.length === 0) return;
  await rows.run(sql`
    insert into source_feed (workspace_id, domain, source, synced_at)
    select ${batch.workspaceId}, unnest(${domains}::text[]), ${batch.source}, ${batch.syncedAt}
    on conflict (workspace_id, domain, source) do update set synced_at = greatest(source_feed.synced_at, excluded.synced_at)`);
}

const workspaceRow = z.object({ zone: z.string(), baseCurrency: z.string() });

/** The zone and base currency that a batch is written with. */
export const workspaceOf = (rows: Writing, workspaceId: number) =>
  rows.one(
    workspaceRow,
    sql`select time_zone as zone, base_currency as "baseCurrency" from workspace where workspace_id = ${workspaceId}`,
  );
