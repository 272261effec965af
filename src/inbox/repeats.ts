import { z } from "zod";
import type { Database } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { type Claimed, workerIn } from "./arrival.ts";

const LOOKED_AT = 5_000; // rows before it; a busy team sends fewer in the seconds that count

/** Whether the same person has pressed the same button of the same message within these seconds before: an impatient second press. */
export async function pressedBefore(database: Database, claimed: Claimed, seconds: number): Promise<boolean> {
  const { workspaceId, inboxId, key, receivedAt } = claimed;
  const button = key.replace(/^press:[^:]*:/, ""); // without when it was pressed
  const found = await database.write(workerIn(claimed), (rows) =>
    rows.maybe(
      z.object({ found: z.boolean() }),
      sql`select true as found from inbox
          where workspace_id = ${workspaceId} and inbox_id < ${inboxId} and inbox_id > ${inboxId - LOOKED_AT} and kind = 'press'
            and state <> 'failed' and right(key, ${button.length}::int) = ${button}
            and received_at > ${receivedAt}::timestamptz - make_interval(secs => ${seconds}) limit 1`,
    ),
  );
  return found !== null;
}
