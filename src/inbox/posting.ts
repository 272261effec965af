import { z } from "zod";
import type { Database, Writing } from "#database/door.ts";
import { type Sql, sql } from "#database/sql.ts";
import { type Claimed, LeaseLost, workerIn } from "./arrival.ts";
import { stillOurs } from "./claim.ts";

// A post has to end within this, the look-up before it included; until then nobody else may begin the same one.
const POSTING_SECONDS = 30;

/**
 * What is known of a part before it is posted. "unsure": an earlier attempt may have got through; look in Slack for it,
 * among what was posted after `since`. Its `ts` is known where a stream had begun.
 */
export type Posting =
  | { state: "fresh" }
  | { state: "unsure"; ts: string | null; since: string }
  | { state: "sent"; ts: string | null };

/** The same without beginning: "none" is a part that nobody has begun to post. */
export type PostingState = Exclude<Posting, { state: "fresh" }> | { state: "none" };

const postingRow = z.discriminatedUnion("state", [
  z.object({ state: z.literal("unsure"), ts: z.string().nullable(), since: z.string() }),
  z.object({ state: z.literal("sent"), ts: z.string().nullable(), since: z.string() }),
]);

const known = ({ workspaceId, inboxId }: Claimed, part: string): Sql => sql`
  select case state when 'sending' then 'unsure' else state end as state, ts, at as since from posting
  where workspace_id = ${workspaceId} and inbox_id = ${inboxId} and part = ${part}`;

/** Marks a part as being posted, and says what is known of it. Throws LeaseLost when the row is another's by now. */
export const startPosting = (
  database: Database,
  claimed: Claimed,
  part: string,
  to: { channel: string; thread: string | null },
): Promise<Posting> =>
  database.write(workerIn(claimed), async (rows) => {
    await hold(rows, claimed);
    const begun = await rows.run(
      sql`insert into posting (workspace_id, inbox_id, part, channel, thread)
          values (${claimed.workspaceId}, ${claimed.inboxId}, ${part}, ${to.channel}, ${to.thread}) on conflict do nothing`,
    );
    return begun === 1 ? { state: "fresh" } : withoutSince(await rows.one(postingRow, known(claimed, part)));
  });

/** What is known of a part, without beginning to post it. */
export const postingState = async (database: Database, claimed: Claimed, part: string): Promise<PostingState> => {
  // As the writer: the reader, who answers questions, does not see the inbox.
  const row = await database.write(workerIn(claimed), (rows) => rows.maybe(postingRow, known(claimed, part)));
  return row ? withoutSince(row) : { state: "none" };
};

const unsurePart = z.object({ part: z.string(), channel: z.string(), thread: z.string().nullable() });

/** Parts that were begun and may stand in Slack, half or whole, without anybody having noted it; oldest first. */
export const unsureParts = (database: Database, claimed: Claimed): Promise<z.infer<typeof unsurePart>[]> =>
  database.write(workerIn(claimed), (rows) =>
    rows.many(
      unsurePart,
      sql`select part, channel, thread from posting
          where workspace_id = ${claimed.workspaceId} and inbox_id = ${claimed.inboxId} and state = 'sending' order by at, part`,
    ),
  );

/** A stream has begun: its ts is kept, and the part stays unsure until it is finished. Throws LeaseLost. */
export const notePosting = (database: Database, claimed: Claimed, part: string, ts: string): Promise<void> =>
  changePosting(database, claimed, sql`update posting set ts = ${ts} where ${its(claimed, part)}`);

/** The part stands in Slack; `ts` is null where Slack gives none, as for what only one person sees. Throws LeaseLost. */
export const finishPosting = (database: Database, claimed: Claimed, part: string, ts: string | null): Promise<void> =>
  changePosting(
    database,
    claimed,
    sql`update posting set state = 'sent', ts = coalesce(${ts}, ts) where ${its(claimed, part)}`,
  );

/** Slack has said no, so nothing of the part stands there: the next attempt begins afresh, without a look-up. Throws LeaseLost. */
export const cancelPosting = (database: Database, claimed: Claimed, part: string): Promise<void> =>
  changePosting(database, claimed, sql`delete from posting where ${its(claimed, part)} and state = 'sending'`);

const changePosting = (database: Database, claimed: Claimed, query: Sql): Promise<void> =>
  database.write(workerIn(claimed), async (rows) => {
    await hold(rows, claimed);
    await rows.run(query);
  });

/** Holds the row for this transaction, and the lease for as long as a post may take. */
async function hold(rows: Writing, claimed: Claimed): Promise<void> {
  const held = await rows.run(
    sql`update inbox set lease_until = greatest(lease_until, now() + make_interval(secs => ${POSTING_SECONDS}))
        where ${stillOurs(claimed)}`,
  );
  if (held === 0) throw new LeaseLost(claimed);
}

const its = ({ workspaceId, inboxId }: Claimed, part: string): Sql =>
  sql`workspace_id = ${workspaceId} and inbox_id = ${inboxId} and part = ${part}`;

const withoutSince = (row: z.infer<typeof postingRow>) =>
  row.state === "sent" ? { state: row.state, ts: row.ts } : row;
