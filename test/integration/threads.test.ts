import { expect, test } from "vitest";
import { z } from "zod";
import { sql } from "#database/sql.ts";
import { type Focus, NO_FOCUS } from "#threads/focus.ts";
import { keyThread, leaveToPeople, talkOf, turnNumbered } from "#threads/talk.ts";
import { type FinishedTurn, openThread, rememberTurn } from "#threads/thread.ts";
import { scripted, smallAgent } from "../fixtures/ask.ts";
import { freshWorkspace } from "../fixtures/database.ts";
import { modelServer } from "../fixtures/model-server.ts";

const turn = (question: string, more: Partial<FinishedTurn["answer"]> = {}): FinishedTurn => ({
  question,
  askedOn: "2026-11-22",
  answer: {
    text: "It is in Retention.",
    findings: [{ tool: "why_this_stage", words: "Stage: Retention", isError: false }],
    dropped: [],
    offline: true,
    focus: NO_FOCUS,
    ...more,
  },
});

test("a thread goes on where it was left: its turns and what they were about", async () => {
  const { database, actor } = await freshWorkspace();
  const thread = await openThread(database, actor, "terminal:a");
  expect(thread).toMatchObject({ focus: NO_FOCUS, turns: [] });
  const focus = {
    ...NO_FOCUS,
    account: { id: 7, name: "Acme GmbH" },
    calls: [{ tool: "why_this_stage", input: { account: "#7" } }],
  };
  await rememberTurn(database, actor, thread, turn("what stage is Acme in?", { focus }));
  await rememberTurn(database, actor, thread, turn("and why?", { focus }));
  const again = await openThread(database, actor, "terminal:a");
  expect(again.focus).toEqual(focus);
  expect(again.turns.map(({ question }) => question)).toEqual(["what stage is Acme in?", "and why?"]);
  expect(again.turns[0]).toMatchObject({
    answer: "It is in Retention.",
    findings: [{ tool: "why_this_stage", words: "Stage: Retention" }],
    offline: true,
  });
});

test("threads of another workspace, and others of the same, are not seen", async () => {
  const { database, actor: mine } = await freshWorkspace();
  const { actor: theirs } = await freshWorkspace();
  await rememberTurn(database, mine, await openThread(database, mine, "same-key"), turn("mine"));
  expect((await openThread(database, theirs, "same-key")).turns).toEqual([]);
  expect((await openThread(database, mine, "another")).turns).toEqual([]);
});

test("a long thread forgets its oldest turns, and long texts are cut", async () => {
  const { database, actor } = await freshWorkspace();
  const thread = await openThread(database, actor, "long");
  for (let at = 0; at < 55; at++)
    await rememberTurn(database, actor, thread, turn(`question ${at} \u0000${"x".repeat(at === 54 ? 50_000 : 0)}`));
  const kept = await database.read(actor, (rows) =>
    rows.one(
      z.object({ n: z.number() }),
      sql`select count(*)::int as n from thread_turn where thread_id = ${thread.id}`,
    ),
  );
  expect(kept.n).toBe(50);
  const { turns } = await openThread(database, actor, "long");
  expect(turns.at(-1)!.question.length).toBeLessThanOrEqual(8_000);
  expect(turns.at(-1)!.question).toMatch(/^question 54 x/);
});

test("the model sees the last turns, and may repeat what they found on the same day, not later", async () => {
  const server = await modelServer();
  const { ask } = await smallAgent(scripted(server.url));
  server.script({ say: "As said, it has 31 seats. Good." });
  const thread = (askedOn: string) => ({
    focus: NO_FOCUS,
    turns: [
      {
        askedOn,
        question: "how many seats?",
        answer: "31 seats.",
        findings: [{ tool: "account_overview", words: "- Seats: 31", isError: false }],
        offline: false,
      },
    ],
  });
  const today = await ask("and again?", { thread: thread("2026-11-22") });
  expect(today.text).toBe("As said, it has 31 seats. Good.");
  expect(server.asked[0]!.messages.map(({ role }) => role)).toEqual(["system", "user", "assistant", "user"]);
  expect((await ask("and again?", { thread: thread("2026-11-20") })).text).toBe("Good.");
  await server.close();
});

test("a question worked on a second time takes its first turn back, and is asked with the thread as it stood", async () => {
  const { database, actor } = await freshWorkspace();
  const waiting: Focus = {
    ...NO_FOCUS,
    pending: { choices: [{ id: 7, label: "Acme GmbH", hint: "DE" }], question: "stage of Acme?", calls: [] },
  };
  const thread = await openThread(database, actor, "t");
  await rememberTurn(database, actor, thread, turn("stage of Acme?", { focus: waiting }));
  const chosen = { ...turn("the German one"), job: "41" };
  const first = await rememberTurn(database, actor, await openThread(database, actor, "t", "41"), chosen);
  const again = await openThread(database, actor, "t", "41");
  expect(again.turns.map(({ question }) => question)).toEqual(["stage of Acme?"]);
  expect(again.focus).toEqual(waiting);
  const second = await rememberTurn(database, actor, again, chosen);
  expect(second).not.toBe(first);
  expect((await openThread(database, actor, "t", "42")).turns).toHaveLength(2);
});

test("a turn that a button names tells with what each tool was asked, and is gone with its thread's oldest", async () => {
  const { database, actor } = await freshWorkspace();
  const thread = await openThread(database, actor, "slack:C1:1.1");
  const findings = [
    { tool: "portfolio", words: "2 accounts", isError: false, input: { limit: 5, text: "a\u0000b \\u0000" } },
    { tool: "broken", words: "failed", isError: true, input: { account: "x" } },
  ];
  const number = await rememberTurn(database, actor, thread, turn("which accounts?", { findings }));
  const kept = await database.read(actor, (rows) => turnNumbered(rows, number));
  expect(kept).toMatchObject({ threadKey: "slack:C1:1.1", question: "which accounts?", personId: null });
  expect(kept?.calls).toEqual([{ tool: "portfolio", input: { limit: 5, text: "ab \\u0000" } }]);
  const { actor: other } = await freshWorkspace();
  expect(await database.read(other, (rows) => turnNumbered(rows, number))).toBeNull();
});

test("a thread knows who asks in it, whether an account is still to be chosen, and when people talk among themselves", async () => {
  const { database, actor } = await freshWorkspace();
  const talk = () => database.read(actor, (rows) => talkOf(rows, "slack:C1:1.1"));
  expect(await talk()).toBeNull();
  const thread = await openThread(database, actor, "slack:C1:1.1");
  expect(await talk()).toBeNull();
  const pending = { choices: [{ id: 7, label: "Acme", hint: "" }], question: "stage of Acme?", calls: [] };
  await rememberTurn(database, { ...actor, personId: 5 }, thread, turn("Acme?", { focus: { ...NO_FOCUS, pending } }));
  expect(await talk()).toEqual({ id: thread.id, askers: [5], waits: true, leftToPeople: false });
  await leaveToPeople(database, actor, thread.id);
  expect(await talk()).toMatchObject({ leftToPeople: true });
  await rememberTurn(database, { ...actor, personId: 6 }, thread, turn("and now?"));
  expect(await talk()).toMatchObject({ askers: [5, 6], waits: false, leftToPeople: false });
});

test("a thread is keyed anew once its first message is posted, and never over another one", async () => {
  const { database, actor } = await freshWorkspace();
  const thread = await openThread(database, actor, "slack-job:9");
  await rememberTurn(database, actor, thread, turn("privately"));
  await keyThread(database, actor, thread.id, "slack:D1:5.5");
  expect((await openThread(database, actor, "slack:D1:5.5")).turns).toHaveLength(1);
  const other = await openThread(database, actor, "slack-job:10");
  await keyThread(database, actor, other.id, "slack:D1:5.5");
  expect((await openThread(database, actor, "slack:D1:5.5")).id).toBe(thread.id);
});
