import { type Figure, figure, type Scope } from "./figure.ts";

/** An answer of a survey. `groups`: what it is counted by, such as stage, segment and owner. */
export interface SurveyAnswer {
  row: string;
  /** Who answered, as well as it is known: the person, else the account; null counts the answer as a person of its own. */
  person: string | null;
  on: string;
  score: number;
  groups?: Readonly<Record<string, string | null>>;
}

export interface Nps {
  score: Figure;
  promoters: number;
  passives: number;
  detractors: number;
  /** Answers that are not from 0 to 10, left out. */
  refused: number;
}

/**
 * The Net Promoter Score from −100 to 100 (Reichheld 2003): % of 9 and 10 − % of 0 to 6, over each person's last answer in
 * the window, with the standard error of a difference of shares.
 */
export function nps(answers: readonly SurveyAnswer[], scope: Scope): Nps {
  const inside = within(answers, scope);
  const fit = inside.filter(({ score }) => score >= 0 && score <= 10);
  const last = lastOfEach(fit);
  const promoters = last.filter(({ score }) => score >= 9).length;
  const detractors = last.filter(({ score }) => score <= 6).length;
  const n = last.length;
  const share = (promoters - detractors) / n;
  const score = figure(scope, {
    metric: "NPS",
    value: n === 0 ? null : 100 * share,
    because: "no answers",
    unit: "points",
    standardError: n === 0 ? null : 100 * Math.sqrt(((promoters + detractors) / n - share ** 2) / n),
    definition: { answer: "last of each person" },
    n,
    rows: fit.length,
  });
  return { score, promoters, passives: n - promoters - detractors, detractors, refused: inside.length - fit.length };
}

/** The answers of a window. */
export const within = (answers: readonly SurveyAnswer[], { window }: Scope): SurveyAnswer[] =>
  answers.filter(({ on }) => window === null || (on >= window.start && on < window.end));

/** Of two answers of one day the one with the later row counts. */
function lastOfEach(answers: readonly SurveyAnswer[]): SurveyAnswer[] {
  const ordered = [...answers].sort((a, b) => (a.on === b.on ? (a.row < b.row ? -1 : 1) : a.on < b.on ? -1 : 1));
  return [...new Map(ordered.map((answer) => [answer.person ?? answer.row, answer])).values()];
}

/** A score for each value of a group, by name; answers of which it is not known come last, as null. */
export function byGroup<Score>(
  answers: readonly SurveyAnswer[],
  group: string,
  score: (answers: readonly SurveyAnswer[]) => Score,
): { group: string | null; score: Score }[] {
  const groups = Map.groupBy(answers, (answer) => answer.groups?.[group] ?? null);
  const names = [...groups.keys()].sort((a, b) => (a === null ? 1 : b === null ? -1 : a.localeCompare(b, "en")));
  return names.map((name) => ({ group: name, score: score(groups.get(name) ?? []) }));
}
