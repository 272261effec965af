import type { AnswersRun, JudgedAnswer } from "./answers.ts";

/** What a run comes to. Shares are of the questions of that kind; null where there is none. */
export interface AnswersSummary {
  behaviour: string;
  questions: number;
  breaches: number;
  /** Of the questions that a playbook answers: answered with passages, and with one that fits. */
  answered: number | null;
  fitting: number | null;
  /** Of the questions that no playbook answers: told so. */
  honestNo: number | null;
  leftOut: number;
  offline: number;
}

export function summaryOf({ behaviour, answers }: AnswersRun): AnswersSummary {
  const answerable = answers.filter(({ question }) => (question.fitting?.length ?? 0) > 0);
  const others = answers.filter(({ question }) => question.fitting?.length === 0);
  const withPassages = answerable.filter(({ saysNo }) => !saysNo);
  return {
    behaviour,
    questions: answers.length,
    breaches: answers.filter(({ breaches }) => breaches.length > 0).length,
    answered: share(withPassages.length, answerable.length),
    fitting: share(withPassages.filter(({ wrongPassage }) => !wrongPassage).length, withPassages.length),
    honestNo: share(others.filter(({ saysNo }) => saysNo).length, others.length),
    leftOut: answers.reduce((sum, { answer }) => sum + answer.dropped, 0),
    offline: answers.filter(({ answer }) => answer.offline).length,
  };
}

const share = (part: number, of: number): number | null => (of === 0 ? null : part / of);
const percent = (value: number | null): string => (value === null ? "–" : `${Math.round(value * 100)} %`);

const MOST_BREACHES = 20;

/** The runs as a table, and every breach by name. */
export function answersInWords(runs: readonly AnswersRun[]): string {
  const rows = runs.map(summaryOf);
  const breached = runs.flatMap(({ behaviour, answers }) =>
    answers.filter(({ breaches }) => breaches.length > 0).map((each) => ({ behaviour, ...each })),
  );
  return [
    "| the model | questions | breaches | answered with passages | with one that fits | honest no | sentences left out | offline instead |",
    "|---|--:|--:|--:|--:|--:|--:|--:|",
    ...rows.map(
      (row) =>
        `| ${row.behaviour} | ${row.questions} | ${row.breaches} | ${percent(row.answered)} | ${percent(row.fitting)} | ${percent(row.honestNo)} | ${row.leftOut} | ${row.offline} |`,
    ),
    "",
    ...(breached.length === 0 ? ["No breach."] : breached.slice(0, MOST_BREACHES).map(breachLine)),
  ].join("\n");
}

const breachLine = ({ behaviour, question, breaches }: JudgedAnswer & { behaviour: string }): string =>
  `- ${behaviour}, ${question.id} “${question.text.slice(0, 80)}”: ${breaches.join("; ").slice(0, 300)}`;
