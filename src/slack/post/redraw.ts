import { SlackFault } from "../faults.ts";
import type { Message } from "../message.ts";
import type { PostDesk } from "./desk.ts";
import { markOf } from "./mark.ts";
import { redrawnOf, shown } from "./shown.ts";

/** A message of ours that stands, and the part that it is to say. */
export interface Standing {
  part: string;
  channel: string;
  ts: string;
}

const GONE = new Set(["message_not_found", "cant_update_message", "edit_window_closed"]);

const ENDED = new Set(["message_not_in_streaming_state", "message_not_found"]);

/**
 * Ends a stream, with what is left of its message where that makes it whole. While it is open nothing can be redrawn, so
 * it is ended bare where Slack does not take that. false: it is not whole.
 */
export async function endStream(desk: PostDesk, at: Standing, last: object | null): Promise<boolean> {
  const { channel, ts } = at;
  try {
    await desk.calls.again("chat.stopStream", { channel, ts, ...last });
    return last !== null;
  } catch (error) {
    if (!(error instanceof SlackFault)) throw error;
    desk.log.debug({ code: error.code }, "a stream was not ended by us; its message is redrawn");
    if (last !== null && !ENDED.has(error.code)) await endStream(desk, at, null);
    return false;
  }
}

/** Makes a message of ours say all of the part, whatever it said before. false: somebody has removed it. */
export async function redraw(desk: PostDesk, { part, channel, ts }: Standing, message: Message): Promise<boolean> {
  const at = { channel, ts, metadata: markOf(desk.claimed, part) };
  try {
    await shown(desk.log, message, (each) => desk.calls.again("chat.update", { ...at, ...redrawnOf(each) }));
    return true;
  } catch (error) {
    if (error instanceof SlackFault && GONE.has(error.code)) return false;
    throw error;
  }
}

/** Ends what an earlier attempt left growing. false: it is gone. */
export async function takeUp(desk: PostDesk, standing: Standing, message: Message): Promise<boolean> {
  await endStream(desk, standing, null);
  return redraw(desk, standing, message);
}
