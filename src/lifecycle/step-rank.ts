import { daysBetween } from "./days.ts";
import { readFact } from "./derive.ts";
import type { AccountFacts, FactName } from "./facts.ts";
import type { Reason } from "./judgement.ts";

/** What orders steps, also across accounts. */
export interface StepRank {
  /** Whether its reasons name something that is late already: an urgent ticket, an overdue payment, an unanswered question. */
  burning: boolean;
  /** How many conditions of the playbook held; 0 for a playbook that suits everybody in the stage. */
  specific: number;
  /** Days to the nearest date its reasons name (renewal, cancellation, end of trial); null without one. */
  daysLeft: number | null;
  mrrMinor: number;
  /** 0 for the playbook's first open move, 1 for the second: other playbooks come before a second move. */
  turn: number;
}

const LATE: FactName[] = ["overdue_minor", "overdue_since", "overdue_days", "open_urgent_tickets", "unanswered_days"];
const SOON_DAYS = 60; // a renewal or the end of a trial that near goes before what is only a good fit
const DEADLINES: Partial<Record<FactName, FactName>> = {
  renews_on: "renews_on",
  days_to_renewal: "renews_on",
  cancel_on: "cancel_on",
  trial_ends_on: "trial_ends_on",
};

/** How specific and how urgent the reasons of a step are. */
export function urgencyOf(why: Reason[], facts: AccountFacts, day: string): Omit<StepRank, "turn"> {
  const days = why
    .map(({ fact }) => DEADLINES[fact])
    .filter((fact) => fact !== undefined)
    .map((fact) => readFact(fact, facts, day).value)
    .flatMap((value) => (typeof value === "string" && value >= day ? [daysBetween(day, value)] : []));
  const mrr = readFact("mrr_minor", facts, day).value;
  return {
    burning: why.some(
      ({ fact, value }) => LATE.includes(fact) && value !== null && (value !== 0 || fact === "unanswered_days"),
    ),
    specific: new Set(why.map(({ fact }) => fact)).size,
    daysLeft: days.length > 0 ? Math.min(...days) : null,
    mrrMinor: typeof mrr === "number" ? mrr : 0,
  };
}

/** The part of a step that its place depends on. */
interface Ranked {
  rank: StepRank;
  effortMinutes: number;
  playbook: string;
  move: string;
}

/** Best first: what burns, then what is due soon, the more specific, the more urgent, more money, less effort; ties by playbook and move. */
export function compareSteps(a: Ranked, b: Ranked): number {
  return (
    a.rank.turn - b.rank.turn ||
    Number(b.rank.burning) - Number(a.rank.burning) ||
    Number(isSoon(b.rank)) - Number(isSoon(a.rank)) ||
    b.rank.specific - a.rank.specific ||
    compareDeadlines(a.rank.daysLeft, b.rank.daysLeft) ||
    b.rank.mrrMinor - a.rank.mrrMinor ||
    a.effortMinutes - b.effortMinutes ||
    compareText(a.playbook, b.playbook) ||
    compareText(a.move, b.move)
  );
}

const isSoon = ({ daysLeft }: StepRank): boolean => daysLeft !== null && daysLeft <= SOON_DAYS;

function compareDeadlines(a: number | null, b: number | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a - b;
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
