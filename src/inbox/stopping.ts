import { z } from "zod";
import type { Database } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { type Claimed, workerIn } from "./arrival.ts";

/** A person pressed stop: marks what is being worked on in a lane, in whichever process. Returns how many rows that was. */
export const askToStop = (database: Database, at: { workspaceId: number; lane: string }): Promise<number> =>
  database.write(workerIn(at), (rows) =>
    rows.run(
      sql`update inbox set stop_asked_at = now()
          where workspace_id = ${at.workspaceId} and lane = ${at.lane} and state = 'working' and stop_asked_at is null`,
    ),
  );

const asked = z.object({ stop: z.boolean() });

/** Whether a person has asked to stop the work on this row, in this attempt or one that a crash cut short. */
export const stopAsked = async (database: Database, claimed: Claimed): Promise<boolean> => {
  const row = await database.write(workerIn(claimed), (rows) =>
    rows.maybe(
      asked,
      sql`select stop_asked_at is not null as stop from inbox
          where workspace_id = ${claimed.workspaceId} and inbox_id = ${claimed.inboxId}`,
    ),
  );
  return row?.stop ?? false;
};
