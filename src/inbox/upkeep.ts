import { z } from "zod";
import type { Database } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { workerIn } from "./arrival.ts";

const stateRow = z.object({
  waiting: z.number(),
  working: z.number(),
  failed: z.number(),
  oldestWaitingSeconds: z.number().nullable(),
});

/** How the inbox of all workspaces stands; `failed` counts what has not been forgotten yet. */
export type InboxState = z.infer<typeof stateRow>;

/** How much waits, is being worked on, and has failed, in all workspaces together. */
export const inboxState = (database: Database): Promise<InboxState> =>
  database.directory((rows) =>
    rows.one(
      stateRow,
      sql`select open.*, (select count(*)::int from inbox where state = 'failed') as failed
          from (select (count(*) filter (where state = 'waiting'))::int as waiting, (count(*) filter (where state = 'working'))::int as working,
              extract(epoch from now() - min(received_at) filter (where state = 'waiting'))::float8 as "oldestWaitingSeconds"
            from inbox where state in ('waiting', 'working')) open`,
    ),
  );

/**
 * Deletes rows that have been done or failed for so many days, with what was posted for them. Slack redelivers for about
 * an hour; as long as a row is there, a late redelivery is known again. Returns how many.
 */
export const forget = (database: Database, days: number): Promise<number> =>
  database.directory((rows) =>
    rows.run(
      sql`delete from inbox where state in ('done', 'failed') and done_at <= now() - make_interval(days => ${days})`,
    ),
  );

const lastRow = z.object({ channel: z.string(), ts: z.string() });

/** The newest message of a channel that was kept. */
export type LastMessage = z.infer<typeof lastRow>;

/** The newest kept message of each channel, by keys like "message:C1:1700000000.000100": where a catch-up begins. */
export const lastMessages = (database: Database, workspaceId: number): Promise<LastMessage[]> =>
  database.write(workerIn({ workspaceId }), (rows) =>
    rows.many(
      lastRow,
      sql`select split_part(key, ':', 2) as channel, max(split_part(key, ':', 3)) as ts from inbox
          where workspace_id = ${workspaceId} and kind = 'message' and key like 'message:%:%' group by 1 order by 2 desc, 1`,
    ),
  );
