export type BillingInterval = "day" | "week" | "month" | "quarter" | "year";

/** What a customer is billed for, in minor units per `every` intervals, before tax. */
export interface PriceItem {
  kind: "recurring" | "metered" | "one_off" | "tax";
  amountMinor: number;
  interval: BillingInterval;
  every?: number;
  discounts?: { amountMinor: number; forever: boolean }[];
}

export interface Subscription {
  status: "trialing" | "active" | "past_due" | "paused" | "ended";
  items: PriceItem[];
}

const MONTHLY = { day: 365 / 12, week: 52 / 12, month: 1, quarter: 1 / 3, year: 1 / 12 } as const; // times a month

/** An amount per `every` intervals as an amount a month, in minor units (52 weeks and 365 days a year, as Stripe Billing has it). */
export const monthlyMinor = ({
  amountMinor,
  interval,
  every = 1,
}: Pick<PriceItem, "amountMinor" | "interval" | "every">) => Math.round((amountMinor / every) * MONTHLY[interval]);

/**
 * MRR of a subscription in minor units. Past due still counts, until dunning ends it; trials, metered and one-off charges
 * and taxes never do. Discounts: those without an end (default), or all.
 */
export function mrrOf({ status, items }: Subscription, { discounts = "forever-only" }: MrrOptions = {}): number {
  if (status !== "active" && status !== "past_due") return 0;
  const counted = items.filter(({ kind }) => kind === "recurring");
  return counted.reduce((sum, item) => sum + monthlyMinor({ ...item, amountMinor: discounted(item, discounts) }), 0);
}

export interface MrrOptions {
  discounts?: "forever-only" | "all";
}

function discounted({ amountMinor, discounts = [] }: PriceItem, which: "forever-only" | "all"): number {
  const off = discounts.filter(({ forever }) => which === "all" || forever);
  return Math.max(
    0,
    off.reduce((left, discount) => left - discount.amountMinor, amountMinor),
  );
}

export interface Ending {
  /** The day of the click. */
  cancelledOn: string | null;
  /** The day on which the paid term ends. */
  cancelOn: string | null;
  endedOn: string | null;
  /** The end came from failed payments. */
  involuntary: boolean;
}

/** Where a subscription's end stands on a day. The churn is on the day MRR becomes 0, never on the day of the click. */
export function endingOn({ cancelledOn, cancelOn, endedOn, involuntary }: Ending, day: string): EndState {
  const ends = endedOn ?? cancelOn;
  if (ends === null || (cancelledOn !== null && cancelledOn > day)) return { state: "running" };
  if (ends > day) return { state: "cancelled, not yet churned", on: ends };
  return { state: "churned", on: ends, reason: involuntary ? "involuntary" : "voluntary" };
}

export type EndState =
  | { state: "running" }
  | { state: "cancelled, not yet churned"; on: string }
  | { state: "churned"; on: string; reason: "voluntary" | "involuntary" };
