import { afterAll, beforeAll, expect, test } from "vitest";
import { scripted, smallAgent } from "../fixtures/ask.ts";
import { type ModelServer, modelServer, type Reply } from "../fixtures/model-server.ts";

let server: ModelServer;
beforeAll(async () => {
  server = await modelServer();
});
afterAll(() => server.close());

const lookUp: Reply = { call: [{ name: "account_overview", input: { account: "Acme GmbH" } }] };
const good: Reply = { say: "Acme GmbH has 3 open tickets." };

const passing: [string, Reply][] = [
  ["429 with Retry-After", { status: 429, retryAfter: "0.05" }],
  ["500", { status: 500 }],
  ["503", { status: 503 }],
  ["half a stream, then the connection is cut", { half: "Acme GmbH has 3 open", ends: "cut" }],
  ["a stream that ends without an end", { half: "Acme GmbH has 3 open tickets.", ends: "end" }],
  ["malformed tool arguments", { callRaw: { name: "account_overview", args: '{"account": Acme' } }],
  [
    "tool arguments that are cut off",
    { callRaw: { name: "account_overview", args: '{"account": "Acme Gm' }, finish: "length" },
  ],
  [
    "cut tool arguments that claim to be whole",
    { callRaw: { name: "account_overview", args: '{"account": "Acme Gm' } },
  ],
  ["an empty reply", { say: "" }],
  ["a reply that did not fit", { say: "Acme GmbH has 3 open", finish: "length" }],
];

test.each(passing)("a fault that passes is tried once more: %s", async (_, fault) => {
  const { ask } = await smallAgent(scripted(server.url));
  server.script(fault, lookUp, good);
  const answer = await ask("How is Acme GmbH doing?");
  expect(answer).toMatchObject({ text: "Acme GmbH has 3 open tickets.", offline: false });
  expect(server.asked).toHaveLength(3);
});

const lasting: [string, Reply, RegExp][] = [
  ["429", { status: 429 }, /too busy/],
  ["429 with a wait beyond the question's time", { status: 429, retryAfter: "3600" }, /too busy/],
  ["500", { status: 500 }, /an error on its side/],
  ["401", { status: 401 }, /refused our key/],
  ["404", { status: 404 }, /does not know this model/],
  ["400", { status: 400 }, /refused the request/],
  ["half a stream", { half: "Acme GmbH has", ends: "cut" }, /cannot be reached|cut off/],
  ["an empty reply", { say: "   " }, /was empty/],
  ["a refusal", { refuse: "I cannot help with that." }, /declined to answer/],
  ["a content filter", { say: "Acme", finish: "content_filter" }, /content filter/],
  ["a reply that never fits", { say: "Acme GmbH has", finish: "length" }, /did not fit/],
  ["malformed tool arguments", { callRaw: { name: "account_overview", args: "{{{" } }, /broken arguments/],
];

test.each(lasting)("a fault that lasts leads to the offline answer, which says why: %s", async (_, fault, because) => {
  const { ask } = await smallAgent(scripted(server.url));
  server.script(fault);
  const answer = await ask("How is Acme GmbH doing?");
  expect(answer).toMatchObject({ offline: true, offlineBecause: "provider", findings: [{ tool: "account_overview" }] });
  expect(answer.text).toMatch(because);
  expect(answer.text).toContain("this is the offline answer");
  expect(answer.text).toContain("MRR: USD 12,345.00");
  expect(JSON.stringify(answer)).not.toContain("secret provider text");
});

test.each([
  ["a provider that never answers", { hang: true } as Reply],
  ["a stream that stands still", { half: "Acme GmbH has", ends: "stall" } as Reply],
])("the time of a question ends: %s", async (_, fault) => {
  const { ask } = await smallAgent(scripted(server.url, { timeoutSeconds: 1 }));
  server.script(fault);
  const answer = await ask("How is Acme GmbH doing?");
  expect(answer.offline).toBe(true);
  expect(answer.text).toMatch(/stopped half-way|took too long/);
});

test("a provider that cannot be reached leads to the offline answer", async () => {
  const { ask } = await smallAgent(scripted("http://127.0.0.1:9/v1"));
  const answer = await ask("How is Acme GmbH doing?");
  expect(answer).toMatchObject({ offline: true, text: expect.stringContaining("cannot be reached") });
});

test("the fallback model is asked when the first one fails, and what the first one said is taken back", async () => {
  const { ask } = await smallAgent(scripted(server.url, { fallback: "second", timeoutSeconds: 1 }));
  server.script((asked) => {
    if (asked.model === "second") return asked.messages.some((message) => message.role === "tool") ? good : lookUp;
    return { half: "Hello there. I am about to", ends: "stall" };
  });
  const answer = await ask("How is Acme GmbH doing?");
  expect(answer).toMatchObject({ text: "Acme GmbH has 3 open tickets.", offline: false });
  expect(answer.events.filter((event) => event.type === "status").map((event) => event.words)).toEqual([
    "Thinking",
    "Asking the second model",
  ]);
  const lastRestart = answer.events.findLastIndex((event) => event.type === "restart");
  expect(lastRestart).toBeGreaterThan(-1);
  expect(
    answer.events
      .slice(lastRestart)
      .filter((event) => event.type === "text")
      .map((event) => event.text)
      .join(""),
  ).toBe(answer.text);
});

test("replies that share one id do not overwrite each other", async () => {
  const { ask } = await smallAgent(scripted(server.url));
  server.script(lookUp, { call: [{ name: "portfolio", input: {} }] }, { say: "Acme GmbH has 3 open tickets." });
  const answer = await ask("How is Acme GmbH doing?");
  expect(answer.findings.map((finding) => finding.tool)).toEqual(["account_overview", "portfolio"]);
  expect(server.asked[2]!.messages.map((message) => message.role)).toEqual([
    "system",
    "user",
    "assistant",
    "tool",
    "assistant",
    "tool",
  ]);
});

test.each([
  ["an empty question", "   ", /empty/],
  ["a question of 50,000 characters", "why ".repeat(12_500), /49,999 characters/],
])("%s gets a sentence and costs nothing", async (_, question, sentence) => {
  const { ask } = await smallAgent(scripted(server.url));
  server.script({ say: "never" });
  const answer = await ask(question);
  expect(answer.text).toMatch(sentence);
  expect(server.asked).toHaveLength(0);
});

test("a database that goes away while a tool looks is said, and the next question is answered", async () => {
  const { ask } = await smallAgent(null);
  const answer = await ask("How is Faraway doing?");
  expect(answer.text).toContain("The database went away");
  expect(answer.findings).toMatchObject([{ tool: "account_overview", isError: true }]);
  expect((await ask("How is Acme GmbH doing?")).text).toContain("Open tickets: 3");
});
