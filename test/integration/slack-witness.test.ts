import { WebClient } from "@slack/web-api";
import { createEmulator, type Emulator } from "emulate";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { type Claimed, claim, keep, startPosting } from "#inbox/inbox.ts";
import { createLog } from "#log.ts";
import { accessByToken, clientOptions } from "#slack/access.ts";
import { lookUpChannel } from "#slack/channels.ts";
import type { SlackHouse } from "#slack/house.ts";
import { manifest } from "#slack/manifest.ts";
import { lookUpMember } from "#slack/members.ts";
import type { Message } from "#slack/message.ts";
import { Calls, RateLimits } from "#slack/post/calls.ts";
import { markOf } from "#slack/post/mark.ts";
import { Queues } from "#slack/post/queues.ts";
import { SlackPoster } from "#slack/post/slack-poster.ts";
import { TIMING } from "#slack/timing.ts";
import { freshWorkspace } from "../fixtures/database.ts";

// What we say to Slack is heard by a Slack that others wrote. It checks scopes, and the token has those of the manifest.
const TOKEN = "xoxb-witness";
const log = createLog("silent");
const timing = { ...TIMING, settle: 10, flush: 5 };

let slack: Emulator;
let client: WebClient;
let apiUrl: string;
let channel: string;
let ida: string;
let botUserId: string;
beforeAll(async () => {
  slack = await createEmulator({ service: "slack", port: 0, seed: { slack: SEED } });
  apiUrl = `${slack.url}/api/`;
  client = new WebClient(TOKEN, clientOptions({ apiUrl, log, timeout: 5_000 }));
  const { channels } = z.object({ channels: z.array(named) }).parse(await client.conversations.list({}));
  channel = idOf(channels, "sales");
  const { members } = z.object({ members: z.array(named) }).parse(await client.users.list({}));
  ida = idOf(members, "ida");
  botUserId = idOf(members, "perennial");
});
afterAll(() => slack.close());

let poster: SlackPoster;
let claimed: Claimed;
let calls: Calls;
let database: Awaited<ReturnType<typeof freshWorkspace>>["database"];
let jobs = 0;
beforeEach(async () => {
  const fresh = await freshWorkspace();
  database = fresh.database;
  const { workspaceId } = fresh.actor;
  const lane = `witness:${++jobs}`; // files share the database, and others may have left rows that wait
  await keep(database, { workspaceId, key: lane, kind: "message", lane, body: {} });
  [claimed] = (await claim(database, { worker: "witness", leaseSeconds: 60, limit: 1, lanes: [lane] })) as [Claimed];
  const { signal } = new AbortController();
  calls = new Calls({ client, teamId: "T1", limits: new RateLimits(), signal, patience: 1_000 });
  const desk = { database, claimed, calls, queues: new Queues(), teamId: "T1", botUserId, apiUrl, log, timing };
  poster = new SlackPoster({ ...desk, directMessages: new Map() });
});

test("the token tells who the bot is", async () => {
  expect(await accessByToken(TOKEN, clientOptions({ apiUrl, log, timeout: 5_000 }))).toMatchObject({ botUserId });
});

test("a question in a channel is answered in its thread, redrawn, and found there", async () => {
  const root = await poster.message("hello", { channel }, said("Hello"));
  const answer = await poster.message("answer", { channel, thread: root }, said("Acme is fine", SECTION));
  await poster.update({ channel, ts: answer }, said("Acme is at risk"));
  const { messages } = z
    .object({ messages: z.array(z.looseObject({ ts: z.string(), text: z.string() })) })
    .parse(await client.conversations.replies({ channel, ts: root, include_all_metadata: true }));
  expect(messages.map(({ ts, text }) => [ts, text])).toEqual([
    [root, "Hello"],
    [answer, "Acme is at risk"],
  ]);
  expect(messages[1]).toMatchObject({ metadata: markOf(claimed, "answer") });
});

test("an answer whose reply was lost is found by its mark, and not said twice", async () => {
  const root = await poster.message("hello", { channel }, said("Who renews?"));
  await startPosting(database, claimed, "answer", { channel, thread: root });
  const { ts } = await client.chat.postMessage({
    channel,
    thread_ts: root,
    text: "Nobody",
    metadata: markOf(claimed, "answer"),
  });
  expect(await poster.message("answer", { channel, thread: root }, said("Nobody"))).toBe(ts);
  const { messages } = await client.conversations.replies({ channel, ts: root });
  expect(messages).toHaveLength(2);
});

test("a person's own answer goes to the direct message, and to them alone in a channel", async () => {
  const direct = await poster.directMessage(ida);
  expect(direct).toMatch(/^D/);
  const ts = await poster.message("answer", { channel: direct }, said("For you"));
  expect((await client.conversations.history({ channel: direct })).messages).toMatchObject([{ ts, text: "For you" }]);
  await poster.privately("note", { channel, user: ida }, said("Only you see this"));
  expect(JSON.stringify((await client.conversations.history({ channel })).messages)).not.toContain("Only you");
});

test("a list goes out as a file, with its content and once", async () => {
  const file = { name: "accounts.csv", title: "Accounts", content: "name\r\nÄcme\r\n", text: "Two accounts" };
  await poster.file("csv", { channel }, file);
  await poster.file("csv", { channel }, file);
  const { files } = z
    .object({ files: z.array(z.looseObject({ title: z.string(), url_private: z.string() })) })
    .parse(await client.files.list({ channel }));
  expect(files.map(({ title }) => title)).toEqual(["Accounts"]);
  const path = new URL(files[0]!.url_private).pathname;
  const stored = await fetch(new URL(path, slack.url), { headers: { authorization: `Bearer ${TOKEN}` } });
  expect(await stored.text()).toBe(file.content);
});

test("Home and modals are taken, and a trigger that is over is told from a fault", async () => {
  await poster.publishHome(ida, { type: "home", blocks: [SECTION] });
  const { trigger_id: trigger } = z
    .object({ trigger_id: z.string() })
    .parse(await client.apiCall("views.generateTriggerId", { user_id: ida }));
  const view = { type: "modal" as const, title: { type: "plain_text" as const, text: "Look up" }, blocks: [SECTION] };
  expect(await poster.open(trigger, view)).toBe(true);
  expect(await poster.open(trigger, view)).toBe(false);
});

test("who somebody is and what a channel is are read as Slack tells them", async () => {
  const house = {} as SlackHouse; // only the key under which it is remembered
  const desk = { client, house, teamId: "T000000001" };
  expect(await lookUpMember(desk, ida)).toMatchObject({
    name: "Ida Berg",
    email: "ida@larkspur.example",
    standing: "member",
  });
  expect(await lookUpMember(desk, "U0NOBODY")).toBeNull();
  expect(await lookUpChannel(desk, channel)).toEqual({ channel, kind: "channel", shared: false });
  expect(await lookUpChannel(desk, "C0NOWHERE")).toBeNull();
});

test("a Slack without streams, statuses and sessions gets the whole answer all the same", async () => {
  const direct = await poster.directMessage(ida);
  const root = await poster.message("question", { channel: direct }, said("How is Acme?"));
  const place = { channel: direct, thread: root };
  await poster.session(place, "processing", "Acme");
  await poster.status(place, "is looking it up…");
  const stream = await poster.stream("answer", place, { userId: ida, teamId: "T1" });
  stream.append("Acme is ");
  const ts = await stream.finish(said("Acme is fine", SECTION));
  await poster.close();
  const { messages } = await client.conversations.replies({ channel: direct, ts: root });
  expect(messages).toMatchObject([{ ts: root }, { ts, text: "Acme is fine" }]);
});

const SECTION = { type: "section" as const, text: { type: "mrkdwn" as const, text: "*Acme*" } };
const said = (text: string, ...blocks: Message["blocks"]): Message => ({ text, blocks });

const named = z.object({ id: z.string(), name: z.string() });
const idOf = (all: { id: string; name: string }[], name: string): string => all.find((each) => each.name === name)!.id;

const SEED = {
  strict_scopes: true,
  team: { name: "Larkspur", domain: "larkspur" },
  users: [
    { name: "ida", real_name: "Ida Berg", email: "ida@larkspur.example" },
    { name: "perennial", real_name: "Perennial", email: "bot@larkspur.example" },
  ],
  channels: [{ name: "sales" }],
  // files:read is the test's own: it looks at what arrived.
  tokens: [
    { token: TOKEN, type: "bot", user: "perennial", scopes: [...manifest({}).oauth_config.scopes.bot, "files:read"] },
  ],
};
