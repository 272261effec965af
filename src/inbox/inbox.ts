import type { Database } from "#database/door.ts";
import { prepared, sql } from "#database/sql.ts";
import { type Arrival, workerIn } from "./arrival.ts";

export { type Arrival, type ArrivalKind, type Claimed, LeaseLost } from "./arrival.ts";
export { claim, extendLease, finish, giveBack, retryLater } from "./claim.ts";
export {
  cancelPosting,
  finishPosting,
  notePosting,
  type Posting,
  type PostingState,
  postingState,
  startPosting,
  unsureParts,
} from "./posting.ts";
export { askToStop, stopAsked } from "./stopping.ts";
export { forget, type InboxState, inboxState, type LastMessage, lastMessages } from "./upkeep.ts";

/**
 * Writes an arrival down; "seen" when its key was there before, also where that one is done. Only after this may it be
 * acknowledged. Bodies are kept whole, but for NUL and half characters, which PostgreSQL does not take.
 */
export async function keep(database: Database, arrival: Arrival): Promise<"new" | "seen"> {
  const { workspaceId, key, kind, lane, body } = arrival;
  const kept = await database.write(workerIn(arrival), (rows) =>
    rows.run(
      prepared(
        "inbox_keep",
        sql`insert into inbox (workspace_id, key, kind, lane, body)
            values (${workspaceId}, ${withoutNul(key)}, ${kind}, ${withoutNul(lane)}, ${asJson(body)}::jsonb)
            on conflict (workspace_id, key) do nothing`,
      ),
    ),
  );
  return kept === 1 ? "new" : "seen";
}

const withoutNul = (text: string): string => text.replaceAll("\u0000", "");

/** JSON that jsonb takes. Escapes are read from the left, so that a backslash and "u0000" that people wrote stay. */
function asJson(body: unknown): string {
  return JSON.stringify(body ?? null).replace(/\\(?:u[0-9a-f]{4}|.)/g, (found) => {
    if (found === "\\u0000") return "";
    return /^\\ud[89a-f]/.test(found) ? "\ufffd" : found; // only a half of a pair is written as an escape
  });
}
