import type { Channel, Message, User } from "./shapes.ts";
import { SlackError } from "./slack-error.ts";
import type { World } from "./world.ts";

/** Ids of direct messages follow from who is in them, so that they are the same at every start. */
export function openDirectMessage(world: World, one: string, other: string): Channel {
  const [first, second] = [world.user(one), world.user(other)].toSorted((a, b) => a.id.localeCompare(b.id)) as [
    User,
    User,
  ];
  const id = `D${first.id.slice(2)}${second.id.slice(-4)}`;
  const open = world.channels.get(id);
  if (open !== undefined) return open;
  const channel = world.addChannel({ id, team: first.team_id, name: "", kind: "im", members: [first.id, second.id] });
  world.page({ type: "channel", channel });
  return channel;
}

export const isShared = (channel: Channel): boolean => channel.shared_team_ids.length > 1;

/** Who of a direct message is not this person. */
export const partner = (channel: Channel, userId: string): string | null =>
  channel.kind === "im" ? ([...channel.members].find((member) => member !== userId) ?? userId) : null;

/** Whether somebody finds a channel in their list: public ones of their team unless they are guests, and those they are in. */
export function canSee(channel: Channel, user: User): boolean {
  if (channel.members.has(user.id)) return true;
  const guest = user.kind === "guest" || user.kind === "single_channel_guest";
  return channel.kind === "channel" && channel.team_id === user.team_id && !guest;
}

/** Throws SlackError message_not_found. */
export function messageAt(channel: Channel, ts: string): Message {
  const found = channel.messages.findLast((message) => message.ts === ts);
  if (found === undefined) throw new SlackError("message_not_found");
  return found;
}

/** The first message of a thread and its replies, oldest first. */
export const threadOf = (channel: Channel, ts: string): Message[] =>
  channel.messages.filter((message) => message.ts === ts || message.thread_ts === ts);

/** What stands in the channel itself: no replies, unless they were sent to the channel too. */
export const topLevel = (channel: Channel): Message[] =>
  channel.messages.filter(
    ({ ts, thread_ts, subtype }) => thread_ts === undefined || thread_ts === ts || subtype === "thread_broadcast",
  );
