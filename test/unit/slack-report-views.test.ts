import fc from "fast-check";
import { expect, test } from "vitest";
import type { Finding } from "#agent/answer.ts";
import { cohortRetention } from "#metrics/cohorts.ts";
import { stageFunnel } from "#metrics/funnel.ts";
import { timeInStage } from "#metrics/time-in-stage.ts";
import { validateBlocks } from "#playground/world/validate-blocks.ts";
import type { ChurnReport } from "#reports/churn-report.ts";
import { ACTIONS, readValue } from "#slack/actions.ts";
import type { Block, Look, Message } from "#slack/message.ts";
import { answerMessages, cardOf, findingMessage, reportCard, reportMessages } from "#slack/views/index.ts";
import { weightOf } from "#slack/views/limits.ts";
import type { CohortFinding } from "#tools/cohorts.ts";
import type { FunnelFinding } from "#tools/funnel.ts";
import type { LifecycleMapFinding } from "#tools/lifecycle-map.ts";
import { aChurnReport, aQuietReport } from "../fixtures/churn-report.ts";

const look: Look = { today: "2026-11-23", zone: "Europe/Berlin", audience: "private" };
const channel: Look = { ...look, audience: "channel" };
const wordsOf = (blocks: unknown) => JSON.stringify(blocks);
const posted = (report: ChurnReport, how = look): Message[] =>
  reportMessages(report, how, { turn: 7, words: "**Churn**\nin words", keptOut: [] });

function expectFits(message: Message): void {
  expect(validateBlocks(message.blocks as unknown as Record<string, unknown>[], "message")).toEqual([]);
  expect(message.blocks.length).toBeLessThanOrEqual(50);
  expect(weightOf(message.blocks)).toBeLessThanOrEqual(12_000);
  expect(message.text).not.toBe("");
}

test("the first lines say the net change, who was lost, with how much, why, and what could have been seen", () => {
  const [first] = reportCard(aChurnReport(), look);
  expect(first).toMatchObject({ type: "section" });
  const words = wordsOf(first);
  expect(words).toContain("*Churn, week of 16 Nov 2026*");
  expect(words).toContain("*Net −$3,014.85* MRR");
  expect(words).toContain("*3 customers lost* with $4,100.10");
  expect(words).toContain("2 at risk with $18,400.00");
  expect(words).toContain(
    "*Acme GmbH* −$2,400.00 — Price; first sign 40 days before: an urgent ticket open for 9 days",
  );
  expect(words).toContain("*Tidemark Freight* −$1,200.10 — payment failed");
  expect(words.length).toBeLessThan(800);
});

test("a loss has the same sign in the table as in the sentences", () => {
  const words = wordsOf(reportCard(aChurnReport(), look));
  expect(words).toContain('"value":-2400,"text":"−$2,400.00"');
  expect(words).not.toMatch(/"-[$€]/);
});

test("a reason that only one account gives stays out of a channel, a category does not", () => {
  expect(wordsOf(reportCard(aChurnReport(), look))).toContain("They wanted a dark mode");
  const shown = wordsOf(reportCard(aChurnReport(), channel));
  expect(shown).not.toContain("dark mode");
  expect(shown).toContain("a reason is on record");
  expect(shown).toContain("Price");
});

test("at risk: why, and the next step with its owner, day and playbook; a chance and a loss only from weights that were tried", () => {
  const report = aChurnReport();
  const byExpert = wordsOf(reportCard(report, look));
  for (const each of ["2 urgent tickets open; use fell by 35%", "Call the sponsor", "At-risk rescue", "2026-11-25"])
    expect(byExpert).toContain(each);
  expect(byExpert).toContain("by expert weights");
  expect(byExpert).not.toMatch(/\d+% \((?:watch|high)\)|\$8,680\.00/);
  const atRisk = report.atRisk.map((each) => ({ ...each, risk: { ...each.risk, calibrated: true } }));
  const tried = wordsOf(reportCard({ ...report, atRisk }, look));
  expect(tried).toContain("62% (high)");
  expect(tried).toContain("$8,680.00");
});

test("a quiet week says so kindly, without empty charts and tables", () => {
  const blocks = reportCard(aQuietReport(), look, { turn: 7 });
  expect(wordsOf(blocks)).toContain("A quiet one: nothing moved. 118 customers pay $120,000.00 a month, as before.");
  expect(wordsOf(blocks)).toContain("nobody was lost");
  expect(blocks.map(({ type }) => type)).not.toContain("data_visualization");
  expect(blocks.map(({ type }) => type)).not.toContain("data_table");
});

test("before the first customer there is nobody to lose", () => {
  const quiet = aQuietReport();
  const rollForward = { ...quiet.rollForward, startMinor: 0, startCustomers: 0, endMinor: 0, endCustomers: 0 };
  expect(wordsOf(reportCard({ ...quiet, rollForward }, look))).toContain("No customer pays here yet");
});

test("a second version says what changed", () => {
  const changes = ["Acme GmbH churned on 2026-11-03 was added: −$1,200.00"];
  expect(wordsOf(reportCard(aChurnReport({ version: 2, changes }), look))).toContain(
    "*2nd version:* Acme GmbH churned on 3 Nov 2026 was added: −$1,200.00",
  );
});

test("a week that is not over is marked", () => {
  expect(wordsOf(reportCard(aChurnReport({ isPartial: true }), look))).toContain("The window is not over");
});

test("what comes by itself: first what matters with its buttons, the rest for the thread", () => {
  const [first, ...rest] = posted(aChurnReport());
  expect(rest).toHaveLength(1);
  expect(wordsOf(first?.blocks)).toContain("Foxglove Media");
  expect(wordsOf(first?.blocks)).toContain(ACTIONS.reportCsv);
  expect(wordsOf(rest)).toContain("Osprey Works");
  expect(wordsOf(rest)).toContain("Usage data is 9 days old");
  expect(first?.text).toContain("in words");
  for (const message of [first!, ...rest]) expectFits(message);
});

test("the files are of the report's own days, whenever they are asked for", () => {
  const actions = reportCard(aChurnReport(), look, { turn: 7 }).find(({ type }) => type === "actions");
  const [csv] = (actions as { elements: { action_id: string; value: string }[] }).elements;
  expect(csv?.action_id).toBe(ACTIONS.reportCsv);
  expect(readValue(csv?.value)).toEqual({ turn: 7, from: "2026-11-16", to: "2026-11-23" });
});

test("what a model wrote stands under the headline and is named as such; why there is nothing is said", () => {
  const text = "Acme GmbH left over price.";
  const told = wordsOf(reportCard(aChurnReport(), look, { narrative: { text, because: null, dropped: [] } }));
  expect(told).toContain(text);
  expect(told).toContain("Written by a model from this report");
  const because = "No narrative: no model is configured.";
  expect(wordsOf(reportCard(aChurnReport(), look, { narrative: { text: null, because, dropped: [] } }))).toContain(
    because,
  );
});

test("a hundred lost customers with endless and hostile names fit, and the rest is counted", () => {
  const one = aChurnReport().lost[0]!;
  const names = [
    "<!channel> *now*",
    "A".repeat(300),
    "שלום ושות׳",
    "👩‍👩‍👧‍👦".repeat(40),
    "",
    "Acme & Sons <https://evil.example>",
  ];
  const lost = Array.from({ length: 100 }, (_, at) => ({ ...one, accountId: at, name: names[at % names.length]! }));
  const headline = { ...aChurnReport().headline, lostCustomers: 140 };
  const messages = posted(aChurnReport({ lost, headline, left: { lost: 40 } }), channel);
  for (const message of messages) expectFits(message);
  expect(wordsOf(messages)).toMatch(/\d+ of 140 shown/);
  expect(wordsOf(messages)).toContain("and 137 more");
  const formatted = messages.flatMap(({ blocks }) => blocks.filter(({ type }) => type === "section"));
  expect(wordsOf(formatted)).not.toContain("<!channel>");
});

test("whatever the amounts, Slack takes the charts: at most two, labels and titles short, each category once", () => {
  const minor = fc.integer({ min: -1e12, max: 1e12 });
  fc.assert(
    fc.property(
      minor,
      minor,
      fc.constantFrom("USD", "JPY", "KWD"),
      fc.string({ maxLength: 200 }),
      (up, down, currency, title) => {
        const base = aChurnReport();
        const lines = base.rollForward.lines.map((each, at) => ({ ...each, amountMinor: at % 2 ? up : down }));
        const report = { ...base, currency, title, rollForward: { ...base.rollForward, lines } };
        for (const message of posted(report)) {
          expectFits(message);
          expect(message.blocks.filter(({ type }) => type === "data_visualization").length).toBeLessThanOrEqual(2);
        }
      },
    ),
    { numRuns: 40 },
  );
});

test("a third chart of an answer goes into another message", () => {
  const findings = [
    { tool: "churn_report", output: aChurnReport({ atRisk: [], renewals: [] }) },
    { tool: "stage_funnel", output: aFunnel() },
    { tool: "cohort_retention", output: someCohorts(["2026-07", "2026-08"]) },
  ].map((each): Finding => ({ ...each, input: {}, words: each.tool, isError: false }));
  const nothing = { sources: [], dropped: [], keptOut: [], offline: false, offlineBecause: null };
  const focus = { account: null, accounts: [], calls: [], pending: null };
  const answer = { ...nothing, text: "", findings, focus, usage: { modelCalls: 0, tokens: 0, ms: 1 } };
  const messages = answerMessages(answer, look, { turn: 7 });
  expect(messages.length).toBeGreaterThan(1);
  for (const message of messages) expectFits(message);
});

const SCOPE = { window: { start: "2026-01-01", end: "2027-01-01" }, zone: "Europe/Berlin", filter: "all accounts" };
const asked = { title: "2026", interval: null, window: SCOPE.window, isPartial: true };

function drawn(tool: string, output: unknown, how = look): Block[] {
  const finding: Finding = { tool, input: {}, output, words: `**${tool}**`, isError: false };
  const message = findingMessage(finding, how, { turn: 7 });
  expectFits(message);
  return cardOf(finding, how, { turn: 7 });
}

const STAYS = [
  { accountId: 1, stage: "purchase", from: "2026-01-05", to: "2026-02-01" },
  { accountId: 1, stage: "retention", from: "2026-02-01", to: null },
  { accountId: 2, stage: "purchase", from: "2026-03-05", to: null },
];

function aFunnel(changes: Partial<FunnelFinding> = {}): FunnelFinding {
  const order = ["purchase", "retention"];
  const lines = stageFunnel({ spells: STAYS, order, window: SCOPE.window, until: "2026-11-24" }, SCOPE);
  const stages = lines.map((line) => ({
    ...line,
    id: line.stage,
    stage: line.stage === "purchase" ? "Purchase" : "Retention",
    expectedDays: 21,
    time: timeInStage(STAYS, line.stage, "2026-11-23", { ...SCOPE, window: null }),
    longest: [],
  }));
  const stuck = [{ stage: "Purchase", because: ["half of the stays last longer than 27 days (expected: 21)"] }];
  const found = { asked, scope: SCOPE, model: "Six stages", mode: "any-order" as const, asOf: "2026-11-23", stages };
  return { ...found, conversion: null, stuck, doubts: [], lostFrom: [], ...changes } as FunnelFinding; // as its tool makes it
}

test("the funnel says where accounts get stuck, and shows every stage", () => {
  const words = wordsOf(drawn("stage_funnel", aFunnel()));
  expect(words).toContain("Accounts get stuck most in *Purchase*");
  expect(words).toContain("27 (expected 21)");
  expect(words).toContain("1, for 263 days");
});

test("a command in a note stays a command that can be copied", () => {
  const doubts = ["Stages have been judged since 2026-11-01 only. `perennial history` works past months out."];
  expect(wordsOf(drawn("stage_funnel", aFunnel({ doubts })))).toContain("`perennial history` works");
});

test("one conversion is told as one line, with who is still on the way", () => {
  const { stages } = aFunnel();
  const figure = { ...stages[1]!.cumulative!, definition: { stillOpen: 1 } };
  const words = wordsOf(drawn("stage_funnel", aFunnel({ conversion: { from: "Purchase", to: "Retention", figure } })));
  expect(words).toContain("*Conversion from Purchase to Retention*, 2026 so far: *1 of 1*");
  expect(words).toContain("1 more account still on the way");
});

function someCohorts(months: string[]): CohortFinding {
  const rows = months.flatMap((month, at) => [
    {
      accountId: at + 1,
      id: `mrr_event:${at}`,
      at: `${month}-03`,
      deltaMinor: 10_000,
      baseDeltaMinor: 10_000,
      currency: "USD",
    },
  ]);
  const table = cohortRetention({ rows: rows as never, by: "month", asOf: "2026-11-24" }, { ...SCOPE, window: null });
  return { asked: "2026", by: "month", asOf: "2026-11-23", currency: "USD", table, left: 0 };
}

test("one cohort is told step by step, several as a triangle; below 30 customers as counts", () => {
  const one = wordsOf(drawn("cohort_retention", someCohorts(["2026-08"])));
  expect(one).toContain("*Cohort of August 2026*: 1 customer");
  expect(one).toContain("*1 of 1* still pay");
  expect(one).toContain("month 3 *");
  const many = wordsOf(drawn("cohort_retention", someCohorts(["2026-07", "2026-08", "2026-09"])));
  expect(many).toContain("Left of each cohort today");
  expect(many).toContain("1 of 1 · 100.0%");
});

test("the lifecycle map shows touches by stage, pains with what customers wrote where that may be seen, and chances", () => {
  const map: LifecycleMapFinding = {
    asked,
    scope: SCOPE,
    model: "Six stages",
    currency: "USD",
    stages: [
      {
        id: "retention",
        name: "Retention",
        accounts: 3,
        baseMrrMinor: 120_000,
        pains: [
          {
            what: "detractors among 9 NPS answers",
            count: 2,
            from: "surveys",
            comments: [{ name: "Acme GmbH", on: "2026-10-01", score: 3, comment: "too <slow>", row: "survey:1" }],
          },
        ],
        opportunities: [{ what: "have an open opportunity", accounts: 2 }],
        helps: [],
      },
    ],
    touchpoints: [{ id: "email", title: "E-mail" }],
    cells: [{ stage: "retention", touchpoint: "email", touches: 40, accounts: 3 }],
    doubts: [],
  };
  const words = wordsOf(drawn("lifecycle_map", map));
  expect(words).toContain("2 × detractors among 9 NPS answers");
  expect(words).toContain("“too &lt;slow&gt;”");
  expect(words).toContain("2 have an open opportunity");
  expect(words).toContain(ACTIONS.reportPicture);
});
