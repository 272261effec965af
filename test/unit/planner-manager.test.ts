import { expect, test } from "vitest";
import { planQuestion } from "#agent/offline-planner/plan.ts";
import { type Focus, NO_FOCUS } from "#threads/focus.ts";
import { DEFINED, definitionOf } from "#tools/definitions.ts";
import { readWindow } from "#tools/window-words.ts";

// What a manager says, in short and with slips of the keyboard. A Sunday.
const today = "2026-11-22";
const vocabulary = {
  stages: ["Awareness", "Consideration", "Purchase", "Support", "Retention", "Advocacy"],
  teams: ["EMEA", "Americas"],
  owners: ["June Okafor", "Lukas Brandl"],
  segments: ["enterprise", "startup"],
  industries: ["Energy"],
  countries: ["CA", "DE", "US"],
  plans: ["Basic"],
  campaigns: [],
};
const plan = (question: string, focus: Partial<Focus> = {}) =>
  planQuestion({ question, today, vocabulary, focus: { ...NO_FOCUS, ...focus }, asker: null });
const calls = (question: string, focus: Partial<Focus> = {}) =>
  plan(question, focus).calls.map(({ tool, input }) => [tool, input]);

const figures = (input: object) => ["compare_figures", input];
const moved = (input: object) => ["mrr_movements", input];
const lost = ["churned_mrr", "lost_customers"];

test.each<[string, (string | object)[]]>([
  ["how many new customers this month?", moved({ window: "this month", kinds: ["new"] })],
  ["new logos in october", moved({ window: "october", kinds: ["new"] })],
  ["wich customers downgraded last month", moved({ window: "last month", kinds: ["contraction"] })],
  ["how much expansion did we get last month", moved({ window: "last month", kinds: ["expansion"] })],
  ["who came back this year", moved({ window: "this year", kinds: ["reactivation"] })],
  ["top 5 reasons for churn this quarter", moved({ window: "this quarter", kinds: ["churn"], limit: 5 })],
  ["main reasons people leave", moved({ window: "last 12 months", kinds: ["churn"] })],
  ["who churned beacuse of price", moved({ window: "last 12 months", kinds: ["churn"], reason: "price" })],
  [
    "which team lost the most last week?",
    figures({ metrics: lost, windows: ["last week"], group_by: "team", order: "highest" }),
  ],
  ["churned mrr by month this year", figures({ metrics: lost, windows: ["this year"], each: "month" })],
  [
    "mrr growth over the last 6 months",
    figures({ metrics: ["mrr", "net_change"], windows: ["last 6 months"], each: "month" }),
  ],
  ["total mrr", figures({ metrics: ["mrr", "customers"], windows: ["today"] })],
  ["whats our arr?", figures({ metrics: ["arr", "customers"], windows: ["today"] })],
  ["net new mrr last week", figures({ metrics: ["net_change"], windows: ["last week"] })],
  ["what was our mrr on 1 october", figures({ metrics: ["mrr"], windows: ["1 october"] })],
  ["how do you compute nrr?", ["figure_definition", { names: ["nrr"] }]],
  ["whats the difference between grr and nrr", ["figure_definition", { names: ["grr", "nrr"] }]],
  ["churn forecast for next month", ["churn_outlook", { from: "2026-12-01", to: "2026-12-31" }]],
  ["renewals next 30 days with their risk", ["churn_outlook", { from: "2026-11-22", to: "2026-12-22" }]],
  ["which accounts regressed a stage this month?", ["stage_regressions", { window: "this month" }]],
  ["which team has the most accounts at risk", ["churn_risk", { group_by: "team" }]],
  ["who should I worry about?", ["churn_risk", {}]],
  ["which accounts have no owner", ["portfolio", { filters: { owned: false } }]],
  [
    "smallest customers in the us",
    ["portfolio", { filters: { country: ["US"], paying: true }, sort: "mrr", descending: false }],
  ],
])("a manager's words are read: %s", (question, call) => {
  expect(calls(question)).toEqual([call]);
  expect(plan(question).say).toEqual([]);
});

test("how the company does, and two windows without a figure, are the headlines", () => {
  for (const question of ["how are we doing?", "give me a quick overview of the business"])
    expect(calls(question)[0]).toMatchObject(["compare_figures", { windows: ["last month", "this month"] }]);
  expect(calls("this quarter vs last quarter")[0]).toMatchObject([
    "compare_figures",
    { windows: ["last quarter", "this quarter"] },
  ]);
});

const report = { calls: [{ tool: "churn_report", input: { window: "last week", team: "EMEA" } }] };
const month = { calls: [{ tool: "mrr_movements", input: { window: "last month", kinds: ["contraction"] } }] };
const rate = { calls: [{ tool: "compare_figures", input: { metrics: ["logo_churn"], windows: ["last quarter"] } }] };
const risky = { calls: [{ tool: "churn_risk", input: {} }] };
const list = { calls: [{ tool: "portfolio", input: { sort: "mrr" } }] };

test.each<[string, Partial<Focus>, (string | object)[]]>([
  ["who did we lose and why?", report, moved({ window: "last week", kinds: ["churn"], filters: { team: ["EMEA"] } })],
  [
    "show me the rows behind that",
    report,
    moved({ window: "last week", kinds: ["churn"], filters: { team: ["EMEA"] }, with_rows: true, limit: 50 }),
  ],
  ["and the week before?", report, ["churn_report", { window: "week of 2026-11-02", team: "EMEA" }]],
  [
    "how does that compare to the week before?",
    report,
    figures({
      metrics: [...lost, "net_change", "nrr"],
      windows: ["week of 2026-11-02", "last week"],
      filters: { team: ["EMEA"] },
    }),
  ],
  [
    "which owner lost the most?",
    report,
    figures({
      metrics: lost,
      windows: ["last week"],
      group_by: "owner",
      order: "highest",
      filters: { team: ["EMEA"] },
    }),
  ],
  ["and the month before?", month, moved({ window: "2026-09", kinds: ["contraction"] })],
  ["a year ago?", rate, figures({ metrics: ["logo_churn"], windows: ["Q3 2025"] })],
  ["compared to the quarter before?", rate, figures({ metrics: ["logo_churn"], windows: ["Q2 2026", "last quarter"] })],
  ["show me the sql", rate, figures({ metrics: ["logo_churn"], windows: ["last quarter"], proof: true })],
  ["how much money is that?", risky, ["churn_risk", { sort: "expected_loss" }]],
  ["by owner?", risky, ["churn_risk", { group_by: "owner" }]],
  ["top 3 only", list, ["portfolio", { sort: "mrr", limit: 3 }]],
])("a turn on the answer before: %s", (question, focus, call) => {
  expect(calls(question, focus)).toEqual([call]);
});

test("a new subject after a figure is its own question, and a group of what was lost keeps the window", () => {
  const { calls: headlines } = plan("how are we doing?");
  expect(calls("churn last week", { calls: headlines })).toEqual([["churn_report", { window: "last week" }]]);
  expect(calls("which team lost the most?", rate)[0]).toMatchObject([
    "compare_figures",
    { windows: ["last quarter"], group_by: "team" },
  ]);
});

test("two subjects, each with its own time, are two answers", () => {
  expect(calls("churn last week and renewals next month").map(([tool]) => tool)).toEqual(["churn_report", "renewals"]);
});

test("a team and a region that are compared are two sides, not one filter", () => {
  expect(calls("compare emea with north america churn last quarter").map(([, input]) => input)).toMatchObject([
    { filters: { country: ["CA", "US"] } },
    { filters: { team: ["EMEA"] } },
  ]);
});

test.each([
  ["who's our best rep?", /judge/],
  ["did we hit our target?", /no targets/],
  ["give me this as csv", /CSV button/],
  ["send me the churn report every monday", /schedule/],
  ["whats a good nrr", /no other companies/],
  ["average contract value", /not kept/],
  ["how long do customers stay in onboarding", /No stage is called “onboarding”/],
])("what is not here is said, with what comes nearest: %s", (question, sentence) => {
  expect(plan(question).say.join(" ")).toMatch(sentence);
});

test("everybody is no answer where what would have said who is not understood", () => {
  const { calls: found, say } = plan("which customers are purple this month?");
  expect(found).toEqual([]);
  expect(say.join()).toContain("purple");
  expect(plan("and for smb?", rate)).toEqual({ calls: [], say: [expect.stringContaining("enterprise, startup")] });
});

test("with an account in hand, its MRR is asked for, not everybody's", () => {
  const tools = plan("mrr?", { account: { id: 7, name: "Globex" } }).calls.map(({ tool }) => tool);
  expect(tools).not.toContain("compare_figures");
});

test.each([
  ["1 october", "2026-10-01", "2026-10-02"],
  ["since 3 October", "2026-10-03", "2026-11-23"],
  ["a year ago", "2025-11-22", "2025-11-23"],
  ["a month ago", "2026-10-01", "2026-11-01"],
])("a window in a manager's words: %s", (words, start, end) => {
  expect(readWindow(words, { today }).window).toEqual({ start, end });
});

test("each word that is explained has a title and says what it means", () => {
  for (const name of DEFINED) expect(definitionOf(name)).toMatchObject({ name, says: expect.stringMatching(/\.$/) });
});
