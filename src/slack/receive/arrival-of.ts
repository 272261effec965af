import type { Arrival } from "#inbox/inbox.ts";
import { actionOf } from "../actions.ts";
import { type Incoming, originOf } from "./body.ts";

/** Lanes of the stop button, which must not wait for the work that it stops. */
const STOP = "stop:";
const stopLane = (lane: string): string => `${STOP}${lane}`;

/** The talk that is to be stopped by what stands in this lane; null for other lanes. */
export const stoppedTalk = (lane: string): string | null => (lane.startsWith(STOP) ? lane.slice(STOP.length) : null);

/** The lane of a thread. */
export const talkLane = (channel: string, thread: string): string => `${channel}:${thread}`;

/** What an arrival is, besides its body and its workspace. */
export type Kept = Pick<Arrival, "key" | "kind" | "lane">;

/**
 * What is written down of a body: its key (the same thing twice has the same), its kind and its lane. null: it is of no
 * use to us, and is acknowledged and dropped. "at once": it must be answered in the acknowledgement, or is not worth a row.
 */
export function arrivalOf(body: Incoming, botUserId: string): Kept | "at once" | null {
  if (body.event) return eventOf(body, body.event, botUserId);
  if (body.command !== undefined) return commandOf(body);
  if (body.type === "block_suggestion") return "at once";
  if (body.type === "block_actions") return pressOf(body);
  if (body.type === "view_submission") return viewOf(body);
  if (body.type === "shortcut" || body.type === "message_action") return shortcutOf(body);
  return null; // view_closed, and what Slack may think of next
}

type Event = NonNullable<Incoming["event"]>;

function eventOf(body: Incoming, event: Event, botUserId: string): Kept | "at once" | null {
  if (event.type === "message" || event.type === "app_mention") return talkOf(event, botUserId);
  if (event.type === "user_change") return "at once"; // drops what this process remembers of a person
  if (event.type === "member_joined_channel" && event.user !== botUserId) return null;
  if (!body.event_id) return null;
  return { key: `event:${body.event_id}`, kind: "event", lane: eventLane(body, event, body.event_id) };
}

function eventLane(body: Incoming, event: Event, eventId: string): string {
  const { user, channel } = originOf(body);
  if (event.type === "agent_session_stopped" && channel && event.thread_ts)
    return stopLane(talkLane(channel, event.thread_ts));
  if (event.type === "app_home_opened" || event.type === "app_context_changed") return `user:${user ?? eventId}`;
  return `event:${eventId}`;
}

/** Messages that a person typed; the other subtypes tell of joins, topics, edits and bots. */
const TYPED = new Set([undefined, "file_share", "thread_broadcast", "me_message"]);

/** In channels only what names us, or stands in a thread; whether the thread is one of ours, the listener decides. */
function talkOf(event: Event, botUserId: string): Kept | null {
  const { channel, user, ts, thread_ts: thread, text } = event;
  if (typeof channel !== "string" || typeof user !== "string" || !ts) return null;
  if (event.bot_id || user === botUserId || !TYPED.has(event.subtype)) return null;
  const isDirect = event.channel_type === "im" || channel.startsWith("D");
  const namesUs = event.type === "app_mention" || (text ?? "").includes(`<@${botUserId}`);
  const inThread = thread !== undefined && thread !== ts;
  if (!isDirect && !namesUs && !inThread) return null;
  return { key: `message:${channel}:${ts}`, kind: "message", lane: talkLane(channel, thread ?? ts) };
}

/** Each command is alone: the next one may open a window, which Slack allows for 3 seconds. */
function commandOf(body: Incoming): Kept | null {
  if (!body.trigger_id) return null;
  const key = `command:${body.trigger_id}`;
  return { key, kind: "command", lane: key };
}

/** Presses of one kind on one message or window are in order, and wait for nothing else. */
function pressOf(body: Incoming): Kept | null {
  const [action] = body.actions ?? [];
  const { user, channel } = originOf(body);
  const on = body.container?.message_ts ?? body.container?.view_id ?? body.message?.ts ?? body.view?.id;
  if (!action?.action_id || !user || !on) return null;
  const pressedAt = action.action_ts ?? body.trigger_id ?? "";
  return {
    key: `press:${pressedAt}:${on}:${action.action_id}:${user}`,
    kind: "press",
    lane: `press:${channel ?? user}:${on}:${actionOf(action.action_id)}`,
  };
}

function shortcutOf(body: Incoming): Kept | null {
  const which = body.trigger_id ?? `${body.callback_id ?? ""}:${body.action_ts ?? ""}`;
  const key = `shortcut:${which}`;
  return { key, kind: "shortcut", lane: key };
}

function viewOf(body: Incoming): Kept | null {
  if (!body.view || !body.user) return null;
  return { key: `view:${body.view.id}:${body.view.hash ?? ""}`, kind: "view", lane: `user:${body.user.id}` };
}
