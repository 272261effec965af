import type { Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import type { Arrival } from "./arrival.ts";

/**
 * Writes down work of our own, such as a report that is due, in a transaction of the caller's: what made it due and the
 * row that does it are there together, or neither is. Known again by its key, as everything in the inbox. `dueAt`: not to be
 * done before (ISO); null: at once.
 */
export const keepOwn = async (
  rows: Writing,
  { workspaceId, key, kind, lane, body }: Arrival,
  dueAt: string | null = null,
): Promise<"new" | "seen"> =>
  (await rows.run(
    sql`insert into inbox (workspace_id, key, kind, lane, body, due_at)
        values (${workspaceId}, ${key}, ${kind}, ${lane}, ${JSON.stringify(body)}::jsonb, coalesce(${dueAt}::timestamptz, now())) on conflict (workspace_id, key) do nothing`,
  )) === 1
    ? "new"
    : "seen";
