import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { PageRefusal, readJsonBody, sendJson } from "../page-api/http.ts";
import { contentOf, requireContent } from "../web-api/content.ts";
import type { Content } from "../world/messages.ts";
import { SlackError } from "../world/slack-error.ts";
import type { ResponseTarget } from "../world/triggers.ts";
import type { World } from "../world/world.ts";

/** What a bot says to a command or by a response_url. */
const response = z.looseObject({
  response_type: z.enum(["in_channel", "ephemeral"]).default("ephemeral"),
  replace_original: z.boolean().default(false),
  delete_original: z.boolean().default(false),
  thread_ts: z.string().optional(),
});
type Response = z.infer<typeof response>;

/** Reads what a bot answers to a command; null where it only acknowledged. Throws SlackError invalid_payload. */
export function readResponse(said: unknown): Response | null {
  if (said === null) return null;
  const read = response.safeParse(typeof said === "string" ? { text: said } : said);
  if (!read.success) throw new SlackError("invalid_payload");
  return read.data;
}

/** Carries out what a bot says by a response_url. Throws SlackError with what Slack would answer. */
export function respond(world: World, target: ResponseTarget, said: Response): void {
  if (said.delete_original) {
    removeOriginal(world, target);
    return;
  }
  const content = contentOf(said);
  requireContent(content);
  const by = world.bot(target.teamId);
  const posting = { by, ...content, thread_ts: said.thread_ts };
  if (said.replace_original && target.message_ts !== null) replaceOriginal(world, target, content);
  else if (said.response_type === "in_channel") world.messages.post(target.channel, posting);
  else world.messages.postEphemeral(target.channel, target.user, posting);
}

function replaceOriginal(world: World, to: ResponseTarget, content: Content): void {
  const ts = to.message_ts ?? "";
  if (to.is_ephemeral) world.messages.changeEphemeral(to.user, ts, content);
  else world.messages.change(to.channel, ts, content, { by: world.bot(to.teamId).id });
}

function removeOriginal(world: World, { user, channel, message_ts, is_ephemeral }: ResponseTarget): void {
  if (message_ts === null) throw new SlackError("message_not_found");
  if (is_ephemeral) world.messages.removeEphemeral(user, message_ts);
  else world.messages.remove(channel, message_ts);
}

/** POST /response/T…/…: five times, for half an hour; only addresses that were given out. */
export async function handleResponseUrl(
  world: World,
  id: string,
  request: IncomingMessage,
  answer: ServerResponse,
): Promise<void> {
  try {
    const said = readResponse(await readJsonBody(request));
    const target = world.responseUrls.use(id);
    respond(world, target, said ?? response.parse({}));
    answer.writeHead(200, { "content-type": "text/plain; charset=utf-8" });
    answer.end("ok");
  } catch (refused) {
    if (refused instanceof PageRefusal)
      return sendJson(answer, { ok: false, error: "invalid_payload" }, refused.status);
    if (!(refused instanceof SlackError)) throw refused;
    sendJson(answer, { ok: false, error: refused.code, ...refused.extra }, GONE.has(refused.code) ? 404 : 400);
  }
}

const GONE = new Set(["not_found", "expired_url", "used_url"]);
