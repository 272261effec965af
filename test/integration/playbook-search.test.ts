import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import type { Actor } from "#actor.ts";
import type { Database } from "#database/door.ts";
import { lsaEmbedder } from "#playbooks/embedders/lsa.ts";
import { ingestPlaybooks } from "#playbooks/ingest.ts";
import { passageFor } from "#playbooks/rules.ts";
import { closestPassages, type PlaybookSearch, searchPlaybooks } from "#playbooks/search.ts";
import { freshWorkspace } from "../fixtures/database.ts";

const knowledge = (path: string) => fileURLToPath(new URL(`../../knowledge/${path}`, import.meta.url));

interface Golden {
  tuned: { ask: string; answers: string[] }[];
  unseen: { ask: string; answers: string[] }[];
  unanswerable: string[];
}
const golden: Golden = parse(readFileSync(knowledge("golden/playbook-questions.yaml"), "utf8"));
const embedder = lsaEmbedder();
let here: { database: Database; actor: Actor };

// Our own playbooks, indexed once: nothing below writes.
beforeAll(async () => {
  here = await freshWorkspace();
  const { broken } = await ingestPlaybooks({ ...here, folder: knowledge("playbooks"), embedder });
  expect(broken).toEqual([]);
});

const search = (question: string, more: Partial<PlaybookSearch> = {}) =>
  searchPlaybooks({ ...here, embedder, question, ...more });

const ANSWERED_FLOOR = 0.6; // not only listed as close

// What was reached when the floor was set is in docs/playbooks.md. The floors leave room for edits of playbooks.
test.each([
  ["tuned", 0.75],
  ["unseen", 0.7],
] as const)("plain questions find their playbook among five passages (%s half)", async (half, floor) => {
  const missed: string[] = [];
  let answered = 0;
  for (const { ask, answers } of golden[half]) {
    const { passages, verdict } = await search(ask);
    if (verdict === "found") answered++;
    if (!passages.some(({ playbookId }) => answers.includes(playbookId))) missed.push(ask);
  }
  expect(1 - missed.length / golden[half].length, missed.join("\n")).toBeGreaterThanOrEqual(floor);
  expect(answered / golden[half].length).toBeGreaterThanOrEqual(ANSWERED_FLOOR);
});

test("questions that nothing covers are not answered as if something did", async () => {
  const answered: string[] = [];
  for (const ask of golden.unanswerable) if ((await search(ask)).verdict === "found") answered.push(ask);
  expect(answered.length / golden.unanswerable.length, answered.join("\n")).toBeLessThanOrEqual(0.1);
});

test.each([
  [
    "ticket-open-too-long",
    "We have been sitting on their badge printer ticket for almost a month, they ask for news every second day and development gives us no date",
  ],
  [
    "silence-after-onboarding",
    "Go live of the room panels was four weeks ago and since then we have not heard a single word from them",
  ],
])("a situation told at length, with the product's own words in it, finds %s", async (playbook, told) => {
  const { verdict, passages } = await search(told);
  expect([verdict, passages[0]?.playbookId]).toEqual(["found", playbook]);
});

test("a long question on how our product works is covered by no playbook", async () => {
  const asked = "How do I connect the calendar sync of the room panels with Outlook for a new site in Hamburg";
  expect((await search(asked)).verdict).toBe("none");
});

test("a passage says where it stands and why it was found", async () => {
  const { passages } = await search("out of office says he left the company, our contact is gone", {
    stages: ["retention"],
  });
  expect(passages[0]).toMatchObject({
    playbookId: "champion-left",
    source: expect.stringMatching(/^knowledge\/playbooks\/retention\/champion-left\.md#/),
    reviewBy: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    why: {
      words: expect.arrayContaining(["office"]),
      trigger: "out of office says no longer with the company",
      stage: true,
    },
  });
});

test("a playbook with a forbidden move is never shown, however well it fits", async () => {
  const question = "they want something off before they sign, how far can i go with the offer";
  const free = await search(question);
  const offering = free.passages.filter(({ moves }) => moves.includes("discount"));
  expect(offering.length).toBeGreaterThan(0);
  const held = await search(question, { forbiddenMoves: ["discount", "time_limited_offer"], limit: 50 });
  expect(held.passages.length).toBeGreaterThan(0);
  expect(
    held.passages.filter(({ moves }) => moves.includes("discount") || moves.includes("time_limited_offer")),
  ).toEqual([]);
});

test("the stage of the account moves its playbooks up, and can be the only one", async () => {
  const ranks = (passages: { stages: string[] }[]) => passages.findIndex(({ stages }) => stages.includes("purchase"));
  const question = "they do not answer my calls and mails";
  const [free, moved] = [
    await search(question, { limit: 20 }),
    await search(question, { stages: ["purchase"], limit: 20 }),
  ];
  expect(ranks(moved.passages)).toBeGreaterThanOrEqual(0);
  expect(ranks(moved.passages)).toBeLessThan(ranks(free.passages));
  const only = await search(question, { stages: ["purchase"], onlyStages: true, limit: 20 });
  expect(only.passages.length).toBeGreaterThan(0);
  expect(only.passages.every(({ stages }) => stages.includes("purchase"))).toBe(true);
});

test("no playbook takes more than two of the places", async () => {
  const { passages } = await search("onboarding kick off agenda, first meeting with their team", { limit: 20 });
  const counts = Map.groupBy(passages, ({ playbookId }) => playbookId);
  expect(Math.max(...[...counts.values()].map((each) => each.length))).toBe(2);
});

test.each([
  ["a stop word", "the"],
  ["only stop words", "what should we do about this?"],
  ["an emoji", "🔥🔥"],
  ["nothing but signs", "??? -- '; drop table playbook; --".replace(/[a-z]/g, "")],
])("%s gets a request for more words", async (_, question) => {
  expect(await search(question)).toMatchObject({
    verdict: "none",
    passages: [],
    note: expect.stringMatching(/no word to search by/),
  });
});

test("a question of 20,000 characters is answered or declined, like any other", async () => {
  const known = await search(`payment failed, their card was declined. ${"payment card declined ".repeat(900)}`);
  expect(known).toMatchObject({ verdict: "found" });
  expect(known.passages[0]?.playbookId).toBe("payment-failed");
  const gibberish = Array.from({ length: 2_500 }, (_, at) => `zq${at}x`)
    .join(" ")
    .slice(0, 20_000);
  expect(await search(gibberish)).toMatchObject({ verdict: "none", note: "No playbook covers this." });
});

test("SQL and wildcards in a question are words, nothing more", async () => {
  const { passages } = await search("our champion left'; drop table playbook; -- %_\\");
  expect(passages[0]?.playbookId).toBe("champion-left");
});

test("who asks what to do gets the steps first, who asks what to say gets words", async () => {
  const [calm, write] = [
    await search("how do I calm a customer who threatens to cancel because of repeated outages?"),
    await search("what do I write to a customer whose card was declined?"),
  ];
  expect(calm.passages[0]).toMatchObject({ playbookId: "outage-hitting-customers", section: "Steps" });
  expect(write.passages[0]).toMatchObject({ playbookId: "payment-failed", path: ["Words to use", expect.any(String)] });
  expect(write.passages[0]?.section).not.toMatch(/^Slack,/); // those are for colleagues
});

test("a passage that meets the question far worse than the first is not shown beside it", async () => {
  const question = "got a 200 question infosec sheet, due friday, help";
  const { passages } = await closestPassages({ ...here, embedder, question, limit: 3 });
  const shown = await search(question, { limit: 3 });
  expect(new Set(passages.map(({ playbookId }) => playbookId)).size).toBeGreaterThan(1);
  expect(new Set(shown.passages.map(({ playbookId }) => playbookId))).toEqual(new Set(["security-review"]));
});

test("the account's name does not make a question harder", async () => {
  const question = "Zyxocorp Industries went quiet after the demo";
  const [plain, apart] = [await search(question), await search(question, { apartFrom: "Zyxocorp Industries" })];
  expect(apart.coverage).toBeGreaterThan(plain.coverage);
  expect(apart.passages[0]?.playbookId).toBe("quiet-after-demo");
});

test("a chosen playbook is cited by its steps, a named section or a question", async () => {
  const cite = (more: { section?: string; question?: string }) =>
    here.database.read(here.actor, (rows) => passageFor({ rows, playbookId: "champion-left", embedder, ...more }));
  expect((await cite({})).section).toBe("Steps");
  expect((await cite({ section: "when not to use it" })).section).toBe("When not to use it");
  expect((await cite({ section: "no such section" })).section).toBe("Steps");
  expect((await cite({ question: "what do I say in a mail to the successor?" })).path[0]).toBe("Words to use");
  await expect(here.database.read(here.actor, (rows) => passageFor({ rows, playbookId: "nope" }))).rejects.toThrow(
    /no playbook "nope"/,
  );
});

test("before the first ingest the answer says what to run", async () => {
  const empty = await freshWorkspace();
  expect(await searchPlaybooks({ ...empty, embedder, question: "champion left" })).toMatchObject({
    verdict: "none",
    note: expect.stringMatching(/perennial ingest/),
  });
});
