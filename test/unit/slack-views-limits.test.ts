import fc from "fast-check";
import { expect, test } from "vitest";
import type { Answer, Finding } from "#agent/answer.ts";
import { validateBlocks, validateView } from "#playground/world/validate-blocks.ts";
import { readValue } from "#slack/actions.ts";
import type { Look } from "#slack/message.ts";
import {
  type AccountFinding,
  accountModal,
  accountOption,
  alert,
  answerMessages,
  cardOf,
  cleanMarkdown,
  cut,
  cutMrkdwn,
  feedbackModal,
  findingMessage,
  type HomeParts,
  helpMessage,
  homeFault,
  homeView,
  lookUpModal,
  playbookModal,
  progressMessage,
  refusalMessage,
  sayingModal,
  settingsModal,
  toMrkdwn,
  unfurlOf,
} from "#slack/views/index.ts";
import { weightOf } from "#slack/views/limits.ts";

// Shrinking findings as large as these would take minutes.
const RUNS = { numRuns: 40, interruptAfterTimeLimit: 20_000 };

/** What has broken other bots: long, right-to-left, combined, hostile, empty. */
const NASTY = [
  "",
  " ",
  "A".repeat(300),
  "👩‍👩‍👧‍👦".repeat(60),
  "שלום ושות׳ בע״מ ".repeat(10),
  "شركة الاختبار \u202eevil",
  "<!channel> <@U123> <#C1|x> <https://evil.example|pay here>",
  "*bold* _it_ ~no~ `code` ```fence",
  "a & b &amp; &lt;script&gt;",
  "[click](https://evil.example) ![pic](https://evil.example/a.png)",
  "@here @channel @everyone :fire: #general",
  "line\r\nbreak\u0000\u0007\u2028",
  "lone \ud800 surrogate \udc00",
  "e\u0301".repeat(300),
  `e${"\u0301".repeat(5_000)}`,
  "| a | b |\n|---|---|\n> quote\n1. list",
  '"}],"type":"x',
  "&".repeat(300),
  "<".repeat(300),
  "**a".repeat(100),
];
const note = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ unit: "grapheme", maxLength: 120 }),
  fc.constantFrom(...NASTY.map((each) => `${each} `.repeat(Math.ceil(40_000 / (each.length + 1))).slice(0, 40_000))),
);
const name = fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: "grapheme", maxLength: 300 }));
const maybe = fc.option(name, { nil: null });
const day = fc.constantFrom("2026-11-22", "2026-12-20", "2019-01-31", "2030-02-28");
const maybeDay = fc.option(day, { nil: null });
const id = fc.integer({ min: 1, max: 1e9 });
const minor = fc.integer({ min: 0, max: 1e12 });
const currency = fc.constantFrom("USD", "EUR", "JPY");
const few = <T>(each: fc.Arbitrary<T>, most = 8) => fc.array(each, { maxLength: most });

const account = fc.record({ id, name, spelling: maybe });
const row = fc.record({ row: fc.constant("ticket:1"), label: name, source: maybe });
const reason = fc.record({
  what: name,
  asked: name,
  value: maybe,
  shown: note,
  held: fc.constantFrom("yes", "no", "unknown"),
  on: maybeDay,
  rows: few(row),
  doubt: maybe,
});
const stage = fc.record({
  stage: name,
  name,
  since: day,
  daysInStage: id,
  expectedDays: fc.option(id, { nil: null }),
  model: name,
  says: note,
  reasons: few(reason),
  context: few(reason),
  confidence: fc.constantFrom("sure", "likely", "thin"),
  doubts: few(name),
  lapsedSince: maybeDay,
  pending: fc.option(fc.record({ stage: name, since: day, seen: id, needed: id }), { nil: null }),
  crmDiffers: fc.option(fc.record({ crmStage: note, readAs: maybe }), { nil: null }),
  pin: fc.option(fc.record({ stage: name, name, until: day, by: maybe, reason: maybe }), { nil: null }),
});
const overview = fc.record({
  account,
  today: day,
  stage,
  card: fc.record({
    owner: maybe,
    team: maybe,
    segment: maybe,
    industry: maybe,
    country: maybe,
    parent: maybe,
    openTickets: few(fc.record({ id, subject: fc.option(note, { nil: null }), priority: maybe, openedOn: day })),
    openOpportunities: few(
      fc.record({ id, name: maybe, stage: name, amountMinor: minor, currency, closeOn: maybeDay }),
    ),
    openTasks: few(fc.record({ id, title: note, dueOn: maybeDay })),
  }),
  mrr: fc.record({ minor, currency, plan: maybe, seats: fc.option(id, { nil: null }) }),
  health: fc.option(
    fc.record({
      score: fc.option(fc.integer({ min: 0, max: 100 }), { nil: null }),
      coverage: fc.constant(1),
      parts: few(
        fc.record({
          part: fc.constant("usage"),
          weight: fc.constant(30),
          points: fc.option(fc.constant(12), { nil: null }),
          because: name,
        }),
      ),
    }),
    { nil: null },
  ),
  customerSince: maybeDay,
  renewsOn: maybeDay,
  cancelOn: maybeDay,
  lastTouchOn: maybeDay,
  overdue: fc.option(fc.record({ minor, currency, since: maybeDay }), { nil: null }),
  nps: fc.option(fc.record({ score: fc.constant(7), on: maybeDay }), { nil: null }),
  freshness: few(fc.record({ domain: fc.constant("crm"), source: maybe, asOf: maybeDay, expectedDays: id })),
});
const passage = fc.record({
  playbookId: fc.constantFrom("renewal", "x".repeat(400)),
  title: name,
  section: name,
  path: few(name),
  text: note,
  source: fc.constantFrom("knowledge/a.md#steps", "knowledge/b.md"),
  reviewBy: day,
  stages: few(name),
  moves: few(name),
  facts: few(name),
  reviewOverdue: fc.boolean(),
  why: fc.record({ words: few(name), trigger: maybe, stage: fc.boolean(), fired: fc.boolean() }),
});
const event = fc.record({
  on: day,
  kind: fc.constantFrom("mrr", "ticket"),
  what: note,
  plain: note,
  quote: fc.option(note, { nil: null }),
  amountMinor: fc.option(minor, { nil: null }),
  currency: fc.option(currency, { nil: null }),
  row: fc.constant("note:1"),
});
const listed = fc.record({
  id,
  name,
  owner: maybe,
  team: maybe,
  stage: maybe,
  since: maybeDay,
  lapsedSince: maybeDay,
  mrrMinor: minor,
  currency,
  health: fc.option(id, { nil: null }),
  renewsOn: maybeDay,
  lastTouchOn: maybeDay,
  nps: fc.option(id, { nil: null }),
  openTickets: id,
  tickets: id,
  seats: fc.constant(null),
  overdueMinor: minor,
});
const group = fc.record({
  value: maybe,
  accounts: id,
  baseMrrMinor: minor,
  averageHealth: fc.option(fc.constant(61.5), { nil: null }),
});
const portfolio = fc.record({
  asked: note,
  asOf: day,
  count: fc.constantFrom(0, 1, 500),
  baseCurrency: currency,
  baseMrrMinor: minor,
  totals: few(fc.record({ currency, accounts: id, mrrMinor: minor })),
  accounts: fc.tuple(listed, fc.constantFrom(0, 1, 100, 500)).map(([each, many]) => Array(many).fill(each)),
  groupedBy: fc.option(fc.constantFrom("stage", "owner"), { nil: null }),
  measure: fc.constantFrom("mrr", "accounts"),
  groups: fc.oneof(few(group), fc.array(group, { minLength: 101, maxLength: 130 })),
  churnSignals: fc.option(fc.record({ byLedger: id, byCrm: id, byRecord: id }), { nil: null }),
  countWithUrgent: fc.option(id, { nil: null }),
  showing: fc.option(fc.constantFrom("tickets", "nps", "last_contact", "overdue"), { nil: null }),
});
const changes = fc.record({
  currency,
  mrrBeforeMinor: minor,
  mrrNowMinor: minor,
  ticketsOpened: id,
  ticketsSolved: id,
  contactsFromCustomer: id,
  contactsFromUs: id,
  npsBefore: fc.option(id, { nil: null }),
  npsNow: fc.option(id, { nil: null }),
  eventsBefore: fc.option(id, { nil: null }),
  eventsNow: fc.option(id, { nil: null }),
  usageUntil: day,
});

/** What each tool of the catalogue may find, at its worst. */
const OUTPUTS: Record<string, fc.Arbitrary<unknown>> = {
  account_overview: overview,
  account_detail: fc.record({
    account,
    details: few(
      fc.record({
        about: fc.constant("said"),
        lines: few(fc.record({ says: name, quote: fc.option(note, { nil: null }), plain: name, what: maybe })),
      }),
    ),
    doubts: few(name),
  }),
  why_this_stage: fc.record({
    account,
    stage,
    objective: note,
    nearest: fc.option(fc.record({ stage: name, missing: few(reason) }), { nil: null }),
    history: few(fc.record({ to: name, from: maybe, enteredOn: day, says: note })),
  }),
  next_steps: fc.record({
    account,
    today: day,
    stage: name,
    steps: few(
      fc.record({
        move: name,
        title: name,
        playbookTitle: name,
        why: few(reason),
        owner: name,
        dueOn: day,
        effortMinutes: id,
        success: note,
        passage,
      }),
      5,
    ),
    held: few(fc.record({ gate: name, says: note, until: maybeDay })),
    emptyBecause: maybe,
    doubts: few(name),
  }),
  check_move: fc.record({
    account,
    stage: name,
    since: maybeDay,
    objective: note,
    verdicts: few(
      fc.record({ move: name, verdict: fc.constantFrom("yes", "no", "not now"), because: note, until: maybeDay }),
      4,
    ),
  }),
  account_timeline: fc.record({
    account,
    since: maybeDay,
    today: day,
    events: fc.oneof(few(event), fc.array(event, { minLength: 90, maxLength: 100 })),
    more: fc.boolean(),
  }),
  what_changed: fc.record({ account, since: day, today: day, changes, events: few(event, 15), more: fc.boolean() }),
  portfolio,
  renewals: portfolio,
  search_playbooks: fc.record({
    question: note,
    account: fc.option(account, { nil: null }),
    stage: maybe,
    verdict: fc.constantFrom("found", "close", "none"),
    facts: few(fc.record({ says: name, quote: fc.option(note, { nil: null }), plain: name, what: maybe })),
    passages: few(passage, 3),
    note: fc.option(note, { nil: null }),
  }),
  stage_guide: fc.record({
    model: name,
    lapsed: id,
    stages: few(
      fc.record({
        id: name,
        name,
        objective: note,
        expectedDays: fc.option(id, { nil: null }),
        accounts: id,
        allowed: few(name, 20),
        forbidden: few(fc.record({ move: name, because: note }), 20),
      }),
      12,
    ),
  }),
  find_account: fc.record({
    account,
    owner: maybe,
    team: maybe,
    country: maybe,
    segment: maybe,
    industry: maybe,
    domains: few(name, 40),
    aliases: few(name, 40),
    parent: maybe,
    children: few(name, 40),
  }),
};
const choice = fc.record({
  kind: fc.constant("choice"),
  message: note,
  choices: few(fc.record({ id, label: name, hint: name }), 120),
});

const findingOf = (tool: string, output: fc.Arbitrary<unknown>, isError = false): fc.Arbitrary<Finding> =>
  fc.record({ output, words: note }).map((given) => ({ tool, input: {}, isError, ...given }));
const anyFinding = fc.oneof(
  ...Object.entries(OUTPUTS).map(([tool, output]) => findingOf(tool, output)),
  findingOf("portfolio", choice),
  findingOf("portfolio", fc.constant({ kind: "failed" }), true),
  findingOf("a_tool_without_a_card", fc.constant({})),
);
const look: fc.Arbitrary<Look> = fc.record({
  today: fc.constant("2026-11-22"),
  zone: fc.constantFrom("Europe/Berlin", "Pacific/Apia"),
  audience: fc.constantFrom("private", "channel"),
});

/** Everything that must hold of what is sent, whatever it was made of. */
function expectSafe(shown: unknown): void {
  const all = JSON.stringify(shown);
  expect(all.isWellFormed() && !/\\ud[89a-f][0-9a-f]{2}/i.test(all)).toBe(true);
  expect(all).not.toContain("\u202e");
  for (const text of mrkdwnIn(shown)) expectHarmless(text);
  for (const button of buttonsIn(shown)) {
    expect(button.accessibility_label).toMatch(/\S/);
    expect(readValue(String(button.value))).not.toBeNull();
  }
}

function expectHarmless(text: string): void {
  expect(text.replace(/<!date\^\d+\^[^<>|]+\|[^<>]+>/g, "")).not.toMatch(/[<]/);
  expect(text).not.toMatch(/&(?!amp;|lt;|gt;)/);
  expect(text).not.toMatch(/@(?:here|channel|everyone)\b/i);
  expect(text.split("\u2068").length).toBe(text.split("\u2069").length);
}

function mrkdwnIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const own = "type" in value && value.type === "mrkdwn" && "text" in value ? [String(value.text)] : [];
  return [...own, ...Object.values(value).flatMap(mrkdwnIn)];
}

function buttonsIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== "object" || value === null) return [];
  const own = "type" in value && value.type === "button" ? [value as Record<string, unknown>] : [];
  return [...own, ...Object.values(value).flatMap(buttonsIn)];
}

function expectMessage(message: { text: string; blocks: unknown[] }): void {
  expect(validateBlocks(message.blocks, "message")).toEqual([]);
  expect(message.text).toMatch(/\S/);
  expect(message.text.length).toBeLessThanOrEqual(4_000);
  expectHarmless(message.text);
  expectSafe(message.blocks);
}

test.each(Object.keys(OUTPUTS))("the card of %s is taken by Slack and harmless, whatever the data holds", (tool) => {
  fc.assert(
    fc.property(findingOf(tool, OUTPUTS[tool]!), look, fc.boolean(), (finding, seen, compact) => {
      expectMessage(findingMessage(finding, seen, { turn: 7, compact }));
    }),
    RUNS,
  );
});

test("an answer of any findings fits into its messages, with nothing lost between them", () => {
  fc.assert(
    fc.property(
      few(anyFinding, 6),
      note,
      fc.boolean(),
      few(name, 5),
      look,
      (findings, text, offline, keptOut, seen) => {
        const answer: Answer = {
          text,
          offline,
          offlineBecause: offline ? "provider" : null,
          findings,
          sources: [
            {
              number: 1,
              cited: !offline,
              playbook: text.slice(0, 300),
              section: "Steps",
              path: "a.md#steps",
              playbookId: "a",
              text,
              matched: text,
              overdueSince: "2026-01-01",
            },
          ],
          dropped: [],
          keptOut,
          usage: { modelCalls: 0, tokens: 0, ms: 0 },
          focus: { account: null, accounts: [], calls: [], pending: null },
        };
        const messages = answerMessages(answer, seen, { turn: 7 });
        expect(messages.length).toBeGreaterThan(0);
        for (const message of messages) {
          expectMessage(message);
          expect(weightOf(message.blocks)).toBeLessThanOrEqual(12_000);
          expect(JSON.stringify(message.blocks)).not.toContain("left out here");
        }
      },
    ),
    RUNS,
  );
});

test("choices, refusals, progress, help and unfurled links are taken by Slack", () => {
  fc.assert(
    fc.property(findingOf("x", choice), overview, note, name, look, (asked, account, words, title, seen) => {
      expectMessage(findingMessage(asked, seen, { turn: 1 }));
      expectMessage(refusalMessage(words));
      expectMessage(unfurlOf(account as unknown as AccountFinding, seen)); // drawn as the tool draws it
      expectMessage(helpMessage([{ name: title, title, description: words, usage: title }]));
      const tasks = [{ id: title, title: words, status: "error" as const }];
      expect(validateBlocks(progressMessage(title, tasks).blocks, "message")).toEqual([]);
    }),
    RUNS,
  );
});

test("every modal is taken by Slack", () => {
  fc.assert(
    fc.property(overview, note, name, passage, look, (account, words, title, section, seen) => {
      const settings = { zone: null, digest: "weekly" as const };
      const models = { chosen: "a", all: [{ id: "a", name: title }] };
      const channel = { id: "C1", name: title, settings: { speak: "never" as const } };
      const views = [
        lookUpModal({ note: words, keep: "{}" }),
        accountModal(account as unknown as AccountFinding, seen), // drawn as the tool draws it
        sayingModal(title, words, [alert(words)]),
        playbookModal({ key: "a#b", ...section }),
        feedbackModal({ turn: 7, feedback: "bad" }),
        settingsModal({ settings, zone: "Europe/Berlin", models, channel, note: words }),
      ];
      for (const view of views) {
        expect(validateView(view, "modal")).toEqual([]);
        expectSafe(view);
      }
      const option = accountOption({ id: 1, label: title, hint: words });
      expect(option.text.text.length).toBeLessThanOrEqual(75);
      expect(option.value!.length).toBeLessThanOrEqual(150);
    }),
    RUNS,
  );
});

const because: fc.Arbitrary<HomeParts["needsMe"][number]["because"]> = fc.oneof(
  fc.record({ kind: fc.constant("tickets" as const), urgent: id, high: id, oldestOn: day }),
  fc.record({
    kind: fc.constant("regressed" as const),
    from: fc.record({ id: name, name }),
    to: fc.record({ id: name, name }),
    on: day,
  }),
  fc.record({ kind: fc.constant("renewal" as const), renewsOn: day, daysLeft: id, cancelled: fc.boolean() }),
  fc.record({ kind: fc.constant("overdue" as const), overdueMinor: minor, currency, since: maybeDay }),
  fc.record({ kind: fc.constant("silent" as const), lastTouchOn: maybeDay, days: fc.constant(50) }),
);
const home: fc.Arbitrary<HomeParts> = fc.record({
  name,
  ownsAccounts: fc.boolean(),
  needsMe: few(fc.record({ accountId: id, name, because, mrrMinor: minor, currency }), 40),
  tasks: few(
    fc.record({
      taskId: id,
      title: note,
      dueOn: maybeDay,
      isLate: fc.boolean(),
      account: fc.option(fc.record({ id, name }), { nil: null }),
    }),
    40,
  ),
  asked: few(
    fc.record({
      question: note,
      askedAt: fc.constantFrom("2026-11-22T08:00:00Z", "not a moment"),
      turn: fc.option(id, { nil: null }),
    }),
    40,
  ),
  settings: fc.record({
    zone: fc.constantFrom(null, "Asia/Tokyo"),
    digest: fc.constantFrom("off", "daily", "weekly"),
  }),
  workspace: fc.record({ accounts: fc.constantFrom(0, 1, 431), model: name, dataFrom: maybeDay }),
  isAdmin: fc.boolean(),
});

test("App Home is taken by Slack, full, empty and broken", () => {
  fc.assert(
    fc.property(home, look, note, (parts, seen, sentence) => {
      for (const view of [homeView(parts, seen), homeFault(sentence)]) {
        expect(validateView(view, "home")).toEqual([]);
        expectSafe(view);
      }
    }),
    RUNS,
  );
});

test("cutting keeps within the limit and leaves no half of anything", () => {
  fc.assert(
    fc.property(note, fc.integer({ min: 3, max: 500 }), (text, most) => {
      const whole = text.toWellFormed();
      expect(cut(whole, most).length).toBeLessThanOrEqual(most);
      expect(cut(whole, most).isWellFormed()).toBe(true);
      const shown = cutMrkdwn(toMrkdwn(text), most);
      expect(shown.length).toBeLessThanOrEqual(most);
      expectHarmless(shown);
    }),
    { numRuns: 300 },
  );
});

test("a model's prose can neither call people nor load an image nor hide an address", () => {
  fc.assert(
    fc.property(note, (text) => {
      const shown = cleanMarkdown(text, 2_000);
      expect(shown.length).toBeLessThanOrEqual(2_000);
      expect(shown).not.toMatch(/<[!@#a-z/]|!\[|@(?:here|channel|everyone)\b|\]\(http/i);
    }),
    { numRuns: 300 },
  );
});

test("a card of a tool that is not in the catalogue says its words", () => {
  const blocks = cardOf(
    { tool: "new", input: {}, output: {}, words: "**Found**", isError: false },
    {
      today: "2026-11-22",
      zone: "UTC",
      audience: "private",
    },
  );
  expect(blocks).toMatchObject([{ type: "section", text: { text: "*Found*" } }]);
});
