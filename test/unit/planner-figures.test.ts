import { expect, test } from "vitest";
import { planQuestion } from "#agent/offline-planner/plan.ts";
import { type Focus, NO_FOCUS } from "#threads/focus.ts";

const vocabulary = {
  stages: ["Awareness", "Consideration", "Purchase", "Support", "Retention", "Advocacy"],
  teams: ["EMEA", "DACH"],
  owners: ["June Okafor", "Lukas Brandl"],
  segments: ["enterprise", "mid-market"],
  industries: ["EdTech"],
  countries: ["DE", "FR"],
  plans: ["Basic", "Team"],
  campaigns: [],
};

const plan = (question: string, focus: Partial<Focus> = {}) =>
  planQuestion({ question, today: "2026-11-22", vocabulary, focus: { ...NO_FOCUS, ...focus }, asker: "June Okafor" });

const compare = (metrics: string[], rest: Record<string, unknown> = {}): [string, Record<string, unknown>] => [
  "compare_figures",
  { metrics, ...rest },
];

test.each<[string, [string, Record<string, unknown>]]>([
  ["compare NRR of Q2 and Q3", compare(["nrr"], { windows: ["Q2", "Q3"] })],
  [
    "Compare GRR of Q2 and Q3 2025 by segment",
    compare(["grr"], { windows: ["Q2 2025", "Q3 2025"], group_by: "segment" }),
  ],
  ["what is our churn rate?", compare(["logo_churn"])],
  [
    "net churn last month for team DACH",
    compare(["net_mrr_churn"], { windows: ["last month"], filters: { team: ["DACH"] } }),
  ],
  ["gross churn in May and June", compare(["gross_mrr_churn"], { windows: ["May", "June"] })],
  ["my NRR last quarter", compare(["nrr"], { windows: ["last quarter"], filters: { owner: ["June Okafor"] } })],
  ["average revenue per account", compare(["arpa"], { windows: ["today"] })],
  ["what's our CLV?", compare(["clv"], { windows: ["last 12 months"] })],
  ["why did MRR fall in October?", ["why_mrr_changed", { window: "October", direction: "fell" }]],
  ["What drove MRR growth in Q3?", ["why_mrr_changed", { window: "Q3", direction: "rose" }]],
  ["where do accounts get stuck?", ["stage_funnel", {}]],
  [
    "conversion from consideration to purchase this quarter",
    ["stage_funnel", { window: "this quarter", from: "Consideration", to: "Purchase" }],
  ],
  ["retention of the January cohort", ["cohort_retention", { cohort: "January" }]],
  [
    "do enterprise customers leave sooner than mid-market ones?",
    ["leaving_pace", { group_by: "segment", filters: { segment: ["enterprise", "mid-market"] } }],
  ],
  ["do enterprise customers leave sooner?", ["leaving_pace", { group_by: "segment" }]],
  ["which plan leaves faster in EMEA?", ["leaving_pace", { group_by: "plan", filters: { team: ["EMEA"] } }]],
  ["how did health develop over the last 26 weeks?", ["past_weeks", { of: "health", weeks: 26 }]],
  ["how many accounts were in each stage, week by week?", ["past_weeks", { of: "stages" }]],
  ["what are our repeat customers worth?", ["repeat_value", {}]],
  ["which customers will buy again?", ["repeat_value", {}]],
  ["who stays longest by country?", ["leaving_pace", { group_by: "country" }]],
  ["NPS by stage", ["scores", { score: "nps", group_by: "stage" }]],
  ["nps per segment last quarter", ["scores", { score: "nps", window: "last quarter", group_by: "segment" }]],
  ["CSAT of support last quarter", ["scores", { score: "support_csat", window: "last quarter" }]],
  ["who churned after a price increase?", ["churned_after_price_increase", {}]],
  ["what if Acme GmbH churns?", ["what_if", { accounts: ["Acme GmbH"], suppose: "churn" }]],
  ["what if acme grows by 20%?", ["what_if", { accounts: ["acme"], suppose: "grow", percent: 20 }]],
  ["show me the lifecycle map", ["lifecycle_map", {}]],
])("a question for a figure is read: %s", (question, call) => {
  const { calls, say } = plan(question);
  expect(calls.map(({ tool, input }) => [tool, input])).toEqual([call]);
  expect(say).toEqual([]);
});

test("a word that no figure knows is said, not left out in silence", () => {
  expect(plan("nrr for bavaria last quarter").say.join()).toContain("“bavaria”");
});

test("“these five” are the first five of the list in hand", () => {
  const accounts = [11, 12, 13, 14, 15, 16].map((id) => ({ id, name: `Account ${id}` }));
  expect(plan("what if these five renew?", { accounts }).calls).toEqual([
    { tool: "what_if", input: { accounts: ["#11", "#12", "#13", "#14", "#15"], suppose: "renew" } },
  ]);
  expect(plan("what if these five renew?").say.join()).toMatch(/Which accounts/);
});

test("of several namesakes in a supposition the one that is chosen takes its own place", () => {
  const pending = {
    choices: [
      { id: 11, label: "Acme Corp", hint: "US" },
      { id: 12, label: "Acme GmbH", hint: "DE" },
    ],
    question: "what if Globex and Acme churn?",
    calls: [{ tool: "what_if", input: { accounts: ["Globex", "Acme"], suppose: "churn" } }],
  };
  expect(plan("Acme GmbH", { pending }).calls).toEqual([
    { tool: "what_if", input: { accounts: ["Globex", "#12"], suppose: "churn" } },
  ]);
});

test("the last figure is asked again with another window, group or filter", () => {
  const calls = [{ tool: "compare_figures", input: { metrics: ["nrr"], windows: ["Q2", "Q3"] } }];
  expect(plan("and for EMEA?", { calls }).calls[0]?.input).toEqual({
    metrics: ["nrr"],
    windows: ["Q2", "Q3"],
    filters: { team: ["EMEA"] },
  });
  expect(plan("what about last month?", { calls }).calls[0]?.input).toEqual({
    metrics: ["nrr"],
    windows: ["last month"],
  });
  expect(plan("by segment", { calls }).calls[0]?.input).toMatchObject({ group_by: "segment" });
});

test.each([
  ["accounts with NPS below 5", "portfolio"],
  ["MRR by segment", "portfolio"],
  ["What is the NPS of Acme GmbH?", "account_detail"],
  ["how much MRR renews this month?", "portfolio"],
])("what asks for accounts is left to the tools for accounts: %s", (question, tool) => {
  expect(plan(question).calls.map((call) => call.tool)).toEqual([tool]);
});

test("a figure that no stage splits says so", () => {
  expect(plan("NRR by stage").say.join()).toMatch(/not by stage/);
});
