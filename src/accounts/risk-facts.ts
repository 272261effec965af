import { daysBetween } from "#lifecycle/days.ts";
import { readFact } from "#lifecycle/derive.ts";
import { type AccountFacts, type Domain, FACTS, type FactName } from "#lifecycle/facts.ts";
import type { Known, RiskFacts } from "#metrics/risk-signals.ts";

const CURRENT_DAYS = 30; // as for health: data older than that tells how an account was, not how it is
const NPS_SPEAKS_DAYS = 365;
const NEVER = Number.POSITIVE_INFINITY; // days to or since what does not come or never was: known, and no sign of anything

/** What churn risk is read from, as the facts tell it on a day. Where a source is silent or older than 30 days the value is null. */
export function riskFactsOf(facts: AccountFacts, day: string): RiskFacts {
  const known = (name: FactName): Known<number> => {
    const { value, evidence } = readFact(name, facts, day);
    return { value: typeof value === "number" && isCurrent(facts, name, day) ? value : null, rows: evidence.rows };
  };
  const past = (name: FactName): Known<boolean> => {
    const { value, evidence } = readFact(name, facts, day);
    return { value: isCurrent(facts, name, day) ? isBy(value, day) : null, rows: evidence.rows };
  };
  const cancel = readFact("cancel_on", facts, day);
  return {
    cancelling: {
      value: isCurrent(facts, "cancel_on", day) ? cancel.value !== null : null,
      rows: cancel.evidence.rows,
    },
    seatUse: known("seat_use"),
    usageChange: known("usage_change"),
    daysSinceUse: instead(known("days_since_use"), neverUsed(facts, day)),
    openUrgentTickets: known("open_urgent_tickets"),
    tickets30d: known("tickets_30d"),
    csat90d: known("csat_90d"),
    daysSinceTouch: known("days_since_touch"),
    unansweredDays: instead(known("unanswered_days"), isCurrent(facts, "unanswered_days", day) ? 0 : null),
    championLeft: past("champion_left_on"),
    overdueDays: instead(known("overdue_days"), isCurrent(facts, "overdue_days", day) ? 0 : null),
    npsScore: npsOf(facts, day, known("nps_score")),
    daysToRenewal: instead(known("days_to_renewal"), isCurrent(facts, "renews_on", day) ? NEVER : null),
    tenureDays: known("tenure_days"),
    daysSinceContraction: sinceContraction(facts, day),
  };
}

const isBy = (value: unknown, day: string): boolean => typeof value === "string" && value <= day;

const instead = (found: Known<number>, value: number | null): Known<number> =>
  found.value === null ? { value, rows: found.rows } : found;

function isCurrent({ freshness }: AccountFacts, name: FactName, day: string): boolean {
  const domain: Domain = FACTS[name].domain;
  const asOf = freshness.find((each) => each.domain === domain)?.asOf ?? null;
  return asOf !== null && daysBetween(asOf, day) <= CURRENT_DAYS;
}

/** Who never used what they pay for has not used it since the first paid day. */
function neverUsed(facts: AccountFacts, day: string): number | null {
  const paid = readFact("tenure_days", facts, day).value;
  return isCurrent(facts, "last_used_on", day) && typeof paid === "number" ? paid : null;
}

function npsOf({ values }: AccountFacts, day: string, score: Known<number>): Known<number> {
  const on = values.nps_on;
  const speaks = typeof on === "string" && daysBetween(on, day) <= NPS_SPEAKS_DAYS;
  return speaks ? score : { ...score, value: null };
}

function sinceContraction(facts: AccountFacts, day: string): Known<number> {
  const { value, evidence } = readFact("last_contraction_on", facts, day);
  if (!isCurrent(facts, "last_contraction_on", day)) return { value: null, rows: evidence.rows };
  return { value: typeof value === "string" && value <= day ? daysBetween(value, day) : NEVER, rows: evidence.rows };
}
