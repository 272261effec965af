import { z } from "zod";
import { AskAgain } from "#errors.ts";
import type { Condition } from "./conditions.ts";

interface LimitKind {
  condition: Condition;
  usual: number;
  /** The least and the most that make sense. */
  least: number;
  most: number;
  /** What the number counts, as a field's name. */
  label: string;
}

/** From where on something is worth an alert: what holds until a workspace or a subscription says otherwise, with the reason of each number. */
export const LIMITS = {
  // Less, and there is no time left to mend what speaks against it.
  renewalDays: limit("renewal_untouched", {
    usual: 30,
    least: 1,
    most: 365,
    label: "Renewal: how many days before it",
  }),
  // A customer who renews is talked to in the month before.
  contactDays: limit("renewal_untouched", {
    usual: 30,
    least: 1,
    most: 365,
    label: "Renewal: days without contact",
  }),
  // In a week, and three times the account's own usual week.
  stormTickets: limit("ticket_storm", { usual: 4, least: 2, most: 1_000, label: "Tickets: how many" }),
  stormDays: limit("ticket_storm", { usual: 7, least: 1, most: 60, label: "Tickets: within how many days" }),
  // Of a champion who was heard of in the quarter before.
  silentDays: limit("champion_silent", { usual: 60, least: 7, most: 365, label: "Champion: days of silence" }),
  // NPS calls 0 to 6 detractors.
  detractorScore: limit("detractor", { usual: 6, least: 0, most: 10, label: "Detractor: NPS up to" }),
  goodFrom: limit("health_band", { usual: 70, least: 2, most: 100, label: "Health: good from" }),
  watchFrom: limit("health_band", { usual: 40, least: 1, most: 99, label: "Health: poor below" }),
} as const;

function limit(condition: Condition, rest: Omit<LimitKind, "condition">): LimitKind {
  return { condition, ...rest };
}

export type LimitName = keyof typeof LIMITS;
export const LIMIT_NAMES = Object.keys(LIMITS) as LimitName[]; // its keys are all there are
export type Limits = Record<LimitName, number>;

/** What differs from the limits that hold otherwise. */
export const someLimits = z.object(
  Object.fromEntries(LIMIT_NAMES.map((name) => [name, z.number().int().optional()])) as Record<
    LimitName,
    z.ZodOptional<z.ZodNumber>
  >, // made of the same names
);
export type SomeLimits = Partial<Limits>;

export const USUAL = Object.fromEntries(LIMIT_NAMES.map((name) => [name, LIMITS[name].usual])) as Limits; // each has one

/** The limits that hold: what a subscription says, else its workspace, else what is usual. */
export const limitsFrom = (...said: (Partial<Record<LimitName, number | undefined>> | null | undefined)[]): Limits =>
  Object.assign(
    { ...USUAL },
    ...said.map((each) =>
      Object.fromEntries(LIMIT_NAMES.flatMap((name) => (each?.[name] === undefined ? [] : [[name, each[name]]]))),
    ),
  );

/** Those of one condition, always in the same order; none for a condition that needs none. */
export const limitsOf = (condition: Condition, limits: Limits): SomeLimits =>
  Object.fromEntries(
    LIMIT_NAMES.filter((name) => LIMITS[name].condition === condition).map((name) => [name, limits[name]]),
  );

/** What cannot be, in a sentence, and which limit it is; null where all is well. */
export function limitFault(limits: Limits): { name: LimitName; sentence: string } | null {
  for (const name of LIMIT_NAMES) {
    const { least, most, label } = LIMITS[name];
    if (limits[name] < least || limits[name] > most || !Number.isInteger(limits[name]))
      return { name, sentence: `${label}: a whole number from ${least} to ${most}.` };
  }
  return limits.watchFrom < limits.goodFrom
    ? null
    : { name: "watchFrom", sentence: `Health is good from ${limits.goodFrom} on, so poor has to be below that.` };
}

/** Throws AskAgain with what cannot be. */
export function checkLimits(limits: Limits): void {
  const fault = limitFault(limits);
  if (fault) throw new AskAgain(fault.sentence);
}

/** "45 days before the renewal, 30 without contact"; null for a condition that needs no number. */
export function limitWords(condition: Condition, limits: SomeLimits): string | null {
  const { renewalDays, contactDays, stormTickets, stormDays, silentDays, detractorScore, goodFrom, watchFrom } =
    limitsFrom(limits);
  switch (condition) {
    case "renewal_untouched":
      return `${days(renewalDays)} before the renewal, ${contactDays} without contact`;
    case "ticket_storm":
      return `${stormTickets} tickets in ${days(stormDays)}`;
    case "champion_silent":
      return `${days(silentDays)} of silence`;
    case "detractor":
      return detractorScore === 0 ? "NPS 0" : `NPS ${detractorScore} or less`;
    case "health_band":
      return `good from ${goodFrom}, poor below ${watchFrom}`;
    default:
      return null;
  }
}

const days = (count: number): string => `${count} ${count === 1 ? "day" : "days"}`;
