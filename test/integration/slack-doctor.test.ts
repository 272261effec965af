import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { examineSlack } from "#slack/doctor.ts";
import { manifest } from "#slack/manifest.ts";
import type { SlackSettings } from "#slack/settings.ts";

const BOT = "xoxb-1-2-secret";
const APP = "xapp-1-A0PERENNIAL-9-secret";

interface Reply {
  body?: unknown;
  headers?: Record<string, string>;
  status?: number;
}
let replies: Record<string, Reply>;
let asked: { method: string; token: string | undefined }[];
let server: Server;
let apiUrl: string;
beforeEach(async () => {
  asked = [];
  replies = {
    "auth.test": {
      body: { ok: true, team: "Larkspur", user: "perennial", bot_id: "B1" },
      headers: { "x-oauth-scopes": manifest({}).oauth_config.scopes.bot.join(",") },
    },
    "bots.info": { body: { ok: true, bot: { app_id: "A0PERENNIAL" } } },
    "apps.connections.open": { body: { ok: true, url: "wss://nowhere.example" } },
    "oauth.v2.access": { body: { ok: false, error: "invalid_code" } },
  };
  server = createServer((request, response) => {
    const method = request.url!.replace("/api/", "");
    asked.push({ method, token: request.headers.authorization });
    const { status = 200, headers = {}, body } = replies[method] ?? { body: { ok: false, error: "unknown_method" } };
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
});
afterEach(() => new Promise<void>((resolve) => server.close(() => resolve())));

const settings = (changes: Partial<SlackSettings> = {}): SlackSettings => ({
  transport: { kind: "socket", appToken: APP },
  team: { kind: "token", botToken: BOT },
  tokenKeys: [],
  apiUrl,
  crmLinks: [],
  ...changes,
});
const byOAuth = (publicUrl = "https://perennial.example"): Partial<SlackSettings> => ({
  transport: { kind: "http", signingSecret: "0".repeat(32), port: 3000, host: "127.0.0.1" },
  team: {
    kind: "oauth",
    clientId: "1.2",
    clientSecret: "s",
    stateSecret: "x".repeat(16),
    publicUrl,
    port: 3000,
    host: "",
  },
});

/** What is wrong, as the person reads it. */
async function faults(changes: Partial<SlackSettings> = {}): Promise<string[]> {
  const checks = await examineSlack(settings(changes));
  for (const { ok, cure } of checks) expect(ok).toBe(cure === null);
  return checks.filter(({ ok }) => !ok).map(({ name, says, cure }) => `${name}: ${says} → ${cure}`);
}

test("all is well: who the bot is, that everything is granted, and what it cannot look at", async () => {
  const checks = await examineSlack(settings());
  expect(checks.map(({ name, ok }) => [name, ok])).toEqual([
    ["bot token", true],
    ["scopes", true],
    ["one app", true],
    ["clock", true],
    ["Socket Mode", true],
    ["events", true],
  ]);
  expect(checks[0]!.says).toBe("Slack knows it: perennial in Larkspur.");
  expect(checks.at(-1)!.says).toContain("agent_session_stopped");
  expect(asked).toContainEqual({ method: "apps.connections.open", token: `Bearer ${APP}` });
  expect(JSON.stringify(checks)).not.toMatch(/secret|nowhere\.example/);
});

test("a scope that is missing is named with what it is for", async () => {
  const granted = manifest({}).oauth_config.scopes.bot.filter((scope) => scope !== "users:read.email");
  replies["auth.test"]!.headers = { "x-oauth-scopes": [...granted, "pins:read"].join(",") };
  expect(await faults()).toEqual([
    expect.stringMatching(/^scopes: Missing: users:read\.email \(know by the e-mail .*install the app again/),
  ]);
});

test("links to the CRM want two scopes more", async () => {
  const [fault] = await faults({ crmLinks: ["https://crm.example/accounts/{id}"] });
  expect(fault).toContain("links:read (see links to accounts of your CRM); links:write");
});

test.each([
  ["invalid_auth", "Copy the “Bot User OAuth Token”"],
  ["account_inactive", "Install it again"],
  ["token_revoked", "copy the new token"],
  ["token_expired", "Switch it off"],
])("a bot token that Slack refuses with %s comes with its cure", async (error, cure) => {
  replies["auth.test"] = { body: { ok: false, error } };
  expect(await faults()).toEqual([expect.stringContaining(cure)]);
});

test.each([
  ["xapp-1-A1-2-x", "an app-level token"],
  ["xoxp-1", "a person's token"],
  ["xoxe.xoxp-1", "of token rotation"],
])("%s in the place of the bot token is told by its beginning, and not sent to Slack", async (botToken, what) => {
  expect(await faults({ team: { kind: "token", botToken } })).toEqual([expect.stringContaining(what)]);
  expect(asked.map(({ method }) => method)).not.toContain("auth.test");
});

test("a person's token that looks like a bot's is told", async () => {
  replies["auth.test"]!.body = { ok: true, team: "Larkspur", user: "ida" };
  expect(await faults()).toEqual([expect.stringContaining("speaks for a person")]);
});

test("two tokens of two apps are told", async () => {
  replies["bots.info"] = { body: { ok: true, bot: { app_id: "A0OTHER" } } };
  expect(await faults()).toEqual([
    expect.stringContaining("SLACK_BOT_TOKEN of A0OTHER, SLACK_APP_TOKEN of A0PERENNIAL"),
  ]);
});

test("an app token that opens no socket, or is none, comes with the way to a right one", async () => {
  replies["apps.connections.open"] = { body: { ok: false, error: "missing_scope" } };
  expect(await faults()).toEqual([
    expect.stringMatching(/missing_scope.*connections:write.*“Socket Mode” must be switched on/),
  ]);
  expect(await faults({ transport: { kind: "socket", appToken: BOT } })).toEqual([
    expect.stringContaining("not an app-level token"),
  ]);
});

test.each([
  [-400, "400 seconds ahead of Slack's"],
  [400, "400 seconds behind Slack's"],
])("a clock that is off by %i seconds breaks signatures", async (off, says) => {
  replies["auth.test"]!.headers!.date = new Date(Date.now() + off * 1000).toUTCString();
  const [fault, ...others] = await faults();
  expect(fault!.replace(/\b(399|401)\b/, "400")).toContain(says);
  expect(others).toEqual([]);
});

test("a network without Slack is one finding, not one a token", async () => {
  const [fault, ...others] = await faults({ apiUrl: "http://127.0.0.1:1/api/" });
  expect(fault).toMatch(/^Slack: 127\.0\.0\.1:1 does not answer \(.+\)\. → Check the network/);
  expect(others).toEqual([]);
});

test("an answer that is no answer of Slack's is told with its status", async () => {
  replies["auth.test"] = { status: 502, body: "<html>proxy</html>" };
  expect(await faults()).toEqual([expect.stringContaining("does not answer")]);
  replies["auth.test"] = { status: 200, body: { hello: "world" } };
  expect(await faults()).toEqual([expect.stringContaining("HTTP 200")]);
});

test("teams that install by OAuth: client and secret are checked, and where Slack sends to", async () => {
  expect(await faults(byOAuth())).toEqual([]);
  expect(await faults(byOAuth("http://perennial.example"))).toEqual([expect.stringContaining("only to https")]);
  replies["oauth.v2.access"] = { body: { ok: false, error: "bad_client_secret" } };
  expect(await faults(byOAuth())).toEqual([expect.stringContaining("SLACK_CLIENT_SECRET is not the one")]);
});
