import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { BadInput } from "#errors.ts";
import type { Log } from "#log.ts";
import { Delivery } from "./delivery/delivery.ts";
import { handleResponseUrl } from "./delivery/responses.ts";
import type { Spans } from "./delivery/wire.ts";
import { isOwnPage, namesLoopback, SECURITY_HEADERS } from "./page-api/guard.ts";
import { PageRefusal, sendJson } from "./page-api/http.ts";
import { PageApi } from "./page-api/page-api.ts";
import { browserFile } from "./vendor.ts";
import { WebApi } from "./web-api/web-api.ts";
import type { World } from "./world/world.ts";

export interface PlaygroundSettings {
  world: World;
  /** 0: any free one. */
  port: number;
  /** Loopback only: whoever reaches the playground can speak as anybody in it. */
  host?: "127.0.0.1";
  /** Where the bot takes events by HTTP; without it, by Socket Mode. */
  bot?: { requestUrl?: string | null };
  log: Log;
  /** A line on top of the page. */
  notice?: string | null;
  /** Shorter waits, for tests. */
  spans?: Partial<Spans>;
}

export interface Playground {
  /** The page, "http://127.0.0.1:3000". */
  url: string;
  /** What Slack's client takes as `slackApiUrl`; ends with a slash. */
  apiUrl: string;
  world: World;
  /** What an installed app has: the bot token is that of the first team. */
  tokens: { bot: string; app: string; signingSecret: string; clientId: string; clientSecret: string };
  delivery: Delivery;
  /** Takes a request URL once the bot there repeats Slack's challenge; null: Socket Mode. Throws BadInput. */
  setRequestUrl(url: string | null): Promise<void>;
  close(): Promise<void>;
}

/** Opens the playground: a small Slack of our own, and the page to use it by. Throws BadInput when the port is taken. */
export async function startPlayground(settings: PlaygroundSettings): Promise<Playground> {
  const { world, log } = settings;
  let origin = "";
  const delivery = new Delivery({
    ...{ world, origin: () => origin, requestUrl: settings.bot?.requestUrl ?? null, spans: settings.spans },
    connectionsChanged: () => page.stream.worldChanged(),
  });
  delivery.events.on("lost", (event) => log.warn(event, "the bot did not take an event, and it was given up"));
  const page = new PageApi({ world, delivery, notice: settings.notice ?? null });
  const webApi = new WebApi({ world, origin: () => origin, socketAddress: () => delivery.socketAddress() });
  const rooms = { world, page, webApi, log };
  const server = createServer((request, response) => void answer(rooms, request, response));
  server.on("upgrade", (request, socket, head) => {
    if (namesLoopback(request) && request.url?.startsWith("/link")) delivery.upgrade(request, socket, head);
    else socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  });
  const port = await listen(server, settings.port, settings.host ?? "127.0.0.1");
  origin = `http://127.0.0.1:${port}`;
  return {
    url: origin,
    apiUrl: `${origin}/api/`,
    ...{ world, tokens: tokensOf(world), delivery },
    setRequestUrl: (url) => delivery.setRequestUrl(url),
    close: async () => {
      await delivery.close();
      page.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

function tokensOf({ app, installations }: World): Playground["tokens"] {
  const { appToken, signingSecret, clientId, clientSecret } = app;
  return { bot: installations.alive()[0]?.botToken ?? "", app: appToken, signingSecret, clientId, clientSecret };
}

interface Rooms {
  world: World;
  page: PageApi;
  webApi: WebApi;
  log: Log;
}

/** Whatever goes wrong with one request, the playground lives on. */
async function answer(rooms: Rooms, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    await route(rooms, request, response);
  } catch (fault) {
    const isOurs = !(fault instanceof PageRefusal);
    if (isOurs) rooms.log.error({ err: fault, url: request.url }, "the playground failed at a request");
    if (response.headersSent) return void response.destroy();
    if (isOurs) return sendJson(response, { error: "internal_error", message: "The playground failed at that." }, 500);
    sendJson(response, { error: fault.code, message: fault.message }, fault.status);
  }
}

async function route(rooms: Rooms, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { world, page, webApi } = rooms;
  if (!namesLoopback(request))
    throw new PageRefusal("wrong_host", "The playground is reached as localhost or 127.0.0.1 only.", 403);
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const [, room = "", ...rest] = url.pathname.split("/");
  if (await webApi.handle(request, response, url)) return;
  if (room === "response" && request.method === "POST")
    return handleResponseUrl(world, rest.join("/"), request, response);
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
  if (room !== "page-api") return sendFile(url.pathname, request, response);
  if (!isOwnPage(request)) throw new PageRefusal("wrong_origin", "Only the playground's own page may do that.", 403);
  await page.handle(rest.join("/"), request, response, url.searchParams);
}

async function sendFile(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD")
    throw new PageRefusal("method_not_allowed", "Use GET.", 405);
  const file = await browserFile(path);
  if (file === null) throw new PageRefusal("not_found", "There is no such page.", 404);
  response.writeHead(200, { "content-type": file.type, "cache-control": "no-cache" });
  response.end(request.method === "HEAD" ? undefined : file.body);
}

function listen(server: ReturnType<typeof createServer>, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? portTaken(port) : error),
    );
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port)); // a TCP server has one
  });
}

const portTaken = (port: number) =>
  new BadInput(
    `Port ${port} is in use, perhaps by a playground that is still open. Close it, or set another PERENNIAL_PLAYGROUND_PORT.`,
  );
