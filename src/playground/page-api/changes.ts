import type { PageChange } from "../world/changes.ts";
import { canSee } from "../world/places.ts";
import type { User } from "../world/shapes.ts";
import type { World } from "../world/world.ts";
import { pageCall, pageMessage, pageSession, pageStatus, pageView } from "./draw.ts";
import type { PageEvent } from "./types.ts";

/** A change as one person's page is told of it; null where it is none of their business. */
export function eventFor(world: World, user: User, change: PageChange): PageEvent | null {
  if ("user" in change && change.type !== "user" && change.user !== user.id) return null;
  const channel = placeOf(change);
  if (channel !== null && !isVisible(world, user, channel)) return null;
  return told(world, user, change);
}

function placeOf(change: PageChange): string | null {
  if (change.type === "status") return change.status.channel;
  if (change.type === "session") return change.session.channel;
  if (change.type === "prompts") return change.prompts.channel;
  return "channel" in change && typeof change.channel === "string" ? change.channel : null;
}

function isVisible(world: World, user: User, channelId: string): boolean {
  const channel = world.channels.get(channelId);
  return channel !== undefined && canSee(channel, user);
}

function told(world: World, user: User, change: PageChange): PageEvent | null {
  switch (change.type) {
    case "message":
    case "changed":
    case "stream":
    case "ephemeral":
      return {
        type: change.type,
        channel: change.channel,
        message: pageMessage(change.message, change.channel, user.id),
      };
    case "ephemeral_changed":
      return {
        type: "changed",
        channel: change.channel,
        message: pageMessage(change.message, change.channel, user.id),
      };
    case "deleted":
      return { type: "deleted", channel: change.channel, ts: change.ts, threadTs: change.thread_ts };
    case "ephemeral_deleted":
      return { type: "deleted", channel: change.channel, ts: change.ts, threadTs: null };
    case "reaction":
      return reaction(world, user, change);
    case "status":
      return { type: "status", status: pageStatus(change.status) };
    case "session":
      return { type: "session", session: pageSession(change.session) };
    case "prompts":
      return change;
    case "view":
      return { type: "view", views: change.stack.map(pageView) };
    case "home":
      return { type: "home", view: pageView(change.view) };
    case "channel":
    case "user":
      return { type: "world" };
    case "call":
      return { type: "call", call: pageCall(change.call) };
    case "toast":
      return { type: "toast", text: change.text, tone: "error" };
  }
}

function reaction(world: World, user: User, change: Extract<PageChange, { type: "reaction" }>): PageEvent | null {
  const message = world.channels.get(change.channel)?.messages.find(({ ts }) => ts === change.ts);
  return message
    ? { type: "reaction", channel: change.channel, message: pageMessage(message, change.channel, user.id) }
    : null;
}
