import { confidenceOf } from "./confidence.ts";
import { daysBetween } from "./days.ts";
import { readFact } from "./derive.ts";
import type { AccountFacts } from "./facts.ts";
import type { Judgement, RuleResult, StageState } from "./judgement.ts";
import { holds, type Looked, lookAtRule, lookAtStages, nearestOf, type Sight, type StageLook } from "./look.ts";
import type { LifecycleModel, Stage } from "./model.ts";
import { mostAdvanced, type Settled, settle } from "./settle.ts";
import { fillSentence } from "./words.ts";

export interface JudgeInput {
  model: LifecycleModel;
  facts: AccountFacts;
  /** The judged day, ISO. */
  day: string;
  /** What the judgement before left in `next`; without it no confirmation is asked for. */
  before?: StageState | undefined;
}

/**
 * Which stage the facts put an account in on a day, and why. The most advanced stage with a rule that holds wins;
 * what no source tells counts as not held and is said in `doubts`. An account without data stands in the first stage.
 */
export function judgeStage({ model, facts, day, before }: JudgeInput): Judgement {
  const sight = { model, facts, day };
  const lapse = lapseOf(sight);
  const lapsed = lapse.holds ? { since: lapse.since, rule: lapse.looked.result } : null;
  const looks = lookAtStages(sight, { heldStage: before?.stage ?? null, lapsedOn: lapsed?.since ?? null });
  const here = looks.find((look) => look.stage.id === before?.stage);
  const held = before && here ? { before, look: here } : null;
  const settled = settle(sight, looks, mostAdvanced(looks, firstOf(looks)), held);
  const { stage } = settled.look;
  const rule = settled.waiting ?? settled.by?.result ?? defaultRule(sight, settled.look);
  const alsoHeld = settled.also.map((each) => each.result);
  return {
    model: model.id,
    modelVersion: model.version,
    day,
    stage: stage.id,
    stageName: stage.name,
    since: settled.since,
    objective: stage.objective,
    expectedDays: stage.expectedDays,
    daysInStage: daysBetween(settled.since, day),
    rule,
    alsoHeld,
    nearest: nearestLater(looks, settled.look),
    confidence: confidenceOf(rule, alsoHeld, settled.waiting !== null),
    doubts: doubtsOf(settled, looks, lapse.looked),
    lapsed,
    pending: settled.pending,
    crmDiffers: crmDifference(sight, stage, lapsed !== null),
    next: settled.next,
  };
}

/** Has paid, pays nothing now, and did not come back since. */
function lapseOf(sight: Sight): { holds: boolean; since: string; looked: Looked } {
  const looked = lookAtRule(sight, sight.model.lapsed.rule, { stage: "lapsed", kind: "lapsed" });
  const back = readFact("reactivated_on", sight.facts, sight.day).value;
  const since = looked.datedOn;
  const returned = typeof back === "string" && since !== null && back > since && back <= sight.day;
  return { holds: holds(looked) && since !== null && !returned, since: since ?? sight.day, looked };
}

/** A model has at least one stage; its schema has seen to it. */
function firstOf(looks: StageLook[]): StageLook {
  const first = looks[0];
  if (!first) throw new Error("a lifecycle model without stages came past its schema");
  return first;
}

function defaultRule(sight: Sight, first: StageLook): RuleResult {
  return {
    stage: first.stage.id,
    rule: "default",
    says: fillSentence(sight.model.default.says, sight.facts, sight.day),
    kind: "default",
    held: "yes",
    reasons: first.enter.flatMap((each) => each.result.reasons),
  };
}

function nearestLater(looks: StageLook[], here: StageLook): RuleResult | null {
  const later = looks.slice(looks.indexOf(here) + 1).flatMap((look) => look.enter);
  const open = later.filter((each) => !holds(each) && Number.isFinite(each.missing));
  return nearestOf(open)?.result ?? null;
}

function doubtsOf(settled: Settled, looks: StageLook[], lapse: Looked): string[] {
  const others = looks.flatMap((look) => [...look.enter, ...look.stay]);
  const all = [...(settled.by ? [settled.by] : []), ...others, lapse];
  return [...new Set(all.flatMap((each) => each.doubts))];
}

function crmDifference({ model, facts }: Sight, stage: Stage, lapsed: boolean): Judgement["crmDiffers"] {
  const crmStage = facts.crmStage?.trim();
  if (!crmStage) return null;
  const name = crmStage.toLowerCase();
  const reads = (each: Stage) => each.id === name || each.name.toLowerCase() === name || each.crmStages.includes(name);
  const left = name === "lapsed" || model.lapsed.crmStages.includes(name);
  if (left ? lapsed : reads(stage)) return null;
  return { crmStage, readAs: left ? "lapsed" : (model.stages.find(reads)?.id ?? null) };
}
