import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type ConversationsHistoryResponse, WebClient } from "@slack/web-api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebApi } from "#playground/web-api/web-api.ts";
import type { PageChange } from "#playground/world/changes.ts";
import { worldWithLarkspur } from "#playground/world/larkspur.ts";
import { SLACKS_LIMITS } from "#playground/world/rate-limits.ts";
import type { World } from "#playground/world/world.ts";

let now: number;
let world: World;
let server: Server;
let origin: string;
let slack: WebClient;

const client = (token: string | undefined, more: { rejectRateLimitedCalls?: boolean } = {}) =>
  new WebClient(token, { slackApiUrl: `${origin}/api/`, retryConfig: { retries: 0 }, logger: silent, ...more });
const nothing = () => undefined;
const silent = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  setName: nothing,
  getLevel: () => "error" as never, // the level is never read
};

beforeEach(async () => {
  now = Date.now();
  world = worldWithLarkspur({ now: () => now });
  const api = new WebApi({ world, origin: () => origin, socketAddress: () => "ws://127.0.0.1:1/link/?ticket=1" });
  server = createServer(async (request, response) => {
    const ours = await api.handle(request, response, new URL(request.url ?? "/", "http://localhost"));
    if (!ours) response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server has one
  slack = client(world.installations.alive()[0]?.botToken);
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const id = (name: string) => world.userNamed(name).id;
const room = (name: string) => world.channelNamed(name).id;
const dm = (name = "Owen Fairclough") => world.directMessage(id(name), id("Perennial")).id;
const ask = (text = "how is Brightwater?") => world.say(id("Owen Fairclough"), dm(), text).ts;
const plain = (text: string) => ({ type: "plain_text" as const, text });

/** What Slack said no with. */
async function refusal(call: Promise<unknown>): Promise<{ error: string; [field: string]: unknown }> {
  const failed = await call.then(
    () => null,
    (error: { data?: { error: string } }) => error.data,
  );
  if (!failed) throw new Error("it was not refused");
  return failed;
}
const code = async (call: Promise<unknown>) => (await refusal(call)).error;

describe("who calls", () => {
  test("a bot learns who it is, and with which scopes", async () => {
    const me = await slack.auth.test();
    expect(me).toMatchObject({ ok: true, team: "Larkspur", user_id: id("Perennial"), user: "perennial" });
    expect(me.response_metadata?.scopes).toContain("chat:write");
  });

  test("no token, a wrong one, a revoked one, one of an app that was removed", async () => {
    expect(await code(client(undefined).auth.test())).toBe("not_authed");
    expect(await code(client("xoxb-forged").auth.test())).toBe("invalid_auth");
    world.revoke(world.userNamed("Perennial").team_id);
    expect(await code(slack.auth.test())).toBe("token_revoked");
    world.uninstall(world.userNamed("Perennial").team_id);
    expect(await code(slack.auth.test())).toBe("account_inactive");
  });

  test("a missing scope is named", async () => {
    const installation = world.installations.alive()[0]!;
    installation.scopes = installation.scopes.filter((scope) => scope !== "chat:write");
    const refused = await refusal(slack.chat.postMessage({ channel: room("sales"), text: "hi" }));
    expect(refused).toMatchObject({ error: "missing_scope", needed: "chat:write" });
    expect(refused.provided).toContain("im:history");
    installation.scopes = installation.scopes.filter((scope) => scope !== "im:read");
    expect(await refusal(slack.conversations.info({ channel: dm() }))).toMatchObject({ needed: "im:read" });
  });

  test("an unknown method, a missing argument, a body that is no JSON", async () => {
    expect(await code(slack.apiCall("chat.shout"))).toBe("unknown_method");
    const missing = await refusal(slack.apiCall("chat.postMessage", { text: "hi" }));
    expect(missing).toMatchObject({
      error: "invalid_arguments",
      response_metadata: { messages: ["[ERROR] missing required field: channel"] },
    });
    const headers = { "content-type": "application/json", authorization: `Bearer ${slack.token}` };
    const said = await fetch(`${origin}/api/chat.postMessage`, { method: "POST", headers, body: "{" });
    expect(await said.json()).toMatchObject({ ok: false, error: "invalid_json" });
  });

  test("arguments come as JSON too", async () => {
    const headers = { "content-type": "application/json", authorization: `Bearer ${slack.token}` };
    const body = JSON.stringify({ channel: room("sales"), text: "hi", blocks: [{ type: "divider" }] });
    const said = await fetch(`${origin}/api/chat.postMessage`, { method: "POST", headers, body });
    expect(await said.json()).toMatchObject({ ok: true, message: { text: "hi", blocks: [{ type: "divider" }] } });
  });
});

describe("posting", () => {
  test("a message stands where it was posted, with its metadata for those who ask", async () => {
    const metadata = { event_type: "perennial_answer", event_payload: { job: "7", part: "answer" } };
    const { ts = "" } = await slack.chat.postMessage({ channel: room("sales"), text: "hi", metadata });
    const plainly = await slack.conversations.history({ channel: room("sales") });
    expect(plainly.messages?.[0]).toMatchObject({ ts, text: "hi", user: id("Perennial") });
    expect(plainly.messages?.[0]).not.toHaveProperty("metadata");
    const whole = await slack.conversations.history({ channel: room("sales"), include_all_metadata: true });
    expect(whole.messages?.[0]).toMatchObject({ metadata });
  });

  test.each([
    ["an unknown channel", () => ({ channel: "C0NOWHERE", text: "x" }), "channel_not_found"],
    ["a channel it was taken out of", () => ({ channel: kicked("sales"), text: "x" }), "not_in_channel"],
    [
      "a private channel it was taken out of",
      () => ({ channel: kicked("leadership"), text: "x" }),
      "channel_not_found",
    ],
    ["an archived channel", () => ({ channel: room("old-launch"), text: "x" }), "is_archived"],
    ["a channel that was deleted", () => ({ channel: deleted("renewals"), text: "x" }), "channel_not_found"],
    ["a channel for admins", () => ({ channel: adminsOnly("sales"), text: "x" }), "restricted_action"],
    ["another bot", () => ({ channel: id("Standup Bot"), text: "x" }), "cannot_dm_bot"],
    ["nothing", () => ({ channel: room("sales"), text: "" }), "no_text"],
    ["40,001 characters", () => ({ channel: room("sales"), text: "x".repeat(40_001) }), "msg_too_long"],
    ["a thread that is not there", () => ({ channel: room("sales"), text: "x", thread_ts: "1.2" }), "thread_not_found"],
    ["101 attachments", () => ({ channel: room("sales"), text: "x", attachments: many(101) }), "too_many_attachments"],
    [
      "metadata of no form",
      () => ({ channel: room("sales"), text: "x", metadata: { a: 1 } }),
      "invalid_metadata_format",
    ],
  ])("refuses %s", async (_, args, error) => {
    expect(await code(slack.apiCall("chat.postMessage", args()))).toBe(error);
    expect(world.channelNamed("support").messages).toEqual([]);
  });
  const kicked = (name: string) => {
    world.kick(id("Ingrid Sandoval"), id("Perennial"), room(name));
    return room(name);
  };
  const adminsOnly = (name: string) => {
    world.channelNamed(name).admins_only = true;
    return room(name);
  };
  const deleted = (name: string) => {
    const gone = room(name);
    world.deleteChannel(id("Ingrid Sandoval"), gone);
    return gone;
  };
  const many = (count: number) => Array.from({ length: count }, () => ({ text: "a" }));

  test("blocks that Slack would not take are refused with the place that is wrong", async () => {
    const blocks = [{ type: "header", text: plain("x".repeat(151)) }];
    const refused = await refusal(slack.chat.postMessage({ channel: room("sales"), text: "x", blocks }));
    expect(refused).toMatchObject({
      error: "invalid_blocks",
      response_metadata: { messages: ["[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]"] },
    });
    expect(world.channelNamed("sales").messages).toEqual([]);
  });

  test("an update keeps the blocks that it does not name, and an empty list takes them away", async () => {
    const { ts = "" } = await slack.chat.postMessage({ channel: dm(), text: "a", blocks: [{ type: "divider" }] });
    const kept = await slack.chat.update({ channel: dm(), ts, text: "b" });
    expect(kept.message).toMatchObject({ text: "b", blocks: [{ type: "divider" }], edited: { user: id("Perennial") } });
    const bare = await slack.chat.update({ channel: dm(), ts, text: "c", blocks: [] });
    expect(bare.message?.text).toBe("c");
    expect(bare.message?.blocks ?? []).toEqual([]);
  });

  test("only its own messages can be changed or deleted", async () => {
    const theirs = { channel: dm(), ts: ask() };
    expect(await code(slack.chat.update({ ...theirs, text: "x" }))).toBe("cant_update_message");
    expect(await code(slack.chat.delete(theirs))).toBe("cant_delete_message");
    expect(await code(slack.chat.update({ ...theirs, ts: "1.2", text: "x" }))).toBe("message_not_found");
    const { ts = "" } = await slack.chat.postMessage({ channel: dm(), text: "mine" });
    await slack.chat.delete({ channel: dm(), ts });
    expect(world.channel(dm()).messages.map(({ text }) => text)).toEqual(["how is Brightwater?"]);
  });

  test("an ephemeral message is seen by one member and stands in no history", async () => {
    const to = { channel: room("sales"), text: "for you" };
    await slack.chat.postEphemeral({ ...to, user: id("Owen Fairclough") });
    expect(world.messages.ephemerals(id("Owen Fairclough"), room("sales"))).toMatchObject([{ text: "for you" }]);
    expect((await slack.conversations.history({ channel: room("sales") })).messages).toEqual([]);
    expect(await code(slack.chat.postEphemeral({ ...to, user: id("Jonas Petrov") }))).toBe("user_not_in_channel");
    expect(await code(slack.chat.postEphemeral({ ...to, user: "U0NOBODY" }))).toBe("user_not_found");
  });

  test("a link of the CRM unfurls; another link, or one that nobody wrote, does not", async () => {
    const url = "https://crm.larkspur.example/accounts/12";
    const { ts } = world.say(id("Owen Fairclough"), room("sales"), `look: <${url}>`);
    const at = { channel: room("sales"), ts };
    const card = { blocks: [{ type: "section" as const, text: { type: "mrkdwn" as const, text: "*Brightwater*" } }] };
    await slack.chat.unfurl({ ...at, unfurls: { [url]: card } });
    await slack.chat.unfurl({ ...at, unfurls: { [url]: card } });
    expect(world.channelNamed("sales").messages[0]?.attachments).toMatchObject([{ from_url: url }]);
    expect(await code(slack.chat.unfurl({ ...at, unfurls: { [`${url}3`]: card } }))).toBe("cannot_unfurl_url");
    expect(await code(slack.chat.unfurl({ ...at, unfurls: { "https://x.example": card } }))).toBe("cannot_unfurl_url");
    expect(await code(slack.chat.unfurl({ ...at, ts: "1.2", unfurls: { [url]: card } }))).toBe("cannot_find_message");
  });
});

describe("streaming", () => {
  test("a stream grows, stops, and takes no more", async () => {
    const at = { channel: dm(), thread_ts: ask() };
    const { ts = "" } = await slack.chat.startStream({ ...at, task_display_mode: "plan", markdown_text: "Looking" });
    const task = { type: "task_update" as const, id: "1", title: "Facts", status: "complete" as const };
    await slack.chat.appendStream({ channel: dm(), ts, chunks: [task] });
    await slack.chat.appendStream({ channel: dm(), ts, markdown_text: " up" });
    expect(await code(slack.chat.update({ channel: dm(), ts, text: "x" }))).toBe("streaming_state_conflict");
    const metadata = { event_type: "perennial_answer", event_payload: { job: "1" } };
    const stopped = await slack.chat.stopStream({ channel: dm(), ts, blocks: [{ type: "divider" }], metadata });
    expect(stopped.message?.text).toBe("Looking up");
    expect(world.channel(dm()).messages.at(-1)).toMatchObject({
      metadata,
      blocks: [
        { type: "plan", tasks: [{ task_id: "1" }] },
        { type: "markdown", text: "Looking up" },
        { type: "divider" },
      ],
    });
    const late = slack.chat.appendStream({ channel: dm(), ts, markdown_text: "!" });
    expect(await code(late)).toBe("message_not_in_streaming_state");
  });

  test("after five minutes a stream is dead, and an update finishes it", async () => {
    const { ts = "" } = await slack.chat.startStream({ channel: dm(), thread_ts: ask(), markdown_text: "a" });
    now += 5 * 60_000 + 1;
    expect(await code(slack.chat.stopStream({ channel: dm(), ts }))).toBe("message_not_in_streaming_state");
    expect(await slack.chat.update({ channel: dm(), ts, text: "b" })).toMatchObject({ ok: true, text: "b" });
  });

  test("channels want to know who watches, and too much at once is refused", async () => {
    const { ts: thread_ts } = world.say(id("Owen Fairclough"), room("sales"), "?");
    const at = { channel: room("sales"), thread_ts };
    expect(await code(slack.chat.startStream(at))).toBe("missing_recipient_team_id");
    const recipient_team_id = world.userNamed("Owen Fairclough").team_id;
    expect(await code(slack.chat.startStream({ ...at, recipient_team_id }))).toBe("missing_recipient_user_id");
    const reader = { recipient_team_id, recipient_user_id: id("Owen Fairclough") };
    const { ts = "" } = await slack.chat.startStream({ ...at, ...reader });
    const long = slack.chat.appendStream({ channel: at.channel, ts, markdown_text: "x".repeat(12_001) });
    expect(await code(long)).toBe("msg_too_long");
    expect(await code(slack.chat.appendStream({ channel: at.channel, ts }))).toBe("no_text");
  });
});

describe("reading", () => {
  test("history comes newest first, in pages, without replies; a thread comes oldest first", async () => {
    const all = ["one", "two", "three"].map((text) => world.say(id("Owen Fairclough"), room("sales"), text).ts);
    const root = all[0] ?? "";
    world.say(id("Camille Duret"), room("sales"), "reply", { thread_ts: root });
    const pages: (string | undefined)[][] = [];
    for await (const page of slack.paginate("conversations.history", { channel: room("sales"), limit: 2 })) {
      const { messages = [] } = page as ConversationsHistoryResponse; // the client leaves pages untyped
      pages.push(messages.map(({ text }) => text));
    }
    expect(pages).toEqual([["three", "two"], ["one"]]);
    const thread = await slack.conversations.replies({ channel: room("sales"), ts: root });
    expect(thread.messages?.map(({ text }) => text)).toEqual(["one", "reply"]);
    const since = await slack.conversations.history({ channel: room("sales"), oldest: all[1] });
    expect(since.messages?.map(({ text }) => text)).toEqual(["three"]);
    expect(await code(slack.conversations.replies({ channel: room("sales"), ts: "1.2" }))).toBe("thread_not_found");
  });

  test("channels of every kind, and what is special about them", async () => {
    const { channels = [] } = await slack.conversations.list({ types: "public_channel,private_channel" });
    expect(channels.map(({ name }) => name)).toEqual(expect.arrayContaining(["sales", "leadership", "old-launch"]));
    const about = async (channel: string) => (await slack.conversations.info({ channel })).channel;
    expect(await about(room("shared-northbeam"))).toMatchObject({ is_ext_shared: true, is_member: true });
    expect(await about(room("leadership"))).toMatchObject({ is_private: true });
    expect(await about(dm())).toMatchObject({ is_im: true, user: id("Owen Fairclough") });
  });

  test("people of every kind can be told apart", async () => {
    const about = async (name: string) => (await slack.users.info({ user: id(name) })).user;
    const northbeam = world.userNamed("Dana Whitfield").team_id;
    expect(await about("Ingrid Sandoval")).toMatchObject({ is_admin: true, tz: "America/New_York" });
    expect(await about("Noor Haddad")).toMatchObject({ is_restricted: true, is_ultra_restricted: false });
    expect(await about("Bea Lindqvist")).toMatchObject({ deleted: true });
    expect(await about("Standup Bot")).toMatchObject({ is_bot: true });
    expect(await about("Dana Whitfield")).toMatchObject({ is_stranger: true, team_id: northbeam });
    expect((await about("Dana Whitfield"))?.profile?.email).toBeUndefined();
    expect((await about("Priya Raghunathan"))?.tz_offset).toBe(5.5 * 3600);
    const found = await slack.users.lookupByEmail({ email: "Owen.Fairclough@larkspur.example" });
    expect(found.user?.id).toBe(id("Owen Fairclough"));
    expect(await code(slack.users.lookupByEmail({ email: "bea.lindqvist@larkspur.example" }))).toBe("users_not_found");
  });

  test("without its scope, addresses stay hidden", async () => {
    const installation = world.installations.alive()[0]!;
    installation.scopes = installation.scopes.filter((scope) => scope !== "users:read.email");
    const { user } = await slack.users.info({ user: id("Owen Fairclough") });
    expect(user?.real_name).toBe("Owen Fairclough");
    expect(user?.profile).not.toHaveProperty("email");
  });

  test("direct messages open with people, not with bots, strangers or those who left", async () => {
    const open = (users: string) => slack.conversations.open({ users });
    expect((await open(id("Halima Njoroge"))).channel?.id).toBe(dm("Halima Njoroge"));
    expect(await code(open(id("Standup Bot")))).toBe("cannot_dm_bot");
    expect(await code(open(id("Bea Lindqvist")))).toBe("user_disabled");
    expect(await code(open(id("Dana Whitfield")))).toBe("user_not_visible");
    expect(await code(open("U0NOBODY"))).toBe("user_not_found");
  });
});

describe("views", () => {
  const modal = { type: "modal" as const, title: plain("Look up"), blocks: [{ type: "divider" as const }] };
  const trigger_id = () => world.trigger(id("Owen Fairclough"));

  test("a modal opens once within three seconds, and is updated by its hash", async () => {
    const { view } = await slack.views.open({ trigger_id: trigger_id(), view: modal });
    expect(world.views.stack(id("Owen Fairclough"))).toHaveLength(1);
    await slack.views.update({ view_id: view?.id ?? "", hash: view?.hash ?? "", view: modal });
    const stale = slack.views.update({ view_id: view?.id ?? "", hash: view?.hash ?? "", view: modal });
    expect(await code(stale)).toBe("hash_conflict");
    expect(await code(slack.views.update({ view_id: "V0NONE", view: modal }))).toBe("not_found");
    const late = trigger_id();
    now += 3001;
    expect(await code(slack.views.open({ trigger_id: late, view: modal }))).toBe("expired_trigger_id");
  });

  test("a view that Slack would not take is refused with the place, and the trigger is not used up", async () => {
    const trigger = trigger_id();
    const view = { ...modal, title: plain("x".repeat(25)) };
    expect(await refusal(slack.views.open({ trigger_id: trigger, view }))).toMatchObject({
      error: "invalid_arguments",
      response_metadata: { messages: ["[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"] },
    });
    expect(await slack.views.open({ trigger_id: trigger, view: modal })).toMatchObject({ ok: true });
  });

  test("a Home tab is published for one person", async () => {
    const view = { type: "home" as const, blocks: [{ type: "header" as const, text: plain("Today") }] };
    await slack.views.publish({ user_id: id("Owen Fairclough"), view });
    expect(world.views.home(id("Owen Fairclough"))?.blocks).toMatchObject([{ type: "header" }]);
    expect(world.views.home(id("Camille Duret"))).toBeNull();
  });
});

describe("the agent's side", () => {
  test("status, session, title and prompts; prompts with a thread do nothing, as in Slack", async () => {
    const at = { channel_id: dm(), thread_ts: ask() };
    await slack.assistant.threads.setStatus({
      ...at,
      status: "is looking it up…",
      loading_messages: ["Counting seats"],
    });
    expect(world.agent.statuses(dm())).toMatchObject([
      { status: "is looking it up…", loading_messages: ["Counting seats"] },
    ]);
    await slack.agents.sessions.setStatus({ ...at, status: "processing", title: "Brightwater" });
    await slack.agents.sessions.rename({ ...at, title: "Brightwater's renewal" });
    expect(world.agent.session(dm(), at.thread_ts)).toMatchObject({
      status: "processing",
      title: "Brightwater's renewal",
    });
    const prompts: [{ title: string; message: string }] = [{ title: "Mine", message: "Which accounts need me?" }];
    await slack.assistant.threads.setSuggestedPrompts({ ...at, prompts });
    expect(world.agent.prompts(dm())).toBeNull();
    await slack.assistant.threads.setSuggestedPrompts({ channel_id: dm(), prompts });
    expect(world.agent.prompts(dm())).toMatchObject({ prompts });
  });

  test("an app that does not listen for the stop button is told so", async () => {
    world.app.events = ["message.im"];
    const said = await slack.agents.sessions.setStatus({ channel_id: dm(), thread_ts: ask(), status: "processing" });
    expect(said.warning).toBe("missing_agent_session_stopped_event_subscription");
  });
});

test("a file is sent, shared in a thread, and seen only where it was shared", async () => {
  const thread_ts = ask();
  const csv = "account,mrr\nBrightwater,1200\n";
  const to = { channel_id: dm(), thread_ts, initial_comment: "All of them" };
  await slack.filesUploadV2({ ...to, filename: "portfolio.csv", title: "Portfolio", content: csv });
  const [, message] = world.channel(dm()).messages;
  const [file] = message?.files ?? [];
  expect(message).toMatchObject({
    text: "All of them",
    thread_ts,
    files: [{ name: "portfolio.csv", mimetype: "text/csv" }],
  });
  expect(world.files.get(file?.id ?? "").content.toString()).toBe(csv);
  expect(world.files.isVisible(file?.id ?? "", id("Owen Fairclough"))).toBe(true);
  expect(world.files.isVisible(file?.id ?? "", id("Jonas Petrov"))).toBe(false);
  const own = await fetch(`${origin}${file?.url_private}`, { headers: { authorization: `Bearer ${slack.token}` } });
  expect(await own.text()).toBe(csv);
  const unsent = slack.files.completeUploadExternal({ files: [{ id: "F0NONE", title: "x" }] });
  expect(await code(unsent)).toBe("file_not_found");
});

test("a reaction counts once", async () => {
  const reaction = { channel: dm(), timestamp: ask(), name: "eyes" };
  await slack.reactions.add(reaction);
  expect(await code(slack.reactions.add(reaction))).toBe("already_reacted");
  await slack.reactions.remove(reaction);
  expect(await code(slack.reactions.remove(reaction))).toBe("no_reaction");
});

describe("installing", () => {
  const secrets = () => ({ client_id: world.app.clientId, client_secret: world.app.clientSecret });
  const redirect_uri = "https://perennial.example/slack/oauth_redirect";
  async function allowed(more: Record<string, string> = {}): Promise<URL> {
    const asked = { client_id: world.app.clientId, scope: "chat:write", state: "s1", redirect_uri };
    const decided = { decide: "allow", user: id("Ingrid Sandoval"), ...more };
    const query = new URLSearchParams({ ...asked, ...decided });
    const page = await fetch(`${origin}/oauth/v2/authorize?${query}`, { redirect: "manual" });
    return new URL(page.headers.get("location") ?? "none:");
  }

  test("a person allows it, and the code becomes a token once", async () => {
    const back = await allowed();
    expect([back.origin + back.pathname, back.searchParams.get("state")]).toEqual([redirect_uri, "s1"]);
    const exchange = { ...secrets(), code: back.searchParams.get("code") ?? "", redirect_uri };
    const granted = await client(undefined).oauth.v2.access(exchange);
    expect(granted).toMatchObject({ token_type: "bot", bot_user_id: id("Perennial"), team: { name: "Larkspur" } });
    expect(await client(granted.access_token).auth.test()).toMatchObject({ ok: true });
    expect(await code(client(undefined).oauth.v2.access(exchange))).toBe("invalid_code");
  });

  test("refused by a person, by a wrong secret, by another address", async () => {
    expect((await allowed({ decide: "deny" })).searchParams.get("error")).toBe("access_denied");
    const wrong = { ...secrets(), client_secret: "wrong", code: "x" };
    expect(await code(client(undefined).oauth.v2.access(wrong))).toBe("bad_client_secret");
    const elsewhere = {
      ...secrets(),
      code: (await allowed()).searchParams.get("code") ?? "",
      redirect_uri: "https://x.example",
    };
    expect(await code(client(undefined).oauth.v2.access(elsewhere))).toBe("bad_redirect_uri");
  });

  test("the install page names the app, what it asks for, and who may allow it", async () => {
    const query = new URLSearchParams({ client_id: world.app.clientId, scope: "chat:write", redirect_uri });
    const page = await (await fetch(`${origin}/oauth/v2/authorize?${query}`)).text();
    expect(page).toContain("Perennial asks for permission");
    expect(page).toContain("Allow as Ingrid Sandoval");
    expect(page).not.toContain("Allow as Noor Haddad");
  });

  test("Socket Mode opens for the app's token only", async () => {
    expect(await client(world.app.appToken).apps.connections.open()).toMatchObject({
      url: expect.stringMatching(/^ws:/),
    });
    expect(await code(slack.apps.connections.open())).toBe("not_allowed_token_type");
    expect(await code(client("xapp-forged").apps.connections.open())).toBe("invalid_auth");
  });
});

describe("what goes wrong on the way", () => {
  test("too fast: 429 with the seconds to wait, for that channel alone", async () => {
    world.rateLimits.limits = { "chat.postMessage": { ...SLACKS_LIMITS["chat.postMessage"]!, burst: 1 } };
    const hasty = client(slack.token, { rejectRateLimitedCalls: true });
    await hasty.chat.postMessage({ channel: room("sales"), text: "1" });
    const second = await hasty.chat.postMessage({ channel: room("sales"), text: "2" }).catch((error) => error);
    expect(second).toMatchObject({ code: "slack_webapi_rate_limited_error", retryAfter: 1 });
    await hasty.chat.postMessage({ channel: room("support"), text: "1" });
    now += 1000;
    await hasty.chat.postMessage({ channel: room("sales"), text: "2" });
    expect(world.channelNamed("sales").messages.map(({ text }) => text)).toEqual(["1", "2"]);
  });

  test("a reply that is lost: it was posted, and the caller does not know", async () => {
    world.faults.plan("chat.postMessage", { kind: "lost_reply" });
    await expect(slack.chat.postMessage({ channel: dm(), text: "once" })).rejects.toThrow();
    expect(world.channel(dm()).messages.map(({ text }) => text)).toEqual(["once"]);
  });

  test("a call that was cut off did nothing", async () => {
    world.faults.plan("chat.postMessage", { kind: "cut" });
    await expect(slack.chat.postMessage({ channel: dm(), text: "once" })).rejects.toThrow();
    expect(world.channel(dm()).messages).toEqual([]);
  });

  test("a planned refusal comes so many times, and a rule of one's own after it", async () => {
    world.faults.plan("*", { kind: "refuse", error: "internal_error" }, 2);
    expect(await code(slack.auth.test())).toBe("internal_error");
    expect(await code(slack.auth.test())).toBe("internal_error");
    expect(await slack.auth.test()).toMatchObject({ ok: true });
    world.faults.rule = (method) => (method === "auth.test" ? { kind: "refuse", error: "fatal_error" } : null);
    expect(await code(slack.auth.test())).toBe("fatal_error");
  });
});

test("calls are kept for the page to show, without tokens", async () => {
  const shown: PageChange[] = [];
  world.on("page", (change) => shown.push(change));
  await slack.chat.postMessage({ channel: dm(), text: "hi", blocks: [{ type: "divider" }] });
  await refusal(slack.chat.postMessage({ channel: "C0NOWHERE", text: "hi" }));
  const [first, second] = world.calls.after(0);
  expect(first).toMatchObject({ method: "chat.postMessage", args: { channel: dm(), blocks: [{ type: "divider" }] } });
  expect(second?.answer).toMatchObject({ ok: false, error: "channel_not_found" });
  expect(JSON.stringify(world.calls.after(0))).not.toContain(slack.token);
  expect(shown.filter(({ type }) => type === "call")).toHaveLength(2);
});
