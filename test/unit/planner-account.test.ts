import { describe, expect, test } from "vitest";
import { nextFocus } from "#agent/next-focus.ts";
import { planQuestion } from "#agent/offline-planner/plan.ts";
import { type Focus, NO_FOCUS } from "#threads/focus.ts";

const today = "2026-11-22"; // a Sunday
const vocabulary = {
  stages: ["Awareness", "Consideration", "Purchase", "Support", "Retention", "Advocacy"],
  teams: ["EMEA", "Americas", "DACH", "Enterprise"],
  owners: ["June Okafor", "Lukas Brandl", "Owen Fairclough"],
  segments: ["enterprise", "mid-market", "startup"],
  industries: ["Energy", "Software"],
  countries: ["DE", "FR", "US"],
  plans: ["Basic", "Team", "Business"],
  campaigns: [],
};
const plan = (question: string, focus: Partial<Focus> = {}, asker: string | null = null) =>
  planQuestion({ question, today, vocabulary, focus: { ...NO_FOCUS, ...focus }, asker });
const calls = (question: string, focus: Partial<Focus> = {}, asker: string | null = null) =>
  plan(question, focus, asker).calls.map(({ tool, input }) => [tool, input]);

const account = { id: 7, name: "Acme GmbH" };
const inHand: Partial<Focus> = { account, calls: [{ tool: "account_overview", input: { account: "#7" } }] };
const list = [
  { id: 4, name: "Globex" },
  { id: 9, name: "Initech" },
];
const renewals = { tool: "renewals", input: { within_days: 30 } };
const afterList: Partial<Focus> = { accounts: list, calls: [renewals] };
const detail = (...about: string[]) => ["account_detail", { account: "#7", about }];
const risk = [["churn_risk", { account: "#7" }], detail("health")];

describe("in a talk about one account, a short question is about it, and only that is told", () => {
  test.each([
    ["who is my contact there?", [detail("contacts")]],
    ["who's the decision maker", [detail("contacts")]],
    ["who do i talk to over there?", [detail("contacts")]],
    ["when is their renewal?", [detail("renewal")]],
    ["and renewal", [detail("renewal")]],
    ["when does the contract run out?", [detail("renewal")]],
    ["how much do they pay?", [detail("mrr")]],
    ["what plan are they on", [detail("mrr")]],
    ["what did they say last?", [detail("said")]],
    ["have they replied?", [detail("said")]],
    ["any complaints from them?", [detail("said")]],
    ["when did we last talk to them?", [detail("last_contact")]],
    ["when was the last meeting?", [detail("last_contact")]],
    ["is their usage going down?", [detail("usage")]],
    ["how many seats do they use?", [detail("usage")]],
    ["any open deals?", [detail("deals")]],
    ["anything open?", [detail("tickets", "deals", "tasks")]],
    ["and invoices?", [detail("invoices")]],
    ["how long have they been a customer?", [detail("customer_since")]],
    ["did they give an nps?", [detail("nps")]],
    ["why so low?", [detail("health")]],
    ["how did they find us?", [detail("origin")]],
    ["when did they first contact us?", [detail("origin")]],
    ["are they still interested?", [detail("last_contact")]],
    ["do they have overdue tasks?", [detail("tasks")]],
    ["has anyone been in touch with them lately?", [detail("last_contact")]],
    ["did we call them this month", [["account_timeline", { account: "#7", since: "2026-11-01", only: "contacts" }]]],
    ["talking points for the call?", [["next_steps", { account: "#7", words: "say" }]]],
    ["when is their renewal and how much do they pay?", [detail("renewal"), detail("mrr")]],
    ["are they at risk?", risk],
    ["will they churn?", risk],
    ["what about an upsell?", [["check_move", { account: "#7", move: "upsell" }]]],
    ["can I offer a discount?", [["check_move", { account: "#7", move: "discount" }]]],
    ["ok and a discount?", [["check_move", { account: "#7", move: "discount" }]]],
    ["a demo?", [["check_move", { account: "#7", move: "demo" }]]],
    ["can I send them a proposal?", [["check_move", { account: "#7", move: "proposal" }]]],
    ["should i call them", [["check_move", { account: "#7", move: "call" }]]],
    ["what should I write them?", [["next_steps", { account: "#7", words: "write" }]]],
    ["what do i say on the phone", [["next_steps", { account: "#7", words: "say" }]]],
    ["whats next", [["next_steps", { account: "#7" }]]],
    ["why are they in that stage?", [["why_this_stage", { account: "#7" }]]],
  ])("%s", (question, expected) => {
    expect(plan(question, inHand).say).toEqual([]);
    expect(calls(question, inHand)).toEqual(expected);
  });

  test("after its tickets, another thing of it is asked, also by somebody who is known", () => {
    const after = { account, calls: [{ tool: "account_detail", input: { account: "#7", about: ["tickets"] } }] };
    expect(calls("who is my contact there?", after, "Owen Fairclough")).toEqual([detail("contacts")]);
    expect(calls("where are they based?", after)).toEqual([["find_account", { name: "#7" }]]);
  });

  test("a word of it that is not understood is named", () => {
    const { calls: made, say } = plan("do they use the badge printer?", inHand);
    expect(made).toEqual([{ tool: "account_detail", input: { account: "#7", about: ["usage"] } }]);
    expect(say.join()).toContain("badge printer");
  });

  test.each(["can we raise the price for them?", "can I hug them?", "when does it close"])(
    "what nothing tells of it is said, and its overview is not shown instead: %s",
    (question) => {
      const { calls: none, say } = plan(question, inHand);
      expect(none).toEqual([]);
      expect(say.join()).toMatch(/did not understand “.+”\. Of an account/);
    },
  );

  test.each([
    "which accounts have open deals?",
    "top 5 accounts by MRR",
    "renewals next month",
    "accounts of June Okafor",
  ])("what goes to everybody is answered of everybody: %s", (question) => {
    expect(calls(question, inHand).map(([tool]) => tool)).not.toContain("account_detail");
    expect(JSON.stringify(calls(question, inHand))).not.toContain("#7");
  });
});

test("an account that is named is told the one thing that was asked", () => {
  expect(calls("who is our contact at Globex?")).toEqual([
    ["account_detail", { account: "Globex", about: ["contacts"] }],
  ]);
  expect(calls("what did Globex say last?")).toEqual([["account_detail", { account: "Globex", about: ["said"] }]]);
  expect(calls("can I send Globex a quote?")).toEqual([["check_move", { account: "Globex", move: "proposal" }]]);
  expect(calls("may we call Globex?")).toEqual([["check_move", { account: "Globex", move: "call" }]]);
  expect(calls("how did Globex find us?")).toEqual([["account_detail", { account: "Globex", about: ["origin"] }]]);
  expect(calls("did anyone contact Globex since October?")).toEqual([
    ["account_timeline", { account: "Globex", since: "2026-10-01", only: "contacts" }],
  ]);
  expect(calls("give me talking points for my call with Globex")).toEqual([
    ["next_steps", { account: "Globex", words: "say" }],
  ]);
  expect(calls("draft a mail to Globex")).toEqual([["next_steps", { account: "Globex", words: "write" }]]);
  expect(calls("draft a mail to Globex about the price increase")).toEqual([
    ["search_playbooks", { question: "what do we write about the price increase", account: "Globex" }],
  ]);
});

test("an account is compared with the others of its kind", () => {
  expect(calls("how does that compare to other enterprise customers?", inHand)).toEqual([
    detail("mrr", "health"),
    ["portfolio", { filters: { segment: ["enterprise"] }, group_by: "segment" }],
  ]);
});

test.each(["similar customers to Globex", "accounts like Globex", "who else looks like Globex?"])(
  "accounts like another are not looked for, which is said: %s",
  (question) => expect(plan(question)).toEqual({ calls: [], say: [expect.stringContaining("like another")] }),
);

test("whether a move suits is asked of an account, or of customers in general", () => {
  expect(plan("can I offer a discount?")).toEqual({ calls: [], say: [expect.stringContaining("Which one")] });
  expect(calls("can i call globex")).toEqual([["check_move", { account: "globex", move: "call" }]]);
  expect(calls("should we offer customers a discount?", inHand)).toEqual([
    ["search_playbooks", { question: "should we offer customers a discount" }],
  ]);
});

test("what is not understood of a named account is named with its overview", () => {
  const { calls: made, say } = plan("Globex dynasty");
  expect(made).toEqual([{ tool: "account_overview", input: { account: "Globex" } }]);
  expect(say.join()).toContain("dynasty");
});

test("a call is prepared with the picture, the people, their last words and the next steps", () => {
  expect(calls("call prep for Globex pls").map(([tool]) => tool)).toEqual([
    "account_overview",
    "next_steps",
    "account_detail",
  ]);
});

describe("after a list", () => {
  test("its places are taken one by one", () => {
    expect(calls("why is the first one at risk?", afterList)).toEqual([
      ["churn_risk", { account: "#4" }],
      ["account_detail", { account: "#4", about: ["health"] }],
    ]);
    const one: Partial<Focus> = {
      ...afterList,
      account: list[0]!,
      calls: [{ tool: "next_steps", input: { account: "#4" } }],
    };
    expect(calls("and the second?", one)).toEqual([["next_steps", { account: "#9" }]]);
    expect(plan("and the third?", one)).toEqual({ calls: [], say: [expect.stringContaining("not that long")] });
  });

  test.each(["what did they say last?", "who is my contact there?"])(
    "what its lines do not tell is asked back, not listed again: %s",
    (question) => {
      expect(plan(question, afterList)).toEqual({ calls: [], say: [expect.stringMatching(/which account/i)] });
    },
  );
});

test.each(["why are we losing?", "what happened last week?", "when does it close", "is the trial worth it"])(
  "a word of every day is no account's name: %s",
  (question) => {
    const named = plan(question).calls.flatMap(({ input }) => [input.account, input.name]);
    expect(named.filter((name) => name !== undefined)).toEqual([]);
  },
);

describe("deals", () => {
  test.each([
    ["which deals close this month?", { closes_from: "2026-11-01", closes_to: "2026-11-30" }],
    ["biggest open opportunity?", { sort: "amount" }],
    ["deals over 10k closing in December", { at_least: 10_000, closes_from: "2026-12-01", closes_to: "2026-12-31" }],
    ["which deals have slipped?", { slipped: true }],
    ["deals won last quarter", { state: "won", closes_from: "2026-07-01", closes_to: "2026-09-30" }],
    ["renewal deals of June Okafor", { kind: "renewal", filters: { owner: ["June Okafor"] } }],
    ["what's my pipeline", { filters: { owner: ["Owen Fairclough"] } }],
  ])("%s", (question, input) => {
    expect(plan(question, inHand, "Owen Fairclough")).toEqual({ calls: [{ tool: "deals", input }], say: [] });
  });
});

describe("what is mine", () => {
  test.each([
    ["what should I do today?", { within_days: 0 }],
    ["anything I should do this week?", {}],
    ["my tasks", {}],
    ["what tasks are overdue", { within_days: 0 }],
  ])("%s", (question, input) => {
    expect(calls(question, inHand, "Owen Fairclough")).toEqual([["agenda", { owner: "Owen Fairclough", ...input }]]);
  });

  test("a colleague's agenda is told by name", () => {
    expect(calls("what is on June Okafor's plate this week?")).toEqual([["agenda", { owner: "June Okafor" }]]);
    for (const question of ["Lukas's open tasks", "lukas' tasks", "tasks of Lukas"])
      expect(calls(question, inHand)).toEqual([["agenda", { owner: "Lukas Brandl" }]]);
    expect(calls("Acme's open tasks")).toEqual([["account_detail", { account: "Acme", about: ["tasks"] }]]);
  });

  test("overdue tasks where nobody knows who asks are everybody's", () => {
    for (const question of ["what tasks are overdue?", "are there overdue tasks"])
      expect(calls(question, inHand)).toEqual([["agenda", { within_days: 0, only: "tasks" }]]);
  });

  test.each(["what should I do today?", "which of my accounts are at risk?", "my pipeline", "my tasks"])(
    "where nobody knows who asks, the answer says how to tell it: %s",
    (question) => {
      expect(plan(question)).toEqual({ calls: [], say: [expect.stringMatching(/--as .*PERENNIAL_ME/)] });
    },
  );
});

describe("the account of the talk", () => {
  const finding = (output: unknown) => ({ tool: "x", input: {}, output, words: "", isError: false });
  const before: Focus = { ...NO_FOCUS, account };

  test.each([
    ["a playbook answer", { account: null, passages: [] }],
    ["a figure", { value: 3 }],
    ["a list without a fitting account", { accounts: [] }],
    ["a name that is not known", { kind: "choice", message: "I know no account called “x”.", choices: [] }],
  ])("outlasts %s", (_, output) => {
    expect(nextFocus(before, "?", [finding(output)]).account).toEqual(account);
  });

  test("gives way to another account, and to a list of several", () => {
    expect(nextFocus(before, "?", [finding({ account: list[0] })]).account).toEqual(list[0]);
    expect(nextFocus(before, "?", [finding({ accounts: list })])).toMatchObject({ account: null, accounts: list });
  });
});
