import { type Condition, type Leaf, OPERATORS, type Operator } from "./condition.ts";
import { daysBetween } from "./days.ts";
import { readFact } from "./derive.ts";
import { type AccountFacts, FACTS, type FactValue } from "./facts.ts";
import type { Reason } from "./judgement.ts";
import { sayQuestion } from "./words.ts";

export type Held = Reason["held"];

/** How a condition stands on a day. */
export interface Evaluation {
  held: Held;
  /** What decided: every part of `all`, the parts of `any` that held (the fresh ones, if any), or else the part of `any` that came nearest. */
  reasons: Reason[];
  /** How many conditions would have to turn for the whole to hold. */
  missing: number;
  /** Sentences on stale or missing data, of all that was looked at. */
  doubts: string[];
}

/**
 * Looks at a condition with three answers: yes, no, and unknown where no source gives the data.
 * A fact that is empty because nothing happened is "no" to any question but `known`, which is never unknown.
 */
export function evaluate(condition: Condition, facts: AccountFacts, day: string): Evaluation {
  return look(condition, { facts, day, negated: false });
}

interface View {
  facts: AccountFacts;
  day: string;
  negated: boolean;
}

function look(condition: Condition, view: View): Evaluation {
  if ("not" in condition) return look(condition.not, { ...view, negated: !view.negated });
  if ("fact" in condition) return lookAtFact(condition, view);
  const parts = ("all" in condition ? condition.all : condition.any).map((part) => look(part, view));
  // "not all" asks whether any part fails, "not any" whether all do; the parts are negated already.
  return "all" in condition === !view.negated ? everyPart(parts) : somePart(parts);
}

function everyPart(parts: Evaluation[]): Evaluation {
  return {
    held: strongest(parts, ["no", "unknown", "yes"]),
    reasons: parts.flatMap((part) => part.reasons),
    missing: parts.reduce((sum, part) => sum + part.missing, 0),
    doubts: doubtsOf(parts),
  };
}

function somePart(parts: Evaluation[]): Evaluation {
  const holding = parts.filter((part) => part.held === "yes");
  const nearest = parts.reduce((best, part) => (part.missing < best.missing ? part : best));
  const fresh = holding.filter((part) => part.doubts.length === 0);
  const shown = fresh.length > 0 ? fresh : holding.length > 0 ? holding : [nearest];
  return {
    held: strongest(parts, ["yes", "unknown", "no"]),
    reasons: shown.flatMap((part) => part.reasons),
    missing: Math.min(...parts.map((part) => part.missing)),
    doubts: doubtsOf(parts),
  };
}

const strongest = (parts: Evaluation[], order: [Held, Held, Held]): Held =>
  order.find((held) => parts.some((part) => part.held === held)) ?? order[2];

const doubtsOf = (parts: Evaluation[]): string[] => [...new Set(parts.flatMap((part) => part.doubts))];

function lookAtFact(leaf: Leaf, { facts, day, negated }: View): Evaluation {
  const { value, evidence, fed, doubt } = readFact(leaf.fact, facts, day);
  const answer = answerOf(leaf, { value, fed, day });
  const held = negated ? OPPOSITE[answer] : answer;
  const { kind, label } = FACTS[leaf.fact];
  const asked = sayQuestion(leaf, kind, facts.currency);
  const reason: Reason = {
    fact: leaf.fact,
    label,
    value,
    asked: negated ? `not ${asked}` : asked,
    held,
    evidence,
    doubt,
  };
  return { held, reasons: [reason], missing: held === "yes" ? 0 : 1, doubts: doubt ? [doubt] : [] };
}

const OPPOSITE: Record<Held, Held> = { yes: "no", no: "yes", unknown: "unknown" };

interface Standing {
  value: FactValue;
  fed: boolean;
  day: string;
}

function answerOf(leaf: Leaf, { value, fed, day }: Standing): Held {
  const asked = OPERATORS.filter((operator) => leaf[operator] !== undefined);
  if (value === null) {
    if (asked.every((operator) => operator === "known")) return leaf.known ? "no" : "yes";
    return fed ? "no" : "unknown";
  }
  return asked.every((operator) => ASK[operator](leaf, value, day)) ? "yes" : "no";
}

type Ask = (leaf: Leaf, value: string | number, day: string) => boolean;

const asNumber = (value: string | number): number => (typeof value === "number" ? value : Number.NaN);
const same = (a: string | number, b: string | number): boolean => String(a).toLowerCase() === String(b).toLowerCase();
const age = (value: string | number, day: string): number => daysBetween(String(value), day);

/** Only asked for operators that the leaf has; `?? NaN` makes every other comparison false. */
const ASK: Record<Operator, Ask> = {
  is: ({ is = "" }, value) => same(is, value),
  is_not: ({ is_not = "" }, value) => !same(is_not, value),
  one_of: ({ one_of = [] }, value) => one_of.some((each) => same(each, value)),
  above: ({ above }, value) => asNumber(value) > (above ?? Number.NaN),
  below: ({ below }, value) => asNumber(value) < (below ?? Number.NaN),
  at_least: ({ at_least }, value) => asNumber(value) >= (at_least ?? Number.NaN),
  at_most: ({ at_most }, value) => asNumber(value) <= (at_most ?? Number.NaN),
  within_days: ({ within_days }, value, day) => age(value, day) >= 0 && age(value, day) <= (within_days ?? Number.NaN),
  older_than_days: ({ older_than_days }, value, day) => age(value, day) > (older_than_days ?? Number.NaN),
  ahead_within_days: ({ ahead_within_days }, value, day) =>
    age(value, day) <= 0 && -age(value, day) <= (ahead_within_days ?? Number.NaN),
  known: ({ known }) => known === true,
};
