import { expect, test } from "vitest";
import { planQuestion } from "#agent/offline-planner/plan.ts";
import { type Focus, NO_FOCUS } from "#threads/focus.ts";
import { findWindow, readWindow } from "#tools/window-words.ts";

const today = "2026-11-22";
const vocabulary = {
  stages: ["Consideration", "Retention"],
  teams: ["EMEA", "DACH"],
  owners: ["Camille Duret", "June Okafor"],
  segments: ["enterprise", "startup"],
  industries: ["EdTech"],
  countries: ["AT", "DE", "FR"],
  plans: ["Basic", "Business"],
  campaigns: [],
};
const plan = (question: string, focus: Partial<Focus> = {}, asker: string | null = null) =>
  planQuestion({ question, today, vocabulary, focus: { ...NO_FOCUS, ...focus }, asker });
const report = (input: Record<string, unknown>) => ({ tool: "churn_report", input });

test.each([
  ["churn last week for EMEA", { window: "last week", team: "EMEA" }],
  ["who churned last week and how much did we lose?", { window: "last week" }],
  ["who churned in October and how much did we lose?", { window: "October" }],
  ["how much MRR did we lose in October?", { window: "October" }],
  ["which customers left us last month?", { window: "last month" }],
  ["who did we lose this quarter in Germany?", { window: "this quarter", country: "DE" }],
  [
    "churn from 2026-10-03 to 2026-10-20 on the Business plan",
    { window: "2026-10-03 to 2026-10-20", plan: "Business" },
  ],
  ["weekly churn report for DACH", { team: "DACH" }],
  ["monthly churn report", { window: "last month" }],
  ["churn last month for industry EdTech", { window: "last month", industry: "EdTech" }],
  ["churn last week in the retention stage", { window: "last week", stage: "Retention" }],
  ["what did Camille lose last quarter?", { window: "last quarter", owner: "Camille Duret" }],
])("a loss of a period is the churn report's: %s", (question, input) => {
  expect(plan(question)).toEqual({ calls: [report(input)], say: [] });
});

test("two teams are two reports", () => {
  expect(plan("churn last week for EMEA and DACH").calls).toEqual([
    report({ window: "last week", team: "EMEA" }),
    report({ window: "last week", team: "DACH" }),
  ]);
});

test("the same report is asked for another team, or another window", () => {
  const focus = { calls: [report({ window: "last week", team: "EMEA" })] };
  expect(plan("and for DACH?", focus).calls).toEqual([report({ window: "last week", team: "DACH" })]);
  expect(plan("what about October?", focus).calls).toEqual([report({ window: "October", team: "EMEA" })]);
});

test("my churn is that of the asker; whose it is is asked where nobody knows", () => {
  expect(plan("my churn last month", {}, "June Okafor").calls).toEqual([
    report({ window: "last month", owner: "June Okafor" }),
  ]);
  expect(plan("my churn last month").say.join()).toMatch(/whose accounts/);
  expect(plan("churn for my team last week").say.join()).toMatch(/Which team/);
});

test.each([
  ["churned customers", "portfolio"],
  ["what can I do about churn?", "search_playbooks"],
  ["how do we prevent churn this quarter?", "search_playbooks"],
  ["did we lose Acme Corp last week?", "what_changed"],
])("what is no loss of a period goes elsewhere: %s", (question, tool) => {
  expect(plan(question).calls.map((call) => call.tool)).toEqual([tool]);
});

test("a grouping that the report does not have is said", () => {
  expect(plan("churn this week by colour").say.join()).toContain("colour");
});

test.each([
  ["last week", "2026-11-09", "2026-11-16", "week"],
  ["the week before last", "2026-11-02", "2026-11-09", "week"],
  ["week of 2026-11-11", "2026-11-09", "2026-11-16", "week"],
  ["2026-W47", "2026-11-16", "2026-11-23", "week"],
  ["this month", "2026-11-01", "2026-12-01", "month"],
  ["October", "2026-10-01", "2026-11-01", "month"],
  ["December", "2025-12-01", "2026-01-01", "month"],
  ["2026-02", "2026-02-01", "2026-03-01", "month"],
  ["Q2 2026", "2026-04-01", "2026-07-01", "quarter"],
  ["last quarter", "2026-07-01", "2026-10-01", "quarter"],
  ["2025", "2025-01-01", "2026-01-01", null],
  ["last 30 days", "2026-10-24", "2026-11-23", null],
  ["since October", "2026-10-01", "2026-11-23", null],
  ["3 October to 20 October", "2026-10-03", "2026-10-21", null],
  ["2026-10-03 to 2026-10-20", "2026-10-03", "2026-10-21", null],
])("a window in words: %s", (words, start, end, interval) => {
  expect(readWindow(words, { today })).toEqual({ window: { start, end }, interval });
});

test("a week begins where the workspace says", () => {
  expect(readWindow("last week", { today, weekStart: 7 }).window).toEqual({ start: "2026-11-15", end: "2026-11-22" });
});

test.each([
  ["next month", /in the future/],
  ["Q4 2027", /in the future/],
  ["2026-10-20 to 2026-10-03", /runs backwards/],
  ["2026-02-31", /no day 2026-02-31/],
  ["2026-W60", /no week 60/],
  ["2015-01-01 to 2026-01-01", /longer than three years/],
  ["whenever", /do not know the window/],
])("a window that cannot be is asked about again: %s", (words, sentence) => {
  expect(() => readWindow(words, { today })).toThrow(sentence);
});

test("a window is found in a sentence, and a verb is no month", () => {
  expect(findWindow("how much MRR did we lose in October?")?.words).toBe("October");
  expect(findWindow("churn from 3 October to 20 October")?.words).toBe("3 October to 20 October");
  expect(findWindow("may we offer a discount")).toBeNull();
});
