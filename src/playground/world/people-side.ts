import { canSee, messageAt } from "./places.ts";
import type { Channel, Message, Reaction, SlackFile, User } from "./shapes.ts";
import { SlackError } from "./slack-error.ts";
import { tellChannel, tellInstallation } from "./tell.ts";
import { linksIn, richTextOf } from "./typed-text.ts";
import type { World } from "./world.ts";

export interface Saying {
  thread_ts?: string | undefined;
  reply_broadcast?: boolean;
  files?: SlackFile[];
}

/** Throws SlackError account_inactive, not_in_channel, is_archived, no_text. */
export function say(world: World, userId: string, channelId: string, text: string, how: Saying): Message {
  const [user, channel] = [active(world, userId), world.channel(channelId)];
  if (!channel.members.has(user.id)) throw new SlackError("not_in_channel");
  if (text === "" && how.files === undefined) throw new SlackError("no_text");
  if (channel.admins_only && user.kind !== "admin" && user.kind !== "owner") throw new SlackError("restricted_action");
  for (const file of how.files ?? []) world.files.share(file, channel);
  const { files, thread_ts, reply_broadcast } = how;
  const message = world.messages.post(channelId, {
    by: user,
    text,
    thread_ts,
    reply_broadcast,
    files,
    subtype: files === undefined ? undefined : "file_share",
    blocks: text === "" ? undefined : [richTextOf(text)],
  });
  tellLinks(world, channel, message);
  return message;
}

function active(world: World, userId: string): User {
  const user = world.user(userId);
  if (user.deleted) throw new SlackError("account_inactive");
  return user;
}

function tellLinks(world: World, channel: Channel, message: Message): void {
  const links = linksIn(message.text)
    .map((url) => ({ url, domain: new URL(url).hostname }))
    .filter(({ domain }) => world.app.unfurlDomains.some((each) => domain === each || domain.endsWith(`.${each}`)));
  if (links.length === 0) return;
  for (const installation of world.installations.alive()) {
    const isMember = channel.members.has(installation.botUserId);
    if (channel.team_id !== installation.teamId || (!isMember && channel.kind !== "channel")) continue;
    const event = {
      type: "link_shared",
      channel: channel.id,
      is_bot_user_member: isMember,
      user: message.user,
      message_ts: message.ts,
      ...(message.thread_ts !== undefined && { thread_ts: message.thread_ts }),
      unfurl_id: `${channel.id}-${message.ts}`,
      source: "conversations_history",
      links: links.slice(0, 5),
    };
    tellInstallation(world, installation, event, { channel, byTeam: world.user(message.user).team_id });
  }
}

/** Throws SlackError cant_update_message, message_not_found. */
export function edit(world: World, userId: string, channel: string, ts: string, text: string): Message {
  const message = messageAt(world.channel(channel), ts);
  if (message.user !== active(world, userId).id) throw new SlackError("cant_update_message");
  return world.messages.change(channel, ts, { text, blocks: [richTextOf(text)] }, { by: userId });
}

/** Throws SlackError cant_delete_message, message_not_found. */
export function remove(world: World, userId: string, channel: string, ts: string): void {
  const user = active(world, userId);
  const own = messageAt(world.channel(channel), ts).user === user.id;
  if (!own && user.kind !== "admin" && user.kind !== "owner") throw new SlackError("cant_delete_message");
  world.messages.remove(channel, ts);
}

export function react(world: World, userId: string, channelId: string, ts: string, name: string): void {
  const channel = world.channel(channelId);
  const message = messageAt(channel, ts);
  const had = message.reactions?.find((each) => each.name === name)?.users.includes(userId) ?? false;
  setReaction(world, userId, channel, message, name, !had);
}

export function setReaction(
  world: World,
  userId: string,
  channel: Channel,
  message: Message,
  name: string,
  wanted: boolean,
): void {
  const reactions: Reaction[] = message.reactions ?? [];
  const known = reactions.find((each) => each.name === name);
  const users = (known?.users ?? []).filter((each) => each !== userId);
  if (wanted) users.push(userId);
  const others = reactions.filter((each) => each.name !== name);
  const next = users.length === 0 ? others : [...others, { name, users, count: users.length }];
  if (next.length === 0) delete message.reactions;
  else message.reactions = next;
  world.page({ type: "reaction", channel: channel.id, ts: message.ts, reactions: next });
  tellChannel(world, channel, userId, {
    type: wanted ? "reaction_added" : "reaction_removed",
    user: userId,
    reaction: name,
    item: { type: "message", channel: channel.id, ts: message.ts },
    item_user: message.user,
  });
}

export function openHome(world: World, userId: string, tab: "home" | "messages"): void {
  const user = active(world, userId);
  const installation = world.installations.ofTeam(user.team_id);
  const channel = world.directMessage(user.id, installation.botUserId);
  const view = tab === "home" ? world.views.home(user.id) : null;
  const event = { type: "app_home_opened", user: user.id, channel: channel.id, tab, ...(view !== null && { view }) };
  tellInstallation(world, installation, event, { byTeam: user.team_id });
}

export function look(world: World, userId: string, channelId: string): void {
  const user = active(world, userId);
  const installation = world.installations.ofTeam(user.team_id);
  if (!canSee(world.channel(channelId), user)) throw new SlackError("channel_not_found");
  const channel = world.directMessage(user.id, installation.botUserId).id;
  const entities = [{ type: "slack#/types/channel_id", value: channelId, team_id: user.team_id }];
  const event = { type: "app_context_changed", user: user.id, channel, context: { entities } };
  tellInstallation(world, installation, event, { byTeam: user.team_id });
}

/** Slack ends the streams; the session's status is the app's to change. */
export function stop(world: World, userId: string, channelId: string, threadTs: string): boolean {
  const [user, channel] = [active(world, userId), world.channel(channelId)];
  if (!channel.members.has(user.id)) throw new SlackError("not_in_channel");
  if (world.agent.session(channelId, threadTs)?.status !== "processing") return false;
  const streaming_message_ts = world.streams.stopThread(channelId, threadTs);
  tellChannel(world, channel, user.id, {
    type: "agent_session_stopped",
    channel: channelId,
    thread_ts: threadTs,
    user: user.id,
    streaming_message_ts,
  });
  return true;
}

export function invite(world: World, by: string, userId: string, channelId: string): void {
  const [user, channel] = [active(world, userId), world.channel(channelId)];
  if (channel.members.has(user.id)) throw new SlackError("already_in_channel");
  if (channel.kind === "im") throw new SlackError("method_not_supported_for_channel_type");
  channel.members.add(user.id);
  world.page({ type: "channel", channel });
  const text = `<@${user.id}> has joined the channel`;
  world.messages.post(channelId, { by: user, text, subtype: "channel_join", inviter: by });
  tellChannel(world, channel, by, {
    type: "member_joined_channel",
    user: user.id,
    channel: channelId,
    channel_type: channel.kind === "channel" ? "C" : "G",
    team: channel.team_id,
    inviter: by,
  });
}

export function kick(world: World, by: string, userId: string, channelId: string): void {
  const channel = world.channel(channelId);
  if (!channel.members.has(userId)) throw new SlackError("not_in_channel");
  const installation = world.installations.alive().find((each) => each.botUserId === userId);
  if (installation === undefined) {
    const event = { type: "member_left_channel", user: userId, channel: channelId, team: channel.team_id };
    tellChannel(world, channel, by, event);
  } else {
    const type = channel.kind === "channel" ? "channel_left" : "group_left";
    const event = { type, channel: channelId, actor_id: by };
    tellInstallation(world, installation, event, { channel, byTeam: world.user(by).team_id });
  }
  channel.members.delete(userId);
  world.page({ type: "channel", channel });
}

export function setArchived(world: World, by: string, channelId: string, archived: boolean): void {
  const channel = world.channel(channelId);
  channel.is_archived = archived;
  const room = channel.kind === "channel" ? "channel" : "group";
  const type = `${room}_${archived ? "archive" : "unarchive"}`;
  tellChannel(world, channel, by, { type, channel: channelId, user: by });
  world.page({ type: "channel", channel });
}

export function deleteChannel(world: World, by: string, channelId: string): void {
  const channel = world.channel(channelId);
  tellChannel(world, channel, by, {
    type: channel.kind === "channel" ? "channel_deleted" : "group_deleted",
    channel: channelId,
    actor_id: by,
  });
  world.channels.delete(channelId);
  world.page({ type: "channel", channel: { ...channel, is_archived: true, members: new Set() } });
}

export function deactivate(world: World, userId: string): void {
  const user = world.user(userId);
  user.deleted = true;
  for (const installation of world.installations.alive()) {
    if (installation.teamId !== user.team_id) continue;
    tellInstallation(world, installation, { type: "user_change", user: { id: user.id, deleted: true } });
  }
  world.page({ type: "user", user });
}

export function shareExternally(world: World, channelId: string, withTeam: string, guests: string[]): void {
  const channel = world.channel(channelId);
  if (!channel.shared_team_ids.includes(withTeam)) channel.shared_team_ids.push(withTeam);
  for (const guest of guests) channel.members.add(world.user(guest).id);
  world.page({ type: "channel", channel });
  tellChannel(world, channel, channel.creator, {
    type: "channel_shared",
    channel: channelId,
    connected_team_id: withTeam,
  });
}
