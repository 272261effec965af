import { canSee, isShared, partner, threadOf, topLevel } from "../world/places.ts";
import type { ApiCall, Channel, Ephemeral, Message, Session, Status, User, View } from "../world/shapes.ts";
import type { World } from "../world/world.ts";
import type {
  Block,
  PageCall,
  PageChannel,
  PageFile,
  PageHistory,
  PageMessage,
  PageSession,
  PageStatus,
  PageThread,
  PageUser,
  PageView,
  PageWorld,
  PersonKind,
} from "./types.ts";

/** What is in the world, as the page shows it to one person. */

/** The team whose Slack this is: that of the app. */
export const homeTeam = (world: World): string =>
  world.installations.alive()[0]?.teamId ?? world.teams.keys().next().value ?? "";

export function pageUser(world: World, user: User): PageUser {
  const { id, name, real_name: realName, title, tz } = user;
  const kind = personKind(user, homeTeam(world));
  const teamName = world.teams.get(user.team_id)?.name ?? "";
  const canSpeak = kind !== "bot" && kind !== "deactivated";
  return { id, name, realName, kind, title: title || null, tz, teamName, canSpeak };
}

function personKind({ deleted, kind, team_id }: User, home: string): PersonKind {
  if (deleted) return "deactivated";
  if (kind !== "bot" && team_id !== home) return "stranger";
  return kind === "single_channel_guest" ? "single-channel guest" : kind;
}

export function pageChannel(world: World, channel: Channel, user: User): PageChannel {
  const other = partner(channel, user.id);
  const bots = world.installations.alive().map(({ botUserId }) => botUserId);
  return {
    id: channel.id,
    name: other === null ? channel.name : (world.users.get(other)?.real_name ?? ""),
    type: channel.kind,
    isMember: channel.members.has(user.id),
    isShared: isShared(channel),
    isArchived: channel.is_archived,
    topic: channel.topic,
    with: other,
    hasBot: bots.some((bot) => channel.members.has(bot)),
  };
}

export function pageWorld(world: World, user: User, more: { notice: string | null; connected: boolean }): PageWorld {
  const home = homeTeam(world);
  const team = world.teams.get(home) ?? { id: home, name: "", domain: "" };
  const me = pageUser(world, user);
  return {
    team,
    me,
    users: [...world.users.values()].map((each) => pageUser(world, each)),
    bot: pageBot(world, user),
    channels: [...world.channels.values()]
      .filter((channel) => canSee(channel, user))
      .map((channel) => pageChannel(world, channel, user)),
    commands: me.kind === "stranger" ? [] : world.app.commands,
    shortcuts:
      me.kind === "stranger"
        ? []
        : world.app.shortcuts.map(({ callbackId, name, type }) => ({
            callback_id: callbackId,
            name,
            type,
            description: "",
          })),
    ...more,
  };
}

/** Opens the direct message with the bot, where there can be one. */
function pageBot(world: World, user: User): PageWorld["bot"] {
  const { name, id: appId } = world.app;
  const installed = world.installations.alive().find(({ teamId }) => teamId === user.team_id);
  const bot = installed ?? world.installations.alive()[0];
  const talks = installed !== undefined && !user.deleted && user.kind !== "bot";
  const dmChannel = talks ? world.directMessage(user.id, installed.botUserId).id : null;
  return { userId: bot?.botUserId ?? "", botId: bot?.botId ?? "", appId, name, dmChannel };
}

const REPLIES_SHOWN = 50;
const MESSAGES_SHOWN = 200;

export function pageHistory(world: World, user: User, channel: Channel): PageHistory {
  const mine = world.messages.ephemerals(user.id, channel.id);
  const loose = mine.filter(({ thread_ts }) => thread_ts === undefined);
  const messages = byTime([...topLevel(channel), ...loose]).slice(-MESSAGES_SHOWN);
  const threaded = (message: Message): PageMessage[] =>
    message.reply_count || mine.some(({ thread_ts }) => thread_ts === message.ts)
      ? repliesOf(world, user, channel, message.ts).slice(-REPLIES_SHOWN)
      : [];
  return {
    channel: pageChannel(world, channel, user),
    messages: messages.map((each) => ({ ...pageMessage(each, channel.id, user.id), replies: threaded(each) })),
    statuses: world.agent.statuses(channel.id).map(pageStatus),
    prompts: world.agent.prompts(channel.id),
    sessions: world.agent.sessions(channel.id).map(pageSession),
  };
}

/** Null: there is no such message. */
export function pageThread(world: World, user: User, channel: Channel, ts: string): PageThread | null {
  const parent = channel.messages.find((each) => each.ts === ts);
  if (parent === undefined) return null;
  const status = world.agent.statuses(channel.id).find((each) => each.thread_ts === ts);
  const session = world.agent.session(channel.id, ts);
  return {
    parent: pageMessage(parent, channel.id, user.id),
    replies: repliesOf(world, user, channel, ts),
    status: status ? pageStatus(status) : null,
    session: session && pageSession(session),
  };
}

function repliesOf(world: World, user: User, channel: Channel, ts: string): PageMessage[] {
  const told = threadOf(channel, ts).filter((each) => each.ts !== ts);
  const mine = world.messages.ephemerals(user.id, channel.id).filter(({ thread_ts }) => thread_ts === ts);
  return byTime([...told, ...mine]).map((each) => pageMessage(each, channel.id, user.id));
}

const byTime = (messages: (Message | Ephemeral)[]) => messages.toSorted((one, other) => (one.ts < other.ts ? -1 : 1));

export function pageMessage(message: Message | Ephemeral, channel: string, as: string): PageMessage {
  const { ts, user, text, thread_ts, bot_id, subtype, blocks, attachments, files, reactions, edited } = message;
  return {
    ...{ channel, ts, user, text, mrkdwn: true },
    threadTs: thread_ts ?? null,
    botId: bot_id ?? null,
    subtype: subtype ?? null,
    blocks: (blocks ?? []) as Block[], // the same thing; only this one's index signature is not optional
    attachments: attachments ?? [],
    files: (files ?? []).map((file) => pageFile(file, as)),
    reactions: reactions ?? [],
    edited: edited ?? null,
    isEphemeral: "is_ephemeral" in message,
    isStreaming: message.streaming_state === "in_progress",
    replyCount: message.reply_count ?? 0,
    latestReply: message.latest_reply ?? null,
    replies: [],
  };
}

function pageFile({ id, name, title, mimetype, size }: NonNullable<Message["files"]>[number], as: string): PageFile {
  const url = `/page-api/file?${new URLSearchParams({ id, as })}`;
  return { id, name, title, mimetype, size, url };
}

export const pageStatus = ({ channel, thread_ts, status, loading_messages }: Status): PageStatus => ({
  channel,
  threadTs: thread_ts,
  status,
  loadingMessages: loading_messages,
});

export const pageSession = ({ channel, thread_ts, status, title }: Session): PageSession => ({
  channel,
  threadTs: thread_ts,
  status,
  title: title || null,
});

export const pageView = (view: View): PageView => ({
  id: view.id,
  type: view.type,
  hash: view.hash,
  title: view.title?.text ?? "",
  submit: view.submit?.text ?? null,
  close: view.close?.text ?? null,
  blocks: view.blocks as Block[], // as above
  callbackId: view.callback_id,
  notifyOnClose: view.notify_on_close,
  clearOnClose: view.clear_on_close,
  submitDisabled: "submit_disabled" in view && view.submit_disabled === true,
  previousViewId: view.previous_view_id,
  rootViewId: view.root_view_id,
  state: view.state.values,
});

export const pageCall = ({ n, at, method, args, answer, ms }: ApiCall): PageCall => ({
  n,
  at,
  method,
  args,
  answer,
  ms,
});
