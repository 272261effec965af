import type { App } from "@slack/bolt";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { askToStop, finishPosting, startPosting } from "#inbox/inbox.ts";
import { keepChannelSettings } from "#people/people.ts";
import { answerQuestion } from "#slack/listen/answering.ts";
import { channelInView, registerContext } from "#slack/listen/context.ts";
import { jobOf } from "#slack/listen/job-of.ts";
import { registerComings } from "#slack/listen/joined.ts";
import { registerQuestions } from "#slack/listen/questions.ts";
import { registerSession } from "#slack/listen/session.ts";
import { SlackRefusal } from "#slack/refusal.ts";
import { talkOf, turnNumbered } from "#threads/talk.ts";
import { scripted } from "../fixtures/ask.ts";
import { type ModelServer, modelServer } from "../fixtures/model-server.ts";
import { BOT, listening, NotingPoster, TEAM, tinySlack } from "../fixtures/slack-listeners.ts";
import { soon } from "../fixtures/soon.ts";

type Slack = Awaited<ReturnType<typeof tinySlack>>;
type Listening = Awaited<ReturnType<typeof listening>>;

const person = (real_name: string, more: object = {}) => ({
  ...{ team_id: TEAM, real_name, tz: "Europe/Berlin" },
  profile: { real_name, email: `${real_name.toLowerCase().replace(" ", ".")}@larkspur.example` },
  ...more,
});
const users: Record<string, object> = {
  UTASHA: person("Tasha Whitlock"),
  UOWEN: person("Owen Fairclough", { tz: "Mars/Olympus" }),
  UJONAS: person("Jonas Petrov", { is_admin: true }),
  UNEW: person("Sam Ortega", { profile: { real_name: "Sam Ortega" } }),
  UGUEST: person("Noor Haddad", { is_restricted: true }),
  USTRANGE: person("Dana Whitfield", { team_id: "TOTHER" }),
  UGONE: person("Bea Lindqvist", { deleted: true }),
  UOTHERBOT: person("Standup Bot", { is_bot: true }),
};
const channels: Record<string, object> = {
  CSALES: {},
  CSHARED: { is_ext_shared: true },
  CSILENT: {},
  CMENTIONS: {},
};

let slack: Slack;
let model: ModelServer;
let offline: Listening;
let online: Listening;
const removed: string[] = [];
const register = (app: App) => {
  registerQuestions(app);
  registerSession(app);
  registerContext(app);
  registerComings(app, { onUninstalled: async (team) => void removed.push(team) });
};

beforeAll(async () => {
  slack = await tinySlack({
    "users.info": (args) => {
      const user = users[args.get("user") ?? ""];
      return user ? { ok: true, user: { id: args.get("user"), ...user } } : { ok: false, error: "user_not_found" };
    },
    "conversations.info": (args) => {
      const channel = channels[args.get("channel") ?? ""];
      return channel
        ? { ok: true, channel: { id: args.get("channel"), ...channel } }
        : { ok: false, error: "channel_not_found" };
    },
  });
  model = await modelServer();
  offline = await listening(register, { apiUrl: slack.apiUrl });
  online = await listening(register, { apiUrl: slack.apiUrl, model: scripted(model.url) });
  const { database, workspace } = offline;
  await database.write({ workspaceId: workspace.id, personId: null, audience: "private" }, async (rows) => {
    await keepChannelSettings(rows, "CSILENT", { speak: "never" });
    await keepChannelSettings(rows, "CMENTIONS", { speak: "mentions" });
  });
});
afterAll(async () => {
  await model.close();
  await slack.close();
});

let at = 1000;
beforeEach(() => {
  at += 100;
});
const ts = (plus = 0) => `${at + plus}.000100`;

/** A message in a channel, by default one that names the bot. */
const inChannel = (text: string, more: object = {}) => ({
  event: {
    ...{ type: "message", channel: "CSALES", channel_type: "channel", user: "UTASHA", ts: ts(), text },
    ...more,
  },
});
const direct = (text: string, more: object = {}) => inChannel(text, { channel: "DTASHA", channel_type: "im", ...more });
const mention = (text: string, more: object = {}) => inChannel(`<@${BOT}> ${text}`, more);
const reply = (text: string, more: object = {}) => inChannel(text, { ts: ts(5), thread_ts: ts(), ...more });
const said = (post: NotingPoster) => post.posted.map(({ message }) => message.text).join("\n");

test("a direct message is answered in its thread, growing, and the session ends where it began", async () => {
  const post = await offline.work(direct("what stage is Acme GmbH in?"));
  expect(post.posted).toMatchObject([{ kind: "finished", part: "answer", channel: "DTASHA", thread: ts() }]);
  expect(said(post)).toContain("Acme GmbH");
  expect(post.of("session")).toMatchObject([
    { state: "processing", title: "what stage is Acme GmbH in?" },
    { state: "active" },
  ]);
  expect(post.of("status").at(-1)?.words).toBeNull();
  expect(post.of("task").map(({ status }) => status)).toEqual(["in_progress", "complete"]);
});

test("a mention is answered in a thread of the channel, without what customers wrote", async () => {
  const open = await offline.work(direct("tell me about Acme GmbH"));
  const post = await offline.work(mention("tell me about Acme GmbH"));
  expect(post.posted).toMatchObject([{ kind: "message", channel: "CSALES", thread: ts() }]);
  expect(post.of("stream")).toEqual([]);
  const buttons = (each: NotingPoster) => JSON.stringify(each.posted);
  expect(buttons(post)).toContain("show_privately");
  expect(buttons(open)).not.toContain("show_privately");
});

test("the asker goes on in the thread without naming the bot, and it knows what the talk is of", async () => {
  await offline.work(mention("what stage is Acme GmbH in?"));
  const post = await offline.work(reply("and their renewal?"));
  expect(said(post)).toContain("Acme GmbH");
  expect((await offline.work(reply("thanks!", { ts: ts(6) }))).told).toEqual([]);
});

test("a colleague in the thread is not interrupted, and then nor is the asker, until the bot is named again", async () => {
  await offline.work(mention("what stage is Acme GmbH in?"));
  expect((await offline.work(reply("should we call them tomorrow?", { user: "UOWEN" }))).told).toEqual([]);
  expect((await offline.work(reply("should I bring a discount?", { ts: ts(6) }))).told).toEqual([]);
  const named = await offline.work(reply(`<@${BOT}> and their renewal?`, { ts: ts(7), user: "UOWEN" }));
  expect(said(named)).toContain("Acme GmbH");
  expect(said(await offline.work(reply("and who owns them?", { ts: ts(8) })))).toContain("Acme GmbH");
});

test.each(["<@UOWEN> what do you think?", "Owen, what do you think?", "Owen can you call them?"])(
  "“%s” is Owen's to answer",
  async (text) => {
    await offline.work(mention("what stage is Acme GmbH in?"));
    expect((await offline.work(reply(text))).told).toEqual([]);
  },
);

test("an account's name at the start calls nobody", async () => {
  await offline.work(mention("what stage is Acme GmbH in?"));
  expect(said(await offline.work(reply("Northwind, what is their stage?")))).not.toBe("");
});

test("a thread in which the bot was never asked is not its business", async () => {
  const before = slack.asked.length;
  expect((await offline.work(reply("who owns Acme GmbH?", { user: "UNEVER" }))).told).toEqual([]);
  expect(slack.asked.length).toBe(before);
});

test("the channel's setting holds: only when mentioned, or never, and then it says what changes that", async () => {
  const where = { channel: "CMENTIONS" };
  await offline.work(mention("what stage is Acme GmbH in?", where));
  expect((await offline.work(reply("and their renewal?", where))).told).toEqual([]);
  const silent = await offline.work(mention("what stage is Acme GmbH in?", { channel: "CSILENT" }));
  expect(silent.told).toMatchObject([{ kind: "privately", user: "UTASHA", channel: "CSILENT" }]);
  expect(silent.of("privately")[0]?.message.text).toContain("/perennial settings");
});

test("where people of another company read, no customer data is shown, whatever the payload says", async () => {
  for (const flag of [{}, { is_ext_shared_channel: true }]) {
    const channel = "is_ext_shared_channel" in flag ? "CSALES" : "CSHARED";
    const post = await offline.work({ ...mention("tell me about Acme GmbH", { channel }), ...flag });
    expect(post.told).toMatchObject([{ kind: "privately", user: "UTASHA" }]);
    expect(post.of("privately")[0]?.message.text).toMatch(/another company.*direct message/);
  }
});

test.each([
  ["a guest", "UGUEST", /Guests cannot ask/],
  ["a stranger", "USTRANGE", /only members of Larkspur/],
  ["somebody Slack does not know", "UNOBODY", /only members/],
])("%s is told why there is no answer", async (_, user, sentence) => {
  const asked = offline.work(mention("what stage is Acme GmbH in?", { user }));
  await expect(asked).rejects.toThrow(sentence);
  await expect(asked).rejects.toBeInstanceOf(SlackRefusal);
});

test.each(["UGONE", "UOTHERBOT"])("%s gets no word at all", async (user) => {
  expect((await offline.work(mention("what stage is Acme GmbH in?", { user }))).told).toEqual([]);
});

test("“my accounts” are those that the CRM gives the asker; somebody the CRM does not know has none", async () => {
  const mine = await offline.work(direct("how many of my accounts are there?", { user: "UOWEN" }));
  expect(said(mine)).toMatch(/\*[1-9]\d* accounts?\*/);
  const none = await offline.work(direct("how many of my accounts are there?", { user: "UNEW" }));
  expect(said(none)).not.toMatch(/\*\d+ accounts?\*/);
});

test("who somebody is, is asked of Slack once in a while, and again when their profile changes", async () => {
  await offline.work(direct("hello", { user: "UJONAS" }));
  const before = slack.asked.length;
  await offline.work(direct("hello", { user: "UJONAS" }));
  expect(slack.asked.length).toBe(before);
  await offline.work({ event: { type: "user_change", user: { id: "UJONAS" } } });
  users.UJONAS = { ...users.UJONAS, is_restricted: true };
  await expect(offline.work(direct("hello", { user: "UJONAS" }))).rejects.toThrow(/Guests/);
});

test("a mention without a question gets examples; a file alone, that it cannot be read", async () => {
  expect(said(await offline.work(mention("")))).toContain("Which accounts renew this month?");
  const files = [{ id: "F1" }];
  expect(said(await offline.work(direct("", { subtype: "file_share", files })))).toMatch(/cannot read files yet/);
  const both = said(await offline.work(direct("who owns Acme GmbH?", { subtype: "file_share", files })));
  expect(both).toMatch(/^I cannot read attached files yet/);
  expect(both).toContain("Acme GmbH");
});

test("people named in a question are understood by name", async () => {
  const post = await offline.work(direct("how many accounts does <@UOWEN> own?"));
  expect(post.of("session")[0]?.title).toBe("how many accounts does Owen Fairclough own?");
});

test("an ambiguous name is asked back, and the turn keeps what was called so that a press can go on", async () => {
  const post = await offline.work(mention("what stage is Acme in?"));
  const blocks = JSON.stringify(post.posted[0]?.message.blocks);
  expect(blocks).toContain("choose_account");
  const { database, workspace } = offline;
  const actor = { workspaceId: workspace.id, personId: null, audience: "channel" as const };
  const [, turn] = /\\"turn\\":(\d+)/.exec(blocks) ?? [];
  const kept = await database.read(actor, (rows) => turnNumbered(rows, Number(turn)));
  expect(kept).toMatchObject({
    threadKey: `slack:CSALES:${ts()}`,
    focus: { pending: { question: expect.anything() } },
  });
  expect(said(await offline.work(reply("the German one")))).toContain("Acme GmbH");
});

/** A listener of the test's own, that answers another way than in the thread. */
const elsewhere = (how: "private" | "respond") => (app: App) => {
  registerQuestions(app);
  app.event("app_mention", async ({ context }) => {
    const job = jobOf(context);
    const where = { channel: "CSALES", kind: "channel" as const, shared: false };
    const asker = await job.asker("UTASHA", where);
    const to = { channel: "CSALES" };
    await answerQuestion(job, { asker, question: "tell me about Acme GmbH", where, to, how, responseUrl: "https://r" });
  });
};
const nudge = { event: { type: "app_mention", channel: "CSALES", text: "x", ts: "1.1" } };

test("a private answer is a new direct message that says where it was asked, and the talk goes on under it", async () => {
  const alone = await listening(elsewhere("private"), { apiUrl: slack.apiUrl });
  const post = await alone.work(nudge);
  const { channel, thread } = post.posted[0]!;
  expect([channel, thread]).toEqual(["DUTASHA", undefined]);
  expect(said(post)).toMatch(/^You asked in <#CSALES>\./);
  expect(JSON.stringify(post.posted)).not.toContain("show_privately");
  const under = { channel: "DUTASHA", ts: ts(), thread_ts: post.lastTs };
  expect(said(await alone.work(direct("and who owns them?", under)))).toContain("Acme GmbH");
});

test("a command is answered at its address, without a status or a session", async () => {
  const post = await (await listening(elsewhere("respond"), { apiUrl: slack.apiUrl })).work(nudge);
  expect(post.told.map(({ kind }) => kind)).toEqual(["respond"]);
  expect(post.of("respond")[0]).toMatchObject({ part: "answer", url: "https://r" });
});

test("a question that was answered before the crash is not asked again", async () => {
  const body = direct("what stage is Acme GmbH in?");
  const claimed = await online.take(body);
  await startPosting(online.database, claimed, "answer", { channel: "DTASHA", thread: ts() });
  await finishPosting(online.database, claimed, "answer", "9.9");
  model.script({ say: "Hello." });
  const post = await online.work(body, { claimed });
  expect(model.asked).toEqual([]);
  expect(post.posted).toEqual([]);
});

test("a question that is worked on again after a crash is one turn of the thread", async () => {
  const body = mention("what stage is Acme GmbH in?");
  const claimed = await offline.take(body);
  await offline.work(body, { claimed });
  await offline.work(body, { claimed: { ...claimed, attempt: 2 } });
  const actor = { workspaceId: offline.workspace.id, personId: null, audience: "channel" as const };
  const talk = await offline.database.read(actor, (rows) => talkOf(rows, `slack:CSALES:${ts()}`));
  expect(talk?.askers).toHaveLength(1);
  const again = await offline.work(reply("and their renewal?"));
  expect(said(again)).toContain("Acme GmbH");
});

test("the model's words grow in a direct message, sentence by sentence, and stand as they grew", async () => {
  model.script(
    { call: [{ name: "account_overview", input: { account: "Acme GmbH" } }] },
    { say: "Here is Acme GmbH. Good luck." },
  );
  const post = await online.work(direct("tell me about Acme GmbH"));
  const grown = post
    .of("text")
    .map(({ words }) => words)
    .join("");
  expect(grown).toBe("Here is Acme GmbH. Good luck.");
  expect(said(post)).toContain(grown);
});

test("stop ends the work with one word", async () => {
  model.script({ half: "Hello there. Good day. And more of it", ends: "stall" });
  const body = direct("tell me about Acme GmbH");
  const claimed = await online.take(body, `DTASHA:${ts()}`);
  const stop = new AbortController();
  const post = new NotingPoster();
  const asked = online.work(body, { claimed, signal: stop.signal, post });
  await new Promise<void>((resolve) => {
    post.onText = resolve;
  });
  await online.work({ event: { type: "agent_session_stopped", channel: "DTASHA", thread_ts: ts(), user: "UTASHA" } });
  stop.abort();
  await asked;
  expect(said(post)).toBe("Stopped.");
  expect(post.of("session").at(-1)?.state).toBe("active");
});

test("work that ends because the process stops is left to the next one", async () => {
  model.script({ hang: true });
  const body = direct("tell me about Acme GmbH");
  const stop = new AbortController();
  const post = new NotingPoster();
  const asked = online.work(body, { signal: stop.signal, post });
  await soon(() => expect(model.asked).toHaveLength(1));
  stop.abort(new Error("shutdown"));
  await expect(asked).rejects.toThrow("shutdown");
  expect(post.posted).toEqual([]);
});

test("stop that was pressed before a crash still holds after it", async () => {
  const body = direct("tell me about Acme GmbH");
  const claimed = await online.take(body, `DTASHA:${ts()}`);
  await askToStop(online.database, { workspaceId: online.workspace.id, lane: `DTASHA:${ts()}` });
  model.script({ say: "Hello." });
  const post = await online.work(body, { claimed: { ...claimed, attempt: 2 } });
  expect(said(post)).toBe("Stopped.");
  expect(model.asked).toEqual([]);
});

test("the Messages tab opens with four questions that fit the person, one about an account of theirs", async () => {
  const post = await offline.work({
    event: { type: "app_home_opened", tab: "messages", user: "UTASHA", channel: "DTASHA" },
  });
  const [suggested] = post.of("suggest");
  expect(suggested?.prompts).toHaveLength(4);
  expect(suggested?.prompts[0]?.message).toMatch(/^What should I do next with .+\?$/);
  const said1 = await offline.work(direct(suggested?.prompts[0]?.message ?? ""));
  expect(said(said1)).not.toMatch(/Which one|no account/i);
  for (const [user, tab] of [
    ["UGUEST", "messages"],
    ["UTASHA", "home"],
  ])
    expect((await offline.work({ event: { type: "app_home_opened", tab, user, channel: "D" } })).told).toEqual([]);
});

test("what one person looks at is not known of another", async () => {
  const looking = (user: string, entities: object[]) => ({
    event: { type: "app_context_changed", user, context: { entities } },
  });
  await offline.work(looking("UTASHA", [{ type: "slack#/types/channel_id", value: "CSALES", team_id: TEAM }]));
  expect(channelInView(offline.house, TEAM, "UTASHA")).toBe("CSALES");
  expect(channelInView(offline.house, TEAM, "UOWEN")).toBeNull();
  await offline.work(looking("UTASHA", []));
  expect(channelInView(offline.house, TEAM, "UTASHA")).toBeNull();
});

test("the bot says hello where it is invited, and before strangers that it shows nothing; others come in silence", async () => {
  const joined = (user: string, channel: string) => ({ event: { type: "member_joined_channel", user, channel } });
  expect(said(await offline.work(joined(BOT, "CSALES")))).toMatch(/Mention me/);
  expect(said(await offline.work(joined(BOT, "CSHARED")))).toMatch(/another company/);
  expect((await offline.work(joined("UTASHA", "CSALES"))).told).toEqual([]);
});

test("a team that removed the app is forgotten; a person's revoked token is not the team's", async () => {
  await offline.work({ event: { type: "tokens_revoked", tokens: { oauth: ["UTASHA"], bot: [] } } });
  expect(removed).toEqual([]);
  await offline.work({ event: { type: "tokens_revoked", tokens: { oauth: [], bot: [BOT] } } });
  await offline.work({ event: { type: "app_uninstalled" } });
  expect(removed).toEqual([TEAM, TEAM]);
});
