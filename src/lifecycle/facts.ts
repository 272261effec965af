/** What kind of system a fact comes from; freshness is known by domain. */
export const DOMAINS = ["crm", "marketing", "billing", "support", "usage", "voice"] as const;
export type Domain = (typeof DOMAINS)[number];

export type FactKind = "count" | "money" | "date" | "text" | "ratio" | "score";

export interface FactDefinition {
  kind: FactKind;
  domain: Domain;
  /** How a person would call it, in lower case: "MRR", "last inbound contact". */
  label: string;
}

const fact = (kind: FactKind, domain: Domain, label: string): FactDefinition => ({ kind, domain, label });

/**
 * Every fact that a lifecycle model or a playbook may name. Each is a column of `account_facts`, filled by intake.
 * Money is in minor units of the account's currency; dates are days in the workspace's zone; counts end at the judged day.
 */
export const STORED_FACTS = {
  created_on: fact("date", "crm", "account created"),
  first_touch_on: fact("date", "marketing", "first touch"),
  first_touch_channel: fact("text", "marketing", "channel of the first touch"),
  last_inbound_on: fact("date", "crm", "last contact from the customer"),
  last_outbound_on: fact("date", "crm", "last contact from us"),
  last_touch_on: fact("date", "crm", "last contact"),
  touches_30d: fact("count", "crm", "contacts in 30 days"),
  last_interest_on: fact("date", "marketing", "last sign of interest"),
  interest_kind: fact("text", "marketing", "kind of the last sign of interest"),
  interest_30d: fact("count", "marketing", "signs of interest in 30 days"),
  last_meeting_on: fact("date", "crm", "last meeting"),
  contacts: fact("count", "crm", "known contacts"),
  reachable_contacts: fact("count", "crm", "contacts that may be mailed"),
  champion_left_on: fact("date", "crm", "champion left"),
  open_opportunities: fact("count", "crm", "open opportunities"),
  open_opportunity_since: fact("date", "crm", "oldest open opportunity created"),
  late_stage_opportunities: fact("count", "crm", "open opportunities in proposal, negotiation or contract"),
  open_opportunity_minor: fact("money", "crm", "amount of open opportunities"),
  last_won_on: fact("date", "crm", "last opportunity won"),
  last_lost_on: fact("date", "crm", "last opportunity lost"),
  lost_reason: fact("text", "crm", "reason of the last lost opportunity"),
  checkout_started_on: fact("date", "marketing", "checkout started"),
  checkout_abandoned_on: fact("date", "marketing", "checkout abandoned"),
  mrr_minor: fact("money", "billing", "MRR"),
  active_subscriptions: fact("count", "billing", "active paid subscriptions"),
  seats: fact("count", "billing", "paid seats"),
  plan: fact("text", "billing", "plan"),
  first_paid_on: fact("date", "billing", "first paid day"),
  churned_on: fact("date", "billing", "churned"),
  churn_reason: fact("text", "billing", "reason of the last churn"),
  reactivated_on: fact("date", "billing", "came back after a churn"),
  last_expansion_on: fact("date", "billing", "last expansion"),
  last_contraction_on: fact("date", "billing", "last contraction"),
  renews_on: fact("date", "billing", "next renewal"),
  cancel_on: fact("date", "billing", "scheduled end of the subscription"),
  trial_ends_on: fact("date", "billing", "trial ends"),
  overdue_minor: fact("money", "billing", "overdue"),
  overdue_since: fact("date", "billing", "overdue since"),
  paid_invoices: fact("count", "billing", "paid invoices"),
  last_invoice_paid_on: fact("date", "billing", "last invoice paid"),
  open_tickets: fact("count", "support", "open tickets"),
  open_urgent_tickets: fact("count", "support", "open urgent tickets"),
  oldest_open_ticket_on: fact("date", "support", "oldest open ticket"),
  tickets_30d: fact("count", "support", "tickets in 30 days"),
  tickets_90d: fact("count", "support", "tickets in 90 days"),
  last_ticket_on: fact("date", "support", "last ticket"),
  csat_90d: fact("score", "support", "CSAT of 90 days (1 to 5)"),
  first_used_on: fact("date", "usage", "first use"),
  last_used_on: fact("date", "usage", "last use"),
  active_users_30d: fact("count", "usage", "active users in 30 days"),
  events_30d: fact("count", "usage", "product events in 30 days"),
  events_prior_30d: fact("count", "usage", "product events in the 30 days before"),
  nps_score: fact("score", "voice", "last NPS answer"),
  nps_on: fact("date", "voice", "day of the last NPS answer"),
  referrals: fact("count", "voice", "referrals made"),
  last_referral_on: fact("date", "voice", "last referral"),
  reviews: fact("count", "voice", "reviews and case studies"),
  last_review_on: fact("date", "voice", "last review or case study"),
  loyalty_points: fact("count", "voice", "loyalty points"),
  last_loyalty_on: fact("date", "voice", "last loyalty entry"),
} as const satisfies Record<string, FactDefinition>;

/** Facts that follow from stored ones and a day; they are never stored. */
export const DERIVED_FACTS = {
  tenure_days: fact("count", "billing", "days since the first paid day"),
  days_to_renewal: fact("count", "billing", "days to the renewal"),
  days_since_touch: fact("count", "crm", "days without contact"),
  days_since_inbound: fact("count", "crm", "days since the customer's last word"),
  unanswered_days: fact("count", "crm", "days that the customer waits for an answer"),
  days_since_use: fact("count", "usage", "days since last use"),
  overdue_days: fact("count", "billing", "days overdue"),
  seat_use: fact("ratio", "usage", "share of seats active in 30 days"),
  usage_change: fact("ratio", "usage", "change of product events against the 30 days before"),
} as const satisfies Record<string, FactDefinition>;

export const FACTS = { ...STORED_FACTS, ...DERIVED_FACTS };
export type StoredFactName = keyof typeof STORED_FACTS;
export type FactName = keyof typeof FACTS;
export type FactValue = number | string | null;

/** A row that a fact was read from, as `table:id`, with the day it speaks of. */
export interface Evidence {
  on: string | null;
  rows: string[];
}

/** How old the data of one domain is. `asOf` null: no source feeds this domain. */
export interface Freshness {
  domain: Domain;
  source: string | null;
  asOf: string | null;
  /** Older than this many days is stale. */
  expectedDays: number;
}

/** What is known of one account on a day. Money in minor units of `currency`. */
export interface AccountFacts {
  accountId: number;
  currency: string;
  values: Partial<Record<StoredFactName, FactValue>>;
  evidence: Partial<Record<StoredFactName, Evidence>>;
  freshness: Freshness[];
  crmStage: string | null;
}
