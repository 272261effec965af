import { expect, test } from "vitest";
import { accountsCsv } from "#slack/listen/csv.ts";
import { readCommand } from "#slack/listen/read-command.ts";
import { zonesTyped } from "#slack/listen/settings-form.ts";
import { helpEntries, subcommandsOf } from "#slack/listen/subcommands.ts";
import { patternOf, recordIn } from "#slack/listen/unfurls.ts";
import { tools } from "#tools/index.ts";

const subcommands = subcommandsOf(tools);
const read = (typed: string) => readCommand(typed, subcommands);
const call = (tool: string, input: object) => ({ kind: "call", tool, input });
const question = (words: string) => ({ kind: "question", question: words });
const sentence = (typed: string): string => {
  const said = read(typed);
  return said.kind === "wrong" ? said.sentence : JSON.stringify(said);
};

test("every tool has a subcommand of its own, and no two have one name", () => {
  const names = subcommands.flatMap((each) => each.names);
  expect(new Set(names).size).toBe(names.length);
  expect(helpEntries(subcommands)).toHaveLength(tools.length + 4);
});

test.each([
  ["overview Acme GmbH", call("account_overview", { account: "Acme GmbH" })],
  ["account_overview Acme GmbH", call("account_overview", { account: "Acme GmbH" })],
  ["Next steps Acme", call("next_steps", { account: "Acme" })],
  ["next-step Acme limit:1", call("next_steps", { account: "Acme", limit: 1 })],
  ["timeline Acme since:2026-10-01", call("account_timeline", { account: "Acme", since: "2026-10-01" })],
  ["check Acme move:“case study”", call("check_move", { account: "Acme", move: "case study" })],
  ["search they say: price too high", call("search_playbooks", { question: "they say: price too high" })],
  ["guide Retention", call("stage_guide", { stage: "Retention" })],
  ["renewals", call("renewals", {})],
  [
    'portfolio stage:Retention,Advocacy owner:"Tasha Whitlock" paying:yes mrr-at-least:1000',
    call("portfolio", {
      filters: { stage: ["Retention", "Advocacy"], owner: ["Tasha Whitlock"], paying: true, mrr: { at_least: 1000 } },
    }),
  ],
])("“%s” is read by the tool's own schema", (typed, expected) => expect(read(typed)).toEqual(expected));

test.each([
  "why is Acme at risk?",
  "find accounts in Germany",
  "renewals next month",
  "what changed at Acme?",
  "which accounts are at risk",
  "next steps for Acme",
])("“%s” is a question, though it may begin like a subcommand", (typed) =>
  expect(read(typed)).toEqual(question(typed)),
);

test("ask takes what follows as it is; nothing, and help, are help", () => {
  expect(read("ask overview Acme")).toEqual(question("overview Acme"));
  for (const typed of ["", "  ", "help", "?", "ask"]) expect(read(typed)).toEqual({ kind: "help" });
  expect(read("settings")).toEqual({ kind: "settings" });
});

test("what is mistyped, missing or not known is said with the cure", () => {
  expect(sentence("tiemline Acme")).toMatch(/no subcommand “tiemline”.*\/perennial timeline Acme/);
  expect(sentence("overview")).toMatch(/Tell me the account.*\/perennial overview <account>/);
  expect(sentence("check Acme")).toMatch(/move:.*\/perennial check <account> move:<move>/);
  expect(sentence("timeline Acme sinse:2026-10-01")).toMatch(/sinse: is not known there; did you mean since/);
  expect(sentence("timeline Acme since:yesterday")).toMatch(/since: /);
  expect(sentence("renewals limit:many")).toMatch(/limit: /);
});

const account = {
  ...{
    id: 1,
    name: "Acme",
    owner: null,
    team: null,
    stage: "Retention",
    since: null,
    lapsedSince: null,
    mrrMinor: 123450,
    baseMrrMinor: 123450,
  },
  ...{ currency: "USD", health: 50, renewsOn: "2026-12-20", lastTouchOn: null, nps: -2, openTickets: 0, tickets: 0 },
  ...{ seats: null, overdueMinor: 0 },
};

test("a CSV holds names with commas, quotes and line ends, and no formula", () => {
  const names = ['Smith, "Bob" & Sons', "two\nlines", "=HYPERLINK(1)", " +41", "-Minus GmbH", "@sum", "Zürich 名 😀"];
  const lines = accountsCsv({ accounts: names.map((name) => ({ ...account, name })) }).split("\r\n");
  expect(lines[0]).toMatch(/^\ufeffAccount,Stage,/);
  expect(lines.slice(1, -1).map((line) => line.slice(0, line.indexOf(",Retention")))).toEqual([
    '"Smith, ""Bob"" & Sons"',
    '"two\nlines"',
    "'=HYPERLINK(1)",
    "' +41",
    "'-Minus GmbH",
    "'@sum",
    "Zürich 名 😀",
  ]);
  expect(lines[1]).toContain(",1234.50,USD,50,2026-12-20,,-2,");
});

test("a link is an account's when it is the CRM's address with an id, whatever follows", () => {
  const patterns = ["https://crm.example/accounts/{id}", "https://crm.example/r/{id}/view"].map(patternOf);
  const id = (url: string) => recordIn(url, patterns);
  expect(id("https://crm.example/accounts/acc-1")).toBe("acc-1");
  expect(id("https://crm.example/accounts/a%2F1?tab=notes#top")).toBe("a/1");
  expect(id("https://crm.example/r/7/view/")).toBe("7");
  expect(id("https://crm.example/r/7/edit")).toBeNull();
  expect(id("https://crm.example.evil.test/accounts/acc-1")).toBeNull();
  expect(id("https://crm.example/accounts/%E0%A4%A")).toBeNull();
  expect(id("https://crm.example/contacts/acc-1")).toBeNull();
});

test("a time zone is found by its city or its region, however it is typed", () => {
  expect(zonesTyped("berl")[0]).toBe("Europe/Berlin");
  expect(zonesTyped("new york")).toContain("America/New_York");
  expect(zonesTyped("utc")[0]).toBe("UTC");
  expect(zonesTyped("nowhere land")).toEqual([]);
});
