import { isAdvice } from "#grounding/advice.ts";
import { citedNumbers, cutIntoUnits } from "#grounding.ts";
import type { Behaviour } from "./answer-behaviours.ts";
import type { Asked } from "./model-server.ts";

/** A question whose playbooks are known: any of `fitting` answers it; none does where it is empty; null: it is about an account. */
export interface AnswerQuestion {
  id: string;
  text: string;
  fitting: readonly string[] | null;
}

/** An answer as its reader saw it. */
export interface SeenAnswer {
  text: string;
  /** What was shown while it was being written, whether it stayed or not. */
  streamed: string;
  offline: boolean;
  sources: readonly { number: number; cited: boolean; playbookId: string }[];
  /** What the search of the playbooks said; null where they were not asked. */
  verdict: "found" | "close" | "none" | null;
  /** The tools' own words. */
  findings: readonly string[];
  /** Sentences of the model that were left out. */
  dropped: number;
}

/** One answer, judged. */
export interface JudgedAnswer {
  question: AnswerQuestion;
  answer: SeenAnswer;
  saysNo: boolean;
  /** What must never happen, in words; empty where all is well. */
  breaches: string[];
  /** It cites a playbook that does not answer the question. That is the search's fault, and no breach. */
  wrongPassage: boolean;
}

export interface AnswersRun {
  behaviour: string;
  answers: JudgedAnswer[];
}

const NO_PLAYBOOK = /no playbook|no word to search by/i;

/** Judges what the reader saw; `never` are sentences that a scripted model said and nobody may read. */
export function judgeAnswer(question: AnswerQuestion, answer: SeenAnswer, never: readonly string[] = []): JudgedAnswer {
  const { text, streamed, sources, verdict } = answer;
  const own = answer.findings.reduce((left, words) => left.replace(words, ""), text);
  const sentences = cutIntoUnits(own).filter(({ kind }) => kind === "sentence" || kind === "row");
  const unknown = citedNumbers(text).filter((number) => !sources.some((each) => each.number === number));
  const uncited = sentences.filter((unit) => isAdvice(unit.text) && citedNumbers(unit.text).length === 0);
  const saysNo = NO_PLAYBOOK.test(text);
  const breaches = [
    ...unknown.map((number) => `cites [${number}], which was not retrieved`),
    ...uncited.map((unit) => `advises without a passage: ${unit.text.trim()}`),
    ...never.filter((each) => text.includes(each) || streamed.includes(each)).map((each) => `shows: ${each}`),
    ...(verdict !== null && verdict !== "found" && !saysNo && sources.length === 0
      ? ["does not say that no playbook covers it"]
      : []),
  ];
  const cited = sources.filter((each) => each.cited);
  const wrongPassage =
    cited.length > 0 &&
    question.fitting !== null &&
    !cited.some(({ playbookId }) => question.fitting!.includes(playbookId));
  return { question, answer, saysNo, breaches, wrongPassage };
}

export interface AnswersEvaluation {
  questions: readonly AnswerQuestion[];
  behaviours: readonly Behaviour[];
  /** Has the model behave that way from now on, and gives what it was asked since. */
  behave(behaviour: Behaviour): () => readonly Asked[];
  ask(question: string): Promise<SeenAnswer>;
  onProgress?: (words: string) => void;
}

/** Each question through the whole agent, with each way to behave; one that has questions of its own is asked those. */
export async function evaluateAnswers(given: AnswersEvaluation): Promise<AnswersRun[]> {
  const runs: AnswersRun[] = [];
  for (const behaviour of given.behaviours) {
    given.onProgress?.(`A model that is ${behaviour.name}`);
    const answers: JudgedAnswer[] = [];
    for (const question of behaviour.questions ?? given.questions) {
      const asked = given.behave(behaviour);
      const answer = await given.ask(question.text);
      const never = [...new Set(asked().flatMap((each) => behaviour.never(each)))];
      answers.push(judgeAnswer(question, answer, never));
    }
    runs.push({ behaviour: behaviour.name, answers });
  }
  return runs;
}

/** So many of each kind, evenly over the list: a few questions that can be answered and a few that cannot. */
export const spread = <T>(list: readonly T[], count: number): T[] =>
  list.length <= count
    ? [...list]
    : Array.from({ length: count }, (_, at) => list[Math.floor((at * list.length) / count)]!); // within the list
