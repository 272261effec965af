import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { accountTimeline } from "#accounts/timeline.ts";
import type { Audience } from "#actor.ts";
import type { Answer, Finding } from "#agent/answer.ts";
import { createAgentHouse } from "#agent/ask.ts";
import { runTool } from "#agent/run-tool.ts";
import type { ModelConfig } from "#config.ts";
import { sql } from "#database/sql.ts";
import { createLog } from "#log.ts";
import { NO_FOCUS } from "#threads/focus.ts";
import type { ToolContext } from "#tools/define-tool.ts";
import { DETAILS } from "#tools/detail-lines.ts";
import { toolNamed, tools, vocabulary } from "#tools/index.ts";
import { promptsFolder, scripted } from "../fixtures/ask.ts";
import { modelServer } from "../fixtures/model-server.ts";
import { type Sample, sampleCompanyHouse } from "../fixtures/sample.ts";

const log = createLog("silent");
let sample: Sample;
let accounts: { id: number; name: string }[];
/** What a channel must not see, folded, by what it is. */
let secrets: { kind: string; text: string }[];
beforeAll(async () => {
  sample = await sampleCompanyHouse();
  accounts = await tellingAccounts();
  secrets = await privateTexts();
});

test("in a channel no tool says what a customer or colleague wrote, or who their people are", async () => {
  const said = (await everyFinding("channel")).map(folded).join("\n");
  const leaked = secrets.filter(({ text }) => said.includes(text));
  expect(leaked).toEqual([]);
});

test("in private the same questions tell it, so the look above is not blind", async () => {
  const said = (await everyFinding("private")).map(folded).join("\n");
  const told = new Set(secrets.filter(({ text }) => said.includes(text)).map(({ kind }) => kind));
  expect([...told].sort()).toEqual(["comment", "contact", "interaction", "note", "opportunity", "task", "ticket"]);
});

test("what is kept out is told in words, and money, stage, owner and days stay", async () => {
  const [channel, alone] = await Promise.all([card("channel"), card("private")]);
  expect(channel.keptOut).toEqual(expect.arrayContaining(["ticket subjects"]));
  expect(alone.keptOut).toBeUndefined();
  const [here, there] = [channel.output, alone.output] as Record<string, unknown>[];
  for (const field of ["account", "mrr", "health", "renewsOn", "lastTouchOn", "nps", "freshness"])
    expect({ field, value: here![field] }).toEqual({ field, value: there![field] });
  for (const line of ["Owner:", "MRR:", "Stage:"])
    expect(lineWith(channel.words, line)).toEqual(lineWith(alone.words, line));
});

test("a pin's reason, a contact's row and a written reason are kept out wherever a reason is told", async () => {
  const stage = { stage: { reasons: REASONS, context: REASONS, pin: PIN } };
  const places: [string, object][] = [
    ["account_overview", { ...stage, card: { openTickets: [], openOpportunities: [], openTasks: [] } }],
    ["why_this_stage", { ...stage, nearest: { stage: "Loyalty", missing: REASONS } }],
    ["next_steps", { steps: [{ why: REASONS }] }],
    [
      "search_playbooks",
      { facts: [], passages: [{ facts: ["reason of the last churn PRIVATE price", "2 open tickets"] }] },
    ],
  ];
  for (const [name, found] of places) {
    expect(JSON.stringify(found)).toContain("PRIVATE");
    const { finding, keptOut } = toolNamed(name)!.inChannel!(found);
    expect({ name, said: JSON.stringify(finding) }).not.toMatchObject({ said: expect.stringContaining("PRIVATE") });
    expect(keptOut).toContain("reasons that were written down");
  }
  const { finding, keptOut } = toolNamed("why_this_stage")!.inChannel!({ ...stage, nearest: null });
  expect(keptOut).toEqual(["names of contacts", "names of opportunities", "reasons that were written down"]);
  expect(JSON.stringify(finding)).toContain("ledger entry of 2026-10-01, expansion");
});

test("whatever kind of row an event is, its plain words hold nothing that somebody wrote", async () => {
  const { database } = sample;
  const workspaceId = await emptyWorkspace();
  const actor = { workspaceId, personId: null, audience: "private" as const };
  const events = await database.write(actor, async (rows) => {
    const { id } = await rows.one(
      z.object({ id: z.number() }),
      sql`insert into account (workspace_id, name, name_norm, lead_source, created_on) values (${workspaceId}, 'Plain', 'plain', 'PRIVATE source', '2026-01-01') returning account_id as id`,
    );
    for (const written of [
      sql`insert into contact (workspace_id, account_id, full_name, title, created_on, left_on) values (${workspaceId}, ${id}, 'PRIVATE Jane', 'PRIVATE chief', '2026-01-02', '2026-02-02')`,
      sql`insert into opportunity (workspace_id, account_id, name, stage, is_closed, lost_reason, close_on, created_on) values (${workspaceId}, ${id}, 'PRIVATE deal', 'lost', true, 'PRIVATE reason', '2026-03-01', '2026-02-01')`,
      sql`insert into opportunity_stage (workspace_id, opportunity_id, stage, entered_on) select workspace_id, opportunity_id, 'demo', '2026-02-10' from opportunity where account_id = ${id}`,
      sql`insert into subscription (workspace_id, account_id, plan, status, currency, started_on, cancelled_on, cancel_reason) values (${workspaceId}, ${id}, 'Team', 'ended', 'USD', '2026-01-05', '2026-04-01', 'PRIVATE reason')`,
      sql`insert into mrr_event (workspace_id, account_id, effective_at, delta_minor, currency, base_delta_minor, reason, source, source_key) values (${workspaceId}, ${id}, '2026-01-05', 100, 'USD', 100, 'new', 'x', '1'), (${workspaceId}, ${id}, '2026-04-01', -100, 'USD', -100, 'PRIVATE reason', 'x', '2')`,
      sql`insert into referral (workspace_id, account_id, referred_name, made_on) values (${workspaceId}, ${id}, 'PRIVATE Bob', '2026-03-01')`,
      sql`insert into churn_record (workspace_id, account_id, churned_on, reason, comment) values (${workspaceId}, ${id}, '2026-04-01', 'PRIVATE reason', 'PRIVATE comment')`,
      sql`insert into task (workspace_id, account_id, title, done_at) values (${workspaceId}, ${id}, 'PRIVATE task', '2026-03-03')`,
      sql`insert into note (workspace_id, account_id, body, created_at) values (${workspaceId}, ${id}, 'PRIVATE note', '2026-03-04')`,
      sql`insert into loyalty_entry (workspace_id, account_id, kind, detail, occurred_on) values (${workspaceId}, ${id}, 'review', 'PRIVATE detail', '2026-03-05')`,
    ])
      await rows.run(written);
    return accountTimeline(rows, {
      accountId: id,
      since: "2025-01-01",
      until: "2027-01-01",
      model: "none",
      limit: 100,
    });
  });
  const told = events.map(({ what, quote }) => `${what} ${quote ?? ""}`).filter((each) => each.includes("PRIVATE"));
  expect(told.length).toBeGreaterThanOrEqual(12);
  expect(events.map(({ plain }) => plain).filter((each) => each.includes("PRIVATE"))).toEqual([]);
  expect(events.map(({ plain }) => plain)).toEqual(
    expect.arrayContaining(["MRR up (new)", "opportunity moved to demo"]),
  );
});

test("an answer in a channel holds none of it, in its text, its findings and what the thread will remember", async () => {
  for (const { id } of accounts.slice(0, 4)) {
    const answer = await ask(`tell me about #${id}, and what happened with #${id}?`, "channel");
    expect(answer.findings.map(({ tool }) => tool)).toEqual(
      expect.arrayContaining(["account_overview", "account_timeline"]),
    );
    const said = folded(answer);
    expect(secrets.filter(({ text }) => said.includes(text))).toEqual([]);
    expect(answer.keptOut.length).toBeGreaterThan(1);
    expect(new Set(answer.keptOut).size).toBe(answer.keptOut.length);
  }
});

test("a model that answers in a channel is never shown it", async () => {
  const server = await modelServer();
  const account = `#${accounts[0]!.id}`;
  server.script(
    { call: ["account_overview", "account_timeline", "what_changed"].map((name) => ({ name, input: { account } })) },
    { say: "There are open tickets." },
  );
  const answer = await ask(`how is ${account}?`, "channel", scripted(server.url));
  const shown = folded(server.asked);
  expect(server.asked).toHaveLength(2);
  expect(answer.offline).toBe(false);
  expect(secrets.filter(({ text }) => shown.includes(text))).toEqual([]);
  await server.close();
});

test("where people of another company read, no tool tells anything, and no model is asked", async () => {
  const server = await modelServer();
  for (const finding of await everyFinding("external"))
    expect(finding).toMatchObject({ isError: true, words: expect.stringMatching(/^People of another company read/) });
  const thread = {
    focus: NO_FOCUS,
    turns: [{ askedOn: sample.context.today, question: "MRR?", answer: "Acme pays", findings: [], offline: false }],
  };
  const answer = await ask("top 10 accounts by MRR", "external", scripted(server.url), thread);
  expect(answer).toMatchObject({ findings: [], offline: false });
  expect(answer.text).toMatch(/no customer data\. Ask me in a direct message\.$/);
  expect(server.asked).toEqual([]);
  await server.close();
});

const row = (ref: string, label: string, source: string | null) => ({ row: ref, label, source });
const reason = { asked: "", held: "yes", on: "2026-11-01", doubt: null };
const REASONS = [
  {
    ...reason,
    what: "known contacts",
    value: 1,
    shown: "1",
    rows: [row("contact:1", "contact PRIVATE Jane", "crm PRIVATE@x.example")],
  },
  {
    ...reason,
    what: "open opportunities",
    value: 1,
    shown: "1",
    rows: [row("opportunity:1", "opportunity “PRIVATE deal”, won", "crm O-1")],
  },
  {
    ...reason,
    what: "MRR",
    value: 1,
    shown: "1",
    rows: [
      row("mrr_event:1", "ledger entry of 2026-10-01, PRIVATE reason", "billing S-1"),
      row("mrr_event:2", "ledger entry of 2026-10-01, expansion", "billing S-2"),
    ],
  },
  { ...reason, what: "reason of the last churn", value: "PRIVATE price", shown: "PRIVATE price", rows: [] },
];
const PIN = {
  stage: "loyalty",
  name: "Loyalty",
  until: "2027-01-01",
  by: "Ida",
  reason: "PRIVATE their boss hates us",
};

const within = (audience: Audience): ToolContext => ({
  ...sample.context,
  actor: { ...sample.context.actor, audience },
});

function ask(
  question: string,
  audience: Audience,
  model: ModelConfig | null = null,
  thread: Parameters<ReturnType<typeof createAgentHouse>["ask"]>[0]["thread"] = null,
): Promise<Answer> {
  const house = createAgentHouse({ tools, vocabulary, promptsFolder, log, model });
  return house.ask({ question, thread, context: within(audience) });
}

const card = (audience: Audience): Promise<Finding> =>
  runTool(tools, "account_overview", { account: `#${accounts[0]!.id}` }, within(audience), log);

const lineWith = (words: string, part: string): string | undefined =>
  words.split("\n").find((line) => line.includes(part));

async function emptyWorkspace(): Promise<number> {
  const { id } = await sample.database.directory((rows) =>
    rows.one(
      z.object({ id: z.number() }),
      sql`insert into workspace (handle, name) values ('beside-the-sample', 'Beside') returning workspace_id as id`,
    ),
  );
  return id;
}

/** How each tool of the catalogue is called for an account; a tool that is missing here fails the test that walks them. */
const CALLS: Record<string, (account: string) => unknown> = {
  find_account: (account) => ({ name: account }),
  account_overview: (account) => ({ account }),
  account_detail: (account) => ({ account, about: [...DETAILS] }),
  why_this_stage: (account) => ({ account }),
  next_steps: (account) => ({ account, limit: 5 }),
  check_move: (account) => ({ account, move: "discount" }),
  account_timeline: (account) => ({ account, limit: 100 }),
  what_changed: (account) => ({ account, since: "2025-06-01" }),
  portfolio: () => ({ sort: "tickets", limit: 100 }),
  deals: () => ({ limit: 100 }),
  agenda: () => ({ owner: "Lukas Brandl", within_days: 92 }),
  renewals: () => ({ within_days: 365, limit: 100 }),
  tickets: (account) => ({ account, state: "any", limit: 100 }),
  search_playbooks: (account) => ({ account, question: "the customer is furious about an outage" }),
  stage_guide: () => ({}),
  compare_figures: () => ({
    metrics: ["nrr", "logo_churn", "clv"],
    windows: ["last quarter", "this quarter"],
    group_by: "owner",
  }),
  why_mrr_changed: () => ({ window: "last 24 months", limit: 50 }),
  stage_funnel: () => ({}),
  cohort_retention: () => ({}),
  leaving_pace: () => ({}),
  past_weeks: () => ({ of: "health" }),
  repeat_value: () => ({}),
  scores: () => ({ score: "nps", window: "last 24 months", group_by: "segment", comments: true }),
  churned_after_price_increase: () => ({ within_days: 730 }),
  what_if: (account) => ({ accounts: [account], suppose: "churn" }),
  lifecycle_map: () => ({ window: "last 24 months" }),
  churn_report: () => ({ window: "last quarter" }),
  churn_risk: () => ({}),
  churn_outlook: () => ({ within_days: 90 }),
  mrr_movements: () => ({ window: "last 24 months", kinds: ["churn"], with_rows: true }),
  stage_regressions: () => ({ window: "this month" }),
  figure_definition: () => ({ names: ["nrr"] }),
};

async function everyFinding(audience: Audience): Promise<Finding[]> {
  expect(Object.keys(CALLS)).toEqual(expect.arrayContaining(tools.map(({ name }) => name)));
  const calls = new Map<string, { name: string; input: unknown }>();
  for (const { id } of accounts)
    for (const { name } of tools) {
      const input = CALLS[name]!(`#${id}`); // just looked for
      calls.set(JSON.stringify([name, input]), { name, input });
    }
  const findings: Finding[] = [];
  for (const { name, input } of calls.values()) findings.push(await runTool(tools, name, input, within(audience), log));
  if (audience !== "external") expect(findings.filter(({ isError }) => isError)).toEqual([]);
  return findings;
}

/** The accounts of which the most is on record, of every kind. */
function tellingAccounts() {
  return sample.database.read(sample.context.actor, (rows) =>
    rows.many(
      z.object({ id: z.number(), name: z.string() }),
      sql`with best as (
          select account_id, row_number() over (partition by kind order by n desc, account_id) as place from (
            select account_id, 'ticket' as kind, count(*) as n from ticket where solved_at is null group by 1
            union all select account_id, 'contact', count(*) from contact where left_on is not null group by 1
            union all select account_id, 'task', count(*) from task group by 1
            union all select account_id, 'note', count(*) from note group by 1
            union all select account_id, 'deal', count(*) from opportunity group by 1
            union all select account_id, 'churn', count(*) from churn_record group by 1
            union all select account_id, 'survey', count(*) from survey_response where comment is not null group by 1
            union all select account_id, 'loyalty', count(*) from loyalty_entry where detail is not null group by 1) counted
          where account_id is not null)
        select distinct a.account_id as id, a.name from best join account a using (account_id)
        where place <= 2 and a.deleted_at is null and a.merged_into is null order by a.account_id`,
    ),
  );
}

const SHORTEST = 8; // letters and digits; less may stand anywhere
const BEGINNING = 30; // a quote is cut, its beginning stays

/** Every private text of these accounts. What our own people, accounts or playbooks are called or say as well is no secret. */
async function privateTexts(): Promise<{ kind: string; text: string }[]> {
  const ids = accounts.map(({ id }) => id);
  const found = await sample.database.read(sample.context.actor, (rows) =>
    rows.many(
      z.object({ kind: z.string(), text: z.string() }),
      sql`select kind, text from (
          select 'ticket' as kind, subject as text, account_id from ticket union all select 'ticket', body, account_id from ticket
          union all select 'note', body, account_id from note
          union all select 'interaction', subject, account_id from interaction union all select 'interaction', body, account_id from interaction
          union all select 'comment', comment, account_id from survey_response union all select 'comment', comment, account_id from churn_record
          union all select 'contact', unnest(array[full_name, email, phone]), account_id from contact
          union all select 'opportunity', name, account_id from opportunity
          union all select 'task', title, account_id from task) each
        where text is not null and account_id = any(${ids}::bigint[])
          and not exists (select from person p where p.full_name = text) and not exists (select from account a where a.name = text)`,
    ),
  );
  const playbooks = await sample.database.read(sample.context.actor, (rows) =>
    rows.many(z.object({ body: z.string() }), sql`select body from passage`),
  );
  const moves = [...sample.context.knowledge.moves.values()].map(({ title }) => title);
  const ours = [...playbooks.map(({ body }) => body), ...moves].map(folded).join("\n");
  const texts = found.map(({ kind, text }) => ({ kind, text: folded(text).slice(0, BEGINNING) }));
  return [...new Map(texts.map((each) => [each.text, each])).values()].filter(
    ({ text }) => text.length >= SHORTEST && !ours.includes(text),
  );
}

/** Letters and digits only, so that quoting and JSON hide nothing. */
const folded = (said: unknown): string =>
  (typeof said === "string" ? said : JSON.stringify(said))
    .replaceAll(/\\[nrt"]/g, "")
    .replaceAll(/[^\p{L}\p{N}]+/gu, "")
    .toLowerCase();
