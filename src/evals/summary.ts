import { auroc, mean } from "#metrics/retrieval.ts";
import type { Measured, Run } from "./ask-set.ts";
import type { Half } from "./question-set.ts";

/** A run, or a half of it, in figures from 0 to 1. */
export interface Summary {
  half: Half | null;
  questions: number;
  ndcg10: number;
  recall5: number;
  hit5: number;
  mrr: number;
  /** Share of the questions that can be answered and were; the others got "close" or "none". */
  answered: number;
  /** Stage → share of the first three places that a fitting playbook takes. */
  precision3: Record<string, number>;
  /** null where no question of the half, or of the set, is one that nothing answers. */
  gate: Gate | null;
}

export interface Gate {
  unanswerable: number;
  /** Share of the unanswerable questions that got an answer. */
  falseAnswers: number;
  auroc: number | null;
}

/** The figures of a run, each half apart. */
export function summaries({ questions, unanswerable }: Run): Summary[] {
  return [...Map.groupBy(questions, ({ half }) => half)]
    .sort(([one], [other]) => String(one).localeCompare(String(other)))
    .map(([half, asked]) => ({
      ...summary(half, asked),
      gate: gateOf({ questions: asked, unanswerable: unanswerable.filter((each) => (each.half ?? half) === half) }),
    }));
}

function summary(half: Half | null, asked: Measured[]): Omit<Summary, "gate"> {
  const share = (of: (each: Measured) => number) => mean(asked.map(of));
  const stages = Map.groupBy(
    asked.filter(({ stage }) => stage !== null),
    ({ stage }) => stage!, // filtered above
  );
  return {
    half,
    questions: asked.length,
    ndcg10: share((each) => each.ndcg),
    recall5: share((each) => each.recall),
    hit5: share((each) => each.hit),
    mrr: share((each) => each.reciprocalRank),
    answered: share((each) => Number(each.answered)),
    precision3: Object.fromEntries(
      [...stages].sort().map(([stage, its]) => [stage, mean(its.map((each) => each.precision))]),
    ),
  };
}

/** How well answerable and unanswerable questions are told apart; null where a set has no unanswerable ones. */
export function gateOf({ questions, unanswerable }: Run): Gate | null {
  if (unanswerable.length === 0) return null;
  return {
    unanswerable: unanswerable.length,
    falseAnswers: mean(unanswerable.map(({ answered }) => Number(answered))),
    auroc: auroc(
      questions.map(({ confidence }) => confidence),
      unanswerable.map(({ confidence }) => confidence),
    ),
  };
}
