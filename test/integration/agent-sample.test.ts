import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import type { Answer } from "#agent/answer.ts";
import { type AgentHouse, createAgentHouse } from "#agent/ask.ts";
import { sql } from "#database/sql.ts";
import { createLog } from "#log.ts";
import { formatMoney } from "#money.ts";
import { type Focus, NO_FOCUS } from "#threads/focus.ts";
import { tools, vocabulary } from "#tools/index.ts";
import { promptsFolder, scripted } from "../fixtures/ask.ts";
import { type ModelServer, modelServer, type Reply } from "../fixtures/model-server.ts";
import { type Sample, sampleCompanyHouse } from "../fixtures/sample.ts";

let sample: Sample;
let server: ModelServer;
let offline: AgentHouse;
let online: AgentHouse;
beforeAll(async () => {
  sample = await sampleCompanyHouse();
  server = await modelServer();
  const parts = { tools, vocabulary, promptsFolder, log: createLog("silent") };
  offline = createAgentHouse({ ...parts, model: null });
  online = createAgentHouse({ ...parts, model: scripted(server.url) });
});
afterAll(() => server.close());

const ask = (question: string, focus: Focus = NO_FOCUS, house = offline): Promise<Answer> =>
  house.ask({ question, thread: { turns: [], focus }, context: sample.context });

test("asked about Acme, it asks which; told the German one, it gives stage, facts, and two steps with their passages", async () => {
  const first = await ask("what stage is Acme in and what should I do next?");
  expect(first.text).toMatch(/Which one.*Acme Corp.*Acme GmbH.*ACME Labs/);
  expect(first.text).toContain("Offline answer");
  const second = await ask("the german one", first.focus);
  expect(second.findings.map(({ tool, isError }) => [tool, isError])).toEqual([
    ["why_this_stage", false],
    ["next_steps", false],
  ]);
  expect(second.text).toMatch(/Stage: \*\*.+\*\* since \d{4}-\d\d-\d\d/);
  expect(second.text.match(/\d{4}-\d\d-\d\d[^\n]*\[[^\]]+\]/g)?.length).toBeGreaterThanOrEqual(3);
  expect(second.sources).toHaveLength(2);
  expect(second.focus).toMatchObject({ account: { name: "Acme GmbH" }, pending: null });
  const third = await ask("and their renewal?", second.focus);
  expect(third.findings).toMatchObject([{ tool: "account_detail", output: { account: { name: "Acme GmbH" } } }]);
});

test("a count and a sum are those of the store", async () => {
  const tally = z.object({ n: z.number(), minor: z.number() });
  const { n, minor } = await sample.database.read(sample.context.actor, (rows) =>
    rows.one(
      tally,
      sql`select count(*)::int as n, sum(f.base_mrr_minor)::bigint as minor from account a join account_facts f using (workspace_id, account_id)
          where a.industry = 'Logistics' and a.deleted_at is null and a.merged_into is null`,
    ),
  );
  const { text, focus } = await ask("how many logistics accounts do we have, and what is their MRR together?");
  expect(text).toContain(`**${n} accounts**`);
  expect(text).toContain(formatMoney(minor, sample.context.baseCurrency));
  const second = await ask("tell me about the second one", focus);
  expect(second.focus.account).toEqual(focus.accounts[1]);
});

test("the tools' own words pass every check, whatever is asked", async () => {
  const questions = [
    "top 10 accounts by MRR",
    "which accounts renew this month?",
    "how many accounts are in each stage?",
    "who has overdue invoices?",
    "tell me about Acme Corp",
    "why is ACME Labs in its stage?",
    "what changed at Acme Corp since June?",
    "history of Acme GmbH",
    "what should I do next with Acme Corp?",
    "how do we handle a price objection?",
    "which stages are there?",
    "may I offer a discount in consideration?",
    "who owns Acme Corp?",
    "tell me about Hogwarts",
    "what changed at Acme Corp since 31 February?",
    "help",
  ];
  for (const question of questions) {
    const { text, findings, dropped } = await ask(question);
    expect({ question, dropped }).toEqual({ question, dropped: [] });
    for (const { words, isError } of findings) {
      expect(isError).toBe(false);
      expect(text).toContain(words.trim());
    }
  }
});

test("a model at the wire drives the same tools, and its invented figures are held back", async () => {
  const lookUp: Reply = {
    call: [
      { name: "why_this_stage", input: { account: "Acme GmbH" } },
      { name: "next_steps", input: { account: "Acme GmbH" } },
    ],
  };
  server.script(lookUp, (asked) => {
    const stage = /Stage: \*\*(.+?)\*\* since (\S+)/.exec(
      asked.messages.findLast(({ role, content }) => role === "tool" && content.includes("Stage:"))!.content,
    )!;
    return { say: `Acme GmbH is in ${stage[1]} since ${stage[2]}. Two steps fit. It will bring 48,213 USD.` };
  });
  const answer = await ask("what stage is Acme GmbH in and what should I do next?", NO_FOCUS, online);
  expect(answer.offline).toBe(false);
  expect(answer.text).toMatch(/^Acme GmbH is in \w+ since \d{4}-\d\d-\d\d\. Two steps fit\.$/);
  expect(answer.dropped).toMatchObject([{ sentence: "It will bring 48,213 USD." }]);
  expect(answer.sources).toHaveLength(2);
  const described = server.asked[0]!.tools!.map((tool) => tool.function.name);
  expect(described).toEqual(tools.map((tool) => tool.name));
});

/** What a tool said last, as the model was shown it. */
const lastFinding = (asked: { messages: { role: string; content: string }[] }): string =>
  asked.messages.findLast(({ role }) => role === "tool")!.content;

test.each([
  {
    question: "what stage is Acme in and what should I do next?",
    call: { name: "why_this_stage", input: { account: "Acme" } },
    tell: () => "Which one do you mean: Acme Corp, Acme GmbH or ACME Labs?",
    shown: /^Which one do you mean: Acme Corp, Acme GmbH or ACME Labs\?$/,
  },
  {
    question: "how many logistics accounts do we have, and what is their MRR together?",
    call: { name: "portfolio", input: { filters: { industry: ["Logistics"] } } },
    tell: (found: string) =>
      `You have ${/\*\*(\d+ accounts)/.exec(found)![1]}; together in USD ${/stored rates (\S+)\.\n/.exec(found)![1]}.`,
    shown: /^You have \d+ accounts; together in USD \$[\d,.]+\d\.$/,
  },
  {
    question: "which accounts have more than two high-priority tickets?",
    call: { name: "portfolio", input: { filters: { tickets: { priority: ["high"], more_than: 2 } } } },
    tell: (found: string) => `The first is ${/1\. \*\*(.+?)\*\*/.exec(found)![1]}.`,
    shown: /^The first is .+\.$/,
  },
  {
    question: "top 10 accounts by MRR",
    call: { name: "portfolio", input: { sort: "mrr", limit: 10 } },
    tell: (found: string) => `At the top: ${/1\. \*\*(.+?)\*\* — .*?MRR (\S+),/.exec(found)!.slice(1).join(" with ")}.`,
    shown: /^At the top: .+ with [$€][\d,.]+\.$/,
  },
  {
    question: "what stage is Quiet Harbor in, and why?",
    call: { name: "why_this_stage", input: { account: "Quiet Harbor" } },
    tell: (found: string) => `Quiet Harbor is in Awareness since ${/since (\S+)/.exec(found)![1]}.`,
    shown: /^Quiet Harbor is in Awareness since \d{4}-\d\d-\d\d\.$/,
  },
])(
  "a model at the wire is asked “$question”: it looks up, and its true sentence is streamed",
  async ({ question, call, tell, shown }) => {
    server.script({ call: [call] }, (asked) => ({ say: tell(lastFinding(asked)) }));
    const streamed: string[] = [];
    const answer = await online.ask({
      question,
      thread: { turns: [], focus: NO_FOCUS },
      context: sample.context,
      onEvent: (event) => {
        if (event.type === "text") streamed.push(event.text);
      },
    });
    expect(answer.text).toMatch(shown);
    expect(answer).toMatchObject({ offline: false, dropped: [], findings: [{ tool: call.name, isError: false }] });
    expect(streamed.join("")).toBe(answer.text);
    expect(server.asked.every(({ stream }) => stream)).toBe(true);
  },
);

test("hostile notes of a customer stay inside the fence that the model sees", async () => {
  const note = z.object({ name: z.string(), body: z.string() });
  const hostile = await sample.database.read(sample.context.actor, (rows) =>
    rows.many(
      note,
      sql`select a.name, n.body from note n join account a using (workspace_id, account_id) where n.body ~* 'ignore (all|any|your|previous|the)' limit 1`,
    ),
  );
  expect(hostile).toHaveLength(1);
  server.script(
    { call: [{ name: "account_timeline", input: { account: hostile[0]!.name, limit: 100 } }] },
    { say: "There are notes on record." },
  );
  await ask(`what happened at ${hostile[0]!.name}?`, NO_FOCUS, online);
  const result = server.asked[1]!.messages.find(({ role }) => role === "tool")!.content;
  expect(result).toMatch(/^<finding tool="account_timeline">\n[\s\S]*\n<\/finding>$/);
  expect(result.match(/<\/?finding/g)).toHaveLength(2);
});
