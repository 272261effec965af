import { z } from "zod";
import type { Database } from "#database/door.ts";
import { type Arrival, keep, type LastMessage } from "#inbox/inbox.ts";
import type { Log } from "#log.ts";
import type { TeamAccess } from "../access.ts";
import { SlackFault } from "../faults.ts";
import type { Calls } from "../post/calls.ts";
import { arrivalOf } from "../receive/arrival-of.ts";
import { readBody } from "../receive/body.ts";

const CHANNELS = 50; // those with the newest questions
const RECENT = 100; // messages of a channel, threads that were gone on with among them
const THREADS = 10; // of a channel

const message = z.looseObject({
  type: z.string().optional(),
  ts: z.string(),
  thread_ts: z.string().optional(),
  latest_reply: z.string().optional(),
});
const page = z.object({ messages: z.array(message).default([]) });
type Message = z.infer<typeof message>;

export interface CatchUpParts {
  database: Database;
  log: Log;
  calls: Calls;
  access: TeamAccess;
  workspaceId: number;
  /** The newest messages that were known before anything came in again: what is newer may have been missed. */
  known: readonly LastMessage[];
  onNew: (arrival: Arrival) => void;
}

/**
 * Writes down what was said while nobody listened: Slack gives up bringing an event after about an hour. Looks only into
 * channels of which the inbox knows, and only after the last message that it knows there. Returns how many were new.
 */
export async function catchUp(parts: CatchUpParts): Promise<number> {
  let found = 0;
  for (const each of parts.known.slice(0, CHANNELS)) {
    try {
      for (const missed of await missedIn(parts, each)) found += await keepMissed(parts, each.channel, missed);
    } catch (error) {
      // A channel that is gone, or closed to us by now, must not keep the others from being looked into.
      if (!(error instanceof SlackFault) || error.endsTeam) throw error;
      parts.log.info(
        { channel: each.channel, code: error.code },
        "a channel could not be looked through for missed questions",
      );
    }
  }
  return found;
}

/** Messages after the last known one, oldest first: those of the channel, and those of threads that went on. */
async function missedIn({ calls }: CatchUpParts, { channel, ts: last }: LastMessage): Promise<Message[]> {
  const recent = page.parse(await calls.again("conversations.history", { channel, limit: RECENT })).messages;
  const wentOn = recent.filter((each) => isAfter(each.latest_reply, last)).slice(0, THREADS);
  const replies: Message[] = [];
  for (const { ts } of wentOn) {
    const read = await calls.again("conversations.replies", { channel, ts, oldest: last, limit: RECENT });
    replies.push(...page.parse(read).messages);
  }
  return [...recent, ...replies]
    .filter((each) => isAfter(each.ts, last))
    .toSorted((one, other) => Number(one.ts) - Number(other.ts));
}

const isAfter = (ts: string | undefined, last: string): boolean => Number(ts ?? 0) > Number(last);

/** As Slack would have brought it. */
async function keepMissed(
  { database, access, workspaceId, onNew }: CatchUpParts,
  channel: string,
  missed: Message,
): Promise<number> {
  const { teamId, botUserId } = access;
  const body = {
    type: "event_callback",
    team_id: teamId,
    authorizations: [{ team_id: teamId, user_id: botUserId, is_bot: true }],
    event_id: `missed:${channel}:${missed.ts}`,
    event: { ...missed, type: "message", channel, ...(channel.startsWith("D") ? { channel_type: "im" } : {}) },
  };
  const read = readBody(body);
  const what = read && arrivalOf(read, botUserId);
  if (!what || what === "at once") return 0;
  const arrival: Arrival = { ...what, workspaceId, body };
  if ((await keep(database, arrival)) === "seen") return 0;
  onNew(arrival);
  return 1;
}
