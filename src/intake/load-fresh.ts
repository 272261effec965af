import { z } from "zod";
import type { Actor } from "#actor.ts";
import type { Database, Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import type { Incoming } from "./records.ts";
import { type Counts, createWriter, type Refused } from "./write.ts";

export interface FreshLoad {
  database: Database;
  actor: Actor;
  batches: readonly { source: string; records: readonly Incoming[] }[];
  /** ISO moment at which the sources were read. */
  syncedAt?: string;
  /** The day on which "ended" and "trialing" are decided. */
  today?: string;
  onProgress?: (written: number, total: number) => void;
}

const AT_ONCE = 5_000;

/**
 * Loads a company of our own making into an empty workspace, in one transaction. Where the connection may (the embedded
 * database), PostgreSQL does not check again, row by row, the references that the writer has just looked up: that check
 * is most of the time of a load. Elsewhere it is the ordinary way in.
 */
export async function loadFresh(load: FreshLoad): Promise<{ counts: Counts; refused: Refused[] }> {
  const bare = await load.database.maintain(mayLoadBare);
  if (!bare) return load.database.write(load.actor, (rows) => loadAll(rows, load));
  return load.database.maintain(async (rows) => {
    // The role comes last: as the writer, only this workspace can be seen and written.
    await rows.run(sql`
      select set_config('session_replication_role', 'replica', true), set_config('app.workspace', ${String(load.actor.workspaceId)}, true),
        set_config('role', 'perennial_writer', true)`);
    return loadAll(rows, load);
  });
}

async function mayLoadBare(rows: Writing): Promise<boolean> {
  const { bare } = await rows.one(
    z.object({ bare: z.boolean() }),
    sql`select rolsuper as bare from pg_roles where rolname = current_user`,
  );
  return bare;
}

async function loadAll(
  rows: Writing,
  { database, actor, batches, syncedAt, today, onProgress }: FreshLoad,
): Promise<{ counts: Counts; refused: Refused[] }> {
  const counts: Counts = { new: 0, changed: 0, same: 0, refused: 0 };
  const refused: Refused[] = [];
  const total = batches.reduce((sum, each) => sum + each.records.length, 0);
  let written = 0;
  for (const { source, records } of batches) {
    const writer = createWriter({
      database,
      actor,
      source,
      ...(syncedAt ? { syncedAt } : {}),
      ...(today ? { today } : {}),
    });
    for (let at = 0; at < records.length; at += AT_ONCE) {
      const part = records.slice(at, at + AT_ONCE);
      const result = await writer.writeIn(rows, part);
      for (const each of Object.values(result.counts))
        for (const count of ["new", "changed", "same", "refused"] as const) counts[count] += each[count];
      refused.push(...result.refused);
      written += part.length;
      onProgress?.(written, total);
    }
  }
  return { counts, refused };
}
