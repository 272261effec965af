import { expect, test } from "vitest";
import { planQuestion } from "#agent/offline-planner/plan.ts";
import { type Focus, NO_FOCUS } from "#threads/focus.ts";

const vocabulary = {
  stages: ["Awareness", "Consideration", "Purchase", "Support", "Retention", "Advocacy"],
  teams: ["EMEA", "Americas"],
  owners: ["Camille Duret", "June Okafor"],
  segments: ["enterprise", "startup"],
  industries: ["Energy", "Software"],
  countries: ["AT", "DE", "US"],
  plans: ["Basic", "Enterprise"],
  campaigns: [],
};
const plan = (question: string, focus: Partial<Focus> = {}, asker: string | null = null) =>
  planQuestion({ question, today: "2026-11-22", vocabulary, focus: { ...NO_FOCUS, ...focus }, asker });
const calls = (question: string, focus: Partial<Focus> = {}, asker: string | null = null) =>
  plan(question, focus, asker).calls.map(({ tool, input }) => [tool, input]);
const risk = (input: Record<string, unknown> = {}) => ["churn_risk", input];

test.each([
  ["Which accounts are most at risk, and why?", [risk()]],
  ["which customers are most likely to churn?", [risk()]],
  ["who might leave us soon?", [risk()]],
  ["Who will churn next quarter?", [risk()]],
  ["top 5 churn risks in EMEA", [risk({ limit: 5, filters: { team: ["EMEA"] } })]],
  ["where is the most money at risk?", [risk({ sort: "expected_loss" })]],
  ["riskiest startup accounts", [risk({ filters: { segment: ["startup"] } })]],
  ["churn risk of Acme GmbH", [risk({ account: "Acme GmbH" })]],
  ["How likely is Acme GmbH to churn, and why?", [risk({ account: "Acme GmbH" })]],
  ["how likely is acme to churn", [risk({ account: "acme" })]],
  ["will Globex cancel?", [risk({ account: "Globex" })]],
  ["what is the probability that Globex leaves?", [risk({ account: "Globex" })]],
])("%s", (question, expected) => {
  expect(calls(question)).toEqual(expected);
});

test("the account in hand, one's own accounts, and the same question for others", () => {
  const focus = { account: { id: 7, name: "Globex" } };
  expect(calls("how likely are they to churn?", focus)).toEqual([risk({ account: "#7" })]);
  expect(calls("which of my accounts are most at risk?", {}, "June Okafor")).toEqual([
    risk({ filters: { owner: ["June Okafor"] } }),
  ]);
  const before = { calls: [{ tool: "churn_risk", input: { limit: 5 } }] };
  expect(calls("and in Germany?", before)).toEqual([risk({ limit: 5, filters: { country: ["DE"] } })]);
});

test.each([
  ["how do we reduce churn risk?", "search_playbooks"],
  ["which accounts are at risk?", "portfolio"],
  ["who churned?", "portfolio"],
  ["which accounts are about to cancel?", "portfolio"],
])("%s is another question", (question, tool) => {
  expect(calls(question).map(([name]) => name)).toEqual([tool]);
});

test("nobody is promised what a customer will buy", () => {
  expect(plan("will Globex buy more seats?").say.join()).toContain("cannot foresee");
});
