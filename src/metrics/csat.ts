import { type Figure, ratio, type Scope } from "./figure.ts";
import { type SurveyAnswer, within } from "./nps.ts";

export interface Csat {
  score: Figure;
  /** Mean from 1 to 5; null without answers. */
  mean: number | null;
  /** Answers that are not from 1 to 5, left out. */
  refused: number;
}

/** Customer satisfaction: the share of 4 and 5 among all answers from 1 to 5 ("top two boxes"); every answer counts. */
export function csat(answers: readonly SurveyAnswer[], scope: Scope): Csat {
  const inside = within(answers, scope);
  const scores = inside.map(({ score }) => score).filter((score) => score >= 1 && score <= 5);
  const n = scores.length;
  const part = scores.filter((score) => score >= 4).length;
  const share = part / n;
  const score = ratio(scope, {
    metric: "CSAT",
    part,
    whole: n,
    nothing: "no answers",
    standardError: n === 0 ? null : Math.sqrt((share * (1 - share)) / n),
    definition: { satisfied: "4 or 5 of 5", answer: "every one" },
    n,
  });
  const mean = n === 0 ? null : scores.reduce((sum, each) => sum + each, 0) / n;
  return { score, mean, refused: inside.length - n };
}
