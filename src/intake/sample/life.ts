import type { Day } from "./calendar.ts";

/** The plots that accounts live through; each is told in one of the `scripts-*.ts`. */
export const SCRIPTS = [
  "lead_only",
  "unknown",
  "considering",
  "lost",
  "trial",
  "abandoned_checkout",
  "just_bought",
  "onboarding",
  "steady",
  "growing",
  "contracting",
  "quiet_after_onboarding",
  "at_risk",
  "renewal_contacted",
  "renewal_silent",
  "dunning",
  "cancelled",
  "churned_voluntary",
  "churned_involuntary",
  "reactivated",
  "advocate",
  "detractor",
  "champion_left",
  "ticket_storm",
  "outage_victim",
] as const;
export type ScriptName = (typeof SCRIPTS)[number];

export type Plan = "Basic" | "Team" | "Business" | "Enterprise";
export type Segment = "startup" | "mid-market" | "enterprise";
export type Interval = "month" | "quarter" | "year";
export type Priority = "low" | "normal" | "high" | "urgent";

/** A contract from its first to its last paid day. Months are counted from its start. */
export interface Contract {
  plan: Plan;
  seats: number;
  /** What one seat costs a month, in minor units. */
  seatMinor: number;
  interval: Interval;
  /** 1: runs from month to month, with no renewal day. */
  termMonths: number;
  /** Month `anchorMonth` of the contract falls on the day `anchor`; all other months are counted from there. */
  anchor: Day;
  anchorMonth: number;
  changes: { month: number; seats: number }[];
  end: { month: number; clickedOn: Day; reason: string; comment: string; kind: "voluntary" | "involuntary" } | null;
  /** From this month on no invoice was paid. */
  unpaidFromMonth: number | null;
}

export interface Deal {
  createdOn: Day;
  stage: "Discovery" | "Evaluation" | "Proposal" | "Negotiation" | "Contract" | "Closed Won" | "Closed Lost";
  closedOn: Day | null;
  lostReason: string | null;
  kind: "new" | "renewal" | "expansion";
  seats: number;
}

/** A sign of life before the sale, or a special moment after it. */
export interface Moment {
  on: Day;
  channel: "email" | "call" | "meeting" | "chat" | "web" | "event" | "social";
  direction: "inbound" | "outbound" | "none";
  kind: string;
  campaign?: string;
  /** What was written, where the story gives the words. */
  text?: { subject: string; body: string };
}

/** The regular talk of a customer's team with ours. The last words are given; the rest lies before them. */
export interface Rhythm {
  from: Day;
  everyDays: number;
  lastInbound: Day;
  lastOutbound: Day;
}

export interface UsageShape {
  /** The share of seats that work with the product in a normal week. */
  level: number;
  /** The share that is gained (or lost) over a year. */
  yearly: number;
  /** From this day on use falls, over five weeks, to `fadeTo` of what it was. */
  fadeFrom: Day | null;
  fadeTo: number;
}

export interface TicketPlan {
  on: Day;
  priority: Priority;
  theme: string | null;
  state: "open" | "pending" | "solved";
  csat: number | null;
}

export interface Voice {
  nps: { on: Day; score: number }[];
  referrals: Day[];
  reviews: { on: Day; kind: "review" | "case_study" }[];
  loyaltyFrom: Day | null;
}

/** What happened to one account, as decisions; the tellers turn it into rows. */
export interface Life {
  script: ScriptName;
  createdOn: Day;
  deals: Deal[];
  contracts: Contract[];
  trial: { startedOn: Day; endsOn: Day; seats: number } | null;
  moments: Moment[];
  rhythm: Rhythm | null;
  usage: UsageShape | null;
  /** Tickets a year that come by themselves, all solved; `tickets` are those that the story needs. */
  ticketsAYear: number;
  tickets: TicketPlan[];
  voice: Voice;
  championLeftOn: Day | null;
}

/** The span that stories are told in: `today` is the first day that has not happened yet. */
export interface Span {
  from: Day;
  today: Day;
}
