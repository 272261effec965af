import { describe, expect, test } from "vitest";
import { planQuestion } from "#agent/offline-planner/plan.ts";
import { type Focus, NO_FOCUS, type ToolCall } from "#threads/focus.ts";

const vocabulary = {
  stages: ["Support", "Retention"],
  teams: ["EMEA", "DACH"],
  owners: ["Lukas Brandl"],
  segments: ["startup"],
  industries: [],
  countries: ["DE"],
  plans: ["Team"],
  campaigns: [],
};
const plan = (question: string, focus: Partial<Focus> = {}) =>
  planQuestion({ question, today: "2026-11-22", vocabulary, focus: { ...NO_FOCUS, ...focus }, asker: "Lukas Brandl" });
const tickets = (input: ToolCall["input"]): ToolCall => ({ tool: "tickets", input });
const inHand = { account: { id: 7, name: "Acme GmbH" } };

describe("tickets, asked of everybody", () => {
  test.each<[string, ToolCall["input"]]>([
    ["how many open tickets do we have?", {}],
    ["which customers have urgent tickets older than 3 days?", { older_than_days: 3, priority: ["urgent"] }],
    ["urgent tickets older than a week", { older_than_days: 7, priority: ["urgent"] }],
    ["tickets open longer than 10 days", { older_than_days: 10 }],
    ["oldest open tickets", { sort: "oldest" }],
    ["tickets about calendar sync", { about: "calendar sync" }],
    ["open tickets about single sign-on", { about: "single sign-on" }],
    ["who has trouble with the badge system right now?", { about: "badge system" }],
    ["tickets by priority", { group_by: "priority" }],
    ["which team has the most open tickets?", { group_by: "team" }],
    ["open tickets in EMEA", { filters: { team: ["EMEA"] } }],
    ["urgent tickets of my accounts", { priority: ["urgent"], filters: { owner: ["Lukas Brandl"] } }],
    ["support tickets last week", { opened: "last week" }],
    ["which customers had an outage ticket last month", { about: "outage", opened: "last month", state: "any" }],
    ["how many tickets did we solve last week?", { opened: "last week", state: "solved" }],
    ["any p1 tickets?", { priority: ["urgent"] }],
    ["average resolution time", { state: "solved" }],
    ["any billing tickets?", { about: "billing" }],
    ["average time to resolve a ticket", { state: "solved" }],
    ["how long do we take to solve urgent tickets?", { state: "solved", priority: ["urgent"] }],
    ["ticket #1106", { ticket: "1106" }],
    ["tell me about ticket HD-2106", { ticket: "HD-2106" }],
  ])("%s", (question, input) => {
    expect(plan(question)).toEqual({ calls: [tickets(input)], say: [] });
  });

  test.each([
    "which accounts have more than 5 open tickets",
    "accounts with urgent tickets and renewal in the next 60 days",
    "who has the most tickets",
  ])("accounts by how many tickets they have stay a list of accounts: %s", (question) => {
    expect(plan(question).calls.map(({ tool }) => tool)).toEqual(["portfolio"]);
  });

  test.each(["assign ticket 1106 to me", "set ticket 1106 to urgent"])("nothing is changed: %s", (question) => {
    expect(plan(question)).toEqual({ calls: [], say: [expect.stringMatching(/^I cannot change/)] });
  });

  test("what decides the meaning and was not understood is named", () => {
    expect(plan("tickets with a purple label").say).toEqual([expect.stringContaining("“purple label”")]);
  });
});

describe("tickets of the account that is talked about", () => {
  test.each<[string, ToolCall["input"]]>([
    ["any urgent tickets?", { account: "#7", priority: ["urgent"] }],
    ["what tickets did they have?", { account: "#7", state: "any" }],
    ["who else has this problem?", { account: "#7", same_matter: "elsewhere" }],
    ["are other customers having the same problem?", { account: "#7", same_matter: "elsewhere" }],
    ["has this happened to them before?", { account: "#7", same_matter: "before" }],
    ["urgent tickets of Globex older than 2 days", { account: "Globex", older_than_days: 2, priority: ["urgent"] }],
  ])("%s", (question, input) => {
    expect(plan(question, inHand)).toEqual({ calls: [tickets(input)], say: [] });
  });

  test("without an account nobody knows which problem is meant", () => {
    expect(plan("who else has this problem?").calls.map(({ tool }) => tool)).not.toContain("tickets");
  });
});

test("those of a list that have open tickets are fewer of that list", () => {
  const listed = { calls: [{ tool: "portfolio", input: { filters: { owner: ["Lukas Brandl"] } } }] };
  expect(plan("which of those have open tickets?", listed).calls).toMatchObject([
    { tool: "portfolio", input: { filters: { owner: ["Lukas Brandl"], tickets: { state: "open" } } } },
  ]);
});

test("accounts that have tickets have them open, unless a time or a number is told", () => {
  const of = (question: string) => plan(question).calls[0]?.input.filters;
  expect(of("which accounts have tickets and renew soon")).toMatchObject({ tickets: { state: "open", more_than: 0 } });
  expect(of("accounts with more than 2 tickets in the last 30 days")).toMatchObject({ tickets: { state: "any" } });
});

describe("the talk goes on about tickets", () => {
  const before = { calls: [tickets({ account: "#7", priority: ["urgent"] })], ...inHand };

  test.each<[string, ToolCall["input"]]>([
    ["which is the oldest?", { account: "#7", priority: ["urgent"], sort: "oldest" }],
    ["since when is the oldest one open?", { account: "#7", priority: ["urgent"], sort: "oldest" }],
    ["how long are those open?", { account: "#7", priority: ["urgent"] }],
    ["and older than a week?", { account: "#7", priority: ["urgent"], older_than_days: 7 }],
    ["how many is that?", { account: "#7", priority: ["urgent"] }],
    ["and Northdale?", { account: "Northdale", priority: ["urgent"] }],
    ["what do they complain about mostly?", { account: "#7", state: "any", group_by: "kind" }],
  ])("%s", (question, input) => {
    expect(plan(question, before).calls).toEqual([tickets(input)]);
  });

  test("after what is open at one account, too", () => {
    const detail = { tool: "account_detail", input: { account: "Acme GmbH", about: ["tickets"] } };
    expect(plan("only the urgent ones", { calls: [detail], ...inHand }).calls).toEqual([
      tickets({ account: "Acme GmbH", priority: ["urgent"] }),
    ]);
  });
});
