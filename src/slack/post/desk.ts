import type { Database } from "#database/door.ts";
import type { Claimed } from "#inbox/inbox.ts";
import type { Log } from "#log.ts";
import type { Timing } from "../timing.ts";
import type { Calls } from "./calls.ts";
import type { Queues } from "./queues.ts";

/** What it takes to post for one job. */
export interface PostDesk {
  database: Database;
  claimed: Claimed;
  calls: Calls;
  queues: Queues;
  teamId: string;
  botUserId: string;
  apiUrl: string;
  log: Log;
  timing: Timing;
  /** Direct message channels by person, known to the whole process. */
  directMessages: Map<string, string>;
}
