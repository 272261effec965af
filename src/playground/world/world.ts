import { EventEmitter } from "node:events";
import { AgentThreads } from "./agent-threads.ts";
import { Calls } from "./calls.ts";
import type { PageChange, WorldEvents } from "./changes.ts";
import { Faults } from "./faults.ts";
import { Files } from "./files.ts";
import { Ids, randomTag } from "./ids.ts";
import { Installations } from "./installations.ts";
import { Messages } from "./messages.ts";
import * as people from "./people-side.ts";
import { openDirectMessage } from "./places.ts";
import { RateLimits } from "./rate-limits.ts";
import { registeredApp } from "./registered-app.ts";
import type { Channel, ChannelKind, Message, PersonKind, RegisteredApp, Team, User } from "./shapes.ts";
import { SlackError } from "./slack-error.ts";
import { Streams } from "./streams.ts";
import { ResponseUrls, Triggers } from "./triggers.ts";
import { Views } from "./views.ts";

export interface WorldOptions {
  /** Milliseconds since 1970. */
  now?: () => number;
  /** Four letters in every id; random unless given, so that two worlds never share a team. */
  tag?: string;
  app?: Partial<RegisteredApp>;
  /** How long a press may open a window, ms; Slack's own 3 seconds unless given. */
  triggersLive?: number;
}

/**
 * A Slack in memory, with Slack's rules. Tells `app` what Slack would tell the app and `page` what a page would redraw;
 * the Web API and the page act on it by its methods, which throw SlackError with Slack's codes.
 */
export class World extends EventEmitter<WorldEvents> {
  readonly now: () => number;
  readonly ids: Ids;
  readonly app: RegisteredApp;
  readonly teams = new Map<string, Team>();
  readonly users = new Map<string, User>();
  readonly channels = new Map<string, Channel>();
  readonly messages: Messages;
  readonly streams: Streams;
  readonly views: Views;
  readonly agent: AgentThreads;
  readonly files: Files;
  readonly installations: Installations;
  readonly triggers: Triggers;
  readonly responseUrls: ResponseUrls;
  readonly rateLimits: RateLimits;
  readonly faults = new Faults();
  readonly calls = new Calls();

  constructor({ now = Date.now, tag = randomTag(), app = {}, triggersLive }: WorldOptions = {}) {
    super();
    this.setMaxListeners(100);
    this.now = now;
    this.ids = new Ids(tag, now);
    this.app = { ...registeredApp(this.ids), ...app };
    this.messages = new Messages(this);
    this.streams = new Streams(this);
    this.views = new Views(this);
    this.agent = new AgentThreads(this);
    this.files = new Files(this);
    this.installations = new Installations(this);
    this.triggers = new Triggers(now, triggersLive);
    this.responseUrls = new ResponseUrls(now);
    this.rateLimits = new RateLimits(now);
  }

  page(change: PageChange): void {
    this.emit("page", change);
  }

  addTeam(team: { name: string; domain: string }): Team {
    const added = { id: this.ids.next("T"), ...team };
    this.teams.set(added.id, added);
    return added;
  }

  addUser(user: {
    team: string;
    name: string;
    kind?: PersonKind;
    email?: string | null;
    tz?: string;
    title?: string;
  }): User {
    const added: User = {
      id: this.ids.next("U"),
      team_id: user.team,
      name: user.name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "."),
      real_name: user.name,
      email: user.email ?? null,
      kind: user.kind ?? "member",
      deleted: false,
      tz: user.tz ?? "Europe/Berlin",
      title: user.title ?? "",
      bot_id: user.kind === "bot" ? this.ids.next("B") : null,
      app_id: user.kind === "bot" ? this.ids.next("A") : null,
    };
    this.users.set(added.id, added);
    return added;
  }

  addChannel(channel: {
    id?: string;
    team: string;
    name: string;
    kind?: ChannelKind;
    members: string[];
    topic?: string;
  }): Channel {
    const kind = channel.kind ?? "channel";
    const added: Channel = {
      id: channel.id ?? this.ids.next(kind === "mpim" ? "G" : "C"),
      name: channel.name,
      kind,
      team_id: channel.team,
      shared_team_ids: [channel.team],
      is_archived: false,
      admins_only: false,
      topic: channel.topic ?? "",
      purpose: "",
      creator: channel.members[0] ?? "",
      created: Math.floor(this.now() / 1000),
      members: new Set(channel.members),
      messages: [],
    };
    this.channels.set(added.id, added);
    return added;
  }

  /** Throws SlackError user_not_found. */
  user(id: string): User {
    return this.users.get(id) ?? refuse("user_not_found");
  }

  /** Throws SlackError channel_not_found. */
  channel(id: string): Channel {
    return this.channels.get(id) ?? refuse("channel_not_found");
  }

  /** By real name: "Owen Fairclough". */
  userNamed(realName: string): User {
    return this.users.values().find((user) => user.real_name === realName) ?? refuse("user_not_found");
  }

  /** By name, without "#". */
  channelNamed(name: string): Channel {
    return this.channels.values().find((channel) => channel.name === name) ?? refuse("channel_not_found");
  }

  /** The bot's own user in a team. Throws SlackError account_inactive where the app is not installed. */
  bot(teamId: string): User {
    return this.user(this.installations.ofTeam(teamId).botUserId);
  }

  /** The direct message channel of two people, or of one and the bot, opened on demand. */
  directMessage(one: string, other: string): Channel {
    return openDirectMessage(this, one, other);
  }

  /** Lets the app open a modal for this person within 3 seconds. */
  trigger(userId: string): string {
    return this.triggers.make(this.user(userId).id);
  }

  /** Somebody writes; `text` in Slack's own form (see typedText for what people type). */
  say(userId: string, channel: string, text: string, how: people.Saying = {}): Message {
    return people.say(this, userId, channel, text, how);
  }

  edit(userId: string, channel: string, ts: string, text: string): Message {
    return people.edit(this, userId, channel, ts, text);
  }

  remove(userId: string, channel: string, ts: string): void {
    people.remove(this, userId, channel, ts);
  }

  /** A second time takes the reaction away. */
  react(userId: string, channel: string, ts: string, name: string): void {
    people.react(this, userId, channel, ts, name);
  }

  /** Somebody opens the app: `app_home_opened`. */
  openHome(userId: string, tab: "home" | "messages"): void {
    people.openHome(this, userId, tab);
  }

  /** What somebody looks at beside the agent has changed: `app_context_changed`. */
  look(userId: string, channel: string): void {
    people.look(this, userId, channel);
  }

  /** The stop button of an agent's thread; false where nothing is being worked on. */
  stop(userId: string, channel: string, threadTs: string): boolean {
    return people.stop(this, userId, channel, threadTs);
  }

  invite(by: string, userId: string, channel: string): void {
    people.invite(this, by, userId, channel);
  }

  kick(by: string, userId: string, channel: string): void {
    people.kick(this, by, userId, channel);
  }

  archive(by: string, channel: string): void {
    people.setArchived(this, by, channel, true);
  }

  unarchive(by: string, channel: string): void {
    people.setArchived(this, by, channel, false);
  }

  deleteChannel(by: string, channel: string): void {
    people.deleteChannel(this, by, channel);
  }

  deactivate(userId: string): void {
    people.deactivate(this, userId);
  }

  /** People of another company get into a channel. */
  shareExternally(channel: string, withTeam: string, guests: string[]): void {
    people.shareExternally(this, channel, withTeam, guests);
  }

  /** An admin takes the app's token away: `tokens_revoked`; the token answers token_revoked. */
  revoke(teamId: string): void {
    this.installations.end(teamId, "token_revoked");
  }

  /** An admin removes the app: `tokens_revoked` and `app_uninstalled`; the token answers account_inactive. */
  uninstall(teamId: string): void {
    this.installations.end(teamId, "account_inactive");
  }
}

function refuse(code: string): never {
  throw new SlackError(code);
}
