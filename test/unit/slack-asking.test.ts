import { expect, test } from "vitest";
import { heardOf } from "#slack/listen/heard.ts";
import { titleOf } from "#slack/listen/notes.ts";
import { namedIn, plainWords } from "#slack/listen/plain-words.ts";
import { calledFirst, readsAsQuestion, turnOf } from "#slack/listen/threads.ts";
import { memberOf, type Standing } from "#slack/members.ts";

const BOT = "UBOT";
const said = (event: object, more: object = {}) =>
  heardOf(
    {
      ...more,
      event: {
        type: "message",
        channel: "C1",
        channel_type: "channel",
        user: "U1",
        ts: "5.1",
        text: "hello",
        ...event,
      },
    },
    BOT,
  );

test("a mention and its twin are heard alike", () => {
  const text = `<@${BOT}> what stage is Acme in?`;
  const message = said({ text });
  expect(message).toMatchObject({ mentionsBot: true, mentionsOthers: false, thread: "5.1", inThread: false });
  expect(said({ text, type: "app_mention", channel_type: undefined })).toEqual(message);
});

test("a reply knows its thread; a message that begins one is not in it", () => {
  expect(said({ thread_ts: "4.0" })).toMatchObject({ thread: "4.0", inThread: true });
  expect(said({ thread_ts: "5.1" })).toMatchObject({ thread: "5.1", inThread: false });
});

test("a direct message is private, a channel of two companies is shared", () => {
  expect(said({ channel: "D1", channel_type: "im" })?.where).toEqual({ channel: "D1", kind: "im", shared: false });
  expect(said({}, { is_ext_shared_channel: true })?.where).toMatchObject({ kind: "channel", shared: true });
});

test.each([
  ["our own words", { user: BOT }],
  ["another bot's", { bot_id: "B7" }],
  ["an edit", { subtype: "message_changed" }],
  ["somebody joining", { subtype: "channel_join" }],
  ["a message without a person", { user: undefined }],
])("%s are not heard", (_, event) => {
  expect(said(event)).toBeNull();
});

test("a message with a file and a reply sent to the channel too are heard", () => {
  expect(said({ subtype: "file_share", files: [{ id: "F1" }] })).toMatchObject({ hasFiles: true });
  expect(said({ subtype: "thread_broadcast", thread_ts: "4.0" })).toMatchObject({ inThread: true });
});

test.each(["<@U2> look", "<@U2|tasha> look", "<!subteam^S1|@cs> look", "<!here> look", "<!channel>"])(
  "%s calls others",
  (text) => {
    expect(said({ text })).toMatchObject({ mentionsOthers: true, mentionsBot: false });
  },
);

test("a date in a message calls nobody", () => {
  expect(said({ text: "by <!date^1392734382^{date}|Feb 18>" })).toMatchObject({ mentionsOthers: false });
});

test.each([
  ["<@UBOT> what stage is Acme in?", "what stage is Acme in?"],
  ["<@UBOT>: what stage is Acme in?", "what stage is Acme in?"],
  ["Hey <@UBOT>, who owns Acme?", "Hey, who owns Acme?"],
  ["what does <@U2> own?", "what does Tasha Whitlock own?"],
  ["what does <@U9|old> own?", "what does old own?"],
  ["what does <@U9> own?", "what does somebody own?"],
  ["stage of <http://acme.com|acme.com>", "stage of acme.com"],
  ["write to <mailto:pat@acme.com|pat@acme.com>", "write to pat@acme.com"],
  ["as in <#C2|sales>, <#C3>", "as in #sales, a channel"],
  ["AT&amp;T &lt;EU&gt;", "AT&T <EU>"],
  ["&amp;lt; stays", "&lt; stays"],
  ["what about *Acme* and ~Globex~ and `Initech`?", "what about Acme and Globex and Initech?"],
  ["2 * 3 * 4", "2 * 3 * 4"],
  ["snake_case_name", "snake_case_name"],
  ["<!here> look by <!date^1392734382^{date}|Feb 18>", "@here look by Feb 18"],
  ["line one\nline   two", "line one\nline two"],
  ["<@UBOT>", ""],
  ["<@UBOT> ", ""],
])("“%s” is read as “%s”", (text, words) => {
  expect(plainWords(text, BOT, new Map([["U2", "Tasha Whitlock"]]))).toBe(words);
});

test("people named in a message are looked up once each", () => {
  expect(namedIn("<@U2> and <@W3|x> and <@U2>, <#C1>")).toEqual(["U2", "W3"]);
});

const talk = { id: 1, askers: [5], waits: false, leftToPeople: false };
const turned = (words: string, more: Partial<Parameters<typeof turnOf>[1]> = {}) =>
  turnOf(words, { personId: 5, talk, callsOthers: false, ...more });

test("whoever asked in a thread goes on there without naming the bot", () => {
  for (const words of [
    "and why?",
    "What about Globex",
    "only the German ones",
    "ok, show me the next steps",
    "¿por qué?",
  ])
    expect(turned(words), words).toBe("asked");
});

test("thanks and remarks are not answered", () => {
  for (const words of ["thanks!", "great, I will call them", "👍"]) expect(turned(words), words).toBe("nothing");
});

test("a name alone is an answer while it is open which account was meant", () => {
  expect(turned("the German one")).toBe("nothing");
  expect(turned("the German one", { talk: { ...talk, waits: true } })).toBe("asked");
});

test("somebody who has not asked in the thread names the bot first", () => {
  expect(turned("and why?", { personId: 6 })).toBe("people");
  expect(turned("nice, thanks", { personId: 6 })).toBe("nothing");
  expect(turned("I think we should call them tomorrow", { personId: 6 })).toBe("people");
});

test("nobody is answered who calls somebody else, nor after that", () => {
  expect(turned("what do you think?", { callsOthers: true })).toBe("people");
  expect(turned("and why?", { talk: { ...talk, leftToPeople: true } })).toBe("people");
});

test.each([
  ["Tasha, can you call them?", "Tasha"],
  ["hey Tasha — look at this", "Tasha"],
  ["Thanks Tasha!", "Tasha"],
  ["Owen could you check", "Owen"],
  ["@Camille: yours", "Camille"],
  ["What about them?", null],
  ["who owns Tasha's accounts?", null],
])("“%s” calls %s", (words, name) => {
  expect(calledFirst(words)).toBe(name);
});

test("a question in any language has its mark; a request begins as one", () => {
  expect(["それは何ですか？", "tell me more", "Compare both"].every(readsAsQuestion)).toBe(true);
  expect(["we tell them tomorrow", "sounds fine"].some(readsAsQuestion)).toBe(false);
});

test("a long question becomes a title without a half of an emoji", () => {
  const title = titleOf(`${"🚀".repeat(300)}\nmore`);
  expect([...title]).toHaveLength(120);
  expect(title.isWellFormed()).toBe(true);
});

test.each<[Standing, object]>([
  ["member", {}],
  ["member", { team_id: "T9", enterprise_user: { teams: ["T1"] } }],
  ["guest", { is_restricted: true }],
  ["guest", { is_ultra_restricted: true }],
  ["stranger", { team_id: "T9" }],
  ["stranger", { is_stranger: true }],
  ["bot", { is_bot: true }],
  ["bot", { is_workflow_bot: true }],
  ["bot", { id: "USLACKBOT" }],
  ["gone", { deleted: true }],
])("Slack's own marks tell a %s: %j", (standing, marks) => {
  expect(memberOf({ id: "U1", team_id: "T1", ...marks }, "T1").standing).toBe(standing);
});
