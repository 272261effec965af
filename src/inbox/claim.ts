import { z } from "zod";
import type { Database } from "#database/door.ts";
import { type Sql, sql } from "#database/sql.ts";
import { type Claimed, workerIn } from "./arrival.ts";

const claimedRow = z.object({
  workspaceId: z.number(),
  inboxId: z.number(),
  key: z.string(),
  kind: z.enum(["message", "event", "command", "press", "view", "shortcut"]),
  lane: z.string(),
  body: z.unknown(),
  attempt: z.number(),
  token: z.number(),
  receivedAt: z.string(),
});

/** Who claims, for how long, and how much; `lanes` leaves all other lanes alone. */
export interface Claiming {
  worker: string;
  leaseSeconds: number;
  limit: number;
  lanes?: readonly string[];
}

/**
 * Takes up to `limit` rows to work on, of all workspaces, oldest first: the first of each lane on which nobody works, and
 * rows whose lease ran out. Any number of workers may claim at once; none gets what another has.
 */
export async function claim(database: Database, claiming: Claiming): Promise<Claimed[]> {
  if (claiming.limit < 1) return [];
  try {
    const claimed = await database.directory(async (rows) => {
      // The planner thinks that few rows are free and would look at the whole backlog to sort it; the index has the order.
      await rows.run(sql`select set_config('enable_sort', 'off', true)`);
      return rows.many(claimedRow, take(claiming));
    });
    return claimed.sort((one, other) => one.inboxId - other.inboxId);
  } catch (error) {
    // Two workers met in a lane whose older row was committed late. Nobody lost anything: the next claim sees both.
    if (metAnother(error)) return [];
    throw error;
  }
}

const take = ({ worker, leaseSeconds, limit, lanes }: Claiming): Sql => sql`
  with next as (
    select workspace_id, inbox_id from inbox i
    where state in ('waiting', 'working') and ${lanes ? sql`lane = any(${[...lanes]})` : sql`true`}
      and case state
        when 'working' then lease_until <= now()
        else due_at <= now() and not exists (
          select from inbox o where o.workspace_id = i.workspace_id and o.lane = i.lane and o.state in ('waiting', 'working')
            and (o.inbox_id < i.inbox_id or o.state = 'working'))
        end
    order by inbox_id limit ${limit} for update skip locked)
  update inbox i set state = 'working', worker = ${worker}, attempts = attempts + 1, lease_token = lease_token + 1,
    lease_until = now() + make_interval(secs => ${leaseSeconds})
  from next where i.workspace_id = next.workspace_id and i.inbox_id = next.inbox_id
  returning i.workspace_id as "workspaceId", i.inbox_id as "inboxId", key, kind, lane, body, attempts as attempt,
    lease_token as token, received_at as "receivedAt"`;

const UNIQUE_VIOLATION = "23505";
const DEADLOCK = "40P01";
const metAnother = (error: unknown): boolean =>
  error instanceof Error && "code" in error && [UNIQUE_VIOLATION, DEADLOCK].includes(String(error.code));

/** The row of a claim, as long as nobody claimed it after. */
export const stillOurs = ({ workspaceId, inboxId, token }: Claimed): Sql =>
  sql`workspace_id = ${workspaceId} and inbox_id = ${inboxId} and state = 'working' and lease_token = ${token}`;

/** Asks for more time, from now on. false: another has it; stop working on it. */
export const extendLease = (database: Database, claimed: Claimed, leaseSeconds: number): Promise<boolean> =>
  change(database, claimed, sql`lease_until = now() + make_interval(secs => ${leaseSeconds})`);

/** Ends the work on a row. A done one loses its body at once; a failed one keeps it until it is forgotten. false: it was no longer ours. */
export const finish = (
  database: Database,
  claimed: Claimed,
  { state, note }: { state: "done" | "failed"; note?: string },
): Promise<boolean> =>
  change(
    database,
    claimed,
    sql`state = ${state}, done_at = now(), lease_until = null, note = ${note?.replaceAll("\u0000", "") ?? null},
        body = case when ${state} = 'done' then null else body end`,
  );

/** At shutdown: another may claim it at once, and this attempt does not count. */
export async function giveBack(database: Database, claimed: Claimed): Promise<void> {
  await change(
    database,
    claimed,
    sql`state = 'waiting', attempts = attempts - 1, lease_until = null, worker = null, due_at = now()`,
  );
}

/** It failed in a way that may pass: to be claimed again after so many seconds. Its lane waits for it. false: no longer ours. */
export const retryLater = (database: Database, claimed: Claimed, seconds: number): Promise<boolean> =>
  change(
    database,
    claimed,
    sql`state = 'waiting', lease_until = null, worker = null, due_at = now() + make_interval(secs => ${seconds})`,
  );

const change = async (database: Database, claimed: Claimed, what: Sql): Promise<boolean> =>
  (await database.write(workerIn(claimed), (rows) =>
    rows.run(sql`update inbox set ${what} where ${stillOurs(claimed)}`),
  )) === 1;
