import { createHmac } from "node:crypto";
import { once } from "node:events";
import { request } from "node:http";
import type { AddressInfo } from "node:net";
import type { App } from "@slack/bolt";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { z } from "zod";
import type { Database } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { BadInput, Unavailable } from "#errors.ts";
import { createLog } from "#log.ts";
import { type DoorOptions, openSlackDoor, type SlackDoor } from "#slack/door.ts";
import type { SlackHouse } from "#slack/house.ts";
import type { Job } from "#slack/job.ts";
import type { SlackSettings } from "#slack/settings.ts";
import { emptyInbox, freshWorkspace } from "../fixtures/database.ts";
import { BOT, RecordingSlack } from "../fixtures/recording-slack.ts";
import { soon } from "../fixtures/soon.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const log = createLog("silent");

let slack: RecordingSlack;
let database: Database;
let workspaceId: number;
let doors: SlackDoor[];
/** Set, the database is away. */
let away: boolean;

beforeEach(async () => {
  slack = await RecordingSlack.start();
  const fresh = await freshWorkspace();
  database = fresh.database;
  workspaceId = fresh.actor.workspaceId;
  doors = [];
  away = false;
  await emptyInbox(database);
});
afterEach(async () => {
  away = false;
  await Promise.all(doors.map((each) => each.stop()));
  await slack.close();
});

const HTTP: SlackSettings["transport"] = { kind: "http", signingSecret: SECRET, port: 0, host: "127.0.0.1" };

async function openDoor(
  more: Partial<DoorOptions> & { transport?: SlackSettings["transport"] } = {},
): Promise<SlackDoor> {
  const { transport = HTTP, ...given } = more;
  const withFaults = new Proxy(database, {
    get: (whole, name) => {
      if (away && name === "write") return () => Promise.reject(new Unavailable("The database cannot be reached."));
      const value = Reflect.get(whole, name, whole) as unknown;
      return typeof value === "function" ? value.bind(whole) : value;
    },
  });
  const house = {
    log,
    database: withFaults,
    workspaceForTeam: async ({ id }: { id: string }) => (id === BOT.teamId ? { id: workspaceId } : null),
  } as unknown as SlackHouse; // as much of the house as receiving touches
  const door = await openSlackDoor({
    house,
    settings: {
      transport,
      team: { kind: "token", botToken: BOT.botToken },
      tokenKeys: [],
      apiUrl: slack.apiUrl,
      crmLinks: [],
    },
    register: (app: App) => {
      app.message(async ({ event, context }) => {
        const { text, ts, channel } = event as { text: string; ts: string; channel: string };
        await (context.job as Job).post.message(
          "answer",
          { channel, thread: ts },
          { text: `You asked: ${text}`, blocks: [] },
        );
      });
    },
    askerOf: () => Promise.reject(new Error("nobody asks here")),
    checkView: () => null,
    timing: { settle: 1, poll: 20, stagger: 30, drain: 1_000, acknowledge: 60_000 },
    ...given,
  });
  doors.push(door);
  return door;
}

async function started(more: Parameters<typeof openDoor>[0] = {}): Promise<SlackDoor> {
  const door = await openDoor(more);
  await door.start();
  return door;
}

const now = () => Math.floor(Date.now() / 1000);
const signed = (body: string, stamp = now(), secret = SECRET) => ({
  "x-slack-request-timestamp": String(stamp),
  "x-slack-signature": `v0=${createHmac("sha256", secret).update(`v0:${stamp}:${body}`).digest("hex")}`,
});

const post = (door: SlackDoor, body: string, headers: Record<string, string> = {}, type = "application/json") =>
  fetch(`http://127.0.0.1:${door.port}/slack/events`, {
    method: "POST",
    body,
    headers: { "content-type": type, ...signed(body), ...headers },
  });
const send = (door: SlackDoor, body: object, headers: Record<string, string> = {}) =>
  post(door, JSON.stringify(body), headers);
const interact = (door: SlackDoor, payload: object) =>
  post(
    door,
    new URLSearchParams({ payload: JSON.stringify(payload) }).toString(),
    {},
    "application/x-www-form-urlencoded",
  );

let count = 0;
const message = (text: string, more: object = {}) => ({
  type: "event_callback",
  event_id: `Ev${++count}`,
  team_id: BOT.teamId,
  authorizations: [{ team_id: BOT.teamId, user_id: BOT.botUserId }],
  event: { type: "message", channel: "D1", channel_type: "im", user: "U1", text, ts: `10.${++count}`, ...more },
});

const rows = () =>
  database.directory((reading) =>
    reading.many(
      z.object({ key: z.string(), kind: z.string(), body: z.unknown() }),
      sql`select key, kind, body from inbox where workspace_id = ${workspaceId} order by inbox_id`,
    ),
  );
const answered = (...texts: string[]) =>
  soon(() => expect(slack.messages.map((each) => each.text).toSorted()).toEqual(texts.toSorted()));

describe("over HTTP", () => {
  test("an event is written down, acknowledged and answered", async () => {
    const door = await started();
    expect((await send(door, message("Acme?"))).status).toBe(200);
    expect(await rows()).toHaveLength(1);
    await answered("You asked: Acme?");
  });

  test("Slack's check of the address is answered", async () => {
    const door = await started();
    const response = await send(door, { type: "url_verification", challenge: "c1" });
    expect(await response.json()).toEqual({ challenge: "c1" });
  });

  test("the same event again, or its twin, is one question", async () => {
    const door = await started();
    const one = message("<@UBOT> Acme?", { channel: "C1", channel_type: "channel" });
    const twin = { ...one, event_id: "EvTwin", event: { ...one.event, type: "app_mention", channel_type: undefined } };
    for (const each of [one, one, twin]) expect((await send(door, each)).status).toBe(200);
    await answered("You asked: <@UBOT> Acme?");
    expect(await rows()).toHaveLength(1);
  });

  test("with the database away nothing is acknowledged, and Slack's next try gets through", async () => {
    const door = await started();
    const body = message("Acme?");
    away = true;
    expect((await send(door, body)).status).toBe(503);
    away = false;
    expect((await send(door, body, { "x-slack-retry-num": "1" })).status).toBe(200);
    await answered("You asked: Acme?");
  });

  test("of a team that is not served: acknowledged, and nothing is kept", async () => {
    const door = await started();
    const stranger = { ...message("Acme?"), team_id: "T9", authorizations: [{ team_id: "T9", user_id: "U9" }] };
    expect((await send(door, stranger)).status).toBe(200);
    expect(await rows()).toEqual([]);
  });

  test("an address to answer at that is not Slack's is not even written down", async () => {
    const door = await started();
    const form = new URLSearchParams({
      command: "/perennial",
      text: "Acme",
      trigger_id: "1.2",
      team_id: BOT.teamId,
      user_id: "U1",
      channel_id: "C1",
      response_url: "http://169.254.169.254/",
    });
    expect((await post(door, form.toString(), {}, "application/x-www-form-urlencoded")).status).toBe(200);
    const kept = await database.directory((reading) =>
      reading.many(
        z.object({ note: z.string() }),
        sql`select body::text as note from inbox where workspace_id = ${workspaceId}`,
      ),
    );
    expect(JSON.stringify(kept)).not.toContain("169.254");
  });

  test("how it stands can be asked", async () => {
    const door = await started();
    const response = await fetch(`http://127.0.0.1:${door.port}/healthz`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ ok: true, transport: "http", inbox: { waiting: 0 } });
  });
});

describe("refused, and the process lives", () => {
  test.each([
    ["a forged signature", 401, (body: string) => signed(body, now(), "f".repeat(32))],
    ["a request that is 6 minutes old", 401, (body: string) => signed(body, now() - 360)],
    ["a request that is dated 6 minutes ahead", 401, (body: string) => signed(body, now() + 360)],
    ["a request without a signature", 401, () => ({ "x-slack-signature": "" })],
  ])("%s", async (_, status, headers) => {
    const door = await started();
    const body = JSON.stringify(message("Acme?"));
    expect((await post(door, body, headers(body))).status).toBe(status);
    expect(await rows()).toEqual([]);
    expect((await send(door, message("still here"))).status).toBe(200);
  });

  test.each([
    ["null", "application/json"],
    ["[1, 2]", "application/json"],
    ["{", "application/json"],
    ["payload=null", "application/x-www-form-urlencoded"],
    ["payload=%7B", "application/x-www-form-urlencoded"],
    ["\u0000\u0001", "application/octet-stream"],
  ])("the signed body %j", async (body, type) => {
    const door = await started();
    expect((await post(door, body, {}, type)).status).toBe(400);
    expect((await send(door, message("still here"))).status).toBe(200);
  });

  test("a signed object that is none of Slack's is acknowledged and dropped", async () => {
    const door = await started();
    expect((await send(door, { event: "text", team_id: 5 })).status).toBe(200);
    expect(await rows()).toEqual([]);
  });

  test("a body that is too long", async () => {
    const door = await started();
    const response = await send(door, message("x".repeat(3 * 1024 * 1024)));
    expect(response.status).toBe(413);
  });

  test("a request that breaks off", async () => {
    const door = await started();
    const broken = request({
      port: door.port!,
      method: "POST",
      path: "/slack/events",
      headers: { "content-length": "100" },
    });
    broken.on("error", () => undefined); // we break it off ourselves
    broken.write("{");
    await new Promise((resolve) => setTimeout(resolve, 20));
    broken.destroy();
    expect((await send(door, message("still here"))).status).toBe(200);
  });

  test("other paths", async () => {
    const door = await started();
    expect((await fetch(`http://127.0.0.1:${door.port}/else`)).status).toBe(404);
  });
});

describe("answered in the acknowledgement", () => {
  const view = {
    type: "view_submission",
    team: { id: BOT.teamId },
    user: { id: "U1" },
    view: { id: "V1", hash: "h", callback_id: "x" },
  };

  test("errors of a submitted window", async () => {
    const door = await started({ checkView: () => ({ account: "Choose an account." }) });
    expect(await (await interact(door, view)).json()).toEqual({
      response_action: "errors",
      errors: { account: "Choose an account." },
    });
    expect(await rows()).toEqual([]);
  });

  test("a window without errors is closed and written down", async () => {
    const door = await started();
    const response = await interact(door, view);
    expect([response.status, await response.text()]).toEqual([200, ""]);
    expect(await rows()).toMatchObject([{ key: "view:V1:h", kind: "view" }]);
  });

  const typing = {
    type: "block_suggestion",
    action_id: "account_pick",
    block_id: "b",
    value: "Ac",
    team: { id: BOT.teamId },
    user: { id: "U1" },
    view: { id: "V1" },
  };

  test("the choices of a type-ahead, for the asker's own workspace", async () => {
    const options = [{ text: { type: "plain_text" as const, text: "Acme" }, value: "1" }];
    const door = await started({
      register: (app) =>
        app.options("account_pick", async ({ ack, context }) => {
          expect((context.job as Job).workspace.id).toBe(workspaceId);
          await ack({ options });
        }),
    });
    expect(await (await interact(door, typing)).json()).toEqual({ options });
    expect(await rows()).toEqual([]);
  });

  test("no choices where looking them up fails", async () => {
    const door = await started({
      register: (app) => app.options("account_pick", () => Promise.reject(new Error("away"))),
    });
    expect(await (await interact(door, typing)).json()).toEqual({ options: [] });
  });
});

describe("at the start", () => {
  test("a wrong bot token names the setting", async () => {
    slack.plan("auth.test", { error: "invalid_auth" });
    const opened = openDoor();
    await expect(opened).rejects.toThrow(BadInput);
    await expect(opened).rejects.toThrow(/SLACK_BOT_TOKEN \(invalid_auth\)/);
  });

  test("a wrong app token names the setting", async () => {
    slack.plan("apps.connections.open", { error: "invalid_auth" });
    const door = await openDoor({ transport: { kind: "socket", appToken: "xapp-wrong" } });
    await expect(door.start()).rejects.toThrow(/SLACK_APP_TOKEN \(invalid_auth\)/);
  });

  test("a taken port names the setting", async () => {
    const first = await started();
    const second = await openDoor({ transport: { ...HTTP, port: first.port! } });
    await expect(second.start()).rejects.toThrow(/PERENNIAL_PORT/);
  });

  test("what waited in the inbox is answered", async () => {
    const door = await started({ register: () => undefined });
    await door.stop();
    const body = JSON.stringify(message("left behind"));
    await database.directory((writing) =>
      writing.run(
        sql`insert into inbox (workspace_id, key, kind, lane, body) values (${workspaceId}, 'message:D1:1', 'message', 'D1:1', ${body}::jsonb)`,
      ),
    );
    await started();
    await answered("You asked: left behind");
  });
});

describe("over sockets", () => {
  let server: WebSocketServer;
  let sockets: WebSocket[];

  beforeEach(async () => {
    sockets = [];
    server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    await once(server, "listening");
    server.on("connection", (socket) => {
      sockets.push(socket);
      socket.send(JSON.stringify({ type: "hello" }));
    });
    slack.answers.set("apps.connections.open", {
      ok: true,
      url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/link`,
    });
  });
  afterEach(() => {
    for (const each of server.clients) each.terminate();
    server.close();
  });

  const open = () => started({ transport: { kind: "socket", appToken: "xapp-1" } });
  const envelope = (id: string, payload: object) =>
    JSON.stringify({ type: "events_api", envelope_id: id, payload, accepts_response_payload: false });
  const acked = (socket: WebSocket) =>
    once(socket, "message").then(([data]) => JSON.parse(String(data)) as { envelope_id: string });

  test("two are open, and either brings events", async () => {
    const door = await open();
    await soon(async () => expect((await door.state()).connected).toBe(2));
    for (const [at, socket] of sockets.entries()) {
      const ack = acked(socket);
      socket.send(envelope(`E${at}`, message(`question ${at}`)));
      expect(await ack).toMatchObject({ envelope_id: `E${at}` });
    }
    await answered("You asked: question 0", "You asked: question 1");
  });

  test("not acknowledged while the database is away, and one question when Slack brings it on the other", async () => {
    const door = await open();
    await soon(async () => expect((await door.state()).connected).toBe(2));
    const body = message("Acme?");
    const heard = vi.fn();
    sockets[0]!.on("message", heard);
    away = true;
    sockets[0]!.send(envelope("E1", body));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(heard).not.toHaveBeenCalled();
    away = false;
    const ack = acked(sockets[1]!);
    sockets[1]!.send(envelope("E2", body));
    expect(await ack).toMatchObject({ envelope_id: "E2" });
    await answered("You asked: Acme?");
  });

  test("one that closes between an event and its acknowledgement loses nothing, and the process lives", async () => {
    const door = await open();
    await soon(async () => expect((await door.state()).connected).toBe(2));
    const body = message("Acme?");
    sockets[0]!.send(envelope("E1", body));
    sockets[0]!.terminate();
    const ack = acked(sockets[1]!);
    sockets[1]!.send(envelope("E2", body));
    await ack;
    await answered("You asked: Acme?");
  });
});
