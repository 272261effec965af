import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { Fault } from "../world/faults.ts";
import { SlackError } from "../world/slack-error.ts";
import type { World } from "../world/world.ts";
import { authorize } from "./authorize.ts";
import { type Addresses, type Answer, requireScope } from "./call.ts";
import { METHODS } from "./methods/index.ts";
import { type Asked, asked, uploaded } from "./request.ts";

interface Answered {
  status: number;
  headers: Record<string, string>;
  body: Answer;
}

export interface WebApiSettings extends Addresses {
  world: World;
}

/** Slack's Web API over a World: `/api/…`, uploads, private files and the install page. */
export class WebApi {
  readonly #world: World;
  readonly #at: Addresses;
  constructor({ world, ...at }: WebApiSettings) {
    this.#world = world;
    this.#at = at;
  }

  /** False: the path is not of the Web API, and nothing was answered. */
  async handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<boolean> {
    const world = this.#world;
    const [, room, ...rest] = url.pathname.split("/");
    if (room === "api") await answerCall(world, this.#at, { request, response, url, method: rest.join("/") });
    else if (room === "upload" && rest[0] === "v1") await takeUpload(world, rest[1] ?? "", request, response);
    else if (room === "files-pri") sendFile(world, rest[0] ?? "", request, response);
    else if (url.pathname === "/oauth/v2/authorize") authorize(world, url, response);
    else return false;
    return true;
  }
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  method: string;
}

async function answerCall(world: World, at: Addresses, { request, response, url, method }: Exchange): Promise<void> {
  const started = performance.now();
  const [said, broken] = await asked(request, url).then(
    (read) => [read, null] as const,
    (error: unknown) => [{ args: {}, token: null }, error] as const,
  );
  const fault = world.faults.next(method, said.args);
  if (fault?.kind === "cut") return void request.socket.destroy();
  const answered = faulty(fault) ?? (broken === null ? carriedOut(world, at, method, said) : refused(broken));
  if (fault?.kind === "delay") await pause(fault.ms);
  const call = { method, args: shown(said.args), status: answered.status, answer: answered.body };
  const ms = Math.round(performance.now() - started);
  world.page({ type: "call", call: world.calls.add({ ...call, at: new Date(world.now()).toISOString(), ms }) });
  if (fault?.kind === "lost_reply") return void request.socket.destroy();
  response.writeHead(answered.status, { "content-type": "application/json; charset=utf-8", ...answered.headers });
  response.end(JSON.stringify(answered.body));
}

function carriedOut(world: World, at: Addresses, name: string, { args, token }: Asked): Answered {
  try {
    const method = METHODS.get(name);
    if (method === undefined) throw new SlackError("unknown_method", { req_method: name });
    if (method.token === "own") return fine(method.run({ world, at, args, token }));
    if (token === null) throw new SlackError("not_authed");
    const by = world.installations.byToken(token);
    const headers = { "x-oauth-scopes": by.scopes.join(","), "x-accepted-oauth-scopes": method.scopes.join(",") };
    try {
      const channel = typeof args.channel === "string" ? args.channel : null;
      const wait = world.rateLimits.take(name, by.teamId, channel);
      if (wait !== null) return limited(wait);
      const call = { world, at, by, bot: world.user(by.botUserId), args };
      requireScope(call, ...method.scopes);
      return fine(method.run(call), headers);
    } catch (error) {
      return refused(error, headers);
    }
  } catch (error) {
    return refused(error);
  }
}

const fine = (answer: Answer, headers: Record<string, string> = {}): Answered => ({
  status: 200,
  headers,
  body: { ok: true, ...structuredClone(answer) },
});

function refused(error: unknown, headers: Record<string, string> = {}): Answered {
  if (!(error instanceof SlackError)) throw error;
  return { status: 200, headers, body: { ok: false, error: error.code, ...error.extra } };
}

const limited = (seconds: number): Answered => ({
  status: 429,
  headers: { "retry-after": String(seconds) },
  body: { ok: false, error: "ratelimited" },
});

/** The answer that a planned fault gives in place of the method's; null where the method is to run. */
function faulty(fault: Fault | null): Answered | null {
  if (fault?.kind === "limited") return limited(fault.retryAfterSeconds);
  if (fault?.kind === "status") return { status: fault.status, headers: {}, body: {} };
  if (fault?.kind === "refuse") return refused(new SlackError(fault.error, fault.extra));
  return null;
}

/** Arguments for people to read: JSON in fields as what it says, secrets left out. */
function shown(args: Record<string, unknown>): Record<string, unknown> {
  const open = Object.entries(args).filter(([name]) => name !== "client_secret");
  return Object.fromEntries(open.map(([name, value]) => [name, typeof value === "string" ? opened(value) : value]));
}

function opened(value: string): unknown {
  if (!/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value; // text that only begins like JSON
  }
}

async function takeUpload(
  world: World,
  ticket: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const content = await uploaded(request);
  try {
    world.files.receive(ticket, content);
    response.writeHead(200, { "content-type": "text/plain" }).end(`OK - ${content.length}`);
  } catch (error) {
    const { status, body } = { ...refused(error), status: 400 };
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  }
}

/** A file's bytes, for a bot that may see it. */
function sendFile(world: World, id: string, request: IncomingMessage, response: ServerResponse): void {
  const token = (request.headers.authorization ?? "").replace(/^Bearer /, "");
  try {
    const { botUserId } = world.installations.byToken(token);
    const { file, content } = world.files.get(id);
    if (!world.files.isVisible(id, botUserId)) throw new SlackError("file_not_found");
    response.writeHead(200, { "content-type": file.mimetype }).end(content);
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    response.writeHead(error.code === "file_not_found" ? 404 : 302, { location: "/" }).end();
  }
}
