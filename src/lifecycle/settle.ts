import { FACTS } from "./facts.ts";
import type { Judgement, RuleResult, StageState } from "./judgement.ts";
import { holds, type Looked, nearestOf, type Sight, type StageLook, sinceDay } from "./look.ts";

/** What the rules see on the day, before anything known from earlier days is weighed. */
export interface Seen {
  look: StageLook;
  /** The rule that decided, or null: nothing held, and the model's default speaks. */
  by: Looked | null;
  also: Looked[];
}

/** Where the account stands after earlier days were weighed. */
export interface Settled {
  look: StageLook;
  by: Looked | null;
  also: Looked[];
  since: string;
  /** Set while a stage waits for its confirmation and no rule of the present one holds any more. */
  waiting: RuleResult | null;
  pending: Judgement["pending"];
  next: StageState;
}

/** The most advanced stage with a rule that holds; the first stage when there is none. */
export function mostAdvanced(looks: StageLook[], first: StageLook): Seen {
  const look = looks.findLast((each) => [...each.enter, ...each.stay].some(holds)) ?? first;
  const [by = null, ...also] = [...look.enter, ...look.stay].filter(holds);
  return { look, by, also };
}

/** Where the account was, and how the rules of that stage stand now. */
export interface Held {
  before: StageState;
  look: StageLook;
}

/** Weighs what is seen against what was known before: a move needs its confirmations, unless money speaks. */
export function settle(sight: Sight, looks: StageLook[], seen: Seen, held: Held | null): Settled {
  const today = sight.day;
  if (!held) return stand(seen, { since: evidenceDay(seen, sight) ?? today, today });
  const { before, look } = held;
  if (seen.look === look) return stand(seen, { since: earlier(before.since, today), today });
  const candidate = count(before, seen, today);
  if (candidate.seen < needed(seen, look)) {
    const on = stepByMoney(looks, look);
    if (!on) return wait(seen, { look, since: earlier(before.since, today), candidate, before, today });
    const since = movedOn(on.datedOn, before, today);
    return wait(seen, { look: on.look, since, candidate, before, today });
  }
  return stand(seen, { since: movedOn(evidenceDay(seen, sight), before, candidate.since), today });
}

function stand(seen: Seen, { since, today }: { since: string; today: string }): Settled {
  const none = { candidate: null, candidateSince: null, candidateCount: 0 };
  return {
    ...seen,
    since,
    waiting: null,
    pending: null,
    next: { stage: seen.look.stage.id, since, ...none, judgedOn: today },
  };
}

interface Candidate {
  since: string;
  seen: number;
}

/** A second judgement on the same day is not a second look. */
function count(before: StageState, seen: Seen, today: string): Candidate {
  if (before.candidate !== seen.look.stage.id) return { since: today, seen: 1 };
  const anotherDay = today > before.judgedOn ? 1 : 0;
  return { since: earlier(before.candidateSince ?? today, today), seen: before.candidateCount + anotherDay };
}

const needed = (seen: Seen, from: StageLook): number =>
  seen.by?.rule.confirm === "immediate" || moneyLeft(from) ? 1 : seen.look.stage.confirmations;

/** Whether the account left its stage because of money: each rule that kept it fails on a money fact. */
function moneyLeft({ enter, stay }: StageLook): boolean {
  return [...enter, ...stay].every(({ result }) =>
    result.reasons.some(({ fact, held }) => held === "no" && FACTS[fact].kind === "money"),
  );
}

/** The most advanced later stage that a money rule opens at once, while a stage beyond it waits for its confirmation. */
function stepByMoney(looks: StageLook[], from: StageLook): { look: StageLook; datedOn: string | null } | null {
  const later = looks.slice(looks.indexOf(from) + 1).toReversed();
  for (const look of later) {
    const rule = look.enter.find((each) => holds(each) && each.rule.confirm === "immediate");
    if (rule) return { look, datedOn: rule.datedOn };
  }
  return null;
}

interface Waiting extends Held {
  since: string;
  candidate: Candidate;
  today: string;
}

function wait(seen: Seen, { before, look, since, candidate, today }: Waiting): Settled {
  const [by = null, ...also] = [...look.enter, ...look.stay].filter(holds);
  const to = seen.look.stage;
  return {
    look,
    by,
    also,
    since,
    waiting: by ? null : waitingRule(look, seen, candidate),
    pending: { stage: to.id, since: candidate.since, seen: candidate.seen, needed: to.confirmations },
    next: {
      stage: look.stage.id,
      since,
      candidate: to.id,
      candidateSince: candidate.since,
      candidateCount: candidate.seen,
      judgedOn: today > before.judgedOn ? today : before.judgedOn,
    },
  };
}

/** What is said of a stage that no rule supports any more and that the account has not left yet. */
function waitingRule(look: StageLook, seen: Seen, candidate: Candidate): RuleResult {
  const to = seen.look.stage;
  const failing = nearestOf(look.stay.length > 0 ? look.stay : look.enter);
  return {
    stage: look.stage.id,
    rule: "until_confirmed",
    says: `Still counted in ${look.stage.name}: the rules see ${to.name} on ${candidate.seen} of the ${to.confirmations} days that a move needs`,
    kind: "stay",
    held: "yes",
    reasons: failing?.result.reasons ?? [],
  };
}

const evidenceDay = (seen: Seen, sight: Sight): string | null =>
  seen.by ? seen.by.datedOn : sinceDay(sight.model.default.since, sight);

/** A move is dated by its evidence; evidence older than the stage that is left cannot date it, the first look does. */
const movedOn = (evidence: string | null, before: StageState, firstSeen: string): string =>
  evidence !== null && evidence >= before.since ? evidence : firstSeen;

const earlier = (a: string, b: string): string => (a < b ? a : b);
