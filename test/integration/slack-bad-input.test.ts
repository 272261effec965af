import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { createAgentHouse } from "#agent/ask.ts";
import type { ModelConfig } from "#config.ts";
import { Database } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { createLog } from "#log.ts";
import type { Attempt } from "#playground/delivery/events.ts";
import type { Fault } from "#playground/world/faults.ts";
import type { SlackHouse } from "#slack/house.ts";
import { tools, vocabulary } from "#tools/index.ts";
import { promptsFolder, scripted } from "../fixtures/ask.ts";
import { type BreakableLine, breakableLine } from "../fixtures/breakable-line.ts";
import { type ModelServer, modelServer } from "../fixtures/model-server.ts";
import { sampleCompanyHouse } from "../fixtures/sample.ts";
import { type News, TestSlack, TRIGGERS_LIVE_MS, unhurriedWorld } from "../fixtures/slack.ts";
import { sampleSlackHouse } from "../fixtures/slack-listeners.ts";
import { FORM, JSON_TYPE, SlackRequests } from "../fixtures/slack-requests.ts";
import { soon } from "../fixtures/soon.ts";

const DM = "direct message";
const words = (news: readonly News[]) => news.map((each) => each.words).join("\n");
const places = (news: readonly News[]) =>
  news.map(({ whom, where }) => (whom === null ? where : `${whom} in ${where}`));

let sample: SlackHouse;
beforeAll(async () => {
  ({ house: sample } = await sampleSlackHouse());
});

describe("by HTTP", () => {
  let slack: TestSlack;
  let slacks: SlackRequests;
  /** How far the clock of Slack is ahead, ms. */
  let ahead = 0;
  beforeAll(async () => {
    const world = unhurriedWorld(() => Date.now() + ahead);
    slack = await TestSlack.open({ house: sample, transport: "http", world });
    slacks = new SlackRequests(slack);
  });
  afterAll(() => slack.close());
  afterEach(async () => {
    slack.world.faults.clear();
    ahead = 0;
    slack.goOn();
    await slack.news();
    if (slack.world.installations.alive().length === 0) return; // the last test takes the token away
    // Whatever was sent, the process lives and answers.
    slack.say("Saskia", DM, "hello");
    expect(words(await slack.news())).toContain("Hello.");
  });

  const planned = (method: string, fault: Fault, times = 1) => slack.world.faults.plan(method, fault, times);
  const refuse = (error: string): Fault => ({ kind: "refuse", error });

  test.each<[string, (body: string) => Record<string, string>]>([
    ["no signature", () => ({})],
    ["somebody else's signature", (body) => slacks.signed(body, { secret: "0".repeat(32) })],
    ["the signature of another body", () => slacks.signed("{}")],
    ["a signature of six minutes ago", (body) => slacks.signed(body, { at: Date.now() - 6 * 60_000 })],
    ["a signature of the day after tomorrow", (body) => slacks.signed(body, { at: Date.now() + 48 * 3_600_000 })],
    ["a signature without its moment", (body) => ({ "x-slack-signature": slacks.signed(body)["x-slack-signature"]! })],
  ])("with %s nothing is taken in", async (_, headers) => {
    const body = slacks.command("Owen", "#sales", "overview Acme Corp");
    expect((await slacks.send(body, FORM, headers(body))).status).toBe(401);
    expect(await slack.news()).toEqual([]);
    expect((await slacks.send(body, FORM)).status).toBe(200); // it was the signature
    expect(words(await slack.news())).toContain("Acme Corp");
  });

  test("a request that is sent again is acknowledged, and answered once", async () => {
    const body = slacks.command("Owen", "#sales", "overview Acme Corp");
    const headers = slacks.signed(body);
    const answers = await Promise.all([slacks.send(body, FORM, headers), slacks.send(body, FORM, headers)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(places(await slack.news())).toEqual(["Owen Fairclough in #sales"]);
    expect((await slacks.send(body, FORM, headers)).status).toBe(200);
    expect(await slack.news()).toEqual([]);
  });

  test("a message that was answered is not answered again when it comes as another event", async () => {
    const ts = slack.say("Owen", DM, "hello");
    expect(await slack.news()).toHaveLength(1);
    const { user, text } = slack.world.channel(slack.place(DM, "Owen")).messages.find((each) => each.ts === ts)!;
    const again = JSON.parse(slacks.said("Owen", text));
    const body = JSON.stringify({ ...again, event_id: "Ev0AGAIN", event: { ...again.event, user, ts } });
    expect((await slacks.send(body, JSON_TYPE)).status).toBe(200);
    expect(await slack.news()).toEqual([]);
  });

  test("nothing is posted to an address that is not Slack's, and the person is told where to ask", async () => {
    const asked: string[] = [];
    const elsewhere = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.end("ok");
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
    const { port } = elsewhere.address() as AddressInfo; // it listens on TCP
    for (const url of [
      `http://127.0.0.1:${port}/hook`,
      `http://${new URL(slack.playground.url).host}@127.0.0.1:${port}/`,
      "file:///etc/passwd",
      "no address",
    ]) {
      const body = slacks.command("Owen", "#sales", "overview Acme Corp", url);
      expect((await slacks.send(body, FORM)).status).toBe(200);
      const news = await slack.news();
      expect(places(news)).toEqual(["Owen Fairclough in #sales"]);
      expect(words(news)).toMatch(/did not say where to answer.*direct message/);
    }
    expect(asked).toEqual([]);
    elsewhere.close();
  });

  const OWEN = { id: "U0LARK0001" };
  const inTeam = { team: { id: "T0LARK0001" }, user: OWEN };
  let events = 0;
  const event = (inner: unknown) => {
    const whole = { type: "event_callback", team_id: inTeam.team.id, event_id: `Ev0BAD${++events}`, event: inner };
    return JSON.stringify({ ...whole, authorizations: [{ team_id: inTeam.team.id }] });
  };
  const payload = (inner: object) =>
    new URLSearchParams({ payload: JSON.stringify({ ...inTeam, ...inner }) }).toString();
  const lost = { type: "message", channel_type: "im", channel: "D0NOWHERE", user: OWEN.id, text: "hello" };
  test.each<[string, string, string]>([
    ["nothing", "", JSON_TYPE],
    ["null", "null", JSON_TYPE],
    ["a list", "[]", JSON_TYPE],
    ["a word", '"hello"', JSON_TYPE],
    ["half an object", '{"type":"event_ca', JSON_TYPE],
    ["bytes", "\u0000\u0001\ufffd{", JSON_TYPE],
    ["an empty object", "{}", JSON_TYPE],
    ["an event without an event", '{"type":"event_callback","team_id":"T0LARK0001"}', JSON_TYPE],
    ["an event that is null", event(null), JSON_TYPE],
    ["an event that is a list", event([]), JSON_TYPE],
    ["an event without a type", event({ channel: "D1", text: "hello" }), JSON_TYPE],
    ["a message of the wrong types", event({ type: "message", channel: {}, user: [], text: 5, ts: null }), JSON_TYPE],
    ["a message in a channel that never was", event({ ...lost, ts: "1.000100" }), JSON_TYPE],
    ["a message of somebody who never was", event({ ...lost, user: "U0NOBODY", ts: "2.000100" }), JSON_TYPE],
    ["a message with NUL and half a letter", event({ ...lost, ts: "3.000100", text: "a\u0000b\ud83d" }), JSON_TYPE],
    ["an opened Home of nobody", event({ type: "app_home_opened", tab: "home" }), JSON_TYPE],
    ["a shared link without links", event({ type: "link_shared", channel: "C0LARK0001" }), JSON_TYPE],
    ["a stopped session without a thread", event({ type: "agent_session_stopped" }), JSON_TYPE],
    ["somebody who joins nothing", event({ type: "member_joined_channel", user: "U0LARK000E" }), JSON_TYPE],
    ["an event that nobody knows", event({ type: "galaxy_brain" }), JSON_TYPE],
    ["a form without fields", "", FORM],
    ["a form of noise", "%%%=%E0%A4%A&&&=", FORM],
    ["a payload that is null", "payload=null", FORM],
    ["a payload that is half", "payload=%7B%22type%22", FORM],
    ["a press on nothing", payload({ type: "block_actions" }), FORM],
    ["a press without a person", payload({ type: "block_actions", user: null, actions: [{}] }), FORM],
    ["a window without fields", payload({ type: "view_submission", view: { id: "V1" } }), FORM],
    ["a shortcut that is not ours", payload({ type: "shortcut", callback_id: "rm -rf", trigger_id: "9.9" }), FORM],
    [
      "a message shortcut without a message",
      payload({ type: "message_action", callback_id: "what_should_i_do", trigger_id: "9.8" }),
      FORM,
    ],
    ["a type-ahead that is not ours", payload({ type: "block_suggestion", action_id: "x", block_id: "y" }), FORM],
    ["a command without anything", "command=%2Fperennial&team_id=T0LARK0001", FORM],
    ["two megabytes and a half", JSON.stringify({ text: "x".repeat(2_500_000) }), JSON_TYPE],
    ["a hundred thousand brackets", `{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`, JSON_TYPE],
  ])("%s: answered, signed or not, and no more than a sentence is said", async (_, body, type) => {
    const answers = await Promise.all([slacks.send(body, type), slacks.send(body, type, {})]);
    for (const { status } of answers) expect([200, 400, 401, 404, 413]).toContain(status);
    for (const { words: told } of await slack.news())
      expect(told).toMatch(/cannot reach that channel|failed on my side/);
  });

  test("a team that is not served is acknowledged and dropped", async () => {
    const body = slacks.said("Owen", "tell me about Acme GmbH", {
      team_id: "T0NOBODY",
      authorizations: [{ team_id: "T0NOBODY" }],
    });
    const before = slack.calls.length;
    expect((await slacks.send(body, JSON_TYPE)).status).toBe(200);
    expect(await slack.news()).toEqual([]);
    expect(slack.calls).toHaveLength(before);
  });

  test("a permission that is missing is named, with who can add it", async () => {
    slack.say("Owen", DM, "which of my accounts renew in the next 60 days?");
    const [list] = await slack.news();
    const installation = slack.world.installations.ofTeam(slack.bot.team_id);
    const { scopes } = installation;
    installation.scopes = scopes.filter((each) => each !== "files:write");
    await slack.press("Owen", list!, "CSV");
    expect(words(await slack.news())).toMatch(/permission files:write is missing.*workspace admin/);
    installation.scopes = scopes.filter((each) => each !== "users:read");
    slack.say("Jonas", DM, "tell me about Acme GmbH");
    expect(words(await slack.news())).toMatch(/permission users:read is missing/);
    installation.scopes = scopes;
  });

  test.each<[string, (channel: string) => void, RegExp]>([
    [
      "deleted",
      (channel) => slack.world.deleteChannel(slack.person("Ingrid").id, channel),
      /cannot reach that channel/,
    ],
    ["archived", (channel) => slack.world.archive(slack.person("Ingrid").id, channel), /channel is archived/],
    [
      "closed to the bot",
      (channel) => slack.world.kick(slack.person("Ingrid").id, slack.bot.id, channel),
      /not in that channel|cannot reach that channel/,
    ],
  ])(
    "in a channel that is %s before the answer comes, the asker is told in a direct message",
    async (name, happens, sentence) => {
      const members = ["Owen", "Ingrid"].map((each) => slack.person(each).id);
      const { id } = slack.world.addChannel({
        team: slack.bot.team_id,
        name: name.replaceAll(" ", "-"),
        members: [...members, slack.bot.id],
      });
      slack.hold();
      slack.say("Owen", `#${name.replaceAll(" ", "-")}`, "@Perennial tell me about Acme Corp");
      const atWork = [{ status: "processing" }];
      await soon(() => expect(slack.world.agent.sessions(id)).toMatchObject(atWork));
      happens(id);
      slack.goOn();
      const news = await slack.news();
      expect(places(news)).toEqual([DM]);
      expect(words(news)).toMatch(sentence);
      expect(words(news)).toMatch(/direct message/);
    },
  );

  test("a question of 40,000 characters is told to be shorter", async () => {
    slack.say("Owen", "#sales", `@Perennial ${"why ".repeat(9_990)}`);
    expect(words(await slack.news())).toMatch(/has 39,9\d\d characters; I read at most 8,000/);
  });

  test("an answer that Slack finds too long is cut, and says so; one that cannot be cut is a sentence", async () => {
    planned("chat.postMessage", refuse("msg_too_long"));
    slack.say("Ingrid", "#sales", "@Perennial list all accounts in Retention, all 100 of them");
    const [cut] = await slack.news();
    expect(cut?.whole.length).toBeGreaterThan(0);
    expect(cut?.whole).toMatch(/too long for Slack/);
    planned("chat.postMessage", refuse("msg_too_long"));
    slack.say("Ingrid", "#sales", "@Perennial who owns Acme Corp?");
    expect(words(await slack.news())).toMatch(/too long for Slack.*Ask for less/);
  });

  test("where Slack refuses the blocks, the words stand alone", async () => {
    slack.world.faults.rule = (_, { blocks, view }) =>
      (blocks && blocks !== "[]") || view ? refuse("invalid_blocks") : null;
    for (const [where, asked] of [
      ["#sales", "@Perennial tell me about Acme Corp"],
      [DM, "tell me about Acme Corp"],
    ] as const) {
      slack.say("Owen", where, asked);
      const news = await slack.news();
      expect(places(news)).toEqual([where]);
      expect(news[0]?.blocks).toEqual([]);
      expect(words(news)).toMatch(/\*Acme Corp\*[\s\S]*\$2,520\.00/);
    }
    slack.world.faults.clear();
    planned("views.publish", refuse("invalid_blocks"));
    slack.world.openHome(slack.person("Owen").id, "home");
    expect(words(await slack.news())).toMatch(/refused to draw this tab. Ask me in the Messages tab/);
  });

  test("a window that could not be opened in time asks to press again", async () => {
    slack.world.faults.rule = (method) => {
      if (method === "views.open") ahead += TRIGGERS_LIVE_MS + 1_000;
      return null;
    };
    await slack.command("Owen", "#sales", "/perennial settings");
    expect(words(await slack.news())).toBe("That took too long; please press again.");
    slack.world.openHome(slack.person("Owen").id, "home");
    const [home] = await slack.news();
    await slack.press("Owen", home!, "Look up an account");
    expect(words(await slack.news())).toBe("That took too long; please press again.");
  });

  test("of two presses at once one is taken, and the other is told so", async () => {
    slack.say("Owen", DM, "tell me about Acme");
    const [question] = await slack.news();
    const both = ["Choose Acme Corp", "Choose Acme GmbH"].map((each) => slack.press("Owen", question!, each));
    expect(await Promise.all(both)).toEqual([{ ok: true }, { ok: true }]);
    const news = await slack.news();
    expect(words(news).match(/chose \*/g)).toHaveLength(1);
    expect(news.filter(({ whole: each }) => each.includes("account_timeline"))).toHaveLength(1);
    expect(words(news)).toMatch(/That has been answered already/);
  });

  test("a button that is not ours, or whose answer is long gone, says so", async () => {
    slack.say("Owen", DM, "which of my accounts renew in the next 60 days?");
    const [list] = await slack.news();
    const strange = { action_id: "drop_tables", block_id: "b", type: "button", value: "{}", action_ts: "1" };
    const container = { type: "message", ...list!.container };
    const press = { type: "block_actions", container, channel: { id: slack.place(DM, "Owen") } };
    for (const action of [strange, { ...strange, action_id: "account_timeline", value: "not json", action_ts: "2" }]) {
      const body = slacks.interactive("Owen", { ...press, actions: [action] });
      expect((await slacks.send(body, FORM)).status).toBe(200);
      expect(words(await slack.news())).toMatch(/do not know that button/);
    }
    const { database, workspaceForTeam } = sample;
    const workspace = await workspaceForTeam({ id: slack.bot.team_id, name: null });
    await database.write({ workspaceId: workspace!.id, personId: null, audience: "private" }, (rows) =>
      rows.run(sql`delete from thread_turn`),
    );
    await slack.press("Owen", list!, "CSV");
    expect(words(await slack.news())).toMatch(/too long ago; ask again/);
  });

  test("a window that is sent empty, or with what it does not offer, is told field by field", async () => {
    const sent = async (callback: string, values: object) =>
      (await slacks.send(slacks.window("Owen", callback, values), FORM)).json();
    const errors = { account: "Pick an account from the list." };
    expect(await sent("look_up_account", {})).toEqual({ response_action: "errors", errors });
    const zone = { settings_zone: { selected_option: { value: "Mars/Olympus" } } };
    const digest = { settings_digest: { selected_option: { value: "hourly" } } };
    expect(await sent("settings", { zone, digest })).toMatchObject({
      errors: { zone: expect.stringContaining("Europe/Berlin"), digest: expect.any(String) },
    });
    expect(await slack.news()).toEqual([]);
  });

  test("somebody who is no admin cannot send the admins' setting", async () => {
    const other = [...sample.models.keys()].find((each) => each !== "experience-six");
    const values = {
      zone: { settings_zone: { selected_option: { value: "Europe/Berlin" } } },
      model: { settings_model: { selected_option: { value: other } } },
    };
    const row = z.object({ model: z.string() });
    const chosen = () =>
      sample.database.directory((rows) => rows.many(row, sql`select lifecycle_model as model from workspace`));
    const before = await chosen();
    expect(before.map(({ model }) => model)).not.toContain(other);
    expect((await slacks.send(slacks.window("Owen", "settings", values), FORM)).status).toBe(200);
    expect(words(await slack.news())).toMatch(/Only admins .* can change the lifecycle model. The rest is saved./);
    expect(await chosen()).toEqual(before);
  });

  test.each<[string, Fault]>([
    ["says to wait before a growing answer is ended", { kind: "limited", retryAfterSeconds: 1 }],
    ["fails to end a growing answer", { kind: "status", status: 503 }],
    ["loses that it ended a growing answer", { kind: "lost_reply" }],
  ])("when Slack %s, the answer stands whole and once", async (_, fault) => {
    planned("chat.stopStream", fault);
    slack.say("Owen", DM, "who owns Acme Corp?");
    const news = await slack.news();
    expect(places(news)).toEqual([DM]);
    expect(words(news)).toContain("Tasha Whitlock");
  });

  test.each<[string, Fault]>([
    ["says to wait", { kind: "limited", retryAfterSeconds: 1 }],
    ["fails", { kind: "status", status: 503 }],
    ["loses its reply", { kind: "lost_reply" }],
    ["breaks off", { kind: "cut" }],
  ])("when Slack %s, the answer comes once all the same", async (_, fault) => {
    planned("chat.postMessage", fault);
    slack.say("Owen", "#sales", "@Perennial who owns Acme Corp?");
    const news = await slack.news();
    expect(places(news)).toEqual(["#sales"]);
    expect(words(news)).toContain("Tasha Whitlock");
  });

  test("once its token is over, the team is not served, and nothing storms", async () => {
    const installation = slack.world.installations.ofTeam(slack.bot.team_id);
    installation.ended = "token_revoked"; // Slack has not said so yet
    const before = slack.calls.length;
    expect((await slacks.send(slacks.said("Owen", "tell me about Acme GmbH"), JSON_TYPE)).status).toBe(200);
    await slack.settled();
    const tried = slack.calls.slice(before);
    expect(new Set(tried.map(({ answer }) => answer.error))).toEqual(new Set(["token_revoked"]));
    expect(tried.length).toBeLessThan(12);
    expect((await slacks.send(slacks.said("Owen", "and their renewal?"), JSON_TYPE)).status).toBe(200);
    await slack.settled();
    expect(slack.calls).toHaveLength(before + tried.length);
    expect((await fetch(`${slacks.origin}/healthz`)).status).toBe(200);
  });
});

describe("the model's provider is down", () => {
  let model: ModelServer;
  let settings: ModelConfig;
  let slack: TestSlack;
  beforeAll(async () => {
    model = await modelServer();
    settings = scripted(model.url);
    const { house } = await sampleSlackHouse(settings);
    slack = await TestSlack.open({ house, transport: "socket" });
  });
  afterAll(async () => {
    await slack.close();
    await model.close();
  });

  beforeEach(() => {
    settings.timeoutSeconds = 60;
  });

  test.each<[string, Parameters<ModelServer["script"]>, RegExp]>([
    ["an error on its side", [{ status: 500 }], /an error on its side/],
    [
      "half an answer and then nothing",
      [{ half: "Acme Corp is in Retention. It has seven lives. And", ends: "cut" }, { status: 503 }],
      /offline answer/,
    ],
    ["no answer at all", [{ hang: true }], /too long|half-way/],
  ])("%s: the rules answer instead, and say why", async (_, replies, because) => {
    model.script(...replies);
    if (replies.some((each) => "hang" in each)) settings.timeoutSeconds = 1;
    slack.say("Owen", DM, "who owns Acme Corp?");
    const news = await slack.news();
    expect(places(news)).toEqual([DM]);
    expect(words(news)).toMatch(because);
    expect(words(news)).toContain("Tasha Whitlock");
    expect(words(news)).not.toMatch(/seven lives|secret provider text/);
  });

  test("a provider that is back is asked again", async () => {
    model.script(
      { call: [{ name: "find_account", input: { name: "Acme Corp" } }] },
      { say: "Tasha Whitlock owns Acme Corp." },
    );
    slack.say("Owen", "#sales", "@Perennial who owns Acme Corp?");
    const news = await slack.news();
    expect(words(news)).toContain("Tasha Whitlock owns Acme Corp.");
    expect(words(news)).not.toContain("ffline");
  });
});

describe("the database is away for two seconds", () => {
  const AWAY_MS = 2_000;
  let line: BreakableLine;
  let database: Database;
  let slack: TestSlack;
  const attempts: Attempt[] = [];
  beforeAll(async () => {
    const { connection, context } = await sampleCompanyHouse();
    line = await breakableLine(connection);
    database = new Database({ connection: line.connection, connections: 1, log: createLog("silent") });
    const log = createLog("silent");
    const agent = createAgentHouse({ model: null, tools, vocabulary, promptsFolder, log });
    const house: SlackHouse = {
      ...sample,
      database,
      agent: async () => agent,
      context: (_, actor) => ({ ...context, database, actor }),
    };
    slack = await TestSlack.open({ house, transport: "http", timing: { lease: 1_500, extend: 300 } });
    slack.playground.delivery.events.on("attempt", (attempt) => attempts.push(attempt));
  });
  afterAll(async () => {
    line.mend();
    await slack.close();
    await database.close();
    await line.close();
  });

  test("what is asked meanwhile is not acknowledged, is brought again, and is answered once; so is what was under way", async () => {
    slack.hold();
    const early = slack.say("Owen", "#sales", "@Perennial who owns Acme Corp?");
    const atWork = () => slack.world.agent.sessions(slack.place("#sales", "Owen"));
    await soon(() => expect(atWork()).toMatchObject([{ status: "processing" }]));
    line.cut();
    slack.goOn();
    const asked = [early];
    for (const who of ["Lukas", "Saskia", "Owen"])
      asked.push(slack.say(who, "#sales", "@Perennial who owns Acme Corp?"));
    const { pressed, ...failed } = { pressed: await slack.command("Owen", "#sales", "/perennial help"), ok: false };
    expect(pressed).toMatchObject(failed);
    await new Promise((resolve) => setTimeout(resolve, AWAY_MS));
    expect(slack.calls.filter(({ method }) => method === "chat.postMessage")).toEqual([]);
    line.mend();
    const news = await slack.news();
    const answers = news.filter(({ whom }) => whom === null);
    expect(answers.map(({ thread }) => thread).toSorted()).toEqual(asked.toSorted());
    for (const answer of answers) expect(answer.words).toContain("Tasha Whitlock");
    const unacknowledged = attempts.filter(({ outcome }) => outcome.state === "failed");
    expect(unacknowledged.length).toBeGreaterThanOrEqual(3);
    expect(new Set(unacknowledged.map(({ outcome }) => "detail" in outcome && outcome.detail))).toEqual(
      new Set(["HTTP 503"]),
    );
  });
});
