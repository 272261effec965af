import { expect, test } from "vitest";
import type { Finding } from "#agent/answer.ts";
import { ratio } from "#metrics/figure.ts";
import { validateBlocks } from "#playground/world/validate-blocks.ts";
import type { Block, Look } from "#slack/message.ts";
import { findingMessage } from "#slack/views/index.ts";
import { reissueMessage } from "#slack/views/reissue-card.ts";
import type { ChurnRiskFinding, ShownRisk } from "#tools/churn-risk.ts";
import type { WhatIfFinding } from "#tools/what-if.ts";

const look: Look = { today: "2026-11-22", zone: "Europe/Berlin", audience: "private" };
const wordsOf = (blocks: unknown): string => JSON.stringify(blocks);
const shown = (tool: string, output: unknown, words = "In words."): Block[] => {
  const message = findingMessage({ tool, input: {}, output, words, isError: false } as Finding, look, { turn: 3 });
  expect(validateBlocks(message.blocks as unknown as Record<string, unknown>[], "message")).toEqual([]);
  return message.blocks;
};

const risk = (more: Partial<ShownRisk> = {}): ShownRisk => ({
  id: 12,
  name: "Acme GmbH",
  owner: "Lukas Brandl",
  mrrMinor: 240_000,
  modelVersion: "expert-1",
  calibrated: false,
  score: -1.2,
  intercept: -3,
  probability: null,
  low: null,
  high: null,
  band: "high",
  because: null,
  coverage: 0.8,
  missing: ["open_invoices"],
  terms: [
    {
      says: "2 urgent open",
      term: 0.6,
      rows: [
        { row: "ticket:7", label: "urgent ticket of 2026-11-17", source: "helpdesk HD-7" },
        { row: "ticket:8", label: "urgent ticket of 2026-11-19", source: "helpdesk HD-8" },
      ],
    },
    {
      says: "NPS 9",
      term: -0.4,
      rows: [{ row: "survey_response:3", label: "NPS answer of 2026-10-02", source: null }],
    },
  ],
  expectedLossMinor: null,
  ...more,
});
const found = (more: Partial<ChurnRiskFinding> = {}): ChurnRiskFinding => ({
  account: null,
  accounts: [risk(), risk({ id: 13, name: "Globex", band: "watch" })],
  none: null,
  counts: {
    bands: [
      { band: "critical", accounts: 0, mrrMinor: 0 },
      { band: "high", accounts: 1, mrrMinor: 240_000 },
      { band: "watch", accounts: 1, mrrMinor: 240_000 },
    ],
    cancelled: { accounts: 2, mrrMinor: 50_000 },
    tooLittleKnown: 4,
    notScored: 0,
  },
  sort: "risk",
  filter: "all accounts",
  asOf: "2026-11-22",
  baseCurrency: "USD",
  ...more,
});

test("one account at risk: its band, what speaks for and against leaving with the rows, and no chance while nothing is fitted", () => {
  const words = wordsOf(
    shown("churn_risk", found({ account: { id: 12, name: "Acme GmbH", spelling: null }, accounts: [risk()] })),
  );
  expect(words).toContain("*Acme GmbH* — risk of churning within 90 days: *high*");
  expect(words).toContain("• 2 urgent open (+0.60) — urgent ticket of 17 Nov 2026 (helpdesk HD-7)");
  expect(words).toMatch(/Speaks for staying.*NPS 9 \(−0\.40\)/);
  expect(words).toContain("Not known: open invoices; 80% of the signals' weight is.");
  expect(words).toContain("no percentage");
  expect(words).not.toMatch(/interval|expected loss/);
  expect(words).toContain('"action_id":"next_steps"');
});

test("the accounts most at risk: counts by band, a table, and the rows behind the first of them", () => {
  const words = wordsOf(shown("churn_risk", found()));
  expect(words).toContain("*1* high with $2,400.00  ·  *1* watch with $2,400.00  ·  2 cancelled already with $500.00");
  expect(words).toContain('"text":"2 urgent open"');
  expect(words).toContain("helpdesk HD-8");
  expect(words).toContain("Of 4 accounts too little is known to tell.");
  expect(words).not.toContain("Expected loss");
});

test("with fitted weights the chance, its interval and the expected loss are told", () => {
  const fitted = risk({ calibrated: true, probability: 0.224, low: 0.1, high: 0.41, expectedLossMinor: 53_760 });
  const words = wordsOf(shown("churn_risk", found({ accounts: [fitted] })));
  expect(words).toContain("*22%, high* (95% interval 10% to 41%)");
  expect(words).toContain('"text":"22% (high)"');
  expect(words).toContain('"text":"$537.60"');
});

test("an account that pays nothing has no risk, and the card says why", () => {
  const none = found({
    account: { id: 12, name: "Acme GmbH", spelling: null },
    accounts: [],
    none: "it pays nothing now",
  });
  expect(wordsOf(shown("churn_risk", none))).toContain("*Acme GmbH* has no churn risk: it pays nothing now.");
});

test("a supposition is marked as one, with the window under each outcome", () => {
  const scope = { window: { start: "2026-10-01", end: "2027-01-01" }, zone: "Europe/Berlin", filter: "all accounts" };
  const share = (part: number) =>
    ratio(scope, {
      metric: "GRR",
      part,
      whole: 100,
      nothing: "none",
      unit: "ratio",
      currency: null,
      n: 100,
      rows: 3,
      definition: { formula: "x" },
    } as Parameters<typeof ratio>[1]);
  const outcome = (words: string, closingMinor: number) => ({
    words,
    rollForward: {
      openingMinor: 100_000,
      closingMinor,
      lines: {
        churn: { amountMinor: closingMinor - 100_000, customers: 1 },
        contraction: { amountMinor: 0, customers: 0 },
      },
    },
    grr: share(97),
    nrr: share(98),
    logoChurn: share(1),
  });
  const whatIf = {
    hypothetical: true,
    suppose: "renew",
    percent: null,
    title: "Q4 2026",
    scope,
    currency: "USD",
    accounts: [
      { id: 12, name: "Acme GmbH", mrrMinor: 24_000, renewsOn: "2026-12-20", endsOn: null, countedOn: "2026-12-20" },
    ],
    outcomes: [
      outcome("as scheduled", 99_000),
      outcome("if they renew", 99_000),
      outcome("if they leave instead", 75_000),
    ],
    differenceMinor: 24_000,
    scheduled: { customers: 1, amountMinor: -1_000 },
  } as unknown as WhatIfFinding; // what the card looks at
  const words = wordsOf(shown("what_if", whatIf));
  expect(words).toContain("*A supposition, no forecast*  ·  Q4 2026");
  expect(words).toContain("Acme GmbH ($240.00 MRR), if they renew: *+$240.00 MRR* against their leaving.");
  expect(words).toContain('"text":"if they leave instead"');
  expect(words).toContain("renews 20 Dec 2026");
});

test("a report that was re-issued is told with its version and what changed, however much that is", () => {
  const changes = Array.from({ length: 30 }, (_, at) => `Customer ${at} churned on 2026-11-04 was added: −$1.00`);
  const message = reissueMessage({ title: "Week of 2 Nov 2026", filterWords: "team EMEA", version: 2, changes });
  expect(validateBlocks(message.blocks as unknown as Record<string, unknown>[], "message")).toEqual([]);
  expect(message.text).toContain("The churn report of the week of 2 Nov 2026 (team EMEA) was re-issued as version 2");
  expect(wordsOf(message.blocks)).toContain("Customer 9 churned on 4 Nov 2026 was added");
  expect(wordsOf(message.blocks)).toContain("and 20 more changes");
});
