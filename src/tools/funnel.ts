import { z } from "zod";
import { ledgerBefore } from "#accounts/figures.ts";
import { type AccountsAsked, describedAccounts } from "#accounts/figures-accounts.ts";
import { type StageStay, stageHistoryReach, stageStays } from "#accounts/funnel.ts";
import { lapsesOf, withoutLapses } from "#accounts/funnel-lapses.ts";
import type { Reading } from "#database/door.ts";
import { AskAgain } from "#errors.ts";
import { addDays } from "#lifecycle/days.ts";
import { nearestNames } from "#lifecycle/nearest-names.ts";
import type { Figure, Scope } from "#metrics/figure.ts";
import { type FunnelStage, stageFunnel } from "#metrics/funnel.ts";
import { type TimeInStage, timeInStage } from "#metrics/time-in-stage.ts";
import { defineTool, type ToolContext } from "./define-tool.ts";
import { accountsMeant, figureFilters, scopeOf, type WindowAsked, windowAsked, windowInput } from "./figure-input.ts";
import { sayFunnel } from "./funnel-words.ts";
import { stageTitle } from "./subject.ts";

const stageInput = z.string().min(2).max(60).optional();

const funnelInput = z.object({
  window: windowInput.default("last 12 months"),
  from: stageInput.describe("for one conversion: the stage that accounts entered"),
  to: stageInput.describe("for one conversion: the stage that they reached"),
  mode: z
    .enum(["any-order", "strict"])
    .default("any-order")
    .describe("any-order: a later stage counts however it was reached; strict: every stage in order"),
  filters: figureFilters.default({}),
});
type FunnelAsked = z.output<typeof funnelInput>;

/** A stage with how accounts went through it, and how long they stay. */
export interface FunnelLine extends FunnelStage {
  id: string;
  expectedDays: number | null;
  time: TimeInStage;
  /** Who has been there longest. */
  longest: { id: number; name: string; days: number; since: string }[];
}

export interface FunnelFinding {
  asked: WindowAsked;
  scope: Scope;
  model: string;
  mode: "any-order" | "strict";
  /** The last day that is known. */
  asOf: string;
  stages: FunnelLine[];
  /** The one conversion that was asked for. */
  conversion: { from: string; to: string; figure: Figure } | null;
  /** Stages where accounts stay longer than the model expects, the worst first. */
  stuck: { stage: string; because: string[] }[];
  /** Stages that accounts left for good or fell back from, the most first. */
  lostFrom: { stage: string; out: number; backward: number; entered: number }[];
  doubts: string[];
}

export const funnelTool = defineTool({
  name: "stage_funnel",
  title: "Stage funnel",
  description:
    "How accounts go through the lifecycle stages in a window: entered, moved on, fell back, left, still there, conversion rates, and how long they stay (Kaplan–Meier, open ones censored). Use for “where do accounts get stuck?”, “conversion from consideration to purchase this quarter”, “how long do accounts stay in a stage?”.",
  effect: "reads",
  input: funnelInput,
  run: (input, context) => context.database.read(context.actor, (rows) => findFunnel(rows, input, context)),
  say: sayFunnel,
});

async function findFunnel(rows: Reading, input: FunnelAsked, context: ToolContext): Promise<FunnelFinding> {
  const { model } = context.knowledge;
  const asked = windowAsked(input.window, context.today);
  const { asked: accounts, filter } = await accountsMeant(rows, input.filters, context);
  const scope = scopeOf(asked.window, context, filter);
  const spells = await stagesLived(rows, accounts, context);
  const order = model.stages.map(({ id }) => id);
  const given = { spells, window: asked.window, until: addDays(context.today, 1), mode: input.mode };
  const names = await describedAccounts(rows, {
    ...accounts,
    ids: order.flatMap((stage) => idsLongest(spells, stage, context)),
  });
  const stages = stageFunnel({ ...given, order }, scope).map((line): FunnelLine => {
    const time = timeInStage(spells, line.stage, context.today, { ...scope, window: null });
    const expectedDays = model.stages.find(({ id }) => id === line.stage)?.expectedDays ?? null;
    return {
      ...line,
      id: line.stage,
      stage: stageTitle(context, line.stage),
      expectedDays,
      time,
      longest: longestIn(spells, line.stage, { context, names }),
    };
  });
  return {
    asked,
    scope,
    model: model.name,
    mode: input.mode,
    asOf: context.today,
    stages,
    conversion: conversionAsked(input, { ...given, order, scope, context }),
    stuck: whereStuck(stages),
    lostFrom: whereLost(stages),
    doubts: await doubtsOf(rows, asked, context),
  };
}

/** The stays of accounts in the stages of the model: a churned account is in none of them. */
export async function stagesLived(rows: Reading, accounts: AccountsAsked, context: ToolContext): Promise<StageStay[]> {
  const { knowledge, today, zone } = context;
  const stays = await stageStays(rows, knowledge.model.id, accounts);
  const ledger = await ledgerBefore(rows, accounts, { before: addDays(today, 1), zone, lapsing: true });
  return withoutLapses(stays, lapsesOf(ledger, zone));
}

interface ConversionGiven {
  spells: StageStay[];
  window: { start: string; end: string };
  until: string;
  mode: "any-order" | "strict";
  order: string[];
  scope: Scope;
  context: ToolContext;
}

/** From one stage to a later one: of those that entered the first in the window, for whom it is decided today. */
function conversionAsked({ from, to }: FunnelAsked, given: ConversionGiven): FunnelFinding["conversion"] {
  if (!from && !to) return null;
  const { order, scope, context } = given;
  const first = stageMeant(from ?? order[0]!, context); // a model has at least one stage
  const last = stageMeant(to ?? order[Math.min(order.indexOf(first) + 1, order.length - 1)]!, context);
  if (order.indexOf(last) <= order.indexOf(first))
    throw new AskAgain(
      `${stageTitle(context, last)} does not come after ${stageTitle(context, first)} in this model. Ask for a later stage.`,
    );
  const lines = stageFunnel({ ...given, order: order.slice(order.indexOf(first)) }, scope);
  const figure = lines.find(({ stage }) => stage === last)?.cumulative;
  if (!figure) throw new Error(`a funnel without the stage ${last}`);
  const words = [stageTitle(context, first), stageTitle(context, last)] as const;
  return { from: words[0], to: words[1], figure: { ...figure, metric: `conversion from ${words[0]} to ${words[1]}` } };
}

/** The stage of the model that somebody named. Throws AskAgain with the near ones. */
export function stageMeant(said: string, { knowledge: { model } }: ToolContext): string {
  const name = said.trim().toLowerCase();
  const found = model.stages.find((stage) => [stage.id, stage.name.toLowerCase()].includes(name));
  if (found) return found.id;
  const names = model.stages.map((stage) => stage.name);
  const near = nearestNames(said, names);
  throw new AskAgain(
    `There is no stage “${said}” in the model ${model.name}. ${near.length > 0 ? `Did you mean ${near.join(", ")}?` : `There are: ${names.join(", ")}.`}`,
  );
}

const LONGEST_SHOWN = 3;

const openIn = (spells: readonly StageStay[], stage: string, { today }: ToolContext): StageStay[] =>
  spells.filter((spell) => spell.stage === stage && spell.to === null && spell.from <= today);

/** Whose names are needed to tell who has been in a stage longest: those of the longest, and all that came on the same day. */
function idsLongest(spells: readonly StageStay[], stage: string, context: ToolContext): number[] {
  const open = openIn(spells, stage, context);
  const days = open.map(({ from }) => from).sort();
  const last = days[Math.min(LONGEST_SHOWN, days.length) - 1];
  return open.filter(({ from }) => last !== undefined && from <= last).map(({ accountId }) => accountId);
}

function longestIn(
  spells: readonly StageStay[],
  stage: string,
  { context, names }: { context: ToolContext; names: Map<number, { name: string }> },
): FunnelLine["longest"] {
  const days = (from: string) => Math.round((Date.parse(context.today) - Date.parse(from)) / 86_400_000);
  return openIn(spells, stage, context)
    .filter(({ accountId }) => names.has(accountId))
    .map(({ accountId, from }) => ({
      id: accountId,
      name: names.get(accountId)?.name ?? `account ${accountId}`,
      days: days(from),
      since: from,
    }))
    .sort((a, b) => b.days - a.days || a.name.localeCompare(b.name, "en") || a.id - b.id)
    .slice(0, LONGEST_SHOWN);
}

const OVER = 1.1; // a tenth beyond what the model expects is no bottleneck yet

/** Stages with a time in which accounts should get on, where they do not: stays that last longer, or open ones that wait longer. */
function whereStuck(stages: readonly FunnelLine[]): FunnelFinding["stuck"] {
  const found = stages.flatMap(({ stage, expectedDays, time: { median, open }, still }) => {
    if (expectedDays === null) return [];
    const lasting = (median.value ?? 0) / expectedDays;
    const waiting = (open?.medianDays ?? 0) / expectedDays;
    const because = [
      ...(lasting > OVER
        ? [`half of the stays last longer than ${median.value} days (expected: ${expectedDays})`]
        : []),
      ...(open && waiting > OVER
        ? [
            `of ${open.spells} in it now half have been there for more than ${open.medianDays} days (expected: ${expectedDays})`,
          ]
        : []),
    ];
    return because.length === 0 ? [] : [{ stage, because, weight: Math.max(lasting, waiting), still }];
  });
  return found
    .sort((a, b) => b.weight - a.weight || b.still - a.still || a.stage.localeCompare(b.stage, "en"))
    .map(({ stage, because }) => ({ stage, because }));
}

/** From which stages most accounts were lost or fell back, of those that entered in the window. */
const whereLost = (stages: readonly FunnelLine[]): FunnelFinding["lostFrom"] =>
  stages
    .filter(({ out, backward }) => out + backward > 0)
    .map(({ stage, out, backward, entered }) => ({ stage, out, backward, entered }))
    .sort((a, b) => b.out + b.backward - a.out - a.backward || a.stage.localeCompare(b.stage, "en"));

async function doubtsOf(rows: Reading, { window, title }: WindowAsked, { knowledge }: ToolContext): Promise<string[]> {
  const { judgedFirst } = await stageHistoryReach(rows, knowledge.model.id);
  if (judgedFirst === null) return ["No account has been judged yet, so there is no stage history."];
  if (judgedFirst <= window.start) return [];
  return [
    `Stages have been judged since ${judgedFirst} only, so ${title} is seen in part: stays that ended before are not on record. \`perennial history\` works past months out.`,
  ];
}
