import { addDays } from "./days.ts";
import { readFact } from "./derive.ts";
import { evaluate } from "./evaluate.ts";
import { type AccountFacts, FACTS } from "./facts.ts";
import type { Reason, RuleResult } from "./judgement.ts";
import type { LifecycleModel, Rule, SinceFact, Stage } from "./model.ts";
import { fillSentence } from "./words.ts";

/** An account on the day it is judged. */
export interface Sight {
  model: LifecycleModel;
  facts: AccountFacts;
  day: string;
}

/** A rule as it stood, with what the judge needs besides. */
export interface Looked {
  result: RuleResult;
  rule: Rule;
  missing: number;
  doubts: string[];
  /** The day that the evidence gives for it; null when no date is known. Never after the judged day. */
  datedOn: string | null;
}

/** A stage with its rules as they stood. `stay` is looked at only where the account is. */
export interface StageLook {
  stage: Stage;
  enter: Looked[];
  stay: Looked[];
}

/** Looks at every rule of the model. What an account did before it lapsed does not bring it into a later stage again. */
export function lookAtStages(sight: Sight, at: { heldStage: string | null; lapsedOn: string | null }): StageLook[] {
  return sight.model.stages.map((stage, position) => {
    const look = (rule: Rule, kind: RuleResult["kind"]): Looked => {
      const looked = lookAtRule(sight, rule, { stage: stage.id, kind });
      return at.lapsedOn !== null && position > 0 ? afterLapse(looked, at.lapsedOn) : looked;
    };
    return {
      stage,
      enter: stage.enter.map((rule) => look(rule, "enter")),
      stay: stage.id === at.heldStage ? stage.stay.map((rule) => look(rule, "stay")) : [],
    };
  });
}

/** One rule on the judged day. */
export function lookAtRule(sight: Sight, rule: Rule, as: { stage: string; kind: RuleResult["kind"] }): Looked {
  const { held, reasons, missing, doubts } = evaluate(rule.condition, sight.facts, sight.day);
  return {
    result: { ...as, rule: rule.id, says: fillSentence(rule.says, sight.facts, sight.day), held, reasons },
    rule,
    missing,
    doubts,
    datedOn: sinceDay(rule.since, sight) ?? latestDay(reasons, sight.day),
  };
}

/** The day that a `since` gives; null when the fact is not known or lies after the judged day. */
export function sinceDay(since: SinceFact | null, { facts, day }: Omit<Sight, "model">): string | null {
  if (!since) return null;
  const { value } = readFact(since.fact, facts, day);
  if (typeof value !== "string") return null;
  const from = addDays(value, since.plusDays);
  return from <= day ? from : null;
}

function latestDay(reasons: Reason[], today: string): string | null {
  const days = reasons
    .filter((reason) => reason.held === "yes")
    .flatMap(({ fact, value, evidence }) => [FACTS[fact].kind === "date" ? value : null, evidence.on])
    .filter((on) => typeof on === "string")
    .filter((on) => on <= today);
  return days.sort().at(-1) ?? null;
}

function afterLapse(looked: Looked, lapsedOn: string): Looked {
  if (looked.result.held !== "yes" || (looked.datedOn !== null && looked.datedOn > lapsedOn)) return looked;
  return { ...looked, result: { ...looked.result, held: "no" }, missing: Number.POSITIVE_INFINITY };
}

/** The rule that was looked at and came nearest to holding; null when there is none. Ties go to the first. */
export const nearestOf = (looked: Looked[]): Looked | null =>
  looked.reduce<Looked | null>((best, each) => (best === null || each.missing < best.missing ? each : best), null);

export const holds = (looked: Looked): boolean => looked.result.held === "yes";
