import { storedBehind } from "./derive.ts";
import { FACTS } from "./facts.ts";
import type { Judgement, Reason, RuleResult } from "./judgement.ts";

const ENOUGH_REASONS = 2; // one fact may be a slip of one system; two that agree rarely are

/**
 * How far a judgement can be trusted. "sure": fresh data, and money or two facts of their own speak for it;
 * "thin": nothing speaks for it, a move is not confirmed, or the data behind it is stale or has no source.
 */
export function confidenceOf(rule: RuleResult, alsoHeld: RuleResult[], waiting: boolean): Judgement["confidence"] {
  const behind = rule.reasons.filter((reason) => reason.held === "yes");
  if (rule.kind === "default" || waiting || behind.some((reason) => reason.doubt !== null)) return "thin";
  const fresh = [...behind, ...alsoHeld.flatMap((each) => each.reasons)].filter(speaks);
  const independent = new Set(fresh.flatMap(({ fact }) => storedBehind(fact)));
  return independent.size >= ENOUGH_REASONS || behind.some(isMoney) ? "sure" : "likely";
}

/** That something is absent speaks for no stage. */
const speaks = ({ held, doubt, value }: Reason): boolean =>
  held === "yes" && doubt === null && value !== null && value !== 0;

const isMoney = ({ fact }: Reason): boolean => FACTS[fact].kind === "money" && FACTS[fact].domain === "billing";
