import type { IncomingMessage, ServerResponse } from "node:http";

const MOST_BYTES = 1_000_000;

/** The page asked for something that cannot be done; `message` is for the person. */
export class PageRefusal extends Error {
  override readonly name = "PageRefusal";
  readonly status: number;
  readonly code: string;
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}

/** The request's body. Throws PageRefusal when it is longer than a page would send. */
export async function readBody(request: IncomingMessage, most = MOST_BYTES): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > most) throw new PageRefusal("too_large", "That is too long to send.", 413);
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

/** The body as JSON. A page of another site can send forms and plain text without asking, but not this type. */
export async function readJsonBody(request: IncomingMessage): Promise<unknown> {
  if (!/^application\/json\b/.test(request.headers["content-type"] ?? ""))
    throw new PageRefusal("invalid_content_type", "Send JSON, with content-type application/json.", 415);
  const text = await readBody(request);
  try {
    return JSON.parse(text);
  } catch (notJson) {
    if (notJson instanceof SyntaxError) throw new PageRefusal("invalid_json", "That was no JSON.");
    throw notJson;
  }
}
