import type { IncomingMessage } from "node:http";
import { SlackError } from "../world/slack-error.ts";

const LARGEST_BODY = 60_000_000;

/** A call as it came: its arguments, and the token from the header or among them. */
export interface Asked {
  args: Record<string, unknown>;
  token: string | null;
}

/** Throws SlackError request_too_large. */
export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > LARGEST_BODY) throw new SlackError("request_too_large");
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** Forms, JSON and queries alike. Throws SlackError invalid_json, invalid_post_type. */
export async function asked(request: IncomingMessage, url: URL): Promise<Asked> {
  const body = await bodyOf(request);
  const sent = { ...Object.fromEntries(url.searchParams), ...sentArgs(request, body.toString("utf8")) };
  const [kind, credentials = ""] = (request.headers.authorization ?? "").split(" ");
  const { token: inArgs, ...args } = sent;
  if (kind === "Basic") {
    // OAuth calls may name the client so.
    const [client_id, client_secret] = Buffer.from(credentials, "base64").toString().split(":");
    return { args: { client_id, client_secret, ...args }, token: null };
  }
  const token = kind === "Bearer" && credentials !== "" ? credentials : inArgs;
  return { args, token: typeof token === "string" && token !== "" ? token : null };
}

function sentArgs(request: IncomingMessage, body: string): Record<string, unknown> {
  if (body === "") return {};
  const type = (request.headers["content-type"] ?? "").split(";", 1)[0];
  if (type === "application/x-www-form-urlencoded") return Object.fromEntries(new URLSearchParams(body));
  if (type !== "application/json") throw new SlackError(type === "" ? "missing_post_type" : "invalid_post_type");
  try {
    const read: unknown = JSON.parse(body);
    if (typeof read === "object" && read !== null && !Array.isArray(read)) return { ...read };
  } catch (broken) {
    throw new SlackError("invalid_json", { cause: String(broken) });
  }
  throw new SlackError("json_not_object");
}

/** The bytes of an upload: as they are, or the one part of a form. */
export async function uploaded(request: IncomingMessage): Promise<Buffer> {
  const body = await bodyOf(request);
  const type = request.headers["content-type"] ?? "";
  if (!type.startsWith("multipart/form-data")) return body;
  const form = await new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData();
  for (const part of form.values())
    return part instanceof Blob ? Buffer.from(await part.arrayBuffer()) : Buffer.from(part);
  throw new SlackError("missing_file_data");
}
