import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planQuestion } from "#agent/offline-planner/plan.ts";
import { type Focus, NO_FOCUS } from "#threads/focus.ts";

// A Sunday. Next renewals, last weeks and quarters are counted from here.
const today = "2026-11-22";
const vocabulary = {
  stages: ["Awareness", "Consideration", "Purchase", "Support", "Retention", "Advocacy"],
  teams: ["EMEA", "Americas", "DACH", "Enterprise"],
  owners: ["Camille Duret", "June Okafor", "Lukas Brandl", "Owen Fairclough", "Vera Zumstein"],
  segments: ["enterprise", "mid-market", "startup"],
  industries: ["EdTech", "Energy", "Logistics", "Manufacturing", "Software", "FinTech"],
  countries: ["AT", "CH", "DE", "FR", "GB", "NL", "US"],
  plans: ["Basic", "Team", "Business", "Enterprise"],
  campaigns: ["autumn-webinar"],
};

const plan = (question: string, focus: Partial<Focus> = {}, asker: string | null = null) =>
  planQuestion({ question, today, vocabulary, focus: { ...NO_FOCUS, ...focus }, asker });
const calls = (question: string, focus: Partial<Focus> = {}) =>
  plan(question, focus).calls.map(({ tool, input }) => [tool, input]);

type Row = [question: string, ...calls: [tool: string, input: Record<string, unknown>][]];

const overview = (account: string): [string, Record<string, unknown>] => ["account_overview", { account }];
const sideBySide = (account: string) =>
  detail(account, "stage", "mrr", "customer_since", "renewal", "usage", "tickets", "nps", "health");
const detail = (account: string, ...about: string[]): [string, Record<string, unknown>] => [
  "account_detail",
  { account, about },
];
const why = (account: string): [string, Record<string, unknown>] => ["why_this_stage", { account }];
const next = (account: string): [string, Record<string, unknown>] => ["next_steps", { account }];
const portfolio = (
  filters: Record<string, unknown> | null,
  rest: Record<string, unknown> = {},
): [string, Record<string, unknown>] => ["portfolio", { ...(filters ? { filters } : {}), ...rest }];

const oneAccount: Row[] = [
  ["how do I file VAT in Norway?", ["search_playbooks", { question: "how do I file VAT in Norway" }]],
  [
    "customer says a competitor offered half the price",
    ["search_playbooks", { question: "customer says a competitor offered half the price" }],
  ],
  [
    "our champion at Acme Corp left, what now?",
    ["search_playbooks", { question: "our champion left", account: "Acme Corp" }],
    next("Acme Corp"),
  ],
  ["how long has Acme Corp been a customer?", detail("Acme Corp", "customer_since")],
  ["may I offer Acme GmbH a discount?", ["check_move", { account: "Acme GmbH", move: "discount" }]],
  ["can we give acme labs a special price", ["check_move", { account: "acme labs", move: "discount" }]],
  ["should I ask Globex for a review?", ["check_move", { account: "Globex", move: "review" }]],
  ["what stage is Acme in and what should I do next?", why("Acme"), next("Acme")],
  ["what stage is Company_42 in, and why?", why("Company_42")],
  ["What lifecycle stage is Acme GmbH at?", why("Acme GmbH")],
  ["why is Acme Labs in retention?", why("Acme Labs")],
  ["which stage is acme in", why("acme")],
  ["WHAT STAGE IS ACME IN", why("ACME")],
  ["Tell me about Bank of America", overview("Bank of America")],
  ["tell me about procter & gamble", overview("procter & gamble")],
  ["How is Acme GmbH doing?", overview("Acme GmbH")],
  ["give me an overview of “Acme Labs”", overview("Acme Labs")],
  ["Acme GmbH", overview("Acme GmbH")],
  ["acme.com", overview("acme.com")],
  ["what about #123?", overview("#123")],
  ["What's Acme's MRR?", detail("Acme", "mrr")],
  ["how many seats does Acme have?", detail("Acme", "mrr")],
  ["how many open tickets does Acme Corp have", detail("Acme Corp", "tickets")],
  ["When does Acme Inc. renew?", detail("Acme Inc.", "renewal")],
  ["Compare Acme and Globex", ...["Acme", "Globex"].map(sideBySide)],
  ["who owns Acme?", ["find_account", { name: "Acme" }]],
  ["Who is the account manager of Globex?", ["find_account", { name: "Globex" }]],
  ["is acme a customer?", overview("acme")],
  ["what did we talk about with Acme Corp last", detail("Acme Corp", "last_contact")],
  ["what stage are Meridian Freight and Irondale Logistics in?", why("Meridian Freight"), why("Irondale Logistics")],
  ["find acme", ["find_account", { name: "acme" }]],
  ["What should I do next with Globex?", next("Globex")],
  ["next steps for Acme Labs", next("Acme Labs")],
  ["what do you recommend for Globex", next("Globex")],
  ["Show me the timeline of Acme", ["account_timeline", { account: "Acme" }]],
  ["what happened at Globex since March?", ["account_timeline", { account: "Globex", since: "2026-03-01" }]],
  ["when did we last talk to Acme?", detail("Acme", "last_contact")],
  ["What changed at Acme since last week?", ["what_changed", { account: "Acme", since: "2026-11-09" }]],
  ["what's new with Globex in the last 14 days", ["what_changed", { account: "Globex", since: "2026-11-08" }]],
  ["what has changed on Acme since 2026-10-01?", ["what_changed", { account: "Acme", since: "2026-10-01" }]],
  ["what changed at acme since 3 November?", ["what_changed", { account: "acme", since: "2026-11-03" }]],
  ["what changed for Acme since yesterday", ["what_changed", { account: "Acme", since: "2026-11-21" }]],
  [
    "What stage is Acme in, who owns it and when does it renew?",
    why("Acme"),
    ["find_account", { name: "Acme" }],
    detail("Acme", "renewal"),
  ],
  ["what stage is Acme in and when does Globex renew?", why("Acme"), detail("Globex", "renewal")],
];

const manyAccounts: Row[] = [
  ["how many EdTech accounts do we have, and what is their MRR together?", portfolio({ industry: ["EdTech"] })],
  ["how many ed-tech customers are there", portfolio({ industry: ["EdTech"] })],
  [
    "which accounts have more than five high-priority tickets?",
    portfolio({ tickets: { priority: ["high"], state: "any", more_than: 5 } }, { sort: "tickets" }),
  ],
  ["top 10 accounts by MRR", portfolio(null, { sort: "mrr", limit: 10 })],
  ["Top five customers", portfolio(null, { limit: 5 })],
  ["biggest 5 in EMEA", portfolio({ team: ["EMEA"] }, { sort: "mrr", descending: true, limit: 5 })],
  ["5 smallest accounts in Germany", portfolio({ country: ["DE"] }, { sort: "mrr", descending: false, limit: 5 })],
  ["list all accounts in retention", portfolio({ stage: ["Retention"] }, { limit: 100 })],
  ["how many accounts are in each stage?", portfolio(null, { group_by: "stage" })],
  ["MRR by stage", portfolio(null, { group_by: "stage", measure: "mrr" })],
  ["MRR per team", portfolio(null, { group_by: "team" })],
  ["number of customers by industry", portfolio(null, { group_by: "industry", measure: "accounts" })],
  ["average MRR per segment", portfolio(null, { group_by: "segment" })],
  ["which customers are overdue?", portfolio({ overdue: true }, { sort: "overdue" })],
  ["who has unpaid invoices?", portfolio({ overdue: true }, { sort: "overdue" })],
  ["accounts without contact for 30 days", portfolio({ no_contact_days: 30 })],
  ["accounts without contact since last quarter", portfolio({ no_contact_days: 53 })],
  ["which accounts have we not talked to in 2 months?", portfolio({ no_contact_days: 61 })],
  ["customers that have not used the product for three weeks", portfolio({ not_used_days: 21 })],
  ["which accounts did we contact in the last 7 days", portfolio({ contacted_within_days: 7 })],
  ["accounts with health below 40", portfolio({ health: { at_most: 39 } })],
  ["unhealthy enterprise accounts", portfolio({ segment: ["enterprise"], health: { at_most: 69 } })],
  ["accounts on the Enterprise plan", portfolio({ plan: ["Enterprise"] })],
  ["accounts of the Enterprise team", portfolio({ team: ["Enterprise"] })],
  ["customers paying more than $5,000 a month", portfolio({ mrr: { at_least: 5000.01 } })],
  ["accounts with MRR between 1k and 5k", portfolio({ mrr: { at_least: 1000, at_most: 5000 } })],
  ["accounts with at least 10k MRR in France", portfolio({ country: ["FR"], mrr: { at_least: 10000 } })],
  ["which detractors pay more than 1000 MRR?", portfolio({ mrr: { at_least: 1000.01 }, nps: { at_most: 6 } })],
  ["customers with NPS below 7", portfolio({ nps: { at_most: 6 } })],
  ["who are our promoters?", portfolio({ nps: { at_least: 9 } })],
  ["Dutch logistics customers", portfolio({ country: ["NL"], industry: ["Logistics"] })],
  ["British and Swiss accounts", portfolio({ country: ["GB", "CH"] })],
  ["accounts in the US", portfolio({ country: ["US"] })],
  ["accounts in the Benelux", portfolio({ country: ["NL"] })],
  ["Camille's accounts", portfolio({ owner: ["Camille Duret"] })],
  ["accounts owned by June Okafor in consideration", portfolio({ owner: ["June Okafor"], stage: ["Consideration"] })],
  ["how many accounts does Vera Zumstein have?", portfolio({ owner: ["Vera Zumstein"] })],
  ["which account has the most tickets?", portfolio(null, { sort: "tickets", descending: true, limit: 1 })],
  ["who is our biggest customer?", portfolio(null, { sort: "mrr", descending: true, limit: 1 })],
  [
    "accounts with open urgent tickets",
    portfolio({ tickets: { priority: ["urgent"], state: "open", more_than: 0 } }, { sort: "tickets" }),
  ],
  [
    "accounts with at least 3 tickets in the last 30 days",
    portfolio({ tickets: { state: "any", within_days: 30, more_than: 2 } }, { sort: "tickets" }),
  ],
  ["churned customers", portfolio({ lapsed: true })],
  ["which customers have cancelled?", portfolio({ cancelling: true })],
  ["accounts where the CRM disagrees", portfolio({ crm_differs: true })],
  ["accounts with open opportunities", portfolio({ open_opportunity: true })],
  [
    "accounts in consideration without an open opportunity",
    portfolio({ stage: ["Consideration"], open_opportunity: false }),
  ],
  ["accounts named Acme", portfolio({ name_contains: "Acme" })],
  ["what is our total MRR?", ["compare_figures", { metrics: ["mrr", "customers"], windows: ["today"] }]],
  ["what is the average MRR", portfolio(null)],
  ["accounts > 10k MRR", portfolio({ mrr: { at_least: 10000.01 } })],
  ["biggest EdTech customer", portfolio({ industry: ["EdTech"] }, { sort: "mrr", descending: true, limit: 1 })],
  ["accounts with names containing 42", portfolio({ name_contains: "42" })],
  ["how much MRR do FinTech customers bring in?", portfolio({ industry: ["FinTech"] })],
  [
    "which accounts are in retention and have not used the product in 30 days?",
    portfolio({ stage: ["Retention"], not_used_days: 30 }),
  ],
  [
    "which startups are in support with open urgent tickets?",
    portfolio(
      { segment: ["startup"], stage: ["Support"], tickets: { priority: ["urgent"], state: "open", more_than: 0 } },
      { sort: "tickets" },
    ),
  ],
  ["who are our advocates?", portfolio({ stage: ["Advocacy"] })],
  ["which accounts does the CRM put elsewhere?", portfolio({ crm_differs: true })],
  ["where does the CRM disagree?", portfolio({ crm_differs: true })],
  ["which accounts need attention", portfolio({ health: { at_most: 69 } })],
  ["how many tickets are open?", ["tickets", {}]],
  ["which team has the most accounts?", portfolio(null, { group_by: "team", measure: "accounts" })],
  ["which accounts in the EMEA team have gone quiet?", portfolio({ no_contact_days: 30, team: ["EMEA"] })],
  [
    "which customers in France have MRR above 2k and no contact in 60 days",
    portfolio({ mrr: { at_least: 2000.01 }, no_contact_days: 60, country: ["FR"] }),
  ],
  ["lowest health accounts in DACH", portfolio({ team: ["DACH"] }, { sort: "health", descending: false })],
];

const renewals: Row[] = [
  ["which accounts renew this month?", ["renewals", { from: "2026-11-01", to: "2026-11-30" }]],
  ["renewals in the next 60 days", ["renewals", { within_days: 60 }]],
  ["upcoming renewals", ["renewals", { within_days: 60 }]],
  ["renewals", ["renewals", {}]],
  ["what renews in Q1?", ["renewals", { from: "2027-01-01", to: "2027-03-31" }]],
  ["EMEA renewals next month", ["renewals", { from: "2026-12-01", to: "2026-12-31", team: ["EMEA"] }]],
  ["which contracts expire before 31 January?", ["renewals", { within_days: 70 }]],
  [
    "renewals in December for Lukas Brandl",
    ["renewals", { from: "2026-12-01", to: "2026-12-31", owner: ["Lukas Brandl"] }],
  ],
  ["contracts ending in 2027", ["renewals", { from: "2027-01-01", to: "2027-12-31" }]],
  ["how many accounts renew this month?", portfolio({ renews_from: "2026-11-01", renews_to: "2026-11-30" })],
  [
    "unhealthy accounts that renew in the next 90 days",
    portfolio({ health: { at_most: 69 }, renews_from: "2026-11-22", renews_to: "2027-02-20" }),
  ],
];

const playbooks: Row[] = [
  ["How do we handle a price objection?", ["search_playbooks", { question: "How do we handle a price objection" }]],
  [
    "what do I say when the champion leaves?",
    ["search_playbooks", { question: "what do I say when the champion leaves" }],
  ],
  [
    "how should I respond to an angry ticket from Globex?",
    ["search_playbooks", { question: "how should I respond to an angry ticket", account: "Globex" }],
  ],
  [
    "playbook for silence after onboarding in retention",
    ["search_playbooks", { question: "playbook for silence after onboarding in retention", stage: "retention" }],
  ],
  ["customer is angry, what do I say?", ["search_playbooks", { question: "customer is angry, what do I say" }]],
  ["what can I do about churn?", ["search_playbooks", { question: "what can I do about churn" }]],
  ["explain the retention stage", ["stage_guide", { stage: "Retention" }]],
  ["which stages are there?", ["stage_guide", {}]],
  ["what does consideration mean?", ["stage_guide", { stage: "Consideration" }]],
  ["may I offer a discount in consideration?", ["stage_guide", { stage: "Consideration" }]],
];

describe.each([
  ["one account", oneAccount],
  ["many accounts", manyAccounts],
  ["renewals", renewals],
  ["playbooks and stages", playbooks],
])("offline, about %s", (_, rows) => {
  test.each(rows)("%s", (question, ...expected) => {
    expect(calls(question)).toEqual(expected);
  });
});

const acme = { id: 7, name: "Acme GmbH" };
const list = [
  { id: 4, name: "Globex" },
  { id: 9, name: "Initech" },
  { id: 2, name: "Hooli" },
];
const stageOfAcme = [{ tool: "why_this_stage", input: { account: "Acme" } }];
const edtech = [{ tool: "portfolio", input: { filters: { industry: ["EdTech"] } } }];

const inThread: [string, Partial<Focus>, [string, Record<string, unknown>][]][] = [
  ["and their renewal?", { account: acme }, [detail("#7", "renewal")]],
  ["why?", { account: acme }, [why("#7")]],
  ["what should I do next?", { account: acme }, [next("#7")]],
  [
    "what changed there since last month",
    { account: acme },
    [["what_changed", { account: "#7", since: "2026-10-01" }]],
  ],
  ["who owns that account?", { account: acme }, [["find_account", { name: "#7" }]]],
  [
    "how do we win them back?",
    { account: acme },
    [["search_playbooks", { question: "how do we win them back", account: "#7" }]],
  ],
  ["what about Globex?", { account: acme, calls: stageOfAcme }, [why("Globex")]],
  ["and what about initech", { account: acme, calls: stageOfAcme }, [why("initech")]],
  ["what about Globex's renewal?", { account: acme, calls: stageOfAcme }, [detail("Globex", "renewal")]],
  ["tell me about the second one", { accounts: list }, [overview("#9")]],
  ["why is the last one in that stage?", { accounts: list }, [why("#2")]],
  ["what about the first one?", { accounts: list, calls: edtech }, [overview("#4")]],
  ["and in Germany?", { calls: edtech, accounts: list }, [portfolio({ industry: ["EdTech"], country: ["DE"] })]],
  ["what about FinTech?", { calls: edtech, accounts: list }, [portfolio({ industry: ["FinTech"] })]],
  [
    "how many of them are overdue?",
    { calls: edtech, accounts: list },
    [portfolio({ industry: ["EdTech"], overdue: true })],
  ],
  ["compare it with Globex", { account: acme }, ["#7", "Globex"].map(sideBySide)],
  [
    "which ones renew in Q1?",
    { calls: edtech, accounts: list },
    [portfolio({ industry: ["EdTech"], renews_from: "2027-01-01", renews_to: "2027-03-31" })],
  ],
  ["and their owners?", { calls: edtech, accounts: list }, [portfolio({ industry: ["EdTech"] })]],
  ["show me all of them", { calls: edtech, accounts: list }, [portfolio({ industry: ["EdTech"] }, { limit: 100 })]],
];

test.each(inThread)("in a thread: %s", (question, focus, expected) => {
  expect(calls(question, focus)).toEqual(expected);
});

const pending: Focus["pending"] = {
  question: "what stage is Acme in?",
  choices: [
    { id: 11, label: "Acme Corp", hint: "US, acme.com, owner June Okafor" },
    { id: 12, label: "Acme GmbH", hint: "DE, acme.de, owner Lukas Brandl" },
    { id: 13, label: "ACME Labs", hint: "US, acmelabs.io, owner Lukas Brandl" },
  ],
  calls: [
    { tool: "why_this_stage", input: { account: "Acme" } },
    { tool: "next_steps", input: { account: "Acme" } },
  ],
};

test.each(["Acme GmbH", "2", "the german one", "#12", "the second", "acme.de", "GmbH please"])(
  "the question that waited is asked for the chosen account: %s",
  (answer) => {
    expect(calls(answer, { pending })).toEqual([why("#12"), next("#12")]);
  },
);

test("an answer that fits two of the choices is asked about again", () => {
  expect(plan("Lukas Brandl's", { pending })).toEqual({
    calls: [],
    say: [expect.stringMatching(/Acme GmbH.*ACME Labs/)],
  });
});

test("a new question instead of a choice is answered as such", () => {
  expect(calls("tell me about Globex", { pending })).toEqual([overview("Globex")]);
});

test.each(["hi", "Hello there!", "thanks", "help", "what can you do?"])("small talk needs no tool: %s", (question) => {
  expect(plan(question)).toEqual({ calls: [], say: [expect.any(String)] });
});

test.each([
  ["send an email to Acme", /cannot change, write or send/],
  ["please delete the account Globex", /cannot change, write or send/],
  ["what's the weather in Berlin like over there on the hill", /can look these up/],
  ["what changed at Acme since 31 February?", /31 february.* is no day/i],
  ["renewals before 2026-02-30", /is no day/],
  ["what should I do next?", /Which account do you mean/],
  ["accounts not in Germany", /not those that do not/],
  ["accounts with no tickets", /not with fewer/],
  ["accounts with fewer than 3 tickets", /not with fewer/],
  ["my accounts", /whose accounts/],
])("what cannot be answered is said: %s", (question, sentence) => {
  const { calls: none, say } = plan(question);
  expect(none).toEqual([]);
  expect(say.join(" ")).toMatch(sentence);
});

test("a filter that is not understood is said, not left out in silence", () => {
  expect(plan("accounts with purple logos").say.join()).toContain("purple");
  expect(manyAccounts.flatMap(([question]) => plan(question).say)).toEqual([]);
});

test("my accounts are those of the asker, where the asker is known", () => {
  expect(plan("my accounts in retention", {}, "June Okafor").calls).toEqual([
    { tool: "portfolio", input: { filters: { stage: ["Retention"], owner: ["June Okafor"] } } },
  ]);
});

test.each([
  "",
  "?",
  "’’’’",
  "((((",
  "a".repeat(8_000),
  "Acme ".repeat(1_500),
  "\u202eemca",
  "select * from account; drop table account",
  "🦄🦄🦄",
])("nothing that is typed breaks it: %#", (question) => {
  const { calls: made, say } = plan(question);
  expect(made.length + say.length).toBeGreaterThan(0);
});

test("whatever words come together, there is a plan of known tools or a sentence", () => {
  const word = fc.constantFrom(
    ...'what which how many accounts customers in of with more than 5 five tickets open high MRR over under between 10k health NPS renew since last next month week 31 February March Q1 top biggest not no Acme GmbH Globex "x" #7 they it their the second one EMEA Enterprise Germany retention support June Okafor\'s my by per team owner and , ? ! why stage playbook do I say angry price'.split(
      " ",
    ),
  );
  const tools = [
    "find_account",
    "account_overview",
    "account_detail",
    "deals",
    "agenda",
    "why_this_stage",
    "account_timeline",
    "what_changed",
    "portfolio",
    "renewals",
    "tickets",
    "next_steps",
    "search_playbooks",
    "stage_guide",
    "compare_figures",
    "why_mrr_changed",
    "stage_funnel",
    "cohort_retention",
    "scores",
    "churned_after_price_increase",
    "what_if",
    "lifecycle_map",
    "churn_risk",
  ];
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 14 }), (words) => {
      const { calls: made, say } = plan(words.join(" "), { accounts: list, calls: edtech });
      expect(made.length + say.length).toBeGreaterThan(0);
      for (const { tool } of made) expect(tools).toContain(tool);
    }),
    { numRuns: 400 },
  );
});
