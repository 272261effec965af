import type { Condition } from "./condition.ts";
import { addDays } from "./days.ts";
import { readFact } from "./derive.ts";
import { evaluate } from "./evaluate.ts";
import type { AccountFacts } from "./facts.ts";
import type { Reason } from "./judgement.ts";
import type { Move, MoveKind } from "./moves.ts";
import { fillSentence } from "./words.ts";

export const CONTACT_PAUSE_DAYS = 7; // a second approach within a week reads as pressure
export const DETRACTOR_SCORE = 6; // NPS counts 0 to 6 as detractors
export const DETRACTOR_MEMORY_DAYS = 180; // the window in which an NPS answer still tells how they feel

const GROWTH: MoveKind[] = ["growth", "advocacy"];

/** A hard stop that no playbook and no rank can lift, with what it is for. */
export interface Gate {
  gate: string;
  /** What waits and why, as a sentence. */
  says: string;
  /** The ids of the stage's moves that it holds back. */
  moves: string[];
  /** The day on which it opens by itself; null when something has to be done first. */
  until: string | null;
  reasons: Reason[];
}

interface GateRule {
  gate: string;
  when: Condition;
  closes: (move: Move) => boolean;
  says: string;
  /** The day on which the gate opens again. */
  opens?: (facts: AccountFacts, day: string) => string | null;
  /** What lifts the gate although its condition holds. */
  unless?: (facts: AccountFacts, day: string) => boolean;
}

/** Hard gates, in the order in which they are told. */
const GATES: readonly GateRule[] = [
  {
    gate: "urgent_ticket",
    when: { fact: "open_urgent_tickets", at_least: 1 },
    closes: ({ kind }) => kind === "offer" || GROWTH.includes(kind),
    says: "No upsell, offer or advocacy request while an urgent ticket is open (urgent tickets open: {open_urgent_tickets})",
  },
  {
    gate: "overdue_invoice",
    when: { fact: "overdue_minor", above: 0 },
    closes: ({ kind }) => GROWTH.includes(kind),
    says: "No upsell or advocacy request while {overdue_minor} is overdue",
  },
  {
    gate: "detractor",
    when: {
      all: [
        { fact: "nps_score", at_most: DETRACTOR_SCORE },
        { fact: "nps_on", within_days: DETRACTOR_MEMORY_DAYS },
      ],
    },
    closes: ({ kind }) => GROWTH.includes(kind),
    says: "No upsell or advocacy request to a customer who gave {nps_score} of 10 on {nps_on}",
  },
  {
    gate: "contacted_lately",
    when: { fact: "last_outbound_on", within_days: CONTACT_PAUSE_DAYS - 1 },
    closes: ({ kind }) => kind === "care" || kind === "conversation",
    says: "No further outreach yet: we contacted them on {last_outbound_on}",
    opens: (facts, day) => pauseEnds(facts, day),
    unless: (facts, day) => wroteSince(facts, day) || burning(facts, day),
  },
  {
    gate: "no_mail",
    when: {
      all: [
        { fact: "contacts", above: 0 },
        { fact: "reachable_contacts", at_most: 0 },
      ],
    },
    closes: ({ channel }) => channel === "mail",
    says: "No mail: none of the {contacts} known contacts may be mailed",
  },
];

/** The gates that are shut on a day, and what nobody can say because data is missing or stale. */
export function shutGates(facts: AccountFacts, day: string): { shut: ShutGate[]; doubts: string[] } {
  const looked = GATES.map((rule) => ({ rule, ...evaluate(rule.when, facts, day) }));
  const shut = looked
    .filter(({ rule, held }) => held === "yes" && !rule.unless?.(facts, day))
    .map(({ rule, reasons }) => ({
      gate: rule.gate,
      says: fillSentence(rule.says, facts, day),
      until: rule.opens?.(facts, day) ?? null,
      reasons,
      closes: rule.closes,
    }));
  return { shut, doubts: [...new Set(looked.flatMap((each) => each.doubts))] };
}

/** A gate that is shut, before it is known which moves it meets. */
export interface ShutGate extends Omit<Gate, "moves"> {
  closes: (move: Move) => boolean;
}

function pauseEnds(facts: AccountFacts, day: string): string | null {
  const { value } = readFact("last_outbound_on", facts, day);
  return typeof value === "string" ? addDays(value, CONTACT_PAUSE_DAYS) : null;
}

/** They wrote after our last word: an answer is not a second approach. */
function wroteSince(facts: AccountFacts, day: string): boolean {
  const inbound = readFact("last_inbound_on", facts, day).value;
  const outbound = readFact("last_outbound_on", facts, day).value;
  return typeof inbound === "string" && typeof outbound === "string" && inbound > outbound && inbound <= day;
}

function burning(facts: AccountFacts, day: string): boolean {
  const urgent: Condition = { fact: "open_urgent_tickets", at_least: 1 };
  const overdue: Condition = { fact: "overdue_minor", above: 0 };
  return evaluate({ any: [urgent, overdue] }, facts, day).held === "yes";
}
