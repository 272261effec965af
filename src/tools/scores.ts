import { z } from "zod";
import { type AccountsAsked, describedAccounts } from "#accounts/figures-accounts.ts";
import type { StageStay } from "#accounts/funnel.ts";
import { npsAnswers, type ScoredAnswer, surveyAnswers, ticketCount, ticketRatings } from "#accounts/scores.ts";
import type { Reading } from "#database/door.ts";
import { csat } from "#metrics/csat.ts";
import { type Figure, type Scope, sayFigure } from "#metrics/figure.ts";
import { byGroup, nps, type SurveyAnswer } from "#metrics/nps.ts";
import { defineTool, type ToolContext } from "./define-tool.ts";
import { accountsMeant, figureFilters, scopeOf, type WindowAsked, windowAsked, windowInput } from "./figure-input.ts";
import { figureWords, scopeWords } from "./figure-words.ts";
import { stagesLived } from "./funnel.ts";
import { KeptOut } from "./in-channel.ts";
import { stageTitle } from "./subject.ts";
import { counted, quoted } from "./words.ts";

export const SCORE_GROUPS = ["stage", "owner", "team", "segment", "industry", "country", "plan"] as const;
const SCORES = ["nps", "support_csat", "survey_csat"] as const;
const COMMENTS = "comments of surveys";
const MOST_COMMENTS = 3;

const scoresInput = z.object({
  score: z.enum(SCORES).describe("nps; support_csat: ratings of tickets; survey_csat: satisfaction surveys"),
  window: windowInput.default("last 12 months"),
  group_by: z.enum(SCORE_GROUPS).optional(),
  filters: figureFilters.default({}),
  comments: z.boolean().default(false).describe("true: with the newest comments of the worst answers"),
});
type ScoresAsked = z.output<typeof scoresInput>;

/** One score, whole or of a group. NPS brings its three camps. */
export interface ScoreLine {
  group: string | null;
  figure: Figure;
  /** Mean from 1 to 5, for CSAT. */
  mean: number | null;
  camps: { promoters: number; passives: number; detractors: number } | null;
}

export interface ScoresFinding {
  score: (typeof SCORES)[number];
  asked: WindowAsked;
  scope: Scope;
  groupedBy: string | null;
  whole: ScoreLine;
  groups: ScoreLine[];
  /** Tickets of the window, rated or not; null for surveys. */
  tickets: number | null;
  refused: number;
  comments: { name: string; on: string; score: number; comment: string; row: string }[];
  doubts: string[];
}

export const scoresTool = defineTool({
  name: "scores",
  title: "NPS and CSAT",
  description:
    "NPS, CSAT of support tickets or of surveys in a window, with n and standard error, for all accounts or by stage, owner, team, segment, industry, country or plan. Use for “NPS by stage”, “CSAT of support last quarter”.",
  effect: "reads",
  input: scoresInput,
  run: (input, context) => context.database.read(context.actor, (rows) => findScores(rows, input, context)),
  say: sayScores,
  inChannel: (found) => {
    const kept = new KeptOut();
    const comments = found.comments.length === 0 ? found.comments : kept.of(found.comments, [], COMMENTS);
    return { finding: { ...found, comments }, keptOut: kept.words };
  },
});

async function findScores(rows: Reading, input: ScoresAsked, context: ToolContext): Promise<ScoresFinding> {
  const asked = windowAsked(input.window, context.today);
  const { asked: accounts, filter } = await accountsMeant(rows, input.filters, context);
  const scope = scopeOf(asked.window, context, filter);
  const found = await answersOf(rows, input.score, { accounts, before: asked.window.end, zone: context.zone });
  const inside = found.filter(({ on }) => on >= asked.window.start && on < asked.window.end);
  const answered = { ...accounts, ids: [...new Set(inside.map(({ accountId }) => accountId))] }; // no others are told
  const names = await describedAccounts(rows, answered);
  const by = input.group_by ?? null;
  const spells = by === "stage" ? await stagesLived(rows, answered, context) : [];
  const groupOf = ({ accountId, on }: ScoredAnswer): string | null =>
    by === null
      ? null
      : by === "stage"
        ? stageOn(spells, accountId, on, context)
        : (names.get(accountId)?.[by] ?? null);
  const answers = found.map((each): SurveyAnswer => ({ ...each, groups: { asked: groupOf(each) } }));
  const line = lineOf(input.score, scope);
  const parts = by ? byGroup(answers, "asked", (each) => each) : [];
  return {
    score: input.score,
    asked,
    scope,
    groupedBy: by,
    whole: line(null, answers),
    groups: inOrder(
      parts.map(({ group, score }) => line(group ?? `no ${by} on record`, score)),
      by,
      context,
    ),
    tickets:
      input.score === "support_csat"
        ? await ticketCount(rows, accounts, { ...asked.window, zone: context.zone })
        : null,
    refused: refusedOf(input.score, inside),
    comments: input.comments ? worstComments(inside, names) : [],
    doubts: by === "stage" ? stageDoubts(inside, groupOf) : [],
  };
}

function answersOf(
  rows: Reading,
  score: ScoresAsked["score"],
  { accounts, before, zone }: { accounts: AccountsAsked; before: string; zone: string },
): Promise<ScoredAnswer[]> {
  if (score === "nps") return npsAnswers(rows, accounts, before);
  return score === "support_csat"
    ? ticketRatings(rows, accounts, { before, zone })
    : surveyAnswers(rows, accounts, { kind: "csat", before });
}

/** In the model's order for stages, else by name; what has no answer in the window is left out. */
function inOrder(lines: ScoreLine[], by: string | null, { knowledge: { model } }: ToolContext): ScoreLine[] {
  const told = lines.filter(({ figure }) => figure.n > 0);
  if (by !== "stage") return told;
  const order = model.stages.map(({ name }) => name);
  const place = ({ group }: ScoreLine) => (order.includes(group ?? "") ? order.indexOf(group ?? "") : order.length);
  return told.sort((a, b) => place(a) - place(b));
}

const lineOf =
  (score: ScoresAsked["score"], scope: Scope) =>
  (group: string | null, answers: readonly SurveyAnswer[]): ScoreLine => {
    if (score !== "nps") {
      const found = csat(answers, scope);
      return {
        group,
        figure: found.score,
        mean: found.mean === null ? null : Number(found.mean.toFixed(2)),
        camps: null,
      };
    }
    const { score: figure, promoters, passives, detractors } = nps(answers, scope);
    return { group, figure, mean: null, camps: { promoters, passives, detractors } };
  };

const refusedOf = (score: ScoresAsked["score"], inside: readonly ScoredAnswer[]): number =>
  inside.filter((each) => (score === "nps" ? each.score < 0 || each.score > 10 : each.score < 1 || each.score > 5))
    .length;

/** The stage in which an account was on the day of its answer; "Lapsed" where it had left; null before its history. */
function stageOn(spells: readonly StageStay[], accountId: number, on: string, context: ToolContext): string | null {
  const mine = spells.filter((spell) => spell.accountId === accountId);
  const there = mine.findLast(({ from, to }) => from <= on && (to === null || on < to));
  if (there) return stageTitle(context, there.stage);
  return mine.some(({ to }) => to !== null && to <= on) ? "Lapsed" : null;
}

function stageDoubts(inside: readonly ScoredAnswer[], groupOf: (answer: ScoredAnswer) => string | null): string[] {
  const unknown = inside.filter((each) => groupOf(each) === null).length;
  if (unknown === 0) return [];
  return [
    `${unknown} of ${counted(inside.length, "answer")} ${unknown === 1 ? "is" : "are"} older than the account's stage history, so no stage is known for ${unknown === 1 ? "it" : "them"}. \`perennial history\` works past months out.`,
  ];
}

function worstComments(
  inside: readonly ScoredAnswer[],
  names: Map<number, { name: string }>,
): ScoresFinding["comments"] {
  return inside
    .filter(({ comment }) => comment !== null && comment.trim() !== "")
    .sort((a, b) => a.score - b.score || (a.on < b.on ? 1 : -1))
    .slice(0, MOST_COMMENTS)
    .map(({ accountId, on, score, comment, row }) => ({
      name: names.get(accountId)?.name ?? `account ${accountId}`,
      on,
      score,
      comment: comment ?? "",
      row,
    }));
}

const TITLES = { nps: "NPS", support_csat: "CSAT of support tickets", survey_csat: "CSAT of surveys" };

function sayScores(found: ScoresFinding): string {
  const { score, asked, scope, whole, groups, groupedBy, tickets, comments } = found;
  const title = `${TITLES[score]}${groupedBy ? ` by ${groupedBy}` : ""}`;
  return [
    `**${title}**, ${asked.title}${asked.isPartial ? " so far" : ""}: ${scoreWords(whole)}.`,
    ...(tickets === null ? [] : [`${whole.figure.n} of ${counted(tickets, "ticket")} were rated.`]),
    ...groups.map((each) => `- **${each.group}**: ${scoreWords(each)}`),
    ...comments.map(({ name, on, score: value, comment }) => `> ${name}, ${on}, ${value}: ${quoted(comment)}`),
    ...(found.refused > 0 ? [`${counted(found.refused, "answer")} off the scale left out.`] : []),
    `Definition: ${DEFINITIONS[score]}${groupedBy === "stage" ? "; the stage is that of the day of the answer" : groupedBy ? `; ${groupedBy} as it is today` : ""}. Window: ${scopeWords(scope)}.`,
    ...found.doubts.map((doubt) => `Note: ${doubt}`),
  ].join("\n");
}

const DEFINITIONS = {
  nps: "NPS = % of 9–10 − % of 0–6, from −100 to 100, over each person's last answer in the window",
  support_csat:
    "CSAT = share of 4 and 5 among ratings from 1 to 5 of tickets opened in the window; every rating counts",
  survey_csat: "CSAT = share of 4 and 5 among answers from 1 to 5; every answer counts",
};

function scoreWords({ figure, mean, camps }: ScoreLine): string {
  if (figure.value === null) return sayFigure(figure);
  if (!camps) return `${figureWords(figure, "rating")}${mean === null ? "" : `, mean ${mean} of 5`}`;
  const { promoters, passives, detractors } = camps;
  const few = figure.few ? ", few answers" : "";
  return `${figureWords(figure, "person", "people")}: ${counted(promoters, "promoter")}, ${counted(passives, "passive")}, ${counted(detractors, "detractor")}${few}`;
}
