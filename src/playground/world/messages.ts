import { identified } from "./blocks/identified.ts";
import { messageAt, threadOf } from "./places.ts";
import type { Attachment, Block, Channel, Ephemeral, Message, Metadata, SlackFile, User } from "./shapes.ts";
import { SlackError } from "./slack-error.ts";
import { tellChanged, tellDeleted, tellMessage } from "./tell.ts";
import type { World } from "./world.ts";

/** What a message says. */
export interface Content {
  text: string;
  blocks?: Block[] | undefined;
  attachments?: Attachment[] | undefined;
  metadata?: Metadata | undefined;
}

export interface Posting extends Content {
  by: User;
  thread_ts?: string | undefined;
  reply_broadcast?: boolean | undefined;
  files?: SlackFile[] | undefined;
  subtype?: string | undefined;
  username?: string | undefined;
  streaming_state?: Message["streaming_state"];
  inviter?: string | undefined;
}

/** Everything that is written, by people and bots. Keeps threads counted, and tells the app and the page. */
export class Messages {
  readonly #world: World;
  readonly #ephemerals: Ephemeral[] = [];
  constructor(world: World) {
    this.#world = world;
  }

  /** Throws SlackError is_archived, or thread_not_found for a reply to nothing. */
  post(channelId: string, posting: Posting): Message {
    const channel = this.#world.channel(channelId);
    if (channel.is_archived) throw new SlackError("is_archived");
    const message = this.#written(channel, posting);
    channel.messages.push(message);
    const parent = message.thread_ts === undefined ? null : this.#countReply(channel, message);
    if (message.bot_id !== undefined && message.thread_ts !== undefined) {
      this.#world.agent.clearStatus(channel.id, message.thread_ts);
    }
    this.#world.page({ type: "message", channel: channel.id, message });
    if (parent !== null) this.#world.page({ type: "changed", channel: channel.id, message: parent });
    tellMessage(this.#world, channel, structuredClone(message));
    return message;
  }

  #written(channel: Channel, posting: Posting): Message {
    const { by, text, blocks, attachments, files, metadata, subtype, username, streaming_state, inviter } = posting;
    const ts = this.#world.ids.ts();
    const root = posting.thread_ts === undefined ? undefined : this.#root(channel, posting.thread_ts);
    const message: Message = { type: "message", ts, user: by.id, text, team: by.team_id };
    if (root !== undefined) Object.assign(message, { thread_ts: root.ts, parent_user_id: root.user });
    if (root !== undefined && posting.reply_broadcast) {
      Object.assign(message, { subtype: "thread_broadcast", root: { ts: root.ts, text: root.text, user: root.user } });
    }
    const given = {
      blocks: blocks && identified(blocks),
      attachments,
      files,
      metadata,
      subtype,
      username,
      streaming_state,
      inviter,
    };
    for (const [field, value] of Object.entries(given))
      if (value !== undefined) Object.assign(message, { [field]: value });
    if (by.kind !== "bot") return Object.assign(message, { client_msg_id: crypto.randomUUID() });
    return Object.assign(message, this.#signature(by));
  }

  #signature(bot: User): Partial<Message> {
    const [bot_id, app_id] = [bot.bot_id ?? "", bot.app_id ?? ""];
    const bot_profile = { id: bot_id, app_id, name: bot.real_name, team_id: bot.team_id, deleted: false };
    return { bot_id, app_id, bot_profile };
  }

  /** Slack puts a reply to a reply into the thread of its parent. */
  #root(channel: Channel, ts: string): Message {
    const found = channel.messages.findLast((message) => message.ts === ts);
    if (found === undefined) throw new SlackError("thread_not_found");
    return found.thread_ts === undefined || found.thread_ts === ts ? found : messageAt(channel, found.thread_ts);
  }

  #countReply(channel: Channel, reply: Message): Message {
    const root = messageAt(channel, reply.thread_ts ?? reply.ts);
    const users = [...new Set([...(root.reply_users ?? []), reply.user])];
    return Object.assign(root, {
      thread_ts: root.ts,
      reply_count: (root.reply_count ?? 0) + 1,
      reply_users: users,
      reply_users_count: users.length,
      latest_reply: reply.ts,
    });
  }

  /** After a reply is gone. */
  #recount(channel: Channel, root: Message): void {
    const replies = threadOf(channel, root.ts).filter((message) => message.ts !== root.ts);
    const last = replies.at(-1);
    if (last === undefined) {
      for (const field of ["thread_ts", "reply_count", "reply_users", "reply_users_count", "latest_reply"] as const) {
        delete root[field];
      }
      return;
    }
    const users = [...new Set(replies.map((reply) => reply.user))];
    Object.assign(root, {
      thread_ts: root.ts,
      reply_count: replies.length,
      reply_users: users,
      reply_users_count: users.length,
      latest_reply: last.ts,
    });
  }

  /** Changes what a message says. `edited: null`: by its stream, which leaves no mark. */
  change(channelId: string, ts: string, content: Partial<Message>, edited: { by: string } | null): Message {
    const channel = this.#world.channel(channelId);
    const message = messageAt(channel, ts);
    const previous = structuredClone(message);
    Object.assign(message, content, content.blocks && { blocks: identified(content.blocks) });
    for (const field of ["blocks", "attachments", "metadata", "files"] as const) {
      if (field in content && content[field] === undefined) delete message[field];
    }
    if (edited !== null) message.edited = { user: edited.by, ts: this.#world.ids.ts() };
    this.#world.page({ type: "changed", channel: channel.id, message });
    tellChanged(this.#world, channel, previous, structuredClone(message));
    return message;
  }

  /** A message with replies leaves a tombstone, as in Slack. */
  remove(channelId: string, ts: string): void {
    const channel = this.#world.channel(channelId);
    const message = messageAt(channel, ts);
    const previous = structuredClone(message);
    if ((message.reply_count ?? 0) > 0) {
      Object.assign(message, { subtype: "tombstone", text: "This message was deleted.", user: "USLACKBOT" });
      for (const field of ["blocks", "attachments", "files", "metadata", "reactions"] as const) delete message[field];
    } else channel.messages.splice(channel.messages.indexOf(message), 1);
    const root = channel.messages.find((each) => each.ts === message.thread_ts && each.ts !== ts);
    if (root !== undefined) {
      this.#recount(channel, root);
      this.#world.page({ type: "changed", channel: channel.id, message: root });
    }
    this.#world.page({ type: "deleted", channel: channel.id, ts, thread_ts: previous.thread_ts ?? null });
    tellDeleted(this.#world, channel, previous);
  }

  /** Only `to` sees it. Throws SlackError user_not_in_channel, is_archived. */
  postEphemeral(channelId: string, to: string, posting: Posting): Ephemeral {
    const channel = this.#world.channel(channelId);
    if (channel.is_archived) throw new SlackError("is_archived");
    if (!channel.members.has(to)) throw new SlackError("user_not_in_channel");
    const { reply_broadcast: _, ...rest } = posting;
    const threaded = posting.thread_ts !== undefined && channel.messages.some(({ ts }) => ts === posting.thread_ts);
    const written = this.#written(channel, threaded ? rest : { ...rest, thread_ts: undefined });
    const message: Ephemeral = { ...written, channel: channelId, is_ephemeral: true, to };
    this.#ephemerals.push(message);
    this.#world.page({ type: "ephemeral", channel: channelId, user: to, message });
    return message;
  }

  /** What one person sees besides the history, oldest first. */
  ephemerals(to: string, channelId: string): Ephemeral[] {
    return this.#ephemerals.filter((message) => message.to === to && message.channel === channelId);
  }

  /** By the response URL of a button in it. Throws SlackError message_not_found. */
  changeEphemeral(to: string, ts: string, content: Content): Ephemeral {
    const message = this.#ephemeral(to, ts);
    Object.assign(message, content, content.blocks && { blocks: identified(content.blocks) });
    for (const field of ["blocks", "attachments"] as const) if (content[field] === undefined) delete message[field];
    this.#world.page({ type: "ephemeral_changed", channel: message.channel, user: to, message });
    return message;
  }

  removeEphemeral(to: string, ts: string): void {
    const message = this.#ephemeral(to, ts);
    this.#ephemerals.splice(this.#ephemerals.indexOf(message), 1);
    this.#world.page({ type: "ephemeral_deleted", channel: message.channel, user: to, ts });
  }

  #ephemeral(to: string, ts: string): Ephemeral {
    const found = this.#ephemerals.find((message) => message.to === to && message.ts === ts);
    if (found === undefined) throw new SlackError("message_not_found");
    return found;
  }
}
