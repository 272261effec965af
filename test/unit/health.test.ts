import { expect, test } from "vitest";
import { accountHealth } from "#accounts/health.ts";
import { type AccountFacts, DOMAINS } from "#lifecycle/facts.ts";

const DAY = "2026-11-22";
const well: AccountFacts["values"] = {
  mrr_minor: 100_000,
  seats: 10,
  active_users_30d: 9,
  events_30d: 500,
  events_prior_30d: 480,
  last_used_on: "2026-11-20",
  open_urgent_tickets: 0,
  tickets_30d: 1,
  last_touch_on: "2026-11-10",
  overdue_minor: 0,
  nps_score: 9,
  nps_on: "2026-10-01",
};
const account = (values: AccountFacts["values"] = {}, asOf: string | null = DAY): AccountFacts => ({
  accountId: 1,
  currency: "USD",
  crmStage: null,
  values: { champion_left_on: null, cancel_on: null, csat_90d: null, overdue_since: null, ...well, ...values },
  evidence: {},
  freshness: DOMAINS.map((domain) => ({ domain, source: asOf && "crm", asOf, expectedDays: 3 })),
});
const score = (values: AccountFacts["values"] = {}) => accountHealth(account(values), DAY)!.score!;

test("an account that uses, answers and pays is healthy, and each fault takes something away", () => {
  expect(score()).toBeGreaterThan(90);
  for (const fault of [
    { active_users_30d: 2 },
    { events_30d: 100 },
    { last_used_on: "2026-09-01" },
    { open_urgent_tickets: 2 },
    { tickets_30d: 9 },
    { last_touch_on: "2026-08-01" },
    { champion_left_on: "2026-11-01" },
    { overdue_since: "2026-10-10", overdue_minor: 1 },
    { cancel_on: "2026-12-31" },
    { nps_score: 2 },
  ]) {
    expect(score(fault), JSON.stringify(fault)).toBeLessThan(score());
  }
});

test("what is not known is named with its weight and is not counted as bad", () => {
  const health = accountHealth(account({ nps_score: null, nps_on: null }), DAY)!;
  expect(health.parts.find(({ part }) => part === "voice")).toMatchObject({
    points: null,
    weight: 15,
    because: "no NPS answer",
  });
  expect(health.coverage).toBeCloseTo(0.85);
  expect(health.score).toBeGreaterThan(90);
});

test("data of long ago gives no score, and neither does an account that pays nothing", () => {
  expect(accountHealth(account({}, "2024-12-31"), DAY)!.score).toBeNull();
  expect(accountHealth(account({}, null), DAY)!.score).toBeNull();
  expect(accountHealth(account({ mrr_minor: 0 }), DAY)).toBeNull();
});
