import { expect, test } from "vitest";
import { z } from "zod";
import { sql } from "#database/sql.ts";
import { NO_FOCUS } from "#threads/focus.ts";
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
