import { z } from "zod";
import { SlackError } from "../../world/slack-error.ts";
import { bot, type Call, count, json, type Method, read, word } from "../call.ts";
import { blocksOf } from "../content.ts";
import { placeToPost } from "./chat.ts";

const LARGEST_FILE = 50_000_000;

export const files: Record<string, Method> = {
  "files.getUploadURLExternal": bot(["files:write"], ({ world, bot: by, at, args }) => {
    const { filename, length } = read(args, { filename: z.string().min(1), length: count.min(1) });
    if (length > LARGEST_FILE) throw new SlackError("file_upload_size_restricted");
    const { id, ticket } = world.files.begin(by, filename, length);
    return { upload_url: `${at.origin()}/upload/v1/${ticket}`, file_id: id };
  }),

  /** Shares them as one message where a channel is named; its ts is not told, as in Slack. */
  "files.completeUploadExternal": bot(["files:write"], (call) => {
    const { world, args } = call;
    const asked = read(args, {
      files: json.pipe(z.array(z.object({ id: z.string(), title: z.string().optional() })).min(1)),
      channel_id: word.optional(),
      channels: word.optional(),
      thread_ts: word.optional(),
      initial_comment: z.string().optional(),
    });
    const places = (asked.channel_id ?? asked.channels ?? "").split(",").filter((id) => id !== "");
    const channels = places.map((id) => placeToPost(call, id));
    const shared = asked.files.map(({ id, title }) => world.files.complete(id, title));
    for (const channel of channels) {
      for (const file of shared) world.files.share(file, channel);
      post(call, channel.id, { thread_ts: asked.thread_ts, text: asked.initial_comment ?? "", files: shared });
    }
    return { files: shared };
  }),

  "files.info": bot(["files:read"], ({ world, bot: { id: self }, args }) => {
    const { file: id } = read(args, { file: word });
    if (!world.files.isVisible(id, self)) throw new SlackError("file_not_found");
    return { file: world.files.get(id).file, comments: [], response_metadata: { next_cursor: "" } };
  }),
};

function post(
  { world, bot: by, args }: Call,
  channel: string,
  said: { thread_ts: string | undefined; text: string; files: ReturnType<Call["world"]["files"]["complete"]>[] },
): void {
  world.messages.post(channel, { by, ...said, blocks: blocksOf(args.blocks), subtype: "file_share" });
}
