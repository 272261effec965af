import { threadOf, topLevel } from "../../world/places.ts";
import type { Channel, Message } from "../../world/shapes.ts";
import { SlackError } from "../../world/slack-error.ts";
import {
  bot,
  type Call,
  count,
  flag,
  joinedChannel,
  knownChannel,
  type Method,
  paged,
  read,
  requireScope,
  scopeOf,
  word,
} from "../call.ts";
import { channelPortrait, messagePortrait } from "../portraits.ts";

const KINDS: Record<string, Channel["kind"]> = {
  public_channel: "channel",
  private_channel: "group",
  im: "im",
  mpim: "mpim",
};
const anyRead = ["channels:read", "groups:read", "im:read", "mpim:read"];
const anyHistory = ["channels:history", "groups:history", "im:history", "mpim:history"];

/** Channels that the bot may list, of the kinds asked for. `of`: only those that somebody is in. */
export function listedChannels(call: Call, of: string | null) {
  const {
    types = "public_channel",
    exclude_archived,
    cursor,
    limit = 100,
  } = read(call.args, {
    types: word.optional(),
    exclude_archived: flag.optional(),
    cursor: word.optional(),
    limit: count.max(1000).optional(),
  });
  const kinds = types.split(",").map((type) => KINDS[type.trim()] ?? invalidType());
  const { bot: self, by } = call;
  const seen = [...call.world.channels.values()].filter(
    (channel) =>
      kinds.includes(channel.kind) &&
      (channel.members.has(self.id) || (channel.kind === "channel" && channel.shared_team_ids.includes(by.teamId))) &&
      (of === null || channel.members.has(of)) &&
      !(exclude_archived && channel.is_archived),
  );
  for (const channel of seen) requireScope(call, scopeOf(channel, "read"));
  const { items, response_metadata } = paged(seen, { cursor, limit });
  return { channels: items.map((channel) => channelPortrait(call, channel)), response_metadata };
}

function invalidType(): never {
  throw new SlackError("invalid_types");
}

interface Span {
  oldest?: string | undefined;
  latest?: string | undefined;
  inclusive?: boolean | undefined;
}

function within(messages: Message[], { oldest, latest, inclusive }: Span): Message[] {
  const [from, to] = [
    Number(oldest ?? 0),
    latest === undefined || latest === "" ? Number.POSITIVE_INFINITY : Number(latest),
  ];
  return messages.filter(({ ts }) => {
    const at = Number(ts);
    return inclusive ? at >= from && at <= to : at > from && at < to;
  });
}

const spanned = {
  channel: word,
  oldest: word.optional(),
  latest: word.optional(),
  inclusive: flag.optional(),
  include_all_metadata: flag.optional(),
  cursor: word.optional(),
  limit: count.max(1000).optional(),
};

function historyOf(call: Call, id: string): Channel {
  const channel = joinedChannel(call, id);
  requireScope(call, scopeOf(channel, "history"));
  return channel;
}

export const conversations: Record<string, Method> = {
  "conversations.list": bot(anyRead, (call) => listedChannels(call, null)),

  "conversations.info": bot(anyRead, (call) => {
    const channel = knownChannel(call, read(call.args, { channel: word }).channel);
    requireScope(call, scopeOf(channel, "read"));
    return { channel: channelPortrait(call, channel) };
  }),

  "conversations.members": bot(anyRead, (call) => {
    const {
      channel: id,
      cursor,
      limit = 100,
    } = read(call.args, {
      channel: word,
      cursor: word.optional(),
      limit: count.max(1000).optional(),
    });
    const channel = knownChannel(call, id);
    requireScope(call, scopeOf(channel, "read"));
    const { items, response_metadata } = paged([...channel.members], { cursor, limit });
    return { members: items, response_metadata };
  }),

  /** Newest first. */
  "conversations.history": bot(anyHistory, (call) => {
    const asked = read(call.args, spanned);
    const channel = historyOf(call, asked.channel);
    const all = within(topLevel(channel), asked).toReversed();
    const { items, more, response_metadata } = paged(all, { cursor: asked.cursor, limit: asked.limit ?? 100 });
    const messages = items.map((message) => messagePortrait(message, asked.include_all_metadata ?? false));
    return { messages, has_more: more, pin_count: 0, ...(more && { response_metadata }) };
  }),

  /** The first message and its replies, oldest first. */
  "conversations.replies": bot(anyHistory, (call) => {
    const asked = read(call.args, { ...spanned, ts: word });
    const channel = historyOf(call, asked.channel);
    const named = channel.messages.find((message) => message.ts === asked.ts);
    if (named === undefined) throw new SlackError("thread_not_found");
    const [root, ...replies] = threadOf(channel, named.thread_ts ?? named.ts);
    const all = [root, ...within(replies, asked)].filter((each): each is Message => each !== undefined);
    const { items, more, response_metadata } = paged(all, { cursor: asked.cursor, limit: asked.limit ?? 1000 });
    const messages = items.map((message) => messagePortrait(message, asked.include_all_metadata ?? false));
    return { messages, has_more: more, ...(more && { response_metadata }) };
  }),

  "conversations.open": bot(["im:write", "mpim:write"], (call) => {
    const { users, channel } = read(call.args, { users: word.optional(), channel: word.optional() });
    if (channel !== undefined)
      return { channel: channelPortrait(call, joinedChannel(call, channel)), no_op: true, already_open: true };
    const people = (users ?? "").split(",").map((id) => call.world.user(id.trim()));
    if (people.some(({ kind }) => kind === "bot")) throw new SlackError("cannot_dm_bot");
    if (people.some(({ deleted }) => deleted)) throw new SlackError("user_disabled");
    if (people.some(({ team_id }) => team_id !== call.by.teamId)) throw new SlackError("user_not_visible");
    const [first] = people;
    if (first !== undefined && people.length === 1) {
      requireScope(call, "im:write");
      return { channel: { id: call.world.directMessage(first.id, call.bot.id).id } };
    }
    requireScope(call, "mpim:write");
    return {
      channel: {
        id: groupMessage(
          call,
          people.map(({ id }) => id),
        ).id,
      },
    };
  }),

  "conversations.join": bot(["channels:join"], (call) => {
    const channel = knownChannel(call, read(call.args, { channel: word }).channel);
    if (channel.kind !== "channel") throw new SlackError("method_not_supported_for_channel_type");
    if (channel.is_archived) throw new SlackError("is_archived");
    if (!channel.members.has(call.bot.id)) call.world.invite(call.bot.id, call.bot.id, channel.id);
    return { channel: channelPortrait(call, channel) };
  }),
};

function groupMessage({ world, bot: self, by }: Call, people: string[]): Channel {
  const members = [self.id, ...people];
  const same = (channel: Channel): boolean =>
    channel.kind === "mpim" &&
    channel.members.size === members.length &&
    members.every((id) => channel.members.has(id));
  const known = world.channels.values().find(same);
  if (known !== undefined) return known;
  const name = `mpdm-${members.map((id) => world.user(id).name).join("--")}-1`;
  const channel = world.addChannel({ team: by.teamId, name, kind: "mpim", members });
  world.page({ type: "channel", channel });
  return channel;
}
