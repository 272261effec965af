import { z } from "zod";
import { messageAt } from "../../world/places.ts";
import type { Attachment, Channel, Message } from "../../world/shapes.ts";
import { SlackError } from "../../world/slack-error.ts";
import { linksIn } from "../../world/typed-text.ts";
import { validateAttachments } from "../../world/validate-blocks.ts";
import { bot, type Call, flag, joinedChannel, json, knownChannel, type Method, read, word } from "../call.ts";
import { blocksOf, contentOf, requireContent } from "../content.ts";
import { messagePortrait } from "../portraits.ts";

const WRITE = ["chat:write"];

/** A channel to post into; a person's id stands for their direct messages. Throws SlackError. */
export function placeToPost(call: Call, id: string): Channel {
  const { world, bot: self } = call;
  const user = world.users.get(id);
  if (user?.kind === "bot") throw new SlackError("cannot_dm_bot");
  if (user !== undefined && user.team_id !== call.by.teamId) throw new SlackError("channel_not_found");
  const channel = joinedChannel(call, user === undefined ? id : world.directMessage(user.id, self.id).id);
  if (channel.is_archived) throw new SlackError("is_archived");
  if (channel.admins_only) throw new SlackError("restricted_action");
  return channel;
}

/** A message of this bot. Throws SlackError. */
function ownMessage(
  call: Call,
  channelId: string,
  ts: string,
  refused: string,
): { channel: Channel; message: Message } {
  const channel = knownChannel(call, channelId);
  const message = messageAt(channel, ts);
  if (message.user !== call.bot.id) throw new SlackError(refused);
  return { channel, message };
}

export const chat: Record<string, Method> = {
  "chat.postMessage": bot(WRITE, (call) => {
    const { channel, thread_ts, reply_broadcast, username } = read(call.args, {
      channel: word,
      thread_ts: word.optional(),
      reply_broadcast: flag.optional(),
      username: word.optional(),
    });
    const place = placeToPost(call, channel);
    const content = contentOf(call.args);
    requireContent(content);
    const message = call.world.messages.post(place.id, {
      by: call.bot,
      ...content,
      thread_ts,
      reply_broadcast,
      username,
    });
    return { channel: place.id, ts: message.ts, message: messagePortrait(message, true) };
  }),

  "chat.postEphemeral": bot(WRITE, (call) => {
    const { channel, user, thread_ts } = read(call.args, { channel: word, user: word, thread_ts: word.optional() });
    const place = placeToPost(call, channel);
    const content = contentOf(call.args);
    requireContent(content);
    const to = call.world.user(user).id;
    const message = call.world.messages.postEphemeral(place.id, to, { by: call.bot, ...content, thread_ts });
    return { message_ts: message.ts };
  }),

  "chat.update": bot(WRITE, (call) => {
    const { channel: id, ts } = read(call.args, { channel: word, ts: word });
    const { channel } = ownMessage(call, id, ts, "cant_update_message");
    if (channel.is_archived) throw new SlackError("is_inactive");
    if (call.world.streams.isOpen(id, ts)) throw new SlackError("streaming_state_conflict");
    const given = contentOf(call.args);
    // What is not sent stays as it was; an empty list takes it away.
    const content: Partial<Message> = {};
    if (call.args.text !== undefined || call.args.markdown_text !== undefined) content.text = given.text;
    for (const field of ["blocks", "attachments", "metadata"] as const) {
      if (given[field] !== undefined) Object.assign(content, { [field]: given[field] });
    }
    if (Object.keys(content).length === 0) throw new SlackError("no_text");
    const message = call.world.messages.change(id, ts, content, { by: call.bot.id });
    return { channel: id, ts, text: message.text, message: messagePortrait(message, true) };
  }),

  "chat.delete": bot(WRITE, (call) => {
    const { channel, ts } = read(call.args, { channel: word, ts: word });
    ownMessage(call, channel, ts, "cant_delete_message");
    call.world.messages.remove(channel, ts);
    return { channel, ts };
  }),

  "chat.getPermalink": bot([], (call) => {
    const { channel, message_ts } = read(call.args, { channel: word, message_ts: word });
    messageAt(knownChannel(call, channel), message_ts);
    return { channel, permalink: `${call.at.origin()}/archives/${channel}/p${message_ts.replace(".", "")}` };
  }),

  "chat.unfurl": bot(["links:write"], (call) => {
    const { unfurls } = read(call.args, { unfurls: json });
    const { channel, message } = unfurled(call);
    const attachments = attachmentsFor(call, message, unfurls);
    const kept = (message.attachments ?? []).filter(
      ({ from_url }) => !attachments.some((each) => each.from_url === from_url),
    );
    call.world.messages.change(channel.id, message.ts, { attachments: [...kept, ...attachments] }, null);
    return {};
  }),
};

/** The message whose links are shown. Throws SlackError cannot_find_message, cannot_unfurl_message. */
function unfurled(call: Call): { channel: Channel; message: Message } {
  const { channel, ts, unfurl_id } = read(call.args, {
    channel: word.optional(),
    ts: word.optional(),
    unfurl_id: word.optional(),
  });
  const [ofChannel = "", ofTs = ""] = unfurl_id?.split("-") ?? [channel, ts];
  const found = call.world.channels.get(ofChannel);
  const message = found?.messages.find((each) => each.ts === ofTs);
  if (found === undefined || message === undefined) throw new SlackError("cannot_find_message");
  return { channel: found, message };
}

function attachmentsFor({ world }: Call, message: Message, unfurls: unknown): Attachment[] {
  const read = z.record(z.string(), z.looseObject({ blocks: z.array(z.unknown()).optional() })).safeParse(unfurls);
  if (!read.success) throw new SlackError("invalid_unfurls_format");
  const links = linksIn(message.text);
  return Object.entries(read.data).map(([url, attachment], at) => {
    const host = URL.canParse(url) ? new URL(url).hostname : "";
    const ours = world.app.unfurlDomains.some((domain) => host === domain || host.endsWith(`.${domain}`));
    if (!ours || !links.includes(url)) throw new SlackError("cannot_unfurl_url");
    const messages = validateAttachments([attachment], "/unfurls");
    if (messages.length > 0) throw new SlackError("invalid_blocks", { response_metadata: { messages } });
    const { blocks, ...rest } = attachment;
    return { id: at + 1, ...rest, from_url: url, ...(blocks && { blocks: blocksOf(blocks) ?? [] }) };
  });
}
