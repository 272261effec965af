import { z } from "zod";

/**
 * What intake takes, whatever it came from: CSV by a mapping, an API page, the sample company. A record names its own
 * row by `id` in its source, and other rows by theirs. Money is in minor units, days are ISO days, moments ISO in UTC.
 */
const inOurTime = { error: "must lie between 1900 and 2199" };
const day = z.iso.date("must be a day such as 2026-11-22").regex(/^(19|20|21)/, inOurTime);
const moment = z.iso
  .datetime({ offset: true, error: "must be a moment such as 2026-11-22T09:30:00Z" })
  .regex(/^(19|20|21)/, inOurTime);
const text = z.string().max(100_000);
const short = z.string().max(500);
const must = z.string().trim().min(1, "must not be empty").max(500);
const currency = z.string().regex(/^[A-Z]{3}$/, "must be a currency code such as USD");
const minor = z.number().int().safe();
const count = z.number().int().min(0).max(2_000_000_000);

/** An account, by its id in a source (this record's own unless named), by a domain, or by its name. */
export const accountRef = z.union([
  short,
  z.object({ source: short.optional(), id: short.optional(), domain: short.optional(), name: short.optional() }),
]);
/** A person or contact: by id in the record's source, or by mail address. */
export const personRef = z.union([
  short,
  z.object({ source: short.optional(), id: short.optional(), email: short.optional(), name: short.optional() }),
]);

const own = { id: z.string().min(1).max(200) };

export const records = {
  team: z.object({ ...own, name: must, manager: personRef.nullish() }),
  person: z.object({
    ...own,
    name: short,
    email: short.nullish(),
    role: short.nullish(),
    team: short.nullish(),
    manager: personRef.nullish(),
    active: z.boolean().nullish(),
  }),
  account: z.object({
    ...own,
    name: z.string().trim().min(1, "must not be empty").max(300),
    domains: z.array(short).nullish(),
    aliases: z.array(short).nullish(),
    parent: accountRef.nullish(),
    owner: personRef.nullish(),
    segment: short.nullish(),
    industry: short.nullish(),
    country: short.nullish(),
    employees: count.nullish(),
    annualRevenueMinor: minor.nullish(),
    currency: currency.nullish(),
    leadSource: short.nullish(),
    plan: short.nullish(),
    crmStage: short.nullish(),
    tags: z.array(short).nullish(),
    custom: z.record(z.string(), z.unknown()).nullish(),
    createdOn: day.nullish(),
    deleted: z.boolean().nullish(),
    mergedInto: accountRef.nullish(),
  }),
  exchange_rate: z.object({ ...own, currency, day, rate: z.number().positive() }),
  contact: z.object({
    ...own,
    account: accountRef.nullish(),
    name: short.nullish(),
    email: short.nullish(),
    phone: short.nullish(),
    title: short.nullish(),
    role: short.nullish(),
    leadSource: short.nullish(),
    emailOptOut: z.boolean().nullish(),
    leftOn: day.nullish(),
    createdOn: day.nullish(),
  }),
  opportunity: z.object({
    ...own,
    account: accountRef,
    owner: personRef.nullish(),
    name: short.nullish(),
    pipeline: short.nullish(),
    stage: must,
    kind: short.nullish(),
    amountMinor: minor.nullish(),
    currency: currency.nullish(),
    probability: z.number().min(0).max(1).nullish(),
    closed: z.boolean().nullish(),
    won: z.boolean().nullish(),
    lostReason: short.nullish(),
    closeOn: day.nullish(),
    nextStep: short.nullish(),
    createdOn: day,
  }),
  opportunity_stage: z.object({ ...own, opportunity: short, stage: must, enteredOn: day }),
  subscription: z.object({
    ...own,
    account: accountRef,
    plan: short.nullish(),
    status: z.enum(["trialing", "active", "past_due", "ended"]).nullish(),
    seats: count.nullish(),
    mrrMinor: minor.min(0, "must not be below 0"),
    currency,
    interval: z.enum(["month", "quarter", "year"]).nullish(),
    termMonths: count.nullish(),
    autoRenew: z.boolean().nullish(),
    trial: z.boolean().nullish(),
    startedOn: day,
    trialEndsOn: day.nullish(),
    renewsOn: day.nullish(),
    cancelledOn: day.nullish(),
    cancelOn: day.nullish(),
    endedOn: day.nullish(),
    cancelReason: short.nullish(),
    cancelKind: z.enum(["voluntary", "involuntary"]).nullish(),
  }),
  mrr_event: z.object({
    ...own,
    account: accountRef,
    subscription: short.nullish(),
    at: moment,
    deltaMinor: minor,
    currency,
    reason: short.nullish(),
  }),
  invoice: z.object({
    ...own,
    account: accountRef,
    subscription: short.nullish(),
    number: short.nullish(),
    status: must,
    dueMinor: minor,
    paidMinor: minor.nullish(),
    currency,
    issuedOn: day,
    dueOn: day.nullish(),
    paidOn: day.nullish(),
    attempts: count.nullish(),
  }),
  ticket: z.object({
    ...own,
    account: accountRef.nullish(),
    contact: personRef.nullish(),
    assignee: personRef.nullish(),
    subject: text.nullish(),
    body: text.nullish(),
    status: z.enum(["open", "pending", "solved"]).nullish(),
    priority: z.enum(["low", "normal", "high", "urgent"]).nullish(),
    kind: short.nullish(),
    channel: short.nullish(),
    csat: z.number().min(1).max(5).nullish(),
    escalated: z.boolean().nullish(),
    reopened: count.nullish(),
    createdAt: moment,
    firstReplyAt: moment.nullish(),
    solvedAt: moment.nullish(),
  }),
  interaction: z.object({
    ...own,
    account: accountRef,
    contact: personRef.nullish(),
    person: personRef.nullish(),
    at: moment,
    channel: must,
    direction: z.enum(["inbound", "outbound", "none"]),
    kind: short.nullish(),
    campaign: short.nullish(),
    subject: text.nullish(),
    body: text.nullish(),
  }),
  usage: z.object({
    ...own,
    account: accountRef.nullish(),
    subscription: short.nullish(),
    day,
    feature: short.nullish(),
    events: count.nullish(),
    activeUsers: count.nullish(),
    errors: count.nullish(),
    seconds: count.nullish(),
  }),
  survey: z.object({
    ...own,
    account: accountRef,
    contact: personRef.nullish(),
    kind: z.enum(["nps", "csat", "ces"]),
    score: z.number().min(0).max(10),
    comment: text.nullish(),
    on: day,
  }),
  referral: z.object({
    ...own,
    account: accountRef,
    referred: accountRef.nullish(),
    referredName: short.nullish(),
    status: short.nullish(),
    on: day,
  }),
  loyalty: z.object({
    ...own,
    account: accountRef,
    kind: z.enum(["points", "reward", "review", "case_study"]),
    points: z.number().int().nullish(),
    detail: text.nullish(),
    on: day,
  }),
  churn: z.object({
    ...own,
    account: accountRef,
    on: day,
    reason: short.nullish(),
    comment: text.nullish(),
    refundMinor: minor.nullish(),
    reactivation: z.boolean().nullish(),
  }),
  note: z.object({
    ...own,
    account: accountRef.nullish(),
    author: personRef.nullish(),
    body: text.min(1, "must not be empty"),
    at: moment,
  }),
  task: z.object({
    ...own,
    account: accountRef.nullish(),
    owner: personRef.nullish(),
    title: must,
    dueOn: day.nullish(),
    status: z.enum(["open", "done"]).nullish(),
    priority: short.nullish(),
    createdAt: moment.nullish(),
    doneAt: moment.nullish(),
  }),
} as const;

export type RecordKind = keyof typeof records;
export type RecordOf<K extends RecordKind> = z.input<(typeof records)[K]>;

/** One record on its way in, whole: what it does not say is not known to its source (any more). */
export interface Incoming<K extends RecordKind = RecordKind> {
  kind: K;
  record: RecordOf<K>;
  /** Where it stands in its file, for the list of refused rows. */
  line?: number;
  /** The row as its source gave it, kept beside the id. */
  raw?: unknown;
  /** References that may lead nowhere yet: the row is taken without them, and they are linked when the other row comes. */
  mayWait?: readonly string[];
}

/** Kinds in the order in which they can be written: a row comes after the rows that it names. */
export const WRITING_ORDER = Object.keys(records) as RecordKind[];

/** The domain whose freshness a kind proves. */
export const DOMAIN_OF: Partial<Record<RecordKind, "crm" | "marketing" | "billing" | "support" | "usage" | "voice">> = {
  account: "crm",
  contact: "crm",
  opportunity: "crm",
  subscription: "billing",
  mrr_event: "billing",
  invoice: "billing",
  ticket: "support",
  usage: "usage",
  survey: "voice",
  referral: "voice",
  loyalty: "voice",
  interaction: "crm",
};
