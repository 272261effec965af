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
  [
    "which country has the worst churn this year?",
    figures({ metrics: lost, windows: ["this year"], group_by: "country", order: "highest" }),
  ],
  ["top 3 at risk in EMEA", ["churn_risk", { limit: 3, filters: { team: ["EMEA"] } }]],
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

test.each<[string, (string | object)[]]>([
  ["what share of our mrr do the top 5 customers have", ["portfolio", { limit: 5, share: true }]],
  ["what percent of revenue is enterprise", ["portfolio", { filters: { segment: ["enterprise"] }, share: true }]],
  [
    "how much of our mrr renews in december",
    ["portfolio", { filters: { renews_from: "2026-12-01", renews_to: "2026-12-31" }, share: true }],
  ],
  ["who has not paid", ["portfolio", { filters: { overdue: true }, sort: "overdue" }]],
  ["who hasn't paid us yet?", ["portfolio", { filters: { overdue: true }, sort: "overdue" }]],
  ["customers with falling usage", ["churn_risk", { sign: "falling_usage" }]],
  ["which customers use it less in emea", ["churn_risk", { sign: "falling_usage", filters: { team: ["EMEA"] } }]],
  ["usage is dropping at which customers", ["churn_risk", { sign: "falling_usage" }]],
  ["churn rate this quarter vs last", figures({ metrics: ["logo_churn"], windows: ["last quarter", "this quarter"] })],
  ["accounts whose champion left", ["churn_risk", { sign: "champion_left" }]],
  [
    "expansion revenue this quarter vs last",
    figures({ metrics: ["expansion_mrr"], windows: ["last quarter", "this quarter"] }),
  ],
  [
    "new customers october vs september",
    figures({ metrics: ["new_mrr", "new_customers"], windows: ["september", "october"] }),
  ],
  ["churn this month vs last month", figures({ metrics: lost, windows: ["last month", "this month"] })],
  [
    "how many moved from consideration to purchase in october",
    ["stage_funnel", { window: "october", from: "Consideration", to: "Purchase" }],
  ],
  ["what's the average deal size", ["deals", { state: "won" }]],
  ["average size of open deals", ["deals", {}]],
  ["churned customers since january by reason", moved({ window: "since january", kinds: ["churn"] })],
])("what a manager holds against something is read whole: %s", (question, call) => {
  expect(calls(question)).toEqual([call]);
  expect(plan(question).say).toEqual([]);
});

test("how the company does, and two windows without a figure, are the headlines", () => {
  expect(calls("give me last week in one paragraph")[0]).toMatchObject(["compare_figures", { windows: ["last week"] }]);
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
const poor = { calls: [{ tool: "portfolio", input: { filters: { health: { at_most: 69 } } } }] };
const back = { calls: [{ tool: "mrr_movements", input: { window: "this month", kinds: ["reactivation"] } }] };
const named = {
  accounts: [
    { id: 7, name: "Globex" },
    { id: 9, name: "Initech" },
  ],
};
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
  ["how much of our MRR is that", list, ["portfolio", { sort: "mrr", share: true }]],
  [
    "what share of MRR is that?",
    { calls: [{ tool: "renewals", input: { within_days: 30 } }] },
    [
      "portfolio",
      { filters: { renews_from: today, renews_to: "2026-12-22", paying: true }, sort: "renewal", share: true },
    ],
  ],
  ["and below 50?", poor, ["portfolio", { filters: { health: { at_most: 49 } } }]],
  ["what share of MRR do they have?", list, ["portfolio", { sort: "mrr", share: true }]],
  ["this month vs last month", back, figures({ metrics: ["reactivation_mrr"], windows: ["last month", "this month"] })],
  ["top 3 only", list, ["portfolio", { sort: "mrr", limit: 3 }]],
])("a turn on the answer before: %s", (question, focus, call) => {
  expect(calls(question, focus)).toEqual([call]);
});

test("a figure of its own does not take over what was asked before", () => {
  const two = calls("CSAT this month vs last month", back);
  expect(two).toEqual(["last month", "this month"].map((window) => ["scores", { score: "support_csat", window }]));
  expect(calls("open tickets vs last month", back).map(([tool]) => tool)).not.toContain("compare_figures");
});

test.each([
  ["why the first one?", risky, "#7"],
  ["and why the second one?", poor, "#9"],
])("after those at risk, why asks for an account's signs: %s", (question, before, account) => {
  expect(calls(question, { ...before, ...named })[0]).toEqual(["churn_risk", { account }]);
});

test("words of every day and figures are no account's name", () => {
  for (const question of [
    "what share of mrr do they have?",
    "in one paragraph",
    "who paid",
    "mrr in euros",
    "and less than 100?",
  ])
    for (const { input } of plan(question).calls) expect(input).not.toHaveProperty("account");
  expect(plan("and less than 100?", risky)).toEqual({ calls: [], say: [expect.stringContaining("of what?")] });
});

test("a new subject after a figure is its own question, and a group of what was lost keeps the window", () => {
  const { calls: headlines } = plan("how are we doing?");
  expect(calls("churn last week", { calls: headlines })).toEqual([["churn_report", { window: "last week" }]]);
  expect(calls("which team lost the most?", rate)[0]).toMatchObject([
    "compare_figures",
    { windows: ["last quarter"], group_by: "team" },
  ]);
});

test("a month alone is no account, and who churned is asked of the window before", () => {
  const listed = { calls: [{ tool: "portfolio", input: {} }] };
  expect(calls("and in October?", listed).map(([tool]) => tool)).not.toContain("find_account");
  expect(JSON.stringify(plan("and in October?", listed))).not.toMatch(/account called/);
  const report = { calls: [{ tool: "churn_report", input: { window: "last week" } }] };
  expect(calls("who churned?", report)).toEqual([moved({ window: "last week", kinds: ["churn"] })]);
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
  ["average deal size by owner", /not per owner/],
  ["what is our win rate", /do not work out a win rate/],
  ["sales cycle length", /how long a sale takes/],
  ["LTV:CAC", /no costs/],
  ["pipeline coverage", /no targets/],
  ["MRR in euros", /own currency/],
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
