import { type Day, daysToMonthEnd, quarterOf } from "./calendar.ts";
import { startOf } from "./contract.ts";
import type { Customer, LeadSource } from "./customers.ts";
import type { Contract, Deal, Interval, Life, Moment, Plan, ScriptName, Span, Voice } from "./life.ts";
import type { Random } from "./random.ts";

/** What a script has at hand when it decides a life. */
export interface Setting {
  script: ScriptName;
  customer: Customer;
  random: Random;
  span: Span;
  /** The how-manieth account of this plot it is, from 0 on; for what must not be left to chance. */
  turn: number;
}
export type Script = (setting: Setting) => Life;

export const SEAT_MINOR: Record<Plan, number> = { Basic: 600, Team: 1100, Business: 1800, Enterprise: 2600 };
const INTERVALS: Record<Plan, Interval[]> = {
  Basic: ["month"],
  Team: ["month", "quarter", "year"],
  Business: ["month", "quarter", "year", "year"],
  Enterprise: ["year"],
};
export const SILENT_VOICE: Voice = { nps: [], referrals: [], reviews: [], loyaltyFrom: null };

/** Days before today, drawn between two bounds. */
export const ago = ({ random, span }: Setting, low: number, high: number): Day => span.today - random.whole(low, high);

/** A life of which only the first day is known. */
export function bareLife({ script }: Setting, createdOn: Day): Life {
  return {
    script,
    createdOn,
    deals: [],
    contracts: [],
    trial: null,
    moments: [],
    rhythm: null,
    usage: null,
    ticketsAYear: 0,
    tickets: [],
    voice: SILENT_VOICE,
    championLeftOn: null,
  };
}

/** How a lead of each source first meets us. None of it is a word from the customer. */
const FIRST_TOUCH: Record<LeadSource, Omit<Moment, "on" | "direction">> = {
  "Paid search": { channel: "web", kind: "ad_click", campaign: "Search Ads" },
  Social: { channel: "social", kind: "post_click", campaign: "LinkedIn Desk Guide" },
  "Organic search": { channel: "web", kind: "visit" },
  Referral: { channel: "email", kind: "introduction", campaign: "Referral Programme" },
  "Trade fair": { channel: "event", kind: "booth_visit", campaign: "Workplace Fair" },
  Webinar: { channel: "event", kind: "registration", campaign: "Hybrid Work Webinar" },
  "Word of mouth": { channel: "web", kind: "visit" },
};

export function firstTouch({ customer }: Setting, on: Day): Moment {
  const touch = FIRST_TOUCH[customer.leadSource ?? "Organic search"];
  const campaign = touch.campaign ? { campaign: `${quarterOf(on)} ${touch.campaign}` } : {};
  return { ...touch, ...campaign, on, direction: "none" };
}

/** From the first touch to the proposal: what they looked at and asked, and what we said. Evenly spread over the days. */
export function courtship(setting: Setting, from: Day, until: Day): Moment[] {
  const step = Math.max(1, Math.floor((until - from) / 6));
  const steps: Omit<Moment, "on">[] = [
    { channel: "web", direction: "inbound", kind: "download", campaign: `${quarterOf(from)} Floor Plan Guide` },
    { channel: "email", direction: "inbound", kind: "question" },
    { channel: "email", direction: "outbound", kind: "answer" },
    { channel: "meeting", direction: "inbound", kind: "demo" },
    { channel: "web", direction: "inbound", kind: "pricing_page" },
    { channel: "email", direction: "outbound", kind: "proposal" },
  ];
  return [
    firstTouch(setting, from),
    ...steps.map((each, at) => ({ ...each, on: Math.min(until, from + (at + 1) * step) })),
  ];
}

export function seatsOf({ customer, random }: Setting): number {
  const employees = customer.employees ?? 40;
  if (customer.segment === "enterprise") return Math.round(Math.min(1200, employees * random.between(0.08, 0.2)));
  return Math.max(
    6,
    Math.round(employees * (customer.segment === "startup" ? random.between(0.4, 0.95) : random.between(0.2, 0.5))),
  );
}

/** A contract on its plan's usual terms, of which one month is tied to a day. */
export function contractOf(setting: Setting, tied: { anchor: Day; anchorMonth: number }): Contract {
  const { customer, random } = setting;
  const { plan } = customer;
  const negotiated = plan === "Enterprise" ? random.whole(82, 100) : 100;
  return {
    ...tied,
    plan,
    seats: seatsOf(setting),
    seatMinor: Math.round((SEAT_MINOR[plan] * negotiated) / 100),
    interval: random.pick(INTERVALS[plan]),
    termMonths: plan === "Basic" && random.chance(0.3) ? 1 : 12,
    changes: [],
    end: null,
    unpaidFromMonth: null,
  };
}

/** The deal that a contract came from. */
export function wonDeal({ random }: Setting, contract: Contract, createdOn: Day): Deal {
  const closedOn = startOf(contract) - random.whole(0, 4);
  const deal = { stage: "Closed Won", lostReason: null, kind: "new", seats: contract.seats } as const;
  return { ...deal, createdOn: Math.min(closedOn - 3, createdOn + random.whole(2, 12)), closedOn };
}

/** A day in what is left of this month; where little is left of it, half of them fall in the weeks after. */
export function laterThisMonth({ random, span }: Setting): Day {
  const left = daysToMonthEnd(span.today);
  return span.today + (left < 6 && random.chance(0.5) ? random.whole(left + 1, 28) : random.whole(0, left));
}
