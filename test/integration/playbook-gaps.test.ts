import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { sql } from "#database/sql.ts";
import { lsaEmbedder } from "#playbooks/embedders/lsa.ts";
import { feedbackReport, keepFeedback } from "#playbooks/feedback.ts";
import { type Gap, gapGroups, keepGap } from "#playbooks/gaps.ts";
import { ingestPlaybooks } from "#playbooks/ingest.ts";
import type { RerankSettings } from "#playbooks/rerank.ts";
import type { Knowledge } from "#tools/knowledge.ts";
import { searchPlaybooksTool } from "#tools/search-playbooks.ts";
import { freshWorkspace } from "../fixtures/database.ts";
import { playbookFolder } from "../fixtures/playbook-folder.ts";
import { type Sample, sampleCompanyHouse } from "../fixtures/sample.ts";

let sample: Sample;
beforeAll(async () => {
  sample = await sampleCompanyHouse();
});

/** Asks the tool in the sample company, and collects the gaps that it tells. */
async function ask(
  input: { question: string; account?: string; stage?: string },
  more: Partial<Knowledge> = {},
  today?: string,
) {
  const gaps: Gap[] = [];
  const context = {
    ...sample.context,
    today: today ?? sample.context.today,
    knowledge: { ...sample.context.knowledge, ...more },
    onGap: async (gap: Gap) => void gaps.push(gap),
  };
  const found = await searchPlaybooksTool.run(input, context);
  return { found, gaps, words: searchPlaybooksTool.say(found) };
}

const KNOWN = "renewal is coming up and they have gone quiet";

/** An account for which the playbook for silent renewals fires: it pays, renews within 60 days and had no contact for more than 30. */
async function silentAccount(): Promise<string> {
  const { name } = await sample.database.read(sample.context.actor, (rows) =>
    rows.one(
      z.object({ name: z.string() }),
      sql`select name from account join account_facts using (workspace_id, account_id)
        where deleted_at is null and active_subscriptions > 0 and renews_on between ${sample.context.today}::date and ${sample.context.today}::date + 60
          and last_touch_on < ${sample.context.today}::date - 40 order by account_id limit 1`,
    ),
  );
  return name;
}

test("a question that nothing covers is told as a gap with its stage and without the account's name", async () => {
  const { gaps, found } = await ask({
    question: "Which forklift certificate do the drivers of Acme Corp need?",
    account: "Acme Corp",
  });
  expect(found.verdict).toBe("none");
  expect(gaps).toMatchObject([
    { question: "Which forklift certificate do the drivers of (account) need?", stage: found.stage, verdict: "none" },
  ]);
});

test("an answered question is no gap", async () => {
  expect((await ask({ question: KNOWN })).gaps).toEqual([]);
});

test("the account's own facts lift their playbook, and the answer says which ones", async () => {
  const account = await silentAccount();
  const { found, words } = await ask({ question: KNOWN, account });
  const first = found.passages[0]!;
  expect(first).toMatchObject({ playbookId: "renewal-60-days-silent", why: { fired: true, stage: true } });
  expect(first.facts).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^next renewal (in \d+ days?|today)$/),
      expect.stringMatching(/^last contact \d+ days ago$/),
    ]),
  );
  expect(words).toMatch(/because next renewal .*last contact \d+ days ago/);
  expect((await ask({ question: KNOWN })).found.passages[0]!.facts).toEqual([]);
});

test("a playbook whose review day is over says so; before that day it does not", async () => {
  const { found, words } = await ask({ question: KNOWN });
  expect(words).not.toMatch(/was to be reviewed/);
  const late = await ask({ question: KNOWN }, {}, "2031-01-01");
  expect(late.words).toContain(`It was to be reviewed by ${found.passages[0]!.reviewBy}: check that it still holds.`);
});

test("gaps stay in their workspace, alike ones stand together, and what says nothing is not kept", async () => {
  const { database, actor } = await freshWorkspace();
  const other = await freshWorkspace();
  const gap = (question: string): Gap => ({
    question,
    stage: "Retention",
    verdict: "none",
    nearest: [],
    askedOn: "2026-11-22",
  });
  const asked = [
    "do we lend a loan car?",
    "Do we lend a LOAN car?",
    "loan car for (account)",
    "parking permit downtown",
    "moon base ".repeat(90),
  ];
  for (const question of asked) await database.write(actor, (rows) => keepGap(rows, gap(question)));
  for (const question of ["forklift?", "what should we do about this?", "🔥🔥"]) {
    await database.write(actor, (rows) => keepGap(rows, gap(question)));
  }
  const groups = await database.read(actor, (rows) => gapGroups(rows));
  expect(groups.map(({ count }) => count)).toEqual([2, 1, 1]);
  expect(groups[0]).toMatchObject({
    questions: ["loan car for (account)", "do we lend a loan car?"],
    stages: ["Retention"],
    newest: "2026-11-22",
  });
  expect(await other.database.read(other.actor, (rows) => gapGroups(rows))).toEqual([]);
});

test("feedback is counted for each section and leaves the order of passages alone", async () => {
  const { database, actor } = await freshWorkspace();
  const { folder, put } = playbookFolder();
  put({ id: "champion-left", title: "Champion left" });
  await ingestPlaybooks({ database, actor, folder, embedder: lsaEmbedder() });
  const say = (helped: boolean, section: string, note: string | null = null) =>
    database.write(actor, (rows) => keepFeedback(rows, { playbookId: "champion-left", section, helped, note }));
  await say(true, "Steps");
  await say(false, "steps", "no words for a mail");
  await say(false, "Steps");
  expect(await database.read(actor, feedbackReport)).toMatchObject([
    { playbookId: "champion-left", section: "Steps", helped: 1, not: 2, notes: ["no words for a mail"] },
  ]);
  await expect(say(true, "Nope")).rejects.toThrow(/has no section “Nope”\. It has: Champion left, Steps/);
});

/** A `/rerank` that prefers the passages further down, or answers as it is told. */
async function reranker(answer: (count: number) => { status?: number; body: unknown }): Promise<RerankSettings> {
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { documents } = JSON.parse(body) as { documents: string[] };
    const { status = 200, body: told } = answer(documents.length);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(told));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const { port } = server.address() as AddressInfo; // listening on TCP
  return { url: `http://127.0.0.1:${port}`, model: null, apiKey: null };
}

test("a reranking endpoint puts the passages in its order", async () => {
  const lastFirst = (count: number) => ({
    body: { results: Array.from({ length: count }, (_, index) => ({ index, relevance_score: index })) },
  });
  const [usual, turned] = [
    await ask({ question: KNOWN }),
    await ask({ question: KNOWN }, { rerank: await reranker(lastFirst) }),
  ];
  expect(turned.found.passages).toHaveLength(3);
  expect(turned.found.passages[0]!.score).toBeLessThan(usual.found.passages[0]!.score);
  expect(turned.found.note).toBeNull();
});

test.each([
  ["refuses", { status: 500, body: {} }, /refused \(500\), so the passages stand in the usual order/],
  ["answers nonsense", { body: { hello: 1 } }, /answered something else than scores/],
])("a reranking endpoint that %s leaves our order, and the answer says so", async (_, answer, note) => {
  const usual = await ask({ question: KNOWN });
  const { found } = await ask({ question: KNOWN }, { rerank: await reranker(() => answer) });
  expect(found.passages.map(({ source }) => source)).toEqual(usual.found.passages.map(({ source }) => source));
  expect(found.note).toMatch(note);
});
