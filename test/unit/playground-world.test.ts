import { beforeEach, describe, expect, test } from "vitest";
import type { AppEvent, PageChange } from "#playground/world/changes.ts";
import { worldWithLarkspur } from "#playground/world/larkspur.ts";
import { threadOf, topLevel } from "#playground/world/places.ts";
import { typedText } from "#playground/world/typed-text.ts";
import type { World } from "#playground/world/world.ts";

let now = Date.UTC(2026, 10, 23, 9);
let world: World;
let events: AppEvent[];
let changes: PageChange[];

beforeEach(() => {
  now = Date.UTC(2026, 10, 23, 9);
  world = worldWithLarkspur({ now: () => now });
  events = [];
  changes = [];
  world.on("app", (event) => events.push(event));
  world.on("page", (change) => changes.push(change));
});

const id = (name: string) => world.userNamed(name).id;
const room = (name: string) => world.channelNamed(name).id;
const bot = () => id("Perennial");
const types = () => events.map(({ event }) => [event.type, event.subtype].filter(Boolean).join("."));
const dm = (name: string) => world.directMessage(id(name), bot()).id;

describe("what the bot hears", () => {
  test("a mention arrives twice, as app_mention and as message, with one ts", () => {
    const { ts } = world.say(id("Owen Fairclough"), room("sales"), `<@${bot()}> how is Brightwater?`);
    expect(types()).toEqual(["app_mention", "message"]);
    expect(events.map(({ event }) => event.ts)).toEqual([ts, ts]);
    expect(events[1]?.event).toMatchObject({ channel_type: "channel", channel: room("sales") });
    expect(events[0]?.event).not.toHaveProperty("channel_type");
  });

  test("a direct message arrives once, and its mention is no app_mention", () => {
    world.say(id("Owen Fairclough"), dm("Owen Fairclough"), `<@${bot()}> hello`);
    expect(types()).toEqual(["message"]);
    expect(events[0]?.event.channel_type).toBe("im");
  });

  test("nothing from channels that it is not in", () => {
    world.kick(id("Ingrid Sandoval"), bot(), room("sales"));
    events = [];
    world.say(id("Owen Fairclough"), room("sales"), `<@${bot()}> anybody there?`);
    expect(events).toEqual([]);
  });

  test("a stranger's word carries the stranger's team outside and the tenant's within", () => {
    const stranger = world.userNamed("Dana Whitfield");
    world.say(stranger.id, room("shared-northbeam"), `<@${bot()}> what do they pay?`);
    const team = world.bot(world.channelNamed("sales").team_id).team_id;
    expect(events[0]).toMatchObject({ teamId: stranger.team_id, contextTeamId: team, shared: true });
    expect(events[0]?.authorizations[0]).toMatchObject({ team_id: team, user_id: bot(), is_bot: true });
    expect(events[0]?.event).toMatchObject({ user_team: stranger.team_id });
  });

  test("its own message comes back with its bot_id", () => {
    world.messages.post(dm("Owen Fairclough"), { by: world.userNamed("Perennial"), text: "Hello" });
    expect(events[0]?.event).toMatchObject({
      type: "message",
      user: bot(),
      bot_id: world.userNamed("Perennial").bot_id,
    });
  });

  test("edits and deletions come with what was there before", () => {
    const owen = id("Owen Fairclough");
    const { ts } = world.say(owen, room("sales"), "Brigthwater?");
    world.edit(owen, room("sales"), ts, "Brightwater?");
    world.remove(owen, room("sales"), ts);
    expect(types()).toEqual(["message", "message.message_changed", "message.message_deleted"]);
    expect(events[1]?.event).toMatchObject({
      hidden: true,
      message: { text: "Brightwater?", edited: { user: owen } },
      previous_message: { text: "Brigthwater?" },
    });
    expect(events[2]?.event.deleted_ts).toBe(ts);
  });

  test("links of the CRM are told, others are not", () => {
    world.say(
      id("Owen Fairclough"),
      room("sales"),
      "see <https://crm.larkspur.example/accounts/12> and <https://x.example>",
    );
    expect(types()).toEqual(["message", "link_shared"]);
    expect(events[1]?.event.links).toEqual([
      { url: "https://crm.larkspur.example/accounts/12", domain: "crm.larkspur.example" },
    ]);
  });

  test("an app that has not subscribed hears nothing", () => {
    world = worldWithLarkspur({ app: { events: ["message.im"] } });
    const heard: string[] = [];
    world.on("app", ({ event }) => heard.push(event.type));
    world.say(id("Owen Fairclough"), room("sales"), `<@${bot()}> hello`);
    expect(heard).toEqual([]);
    world.say(id("Owen Fairclough"), dm("Owen Fairclough"), "hello");
    expect(heard).toEqual(["message"]);
  });

  test("opening the Home tab, joining, archiving and removal of the app", () => {
    world.openHome(id("Owen Fairclough"), "messages");
    world.invite(id("Owen Fairclough"), id("Jonas Petrov"), room("sales"));
    world.archive(id("Ingrid Sandoval"), room("renewals"));
    world.uninstall(world.userNamed("Perennial").team_id);
    expect(types()).toEqual([
      "app_home_opened",
      "message.channel_join",
      "member_joined_channel",
      "channel_archive",
      "tokens_revoked",
      "app_uninstalled",
    ]);
    expect(events[0]?.event).toMatchObject({ tab: "messages", channel: dm("Owen Fairclough") });
  });
});

describe("what people may do", () => {
  test.each([
    ["write where they are not", () => world.say(id("Jonas Petrov"), room("sales"), "hi"), "not_in_channel"],
    ["write in an archived channel", () => world.say(id("Owen Fairclough"), room("old-launch"), "hi"), "is_archived"],
    ["write once they are gone", () => world.say(id("Bea Lindqvist"), room("sales"), "hi"), "account_inactive"],
    ["write nothing", () => world.say(id("Owen Fairclough"), room("sales"), ""), "no_text"],
    [
      "answer what is not there",
      () => world.say(id("Owen Fairclough"), room("sales"), "hi", { thread_ts: "1.1" }),
      "thread_not_found",
    ],
  ])("not %s", (_, doing, code) => {
    expect(doing).toThrow(expect.objectContaining({ code }));
  });

  test("change only their own messages", () => {
    const { ts } = world.say(id("Owen Fairclough"), room("sales"), "mine");
    expect(() => world.edit(id("Camille Duret"), room("sales"), ts, "yours")).toThrow("cant_update_message");
    expect(() => world.remove(id("Camille Duret"), room("sales"), ts)).toThrow("cant_delete_message");
    world.remove(id("Ingrid Sandoval"), room("sales"), ts); // an admin may
    expect(world.channelNamed("sales").messages).toEqual([]);
  });
});

describe("threads", () => {
  test("a reply to a reply lands in the thread of its parent, which counts it", () => {
    const [owen, camille, sales] = [id("Owen Fairclough"), id("Camille Duret"), world.channelNamed("sales")];
    const root = world.say(owen, sales.id, "question");
    const reply = world.say(camille, sales.id, "answer", { thread_ts: root.ts });
    world.say(owen, sales.id, "thanks", { thread_ts: reply.ts });
    expect(threadOf(sales, root.ts).map(({ text }) => text)).toEqual(["question", "answer", "thanks"]);
    expect(topLevel(sales).map(({ text }) => text)).toEqual(["question"]);
    expect(root).toMatchObject({ reply_count: 2, reply_users: [camille, owen], thread_ts: root.ts });
  });

  test("a deleted question with answers leaves a tombstone, and the last answer takes the count along", () => {
    const [owen, sales] = [id("Owen Fairclough"), world.channelNamed("sales")];
    const root = world.say(owen, sales.id, "question");
    const reply = world.say(owen, sales.id, "answer", { thread_ts: root.ts });
    world.remove(owen, sales.id, root.ts);
    expect(sales.messages[0]).toMatchObject({ subtype: "tombstone", reply_count: 1 });
    world.remove(owen, sales.id, reply.ts);
    expect(sales.messages[0]).not.toHaveProperty("reply_count");
  });

  test("every ts is its own, also within one millisecond", () => {
    const all = Array.from({ length: 50 }, () => world.say(id("Owen Fairclough"), room("sales"), "x").ts);
    expect(new Set(all).size).toBe(50);
    expect(all.toSorted()).toEqual(all);
  });
});

describe("growing messages", () => {
  const begin = () => {
    const question = world.say(id("Owen Fairclough"), dm("Owen Fairclough"), "how is Brightwater?");
    const to = { channel: dm("Owen Fairclough"), thread_ts: question.ts };
    return world.streams.start(world.userNamed("Perennial"), to, { mode: "plan", chunks: [] });
  };
  const append = (ts: string, text: string) =>
    world.streams.append(world.userNamed("Perennial"), dm("Owen Fairclough"), ts, [{ type: "markdown_text", text }]);

  test("text grows, tasks stand in one plan above it, and last comes what stop brings", () => {
    const message = begin();
    const task = { type: "task_update" as const, id: "1", title: "Facts", status: "in_progress" };
    world.streams.append(world.userNamed("Perennial"), dm("Owen Fairclough"), message.ts, [task]);
    append(message.ts, "Bright");
    append(message.ts, "water");
    world.streams.append(world.userNamed("Perennial"), dm("Owen Fairclough"), message.ts, [
      { ...task, status: "complete" },
    ]);
    const last = { chunks: [], blocks: [{ type: "divider" }] };
    const ended = world.streams.stop(world.userNamed("Perennial"), dm("Owen Fairclough"), message.ts, last);
    expect(ended).toMatchObject({ text: "Brightwater", streaming_state: "completed" });
    expect(ended.blocks).toMatchObject([
      { type: "plan", title: "Facts", tasks: [{ status: "complete" }] },
      { type: "markdown", text: "Brightwater" },
      { type: "divider" },
    ]);
    expect(changes.filter(({ type }) => type === "stream")).toHaveLength(4);
  });

  test("a stream is over after five minutes, and then only an update helps", () => {
    const { ts } = begin();
    append(ts, "one");
    now += 5 * 60_000 + 1;
    expect(() => append(ts, "two")).toThrow("message_not_in_streaming_state");
    expect(world.streams.isOpen(dm("Owen Fairclough"), ts)).toBe(false);
    const text = "one and two";
    expect(world.messages.change(dm("Owen Fairclough"), ts, { text }, { by: bot() })).toMatchObject({ text });
  });

  test("the stop button ends the streams of a thread that is being worked on, and tells which", () => {
    const { ts, thread_ts = "" } = begin();
    expect(world.stop(id("Owen Fairclough"), dm("Owen Fairclough"), thread_ts)).toBe(false);
    world.agent.setSession(dm("Owen Fairclough"), thread_ts, "processing", "Brightwater");
    expect(world.stop(id("Owen Fairclough"), dm("Owen Fairclough"), thread_ts)).toBe(true);
    expect(events.at(-1)?.event).toMatchObject({
      type: "agent_session_stopped",
      streaming_message_ts: [ts],
      thread_ts,
    });
    expect(() => append(ts, "more")).toThrow("message_not_in_streaming_state");
  });
});

describe("modals, triggers and late answers", () => {
  const view = (title: string, more: object = {}) => ({
    ...{ type: "modal" as const, title: { type: "plain_text" as const, text: title }, blocks: [] },
    ...{ callback_id: "", private_metadata: "", external_id: "", clear_on_close: false, notify_on_close: false },
    ...more,
  });
  const installed = () => world.installations.alive()[0]!;
  const titles = () => world.views.stack(id("Owen Fairclough")).map(({ title }) => title?.text);
  const press = () => world.trigger(id("Owen Fairclough"));

  test("modals are stacked three high", () => {
    world.views.open(installed(), press(), view("one"));
    world.views.push(installed(), press(), view("two"));
    const top = world.views.push(installed(), press(), view("three"));
    expect(() => world.views.push(installed(), press(), view("four"))).toThrow("push_limit_reached");
    expect(titles()).toEqual(["one", "two", "three"]);
    expect(world.views.close(id("Owen Fairclough"), top.id).map(({ title }) => title?.text)).toEqual(["three"]);
    expect(titles()).toEqual(["one", "two"]);
  });

  test("a trigger serves once, and for three seconds", () => {
    const once = press();
    world.views.open(installed(), once, view("one"));
    expect(() => world.views.open(installed(), once, view("again"))).toThrow("exchanged_trigger_id");
    const late = press();
    now += 3001;
    expect(() => world.views.open(installed(), late, view("late"))).toThrow("expired_trigger_id");
    expect(() => world.views.open(installed(), "forged", view("forged"))).toThrow("invalid_trigger_id");
  });

  test("an older picture of a modal does not overwrite a newer one", () => {
    const { id: view_id, hash } = world.views.open(installed(), press(), view("one"));
    world.views.update(installed(), { view_id, hash }, view("two"));
    expect(() => world.views.update(installed(), { view_id, hash }, view("three"))).toThrow("hash_conflict");
    expect(titles()).toEqual(["two"]);
  });

  test("what the app answers to a submitted modal is carried out", () => {
    const { id: first } = world.views.open(installed(), press(), view("one"));
    world.views.answer(installed(), first, { response_action: "errors", errors: { a: "no" } });
    world.views.answer(installed(), first, { response_action: "push", view: view("two") });
    expect(titles()).toEqual(["one", "two"]);
    world.views.answer(installed(), first, { response_action: "update", view: view("changed") });
    expect(titles()).toEqual(["changed", "two"]);
    world.views.answer(installed(), first, { response_action: "clear" });
    expect(titles()).toEqual([]);
  });

  test("a response URL answers five times within half an hour", () => {
    const target = { teamId: "T", user: "U", channel: "C", message_ts: null, thread_ts: null, is_ephemeral: false };
    const url = world.responseUrls.make(target);
    for (let use = 0; use < 5; use += 1) expect(world.responseUrls.use(url)).toEqual(target);
    expect(() => world.responseUrls.use(url)).toThrow("used_url");
    const late = world.responseUrls.make(target);
    now += 30 * 60_000 + 1;
    expect(() => world.responseUrls.use(late)).toThrow("expired_url");
  });
});

test("what people type becomes what Slack sends", () => {
  const owen = world.userNamed("Owen Fairclough");
  expect(typedText(world, owen, "@Perennial is R&D <new>? ask @Camille Duret in #sales: https://x.example/a.")).toBe(
    `<@${bot()}> is R&amp;D &lt;new&gt;? ask <@${id("Camille Duret")}> in <#${room("sales")}|sales>: <https://x.example/a>.`,
  );
});

test("the same people, channels and direct messages have the same ids at the next start; worlds of their own do not", () => {
  const again = worldWithLarkspur();
  expect([...again.channels.keys()]).toEqual([...world.channels.keys()]);
  expect(again.userNamed("Halima Njoroge").id).toBe(id("Halima Njoroge"));
  expect(worldWithLarkspur({ tag: "ABCD" }).channels.has(room("sales"))).toBe(false);
});

test("a status goes with the bot's answer, and by itself after two minutes", () => {
  const channel = dm("Owen Fairclough");
  const { ts } = world.say(id("Owen Fairclough"), channel, "hi");
  const status = { channel, thread_ts: ts, status: "is looking it up…", loading_messages: [] };
  world.agent.setStatus(status);
  expect(world.agent.statuses(channel)).toEqual([status]);
  world.messages.post(channel, { by: world.userNamed("Perennial"), text: "Hello", thread_ts: ts });
  expect(world.agent.statuses(channel)).toEqual([]);
  world.agent.setStatus(status);
  now += 120_001;
  expect(world.agent.statuses(channel)).toEqual([]);
});
