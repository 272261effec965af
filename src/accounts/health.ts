import type { Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { daysBetween } from "#lifecycle/days.ts";
import { readFact } from "#lifecycle/derive.ts";
import { type AccountFacts, type Domain, FACTS, type FactName } from "#lifecycle/facts.ts";
import { type Health, type HealthFacts, healthOf } from "#metrics/health.ts";
import { keepHealthOfWeek } from "./health-weeks.ts";

const CURRENT_DAYS = 30; // data older than that tells how an account was, not how it is

/** The health of an account that pays; null for those that do not. */
export function accountHealth(facts: AccountFacts, day: string): Health | null {
  const paying = Number(facts.values.mrr_minor ?? 0) > 0;
  return paying ? healthOf(healthFacts(facts, day)) : null;
}

function healthFacts(facts: AccountFacts, day: string): HealthFacts {
  const current = (domain: Domain): boolean => {
    const asOf = facts.freshness.find((each) => each.domain === domain)?.asOf ?? null;
    return asOf !== null && daysBetween(asOf, day) <= CURRENT_DAYS;
  };
  const number = (fact: FactName): number | null => {
    const { value } = readFact(fact, facts, day);
    return current(FACTS[fact].domain) && typeof value === "number" ? value : null;
  };
  const npsOn = facts.values.nps_on;
  return {
    usageKnown: current("usage"),
    seatUse: number("seat_use"),
    usageChange: number("usage_change"),
    daysSinceUse: number("days_since_use"),
    openUrgentTickets: number("open_urgent_tickets"),
    tickets30d: number("tickets_30d"),
    csat90d: number("csat_90d"),
    daysSinceTouch: number("days_since_touch"),
    championLeft: facts.values.champion_left_on !== null,
    billingKnown: current("billing"),
    overdueDays: number("overdue_days"),
    cancelling: facts.values.cancel_on !== null,
    npsScore: number("nps_score"),
    npsAgeDays: typeof npsOn === "string" ? daysBetween(npsOn, day) : null,
  };
}

/** Keeps the health of the given accounts beside their facts, and as that of the week that the day is in. */
export async function keepHealth(
  rows: Writing,
  workspaceId: number,
  { all, day }: { all: AccountFacts[]; day: string },
): Promise<void> {
  const found = all.map((facts) => ({ accountId: facts.accountId, health: accountHealth(facts, day) }));
  const kept = found.map(({ accountId, health }) => ({
    account_id: accountId,
    health: health?.score ?? null,
    health_parts: health?.parts ?? null,
  }));
  await rows.run(sql`
    update account_facts f set health = k.health, health_parts = k.health_parts
    from jsonb_to_recordset(${JSON.stringify(kept)}::jsonb) as k (account_id bigint, health smallint, health_parts jsonb)
    where f.account_id = k.account_id`);
  await keepHealthOfWeek(rows, workspaceId, { all: found, day });
}
