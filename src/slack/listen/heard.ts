import { z } from "zod";
import { kindById } from "../channels.ts";
import type { Where } from "../job.ts";

const message = z.object({
  type: z.enum(["message", "app_mention"]),
  subtype: z.string().optional(),
  channel: z.string(),
  channel_type: z.enum(["im", "mpim", "channel", "group", "app_home"]).optional(),
  user: z.string().optional(),
  bot_id: z.string().optional(),
  text: z.string().default(""),
  ts: z.string(),
  thread_ts: z.string().optional(),
  files: z.array(z.unknown()).optional(),
});
const envelope = z.object({ event: message, is_ext_shared_channel: z.boolean().optional() });

/** Something that a person said where the bot can hear it. */
export interface Heard {
  where: Where;
  userId: string;
  /** As Slack writes it, with its <…> marks. */
  text: string;
  ts: string;
  /** The ts of the first message of its thread: its own, where it begins one. */
  thread: string;
  /** It stands in a thread that somebody else's message, or an earlier one, has begun. */
  inThread: boolean;
  hasFiles: boolean;
  mentionsBot: boolean;
  /** Other people, groups, or everybody, are called by name. */
  mentionsOthers: boolean;
}

/** Messages that a person typed; the other subtypes tell of joins, topics, edits and bots. */
const TYPED = new Set([undefined, "file_share", "thread_broadcast", "me_message"]);

/** The message of an event body; null for what no person said. Both twins of a mention give the same. */
export function heardOf(body: unknown, botUserId: string): Heard | null {
  const read = envelope.safeParse(body);
  if (!read.success) return null;
  const { event, is_ext_shared_channel: shared = false } = read.data;
  const { user, subtype, bot_id: bot, channel_type: type } = event;
  if (!user || bot || user === botUserId || !TYPED.has(subtype)) return null;
  const kind = type === undefined || type === "app_home" ? kindById(event.channel) : type;
  const called = [...event.text.matchAll(CALLED)].map(([, who]) => who!);
  return {
    where: { channel: event.channel, kind, shared },
    userId: user,
    text: event.text,
    ts: event.ts,
    thread: event.thread_ts ?? event.ts,
    inThread: event.thread_ts !== undefined && event.thread_ts !== event.ts,
    hasFiles: (event.files?.length ?? 0) > 0,
    mentionsBot: event.type === "app_mention" || called.includes(`@${botUserId}`),
    mentionsOthers: called.some((who) => who !== `@${botUserId}`),
  };
}

/** <@U1>, <@U1|name>, <!subteam^S1>, <!here>, <!channel>, <!everyone>; not <!date^…>. */
const CALLED = /<(@[UW][A-Z0-9]+|!subteam\^[A-Z0-9]+|!here|!channel|!everyone)(?:[|^][^>]*)?>/g;
