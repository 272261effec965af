import { z } from "zod";
import type { Claimed } from "#inbox/inbox.ts";
import type { Calls } from "./calls.ts";
import { carriesMark, isMarked } from "./mark.ts";

const found = z.object({
  ts: z.string(),
  user: z.string().optional(),
  bot_id: z.string().optional(),
  metadata: z
    .object({ event_type: z.string().optional(), event_payload: z.record(z.string(), z.unknown()).optional() })
    .optional(),
  files: z.array(z.object({ id: z.string() })).optional(),
});
type FoundMessage = z.infer<typeof found>;

const page = z.object({
  messages: z.array(found).default([]),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

const PAGE = 200;
const PAGES = 10;
const CLOCKS_DIFFER_SECONDS = 60; // Slack's clock and the database's

/** Looks in Slack itself for a message that may have been posted after a moment: in the thread, or in the channel. */
async function lookUp(
  calls: Calls,
  place: Place,
  since: string,
  isIt: (message: FoundMessage) => boolean,
): Promise<FoundMessage | null> {
  const oldest = (Date.parse(since) / 1000 - CLOCKS_DIFFER_SECONDS).toFixed(6);
  let cursor: string | undefined;
  for (let at = 0; at < PAGES; at++) {
    const read = page.parse(
      await calls.again(place.thread ? "conversations.replies" : "conversations.history", {
        channel: place.channel,
        ...(place.thread ? { ts: place.thread } : {}),
        oldest,
        limit: PAGE,
        include_all_metadata: true,
        ...(cursor ? { cursor } : {}),
      }),
    );
    const hit = read.messages.find((each) => Number(each.ts) >= Number(oldest) && isIt(each)); // the root comes with any page
    if (hit) return hit;
    cursor = read.response_metadata?.next_cursor;
    if (!cursor) return null;
  }
  return null;
}

interface Seeker {
  calls: Calls;
  claimed: Claimed;
  botUserId: string;
}
interface Place {
  channel: string;
  thread: string | null;
}

/** The ts of the message that carries the mark of a part; null where none does. */
export const findMarked = async (
  { calls, claimed }: Seeker,
  part: string,
  place: Place,
  since: string,
): Promise<string | null> =>
  (await lookUp(calls, place, since, (each) => carriesMark(each.metadata, claimed, part)))?.ts ?? null;

/** The ts of a message of ours without any mark: a stream of ours that nobody ended. Everything else we post is marked, or a file. */
export const findUnmarked = async ({ calls, botUserId }: Seeker, place: Place, since: string): Promise<string | null> =>
  (
    await lookUp(
      calls,
      place,
      since,
      (each) => each.user === botUserId && !isMarked(each.metadata) && (each.files ?? []).length === 0,
    )
  )?.ts ?? null;

/** Whether a file was shared there. */
export const findFile = async ({ calls }: Seeker, fileId: string, place: Place, since: string): Promise<boolean> =>
  (await lookUp(calls, place, since, (each) => (each.files ?? []).some((file) => file.id === fileId))) !== null;
