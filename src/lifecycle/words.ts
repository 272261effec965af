import { formatMoney } from "#money.ts";
import { type Leaf, OPERATORS, type Operator } from "./condition.ts";
import { readFact } from "./derive.ts";
import { type AccountFacts, FACTS, type FactKind, type FactName, type FactValue } from "./facts.ts";

const NOT_KNOWN = "not known";
const LONGEST_TEXT = 60; // texts come from other systems; a sentence has room for a name, not for a letter
const PLACE = /\{([^{}]*)\}/g;

/** A value as a person reads it: money with its currency, a ratio in per cent, a day as it is. */
export function sayValue(kind: FactKind, value: FactValue, currency: string): string {
  if (value === null) return NOT_KNOWN;
  if (typeof value === "string") return value.replace(/\s+/g, " ").slice(0, LONGEST_TEXT);
  if (kind === "money") return formatMoney(value, currency);
  if (kind === "ratio") return `${Math.round(value * 100)}%`;
  return String(value);
}

/** The facts that a sentence names in braces. */
export const placesIn = (sentence: string): string[] => [...sentence.matchAll(PLACE)].map((match) => match[1] ?? "");

/** A rule's sentence with its places filled; the model's parser has seen to it that each place is a fact. */
export function fillSentence(sentence: string, facts: AccountFacts, day: string): string {
  return sentence.replace(PLACE, (place, name: string) => {
    if (!(name in FACTS)) return place;
    const fact = name as FactName; // just looked up
    return sayValue(FACTS[fact].kind, readFact(fact, facts, day).value, facts.currency);
  });
}

/** What a condition asks, in words: "at least 9", "within 90 days". */
export function sayQuestion(leaf: Leaf, kind: FactKind, currency: string): string {
  const say = (value: string | number) => sayValue(kind, value, currency);
  const words: Record<Operator, () => string> = {
    is: () => `is ${say(leaf.is ?? "")}`,
    is_not: () => `is not ${say(leaf.is_not ?? "")}`,
    one_of: () => `one of ${(leaf.one_of ?? []).map(say).join(", ")}`,
    above: () => `above ${say(leaf.above ?? 0)}`,
    below: () => `below ${say(leaf.below ?? 0)}`,
    at_least: () => `at least ${say(leaf.at_least ?? 0)}`,
    at_most: () => `at most ${say(leaf.at_most ?? 0)}`,
    within_days: () => `within ${leaf.within_days} days`,
    older_than_days: () => `more than ${leaf.older_than_days} days ago`,
    ahead_within_days: () => `in the next ${leaf.ahead_within_days} days`,
    known: () => (leaf.known ? "known" : "not known"),
  };
  return OPERATORS.filter((operator) => leaf[operator] !== undefined)
    .map((operator) => words[operator]())
    .join(" and ");
}
