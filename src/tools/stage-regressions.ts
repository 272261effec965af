import { z } from "zod";
import { groupFilterOf } from "#accounts/figures-groups.ts";
import { stageHistoryReach } from "#accounts/funnel.ts";
import { countingOf } from "#accounts/movements.ts";
import { formatMoney } from "#money.ts";
import { regressionsIn } from "#reports/ahead.ts";
import type { Regression } from "#reports/churn-report.ts";
import { windowNumbers } from "#reports/window-numbers.ts";
import { defineTool } from "./define-tool.ts";
import { accountsMeant, figureFilters, scopeOf, type WindowAsked, windowAsked, windowInput } from "./figure-input.ts";
import { scopeWords } from "./figure-words.ts";
import { counted } from "./words.ts";

export interface RegressionsFinding {
  asked: WindowAsked;
  scope: ReturnType<typeof scopeOf>;
  currency: string;
  model: string;
  all: number;
  moves: Regression[];
  accounts: { id: number; name: string }[];
  /** The first day on which stages were judged, where that is inside the window or after it. */
  judgedSince: string | null;
}

export const stageRegressionsTool = defineTool({
  name: "stage_regressions",
  title: "Back a stage",
  description:
    "The accounts that went back to an earlier lifecycle stage in a window, newest first, with from, to, day and MRR; those that were lost are not among them. Use for “which accounts regressed this month?”, “who moved backwards in the lifecycle?”.",
  effect: "reads",
  input: z.object({
    window: windowInput.default("this month"),
    filters: figureFilters.default({}),
    limit: z.number().int().min(1).max(100).default(20),
  }),
  run: (input, context) =>
    context.database.read(context.actor, async (rows): Promise<RegressionsFinding> => {
      const { model } = context.knowledge;
      const asked = windowAsked(input.window, context.today);
      const { asked: accounts, filter } = await accountsMeant(rows, input.filters, context);
      const counted = { counting: await countingOf(rows), filter: await groupFilterOf(rows, accounts) };
      const { byLedger } = await windowNumbers(rows, asked.window, counted);
      const moves = { window: asked.window, counted, byLedger };
      const { all, first } = await regressionsIn(rows, moves, { model, filter: counted.filter });
      const { judgedFirst } = await stageHistoryReach(rows, model.id);
      const shown = first.slice(0, input.limit);
      return {
        asked,
        scope: scopeOf(asked.window, context, filter),
        currency: context.baseCurrency,
        model: model.name,
        all,
        moves: shown,
        accounts: shown.map(({ accountId: id, name }) => ({ id, name })),
        judgedSince: judgedFirst !== null && judgedFirst > asked.window.start ? judgedFirst : null,
      };
    }),
  say: sayRegressions,
});

function sayRegressions({ asked, scope, currency, model, all, moves, judgedSince }: RegressionsFinding): string {
  const when = `${asked.title}${asked.isPartial ? " so far" : ""} (${scope.filter})`;
  const doubt = judgedSince
    ? [
        `Note: stages have been judged since ${judgedSince} only, so what moved before is not on record. \`perennial history\` works past months out.`,
      ]
    : [];
  return [
    all === 0 ? `No account went back a stage in ${when}.` : `**${counted(all, "move")} back a stage** in ${when}.`,
    ...moves.map(
      ({ name, from, to, on, mrrMinor, owner }, at) =>
        `${at + 1}. **${name}** — from ${from} to ${to} on ${on}, MRR ${formatMoney(mrrMinor, currency)}${owner ? `, owner ${owner}` : ""}`,
    ),
    ...(all > moves.length ? [`and ${all - moves.length} more`] : []),
    ...doubt,
    `Model ${model}. Window: ${scopeWords(scope)}.`,
  ].join("\n");
}
