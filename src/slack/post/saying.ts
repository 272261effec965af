import type { Message } from "../message.ts";
import { tsOf } from "./calls.ts";
import type { PostDesk } from "./desk.ts";
import { findMarked, findUnmarked } from "./look-up.ts";
import { markOf } from "./mark.ts";
import type { Place, Saying } from "./once.ts";
import { takeUp } from "./redraw.ts";
import { NO_UNFURLS, shown, wordsOf } from "./shown.ts";

/** A message for everybody in the channel, found again by its mark. */
export const messageSaying = (desk: PostDesk, part: string, place: Place, message: Message): Saying => ({
  send: (hold) =>
    shown(desk.log, message, async (each) =>
      tsOf(
        await desk.calls.once(
          "chat.postMessage",
          {
            channel: place.channel,
            ...(place.thread ? { thread_ts: place.thread } : {}),
            ...wordsOf(each),
            ...NO_UNFURLS,
            metadata: markOf(desk.claimed, part),
          },
          hold,
        ),
      ),
    ),
  find: (since) => findMarked(desk, part, place, since),
  takeUp: async ({ ts: noted, since }) => {
    const ts = noted ?? (place.thread ? await findUnmarked(desk, place, since) : null);
    return ts && (await takeUp(desk, { part, channel: place.channel, ts }, message)) ? ts : null;
  },
});

const TWICE = "_You may see this twice: Slack did not say whether it came through._";

/** For what cannot be looked up: said again, it says so. */
export const maybeTwice = (message: Message, repeated: boolean): Message =>
  repeated
    ? {
        text: `${message.text}\n${TWICE}`,
        blocks:
          message.blocks.length > 0
            ? [...message.blocks.slice(0, 49), { type: "context", elements: [{ type: "mrkdwn", text: TWICE }] }]
            : [],
      }
    : message;

/** A message that only one person sees. */
export const privateSaying = (desk: PostDesk, place: Place & { user: string }, message: Message): Saying => ({
  send: async (hold, repeated) => {
    await shown(desk.log, maybeTwice(message, repeated), (each) =>
      desk.calls.once(
        "chat.postEphemeral",
        {
          channel: place.channel,
          user: place.user,
          ...(place.thread ? { thread_ts: place.thread } : {}),
          ...wordsOf(each),
        },
        hold,
      ),
    );
    return null;
  },
});
