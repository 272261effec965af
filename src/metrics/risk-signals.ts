/** A fact with the rows it was read from, as `table:id`; `value` null when no current source tells it. */
export interface Known<Value> {
  value: Value | null;
  rows: readonly string[];
}

/** What churn risk is read from. Days are whole days, ratios 0 to 1 or above; where nothing is overdue the value is 0, not null. */
export interface RiskFacts {
  cancelling: Known<boolean>;
  seatUse: Known<number>;
  usageChange: Known<number>;
  daysSinceUse: Known<number>;
  openUrgentTickets: Known<number>;
  tickets30d: Known<number>;
  csat90d: Known<number>;
  daysSinceTouch: Known<number>;
  unansweredDays: Known<number>;
  championLeft: Known<boolean>;
  overdueDays: Known<number>;
  npsScore: Known<number>;
  daysToRenewal: Known<number>;
  tenureDays: Known<number>;
  daysSinceContraction: Known<number>;
}

export type SignalId = keyof typeof SIGNALS;

export interface Signal {
  fact: keyof RiskFacts;
  /** Log-odds that it adds at full strength. */
  weight: number;
  /** From 0 (not there) to 1 (full). */
  strength: (value: number) => number;
  says: (value: number) => string;
}

const clamp = (share: number): number => Math.min(1, Math.max(0, share));
const percent = (share: number): string => `${Math.round(Math.abs(share) * 100)}%`;
const some = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;
const days = (count: number): string => some(count, "day");

const signal = (
  fact: keyof RiskFacts,
  weight: number,
  strength: (value: number) => number,
  says: (value: number) => string,
): Signal => ({ fact, weight, strength: (value) => clamp(strength(value)), says });

/**
 * What speaks for a churn within 90 days, in log-odds. The weights are an expert's: 0.7 doubles the odds, 1.4 makes them four
 * times as high. `fitRisk` moves them towards what a workspace's own history says.
 */
export const SIGNALS = {
  cancellation: signal("cancelling", 5, Number, () => "cancellation scheduled"),
  thin_usage: signal(
    "seatUse",
    1.2,
    (use) => 1 - use / 0.7,
    (use) => `${percent(use)} of seats active`,
  ),
  falling_usage: signal("usageChange", 1.3, (change) => -change / 0.5, sayChange),
  no_usage: signal(
    "daysSinceUse",
    1.2,
    (since) => (since - 7) / 23,
    (since) => `not used for ${days(since)}`,
  ),
  urgent_tickets: signal(
    "openUrgentTickets",
    0.6,
    (open) => open / 2,
    (open) => `${open} urgent open`,
  ),
  ticket_storm: signal(
    "tickets30d",
    0.4,
    (count) => count / 5,
    (count) => `${some(count, "ticket")} in 30 days`,
  ),
  unhappy_support: signal(
    "csat90d",
    0.6,
    (csat) => (4 - csat) / 3,
    (csat) => `CSAT ${csat}`,
  ),
  silence: signal(
    "daysSinceTouch",
    0.5,
    (since) => (since - 30) / 60,
    (since) => `no contact for ${days(since)}`,
  ),
  unanswered: signal(
    "unansweredDays",
    0.4,
    (since) => since / 14,
    (since) => `waits ${days(since)} for an answer`,
  ),
  champion_left: signal("championLeft", 1, Number, () => "champion left"),
  overdue: signal(
    "overdueDays",
    1,
    (overdue) => overdue / 30,
    (overdue) => `${days(overdue)} overdue`,
  ),
  detractor: signal(
    "npsScore",
    0.8,
    (score) => (7 - score) / 7,
    (score) => `NPS ${score}`,
  ),
  promoter: signal(
    "npsScore",
    -0.5,
    (score) => (score >= 9 ? 1 : 0),
    (score) => `NPS ${score}`,
  ),
  renewal_near: signal(
    "daysToRenewal",
    0.6,
    (ahead) => 1 - ahead / 90,
    (ahead) => `renewal in ${days(ahead)}`,
  ),
  young: signal(
    "tenureDays",
    0.5,
    (tenure) => 1 - tenure / 90,
    (tenure) => `customer for ${days(tenure)}`,
  ),
  contraction: signal(
    "daysSinceContraction",
    0.7,
    (since) => 1 - since / 90,
    (since) => `contracted ${days(since)} ago`,
  ),
} as const satisfies Record<string, Signal>;

function sayChange(change: number): string {
  return `usage ${change < 0 ? "−" : "+"}${percent(change)} in 30 days`;
}

export const SIGNAL_IDS = Object.keys(SIGNALS) as SignalId[]; // its keys are the ids

/** How strong each signal is, in the order of SIGNAL_IDS; null where its fact is not known. */
export const strengths = (facts: RiskFacts): (number | null)[] =>
  SIGNAL_IDS.map((id) => {
    const { fact, strength } = SIGNALS[id];
    const { value } = facts[fact];
    return value === null ? null : strength(Number(value));
  });
