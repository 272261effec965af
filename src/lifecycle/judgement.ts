import type { Evidence, FactName, FactValue } from "./facts.ts";

/** One condition that was looked at: the fact, what was asked of it, what it was, and the rows behind it. */
export interface Reason {
  fact: FactName;
  label: string;
  value: FactValue;
  /** The condition in words: "at least 9", "within 90 days". */
  asked: string;
  held: "yes" | "no" | "unknown";
  evidence: Evidence;
  /** Set when the domain behind it is stale or has no source. */
  doubt: string | null;
}

/** A rule with its conditions as they stood on the judged day. */
export interface RuleResult {
  stage: string;
  rule: string;
  says: string;
  kind: "enter" | "stay" | "lapsed" | "default";
  held: "yes" | "no" | "unknown";
  reasons: Reason[];
}

/** What was known of the account's stage before this judgement. */
export interface StageState {
  stage: string;
  since: string;
  candidate: string | null;
  candidateSince: string | null;
  /** How many judgements in a row, on different days, saw the candidate. */
  candidateCount: number;
  /** The last day on which the account was judged. */
  judgedOn: string;
}

export interface Judgement {
  model: string;
  modelVersion: number;
  day: string;
  stage: string;
  stageName: string;
  /** The day from which the account is in the stage, as the evidence dates it. */
  since: string;
  objective: string;
  expectedDays: number | null;
  daysInStage: number;
  /** The rule that decided. Never absent: an account without data is judged by the model's default. */
  rule: RuleResult;
  /** Other rules of the same stage that also held. */
  alsoHeld: RuleResult[];
  /** The nearest rule of a later stage that did not hold, with what is missing. */
  nearest: RuleResult | null;
  confidence: "sure" | "likely" | "thin";
  /** Sentences on data that is missing or stale: "usage data is 9 days old (source telemetry)". */
  doubts: string[];
  lapsed: { since: string; rule: RuleResult } | null;
  /** A stage that the rules see but that is not confirmed yet. */
  pending: { stage: string; since: string; seen: number; needed: number } | null;
  /** The CRM's own stage where it says otherwise. */
  crmDiffers: { crmStage: string; readAs: string | null } | null;
  /** What to keep for the next judgement. */
  next: StageState;
}
