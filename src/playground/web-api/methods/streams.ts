import { z } from "zod";
import { messageAt } from "../../world/places.ts";
import { SlackError } from "../../world/slack-error.ts";
import type { Chunk } from "../../world/streams.ts";
import { bot, type Call, joinedChannel, json, type Method, read, word } from "../call.ts";
import { blocksOf, metadataOf } from "../content.ts";
import { messagePortrait } from "../portraits.ts";
import { sessionStatus } from "./agents.ts";
import { placeToPost } from "./chat.ts";

const WRITE = ["chat:write"];
const LONGEST = 12_000;

const status = z.enum(["pending", "in_progress", "complete", "error"]);
const source = z.strictObject({ type: z.literal("url"), url: z.string(), text: z.string() });
const chunk = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("markdown_text"), text: z.string().min(1) }),
  z.strictObject({
    type: z.literal("task_update"),
    id: z.string().min(1),
    title: z.string().min(1).max(256),
    status,
    details: z.string().max(256).optional(), // the documentation is silent; so are we about longer outputs
    output: z.string().optional(),
    sources: z.array(source).optional(),
  }),
  z.strictObject({ type: z.literal("plan_update"), title: z.string().min(1).max(256) }),
  z.strictObject({ type: z.literal("blocks"), blocks: z.array(z.unknown()).max(50) }),
]);

/** `markdown_text` and `chunks` of a call, in this order. Throws SlackError msg_too_long, invalid_chunks, invalid_blocks. */
function chunksOf(call: Call): Chunk[] {
  const { markdown_text, chunks } = read(call.args, { markdown_text: word.optional(), chunks: json.optional() });
  const parsed = z.array(chunk).safeParse(chunks ?? []);
  if (!parsed.success)
    throw new SlackError("invalid_chunks", { response_metadata: { messages: [parsed.error.message] } });
  const all = markdown_text ? [{ type: "markdown_text" as const, text: markdown_text }, ...parsed.data] : parsed.data;
  return all.map((each): Chunk => {
    if (each.type === "markdown_text" && each.text.length > LONGEST) throw new SlackError("msg_too_long");
    if (each.type !== "task_update") {
      return each.type === "blocks" ? { type: "blocks", blocks: blocksOf(each.blocks) ?? [] } : each;
    }
    const { details, output, sources, ...task } = each;
    return { ...task, ...(details && { details }), ...(output && { output }), ...(sources && { sources }) };
  });
}

export const streams: Record<string, Method> = {
  "chat.startStream": bot(WRITE, (call) => {
    const to = read(call.args, {
      channel: word,
      thread_ts: word.optional(),
      recipient_user_id: word.optional(),
      recipient_team_id: word.optional(),
      task_display_mode: z.enum(["timeline", "plan"]).default("timeline"),
    });
    const channel = placeToPost(call, to.channel);
    if (channel.kind === "im" && to.thread_ts === undefined) throw new SlackError("invalid_thread_ts");
    if (channel.kind !== "im" && to.recipient_team_id === undefined) throw new SlackError("missing_recipient_team_id");
    if (channel.kind !== "im" && to.recipient_user_id === undefined) throw new SlackError("missing_recipient_user_id");
    if (to.recipient_user_id !== undefined) call.world.user(to.recipient_user_id);
    const how = { mode: to.task_display_mode, chunks: chunksOf(call) };
    const message = call.world.streams.start(call.bot, { channel: channel.id, thread_ts: to.thread_ts }, how);
    return { channel: channel.id, ts: message.ts };
  }),

  "chat.appendStream": bot(WRITE, (call) => {
    const { channel, ts } = read(call.args, { channel: word, ts: word });
    const chunks = chunksOf(call);
    if (chunks.length === 0) throw new SlackError("no_text");
    joinedChannel(call, channel);
    call.world.streams.append(call.bot, channel, ts, chunks);
    return { channel, ts };
  }),

  "chat.stopStream": bot(WRITE, (call) => {
    const { channel, ts, session_status } = read(call.args, {
      channel: word,
      ts: word,
      session_status: sessionStatus.optional(),
    });
    joinedChannel(call, channel);
    const last = {
      chunks: chunksOf(call),
      blocks: blocksOf(call.args.blocks) ?? [],
      metadata: metadataOf(call.args.metadata),
    };
    const message = call.world.streams.stop(call.bot, channel, ts, last);
    const thread = messageAt(call.world.channel(channel), ts).thread_ts;
    if (session_status !== undefined && thread !== undefined)
      call.world.agent.setSession(channel, thread, session_status);
    return { channel, ts, message: messagePortrait(message, true) };
  }),
};
