import { daysBetween } from "./days.ts";
import {
  type AccountFacts,
  DERIVED_FACTS,
  type Domain,
  type Evidence,
  FACTS,
  type FactName,
  type FactValue,
  type Freshness,
  type StoredFactName,
} from "./facts.ts";

type DerivedFactName = keyof typeof DERIVED_FACTS;

/** A fact as it stands on a day. `fed` false: no source gives this kind of data, so that nothing can be said. */
export interface Reading {
  value: FactValue;
  evidence: Evidence;
  fed: boolean;
  /** A sentence on the data behind it, when it is stale or has no source. */
  doubt: string | null;
}

interface Derivation {
  from: readonly StoredFactName[];
  work: (values: FactValue[], day: string) => number | null;
}

const daysAgo = ([date]: FactValue[], day: string): number | null =>
  typeof date === "string" && date <= day ? daysBetween(date, day) : null;

const daysAhead = ([date]: FactValue[], day: string): number | null =>
  typeof date === "string" && date >= day ? daysBetween(day, date) : null;

/** A word of ours on the same day counts as the answer. */
const daysWaiting = ([theirs, ours]: FactValue[], day: string): number | null =>
  typeof theirs === "string" && theirs <= day && !(typeof ours === "string" && ours >= theirs)
    ? daysBetween(theirs, day)
    : null;

const share = ([part, whole]: FactValue[]): number | null =>
  typeof part === "number" && typeof whole === "number" && whole > 0 ? part / whole : null;

const change = ([now, before]: FactValue[]): number | null =>
  typeof now === "number" && typeof before === "number" && before > 0 ? (now - before) / before : null;

/** A day on the wrong side of the judged day gives no figure: a renewal that is over is not "-3 days" away. */
const DERIVATIONS: Record<DerivedFactName, Derivation> = {
  tenure_days: { from: ["first_paid_on"], work: daysAgo },
  days_to_renewal: { from: ["renews_on"], work: daysAhead },
  days_since_touch: { from: ["last_touch_on"], work: daysAgo },
  days_since_inbound: { from: ["last_inbound_on"], work: daysAgo },
  unanswered_days: { from: ["last_inbound_on", "last_outbound_on"], work: daysWaiting },
  days_since_use: { from: ["last_used_on"], work: daysAgo },
  overdue_days: { from: ["overdue_since"], work: daysAgo },
  seat_use: { from: ["active_users_30d", "seats"], work: share },
  usage_change: { from: ["events_30d", "events_prior_30d"], work: change },
};

const isDerived = (name: FactName): name is DerivedFactName => name in DERIVED_FACTS;

/** The stored facts that a fact rests on: itself, or what it is derived from. */
export const storedBehind = (name: FactName): readonly StoredFactName[] =>
  isDerived(name) ? DERIVATIONS[name].from : [name];

/** What a fact is on a day; null when nothing is known. A count or sum that its source left empty is 0. */
export const factValue = (name: FactName, facts: AccountFacts, day: string): FactValue =>
  readFact(name, facts, day).value;

/** A fact with the rows behind it and how far its data can be trusted on that day. */
export function readFact(name: FactName, facts: AccountFacts, day: string): Reading {
  if (!isDerived(name)) return readStored(name, facts, day);
  const parts = DERIVATIONS[name].from.map((each) => readStored(each, facts, day));
  return {
    value: DERIVATIONS[name].work(
      parts.map((part) => part.value),
      day,
    ),
    evidence: together(parts.map((part) => part.evidence)),
    fed: parts.every((part) => part.fed),
    doubt: parts.find((part) => part.doubt)?.doubt ?? null,
  };
}

function readStored(name: StoredFactName, facts: AccountFacts, today: string): Reading {
  const { kind, domain } = FACTS[name];
  const sources = facts.freshness.filter((each) => each.domain === domain && each.asOf !== null);
  const stored = facts.values[name] ?? null;
  const fed = sources.length > 0 || stored !== null;
  const counts = kind === "count" || kind === "money";
  return {
    value: stored === null && fed && counts ? 0 : stored,
    evidence: facts.evidence[name] ?? { on: null, rows: [] },
    fed,
    doubt: doubtOf(domain, sources, today),
  };
}

function doubtOf(domain: Domain, sources: Freshness[], today: string): string | null {
  if (sources.length === 0) return `no source gives ${domain} data`;
  const stale = sources
    .map(({ source, asOf, expectedDays }) => ({ source, age: daysBetween(asOf ?? today, today), expectedDays }))
    .filter(({ age, expectedDays }) => age > expectedDays)
    .sort((a, b) => b.age - a.age)[0];
  if (!stale) return null;
  const days = stale.age === 1 ? "1 day" : `${stale.age} days`;
  return `${domain} data is ${days} old${stale.source ? ` (source ${stale.source})` : ""}`;
}

function together(evidence: Evidence[]): Evidence {
  const days = evidence.map((each) => each.on).filter((on) => on !== null);
  return { on: days.sort().at(-1) ?? null, rows: [...new Set(evidence.flatMap((each) => each.rows))] };
}
