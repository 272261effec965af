import { hit, ndcg, precision, recall, reciprocalRank } from "#metrics/retrieval.ts";
import { bestOf, closestPassages, FOUND_CONFIDENCE } from "#playbooks/search.ts";
import type { Ground } from "./index-set.ts";
import type { Half, Question, QuestionSet } from "./question-set.ts";

/** What the search made of one question. */
export interface Measured {
  id: string;
  half: Half | null;
  stage: string | null;
  ndcg: number;
  recall: number;
  hit: number;
  reciprocalRank: number;
  precision: number;
  confidence: number;
  answered: boolean;
  /** The first five playbooks. */
  first: string[];
}

export interface Run {
  questions: Measured[];
  unanswerable: { id: string; half: Half | null; confidence: number; answered: boolean }[];
}

/** What is left out of a search, to see what it is worth. */
export interface Without {
  stage?: boolean;
  facts?: boolean;
  /** 1: words only; 0: meaning only. */
  wordShare?: number;
}

const DEPTH = 10;
const PASSAGES = 2 * DEPTH; // at most two are of one playbook, so this shows ten playbooks or more

/** Asks every question of a set of the index that `indexSet` made. A playbook counts where its first passage stands. */
export async function askSet(
  ground: Ground,
  { questions, unanswerable }: Pick<QuestionSet, "questions" | "unanswerable">,
  without: Without = {},
  onAsked: (done: number) => void = () => undefined,
): Promise<Run> {
  const run: Run = { questions: [], unanswerable: [] };
  for (const question of questions) {
    run.questions.push(await measured(ground, question, without));
    onAsked(run.questions.length);
  }
  for (const { id, text, half } of unanswerable) {
    const { confidence } = bestOf((await search(ground, text, without)).passages);
    run.unanswerable.push({ id, half, confidence, answered: confidence >= FOUND_CONFIDENCE });
    onAsked(run.questions.length + run.unanswerable.length);
  }
  return run;
}

async function measured(ground: Ground, question: Question, without: Without): Promise<Measured> {
  const { id, half, stage, grades } = question;
  const { passages } = await search(ground, question.text, without, question);
  const ranked = [...new Set(passages.map(({ playbookId }) => playbookId))];
  const { confidence } = bestOf(passages);
  return {
    id,
    half,
    stage,
    ndcg: ndcg(ranked, grades, DEPTH),
    recall: recall(ranked, grades),
    hit: hit(ranked, grades),
    reciprocalRank: reciprocalRank(ranked, grades),
    precision: precision(ranked, grades),
    confidence,
    answered: confidence >= FOUND_CONFIDENCE,
    first: ranked.slice(0, 5),
  };
}

const search = (ground: Ground, text: string, { stage, facts, wordShare }: Without, question?: Question) =>
  closestPassages({
    ...ground,
    question: text,
    stages: question?.stage && !stage ? [question.stage] : [],
    ...(question && !facts ? { situations: question.situations, firedPlaybooks: question.firedPlaybooks } : {}),
    ...(question?.account ? { apartFrom: question.account } : {}),
    ...(wordShare === undefined ? {} : { wordShare }),
    limit: PASSAGES,
  });
