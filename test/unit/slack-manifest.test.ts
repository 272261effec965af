import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { App } from "@slack/bolt";
import { expect, test } from "vitest";
import { manifest, manifestFor } from "#slack/manifest.ts";
import { REISSUE_EVENT } from "#slack/reissue.ts";
import { SCOPES } from "#slack/scopes.ts";
import type { SlackSettings } from "#slack/settings.ts";
import { OWNER_EVENT, SLOT_EVENT } from "#slack/slot.ts";

const root = join(import.meta.dirname, "../..");
const LINKS = ["https://crm.larkspur.example/accounts/{id}", "https://crm.larkspur.example/a?id={id}"];

/** Methods that any token may call; a socket is opened with the app-level token, which has a scope of its own. */
const METHODS_WITHOUT_SCOPE = [
  "auth.test",
  "views.open",
  "views.publish",
  "views.update",
  "oauth.v2.access",
  "apps.connections.open",
];

test("manifest.json is what the bot needs, for Socket Mode", () => {
  expect(JSON.parse(readFileSync(join(root, "manifest.json"), "utf8"))).toEqual(manifest({}));
});

test("every method that the bot calls has its scope, and no scope is asked for nothing", () => {
  const called = methodsCalled();
  expect(called).toContain("chat.postMessage");
  const allowed = new Set([...SCOPES.flatMap(({ methods }) => methods), ...METHODS_WITHOUT_SCOPE]);
  expect(called.filter((method) => !allowed.has(method))).toEqual([]);
  expect([...allowed].filter((method) => !called.includes(method))).toEqual([]);
  const forFeatures = ["commands"]; // slash command and shortcuts are in the manifest itself
  const idle = SCOPES.filter(({ methods, events }) => methods.length === 0 && events.length === 0);
  expect(idle.map(({ scope }) => scope)).toEqual(forFeatures);
});

test("every event, command and shortcut that a listener waits for is in the manifest, and no other", async () => {
  const { registerListeners } = await import("#slack/listen/index.ts"); // draws in the agent, which the other tests do without
  const waiting: Record<string, unknown[]> = { event: [], command: [], shortcut: [] };
  const note = (_: object, what: string | symbol) => (name: unknown) => waiting[String(what)]?.push(name);
  registerListeners(new Proxy({}, { get: note }) as App); // listeners only register here; nothing else of Bolt is touched
  const { features, settings } = manifest({ crmLinks: LINKS });
  const messages = ["message.channels", "message.groups", "message.im", "message.mpim"]; // all arrive as "message"
  const ours: unknown[] = [SLOT_EVENT, OWNER_EVENT, REISSUE_EVENT]; // rows of our own in the inbox, for what is due
  const ofSlack = waiting.event!.filter((name) => !ours.includes(name));
  const events = new Set(ofSlack.flatMap((name) => (name === "message" ? messages : [String(name)])));
  expect(settings.event_subscriptions.bot_events).toEqual([...events].sort());
  expect(waiting.command).toEqual(features.slash_commands.map(({ command }) => command));
  const callbacks = waiting.shortcut!.map((given) => (typeof given === "string" ? given : Object(given).callback_id));
  expect(callbacks.sort()).toEqual(features.shortcuts.map(({ callback_id: id }) => id).sort());
});

test("links to the CRM bring their domains, scopes and event, and only then", () => {
  const plain = JSON.stringify(manifest({}));
  expect(plain).not.toMatch(/links:|link_shared|unfurl/);
  const { features, oauth_config, settings } = manifest({ crmLinks: LINKS });
  expect(features).toMatchObject({ unfurl_domains: ["crm.larkspur.example"] });
  expect(oauth_config.scopes.bot).toEqual(expect.arrayContaining(["links:read", "links:write"]));
  expect(settings.event_subscriptions.bot_events).toContain("link_shared");
});

test("over HTTP everything comes to one address, and Socket Mode is off", () => {
  const publicUrl = "https://perennial.example";
  const { settings, features, oauth_config } = manifest({ publicUrl });
  const events = `${publicUrl}/slack/events`;
  expect(settings).toMatchObject({
    socket_mode_enabled: false,
    event_subscriptions: { request_url: events },
    interactivity: { request_url: events, message_menu_options_url: events },
  });
  expect(features.slash_commands).toMatchObject([{ url: events, should_escape: true }]);
  expect(oauth_config).toMatchObject({ redirect_urls: [`${publicUrl}/slack/oauth_redirect`] });
});

test("settings give the manifest that fits them", () => {
  const http = { kind: "http" as const, signingSecret: "", port: 3000, host: "" };
  const socket = { kind: "socket" as const, appToken: "xapp-1" };
  const oauth = {
    kind: "oauth" as const,
    clientId: "",
    clientSecret: "",
    stateSecret: "",
    publicUrl: "https://p.example",
    port: 1,
    host: "",
  };
  const given = (transport: SlackSettings["transport"], team: SlackSettings["team"]) =>
    manifestFor({ transport, team, tokenKeys: [], apiUrl: "", crmLinks: [] });
  const token = { kind: "token" as const, botToken: "xoxb-1" };
  expect(given(socket, token)).toEqual(manifest({}));
  expect(given(http, token)).toEqual(manifest({ publicUrl: "https://YOUR-HOST" }));
  expect(given(http, oauth)).toEqual(manifest({ publicUrl: "https://p.example" }));
  expect(given(socket, oauth)).toMatchObject({
    oauth_config: { redirect_urls: ["https://p.example/slack/oauth_redirect"] },
    settings: { socket_mode_enabled: true },
  });
});

// Slack refuses a manifest beyond these (its published schema, version 2).
test("the manifest keeps to Slack's limits", () => {
  const { display_information: shown, features } = manifest({ crmLinks: LINKS });
  expect(shown.name.length).toBeLessThanOrEqual(35);
  expect(shown.description.length).toBeLessThanOrEqual(140);
  expect(shown.long_description.length).toBeGreaterThanOrEqual(175);
  expect(features.agent_view.agent_description.length).toBeLessThanOrEqual(300);
  expect(features.agent_view.suggested_prompts.length).toBeLessThanOrEqual(4);
  for (const { name, description } of features.shortcuts) {
    expect({ name, length: name.length }).toEqual({ name, length: Math.min(name.length, 24) });
    expect(description.length).toBeLessThanOrEqual(150);
  }
  const many = [1, 2, 3, 4, 5, 6, 7].map((each) => `https://crm${each}.example/{id}`);
  expect(manifest({ crmLinks: many }).features).toMatchObject({
    unfurl_domains: expect.objectContaining({ length: 5 }),
  });
});

test("docs/slack.md says what each scope is for, in the words of the doctor", () => {
  const doc = readFileSync(join(root, "docs/slack.md"), "utf8");
  const rows = [...doc.matchAll(/^\| `([a-z:._]+)` \| (.+?) \|$/gm)].map(([, scope, why]) => ({ scope, why }));
  expect(rows).toEqual(SCOPES.map(({ scope, why }) => ({ scope, why })));
});

/** Every method of Slack's Web API that is named in the source. */
function methodsCalled(): string[] {
  const require = createRequire(import.meta.url);
  const known = new Set(
    [
      ...readFileSync(join(dirname(require.resolve("@slack/web-api")), "methods.js"), "utf8").matchAll(
        /bindApiCall(?:WithOptionalArgument)?\(this, '([\w.]+)'/g,
      ),
    ].map(([, method]) => method!),
  );
  const text = sources("src/slack", ["scopes.ts"]).join("\n");
  const named = [...text.matchAll(/"([a-z]+(?:\.[A-Za-z0-9]+)+)"/g)].map(([, method]) => method!);
  const called = [...text.matchAll(/\b(?:client|web)\.([a-z]+(?:\.[A-Za-z0-9]+)+)\(/g)].map(([, method]) => method!);
  return [...new Set([...named, ...called])].filter((method) => known.has(method)).sort();
}

function sources(folder: string, without: string[] = []): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && file.name.endsWith(".ts") && !without.includes(file.name))
    .map((file) => readFileSync(join(file.parentPath, file.name), "utf8"));
}
