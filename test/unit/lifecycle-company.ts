import { readFileSync } from "node:fs";
import { type AccountFacts, DOMAINS, type Evidence, type FactValue, type StoredFactName } from "#lifecycle/facts.ts";
import { type LifecycleModel, parseModel, parseMoves } from "#lifecycle/model.ts";

export const TODAY = "2026-06-15";
export const MODEL_IDS = ["experience-six", "acquisition-five", "engagement-five", "study-five", "clm-five"] as const;
export type ModelId = (typeof MODEL_IDS)[number];

const knowledge = new URL("../../knowledge/", import.meta.url);
export const readKnowledge = (path: string): string => readFileSync(new URL(path, knowledge), "utf8");

export const moves = parseMoves(readKnowledge("moves.yaml"));
export const modelOf = (id: ModelId): LifecycleModel =>
  parseModel(readKnowledge(`lifecycle/${id}.yaml`), `${id}.yaml`, moves);
export const models = MODEL_IDS.map(modelOf);

/** The day that lies so many days before today; negative for days ahead. */
export const ago = (days: number): string => new Date(Date.parse(TODAY) - days * 86_400_000).toISOString().slice(0, 10);

type Values = Partial<Record<StoredFactName, FactValue>>;

/** An account with fresh sources of every kind, and a row behind each fact. */
export function account(values: Values, more: Partial<AccountFacts> = {}): AccountFacts {
  const evidence: Partial<Record<StoredFactName, Evidence>> = {};
  for (const name of Object.keys(values) as StoredFactName[]) {
    evidence[name] = { on: ago(1), rows: [`rows:${name}`] };
  }
  const freshness = DOMAINS.map((domain) => ({ domain, source: `${domain}-feed`, asOf: TODAY, expectedDays: 2 }));
  return { accountId: 1, currency: "EUR", values, evidence, freshness, crmStage: null, ...more };
}

/** The same account without a source for some kinds of data, or with one that is days old. */
export function withSources(facts: AccountFacts, ages: Partial<Record<string, number | null>>): AccountFacts {
  const freshness = facts.freshness.map((each) => {
    const age = ages[each.domain];
    if (age === undefined) return each;
    return age === null ? { ...each, source: null, asOf: null } : { ...each, asOf: ago(age) };
  });
  return { ...facts, freshness };
}

/** A customer of a year, in steady use. */
export const steady: Values = {
  created_on: ago(420),
  first_touch_on: ago(430),
  mrr_minor: 120_000,
  active_subscriptions: 1,
  first_paid_on: ago(365),
  paid_invoices: 12,
  last_invoice_paid_on: ago(10),
  first_used_on: ago(360),
  last_used_on: ago(1),
  events_30d: 400,
  events_prior_30d: 380,
};
