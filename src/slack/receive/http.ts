import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { type CustomRoute, HTTPReceiver } from "@slack/bolt";
import { BadInput } from "#errors.ts";
import type { Log } from "#log.ts";
import { boltLog } from "../bolt-log.ts";
import type { Timing } from "../timing.ts";
import { asApp, type Incomings } from "./receiver.ts";
import type { Reception } from "./reception.ts";

const BODY_LIMIT = 2 * 1024 * 1024;
const FUTURE_SECONDS = 5 * 60; // Bolt refuses what is as old; what is dated ahead could be replayed for longer
const CLOSE_MS = 3_000; // Slack waits no longer for an acknowledgement

export interface HttpOptions {
  signingSecret: string;
  port: number;
  host: string;
  reception: Reception;
  log: Log;
  timing: Timing;
  /** The install pages, where there are any. */
  routes: CustomRoute[];
  /** What /healthz tells. Rejects when the house is not well. */
  health: () => Promise<object>;
}

/** Slack's events over HTTP, at /slack/events. */
export function openHttp(options: HttpOptions): Incomings {
  const { signingSecret, reception, log, timing, routes, health } = options;
  const receiver = new HTTPReceiver({
    signingSecret,
    endpoints: "/slack/events",
    logger: boltLog(log),
    bodyLimit: BODY_LIMIT,
    unhandledRequestTimeoutMillis: timing.acknowledge,
    customRoutes: [
      ...routes,
      { path: "/healthz", method: "GET", handler: (_, response) => void tellHealth(response, health) },
    ],
    // Not written down: Slack brings it again.
    processEventErrorHandler: async ({ error, response }) => {
      log.error({ err: error }, "an event of Slack's could not be written down");
      return refuse(response, 503);
    },
    unhandledRequestHandler: ({ response }) => void refuse(response, 503),
  });
  receiver.init(asApp(reception));
  receiver.requestListener = guarded(receiver.requestListener, log);
  let server: Server | null = null;
  return {
    get port() {
      return server ? (server.address() as AddressInfo).port : null; // it listens on a port, never on a pipe
    },
    get connected() {
      return server ? 1 : 0;
    },
    async start() {
      server = await listen(receiver, options);
    },
    async stop() {
      if (!server) return;
      const closing = receiver.stop();
      server.closeIdleConnections();
      await Promise.race([closing, wait(CLOSE_MS, undefined, { ref: false })]);
      server.closeAllConnections();
      await closing;
      server = null;
    },
  };
}

async function listen(receiver: HTTPReceiver, { port, host }: HttpOptions): Promise<Server> {
  try {
    return await receiver.start({ port, host });
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
    throw new BadInput(
      `Port ${port} of ${host} cannot be listened on (${code}). Set PERENNIAL_PORT or PERENNIAL_HOST.`,
      { cause },
    );
  }
}

/** Refuses what Bolt would take or stumble over: requests dated ahead, and bodies that are no object. */
function guarded(inner: RequestListener, log: Log): RequestListener {
  return (request, response) => {
    if (request.method !== "POST") return inner(request, response);
    if (isAhead(request)) return void refuse(response, 401);
    readWhole(request)
      .then(
        (body) => {
          if (body === null) return void refuse(response, 413);
          if (!isObject(request, body)) return void refuse(response, 400);
          Object.assign(request, { rawBody: body }); // Bolt takes a body that was read before it
          inner(request, response);
        },
        (error: unknown) => log.debug({ err: error }, "a request broke off"),
      )
      .catch((error: unknown) => {
        log.error({ err: error }, "a request could not be served");
        refuse(response, 500);
      });
  };
}

function isAhead({ headers }: IncomingMessage): boolean {
  const stamp = Number(headers["x-slack-request-timestamp"]);
  return Number.isFinite(stamp) && stamp > Date.now() / 1000 + FUTURE_SECONDS;
}

/** null: longer than Slack's bodies ever are. */
async function readWhole(request: IncomingMessage): Promise<Buffer | null> {
  const pieces: Buffer[] = [];
  let length = 0;
  // Not destroyed at the limit, so that the refusal still gets out.
  for await (const piece of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > BODY_LIMIT) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** Bolt ends the process over a signed `null`; everything of Slack's is an object, or a form of fields. */
function isObject({ headers }: IncomingMessage, body: Buffer): boolean {
  const text = body.toString("utf8");
  if (headers["content-type"] === "application/x-www-form-urlencoded") {
    const payload = new URLSearchParams(text).get("payload");
    return payload === null || payload.trimStart().startsWith("{");
  }
  return text.trimStart().startsWith("{");
}

async function tellHealth(response: ServerResponse, health: () => Promise<object>): Promise<void> {
  const [status, told] = await health().then(
    (state) => [200, { ok: true, ...state }] as const,
    () => [503, { ok: false }] as const, // what is wrong stands in the log; this page is open to anybody
  );
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(told));
}

/** Answers without a body, unless something was answered already. Returns whether it did. */
function refuse(response: ServerResponse, status: number): boolean {
  if (response.headersSent) return false;
  response.writeHead(status, status === 413 ? { connection: "close" } : {});
  response.end();
  return true;
}
