import { z } from "zod";
import { describedAccounts } from "#accounts/figures-accounts.ts";
import { stageHistoryReach } from "#accounts/funnel.ts";
import {
  type StageChances,
  type SurveyPain,
  stageChances,
  surveyPains,
  type TicketPain,
  TOUCHPOINTS,
  type Touchpoint,
  ticketPains,
  touchCells,
  touchedAccounts,
} from "#accounts/touchpoints.ts";
import type { Reading } from "#database/door.ts";
import type { Scope } from "#metrics/figure.ts";
import { defineTool, type ToolContext } from "./define-tool.ts";
import { accountsMeant, figureFilters, scopeOf, type WindowAsked, windowAsked, windowInput } from "./figure-input.ts";
import { stagesLived } from "./funnel.ts";
import { KeptOut } from "./in-channel.ts";
import { chancesOf, sayMap } from "./lifecycle-map-words.ts";

const MOST_PAINS = 3;
const COMMENTS = "comments of surveys";

const mapInput = z.object({
  window: windowInput.default("last 90 days"),
  filters: figureFilters.default({}),
});

/** One stage of the map: who is there today, what hurts, what could be done. */
export interface MapStage {
  id: string;
  name: string;
  /** Today; money in base minor units. */
  accounts: number;
  baseMrrMinor: number;
  pains: MapPain[];
  opportunities: { what: string; accounts: number }[];
  /** Moves that the model allows in the stage. */
  helps: string[];
}

/** Something that customers of a stage complain of, with its rows counted. */
export interface MapPain {
  what: string;
  count: number;
  from: "tickets" | "surveys";
  /** What customers wrote; private. */
  comments: { name: string; on: string; score: number; comment: string; row: string }[];
}

export interface MapCell {
  /** Id of the stage. */
  stage: string;
  touchpoint: Touchpoint;
  touches: number;
  accounts: number;
}

export interface LifecycleMapFinding {
  asked: WindowAsked;
  scope: Scope;
  model: string;
  currency: string;
  stages: MapStage[];
  touchpoints: { id: Touchpoint; title: string }[];
  /** One for each stage and touchpoint, also where nothing happened. */
  cells: MapCell[];
  doubts: string[];
}

export const TOUCHPOINT_TITLES: Record<Touchpoint, string> = {
  social: "Social",
  web: "Website",
  event: "Events",
  email: "E-mail",
  call: "Calls",
  meeting: "Meetings",
  chat: "Chat",
  product: "Product (days used)",
  support: "Support tickets",
  billing: "Invoices",
  survey: "Surveys",
  loyalty: "Loyalty and referrals",
};

export const lifecycleMapTool = defineTool({
  name: "lifecycle_map",
  title: "Lifecycle map",
  description:
    "A map of the customer lifecycle: stage × touchpoint with counts of touches in a window, pain points from tickets and surveys of each stage, and opportunities. Use for “show me the lifecycle map”, “where do we meet customers?”, “what hurts in which stage?”.",
  effect: "reads",
  input: mapInput,
  run: (input, context) => context.database.read(context.actor, (rows) => drawMap(rows, input, context)),
  say: sayMap,
  inChannel: (found) => {
    const kept = new KeptOut();
    const stages = found.stages.map((stage) => ({
      ...stage,
      pains: stage.pains.map((pain) =>
        pain.comments.length === 0 ? pain : { ...pain, comments: kept.of(pain.comments, [], COMMENTS) },
      ),
    }));
    return { finding: { ...found, stages }, keptOut: kept.words };
  },
});

async function drawMap(
  rows: Reading,
  input: z.output<typeof mapInput>,
  context: ToolContext,
): Promise<LifecycleMapFinding> {
  const { knowledge, zone, today, baseCurrency } = context;
  const { model } = knowledge;
  const asked = windowAsked(input.window, today);
  const { asked: accounts, filter } = await accountsMeant(rows, input.filters, context);
  const { start, end } = asked.window;
  const touched = { ...accounts, ids: await touchedAccounts(rows, { start, end, zone }) };
  const stays = (await stagesLived(rows, touched, context)).filter(
    ({ from, to }) => from < end && (to === null || to > start),
  );
  const given = { stays, start, end, zone };
  const counted = await touchCells(rows, given);
  const pains = painsOf({
    tickets: await ticketPains(rows, given),
    surveys: await surveyPains(rows, given),
    names: await describedAccounts(rows, touched),
  });
  const chances = await stageChances(rows, accounts, { model: model.id, today });
  const used = TOUCHPOINTS.filter((each) => counted.some(({ touchpoint }) => touchpoint === each));
  return {
    asked,
    scope: scopeOf(asked.window, context, filter),
    model: model.name,
    currency: baseCurrency,
    stages: model.stages.map(({ id, name, moves }): MapStage => {
      const here = chances.find(({ stage }) => stage === id) ?? null;
      return {
        id,
        name,
        accounts: here?.accounts ?? 0,
        baseMrrMinor: here?.baseMrrMinor ?? 0,
        pains: pains.get(id) ?? [],
        opportunities: opportunitiesOf(here),
        helps: moves.allowed.map((move) => knowledge.moves.get(move)?.title ?? move),
      };
    }),
    touchpoints: used.map((id) => ({ id, title: TOUCHPOINT_TITLES[id] })),
    cells: model.stages.flatMap(({ id: stage }) =>
      used.map((touchpoint): MapCell => {
        const cell = counted.find((each) => each.stage === stage && each.touchpoint === touchpoint);
        return { stage, touchpoint, touches: cell?.touches ?? 0, accounts: cell?.accounts ?? 0 };
      }),
    ),
    doubts: await doubtsOf(rows, { asked, model: model.id }),
  };
}

const opportunitiesOf = (here: StageChances | null): MapStage["opportunities"] => (here ? chancesOf(here) : []);

interface Pains {
  tickets: TicketPain[];
  surveys: SurveyPain[];
  names: Map<number, { name: string }>;
}

/** The most frequent pains of each stage: ticket kinds, and answers that complain. */
function painsOf({ tickets, surveys, names }: Pains): Map<string, MapPain[]> {
  const fromTickets = tickets.map(({ stage, kind, tickets: count, urgent, open, csat }) => ({
    stage,
    pain: { what: ticketWords({ kind, urgent, open, csat }), count, from: "tickets" as const, comments: [] },
  }));
  const fromSurveys = surveys
    .filter(({ low }) => low > 0)
    .map(({ stage, kind, low, answers, comments }) => ({
      stage,
      pain: {
        what: `${kind === "nps" ? "detractors" : "dissatisfied answers"} among ${answers} ${kind.toUpperCase()} answers`,
        count: low,
        from: "surveys" as const,
        comments: comments.map(({ accountId, ...each }) => ({
          name: names.get(accountId)?.name ?? `account ${accountId}`,
          ...each,
        })),
      },
    }));
  const top = (list: { stage: string; pain: MapPain }[]) => Map.groupBy(list, ({ stage }) => stage);
  const [byTickets, bySurveys] = [top(fromTickets), top(fromSurveys)];
  const stages = new Set([...byTickets.keys(), ...bySurveys.keys()]);
  return new Map(
    [...stages].map((stage) => [
      stage,
      [...(byTickets.get(stage) ?? []).slice(0, MOST_PAINS), ...(bySurveys.get(stage) ?? [])].map(({ pain }) => pain),
    ]),
  );
}

function ticketWords({ kind, urgent, open, csat }: Pick<TicketPain, "kind" | "urgent" | "open" | "csat">): string {
  const facts = [urgent > 0 && `${urgent} high or urgent`, open > 0 && `${open} open`, csat !== null && `CSAT ${csat}`];
  const told = facts.filter(Boolean).join(", ");
  return `${kind?.replaceAll("_", " ") ?? "tickets without a kind"}${told ? ` (${told})` : ""}`;
}

async function doubtsOf(rows: Reading, { asked, model }: { asked: WindowAsked; model: string }): Promise<string[]> {
  const { from, judgedFirst } = await stageHistoryReach(rows, model);
  if (from === null || from >= asked.window.end) return ["No account was in a stage of the model in this window."];
  if (judgedFirst === null || judgedFirst <= asked.window.start) return [];
  return [
    `Stages have been judged since ${judgedFirst} only; touches before an account's first known day in a stage are left out. \`perennial history\` works past months out.`,
  ];
}
