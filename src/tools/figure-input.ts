import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import type { AccountsAsked } from "#accounts/figures-accounts.ts";
import { accountVocabulary } from "#accounts/vocabulary.ts";
import type { Reading } from "#database/door.ts";
import { addDays } from "#lifecycle/days.ts";
import type { Scope, Window } from "#metrics/figure.ts";
import type { Interval } from "#metrics/weeks.ts";
import { titleOf } from "#reports/titles.ts";
import type { ToolContext } from "./define-tool.ts";
import { portfolioFilters } from "./portfolio-input.ts";
import { readFilters } from "./read-filters.ts";
import { sayFilters } from "./say-filters.ts";
import { readWindow } from "./window-words.ts";

/** The filters of a figure: which accounts it is over, as they stand today. */
export const figureFilters = portfolioFilters.pick({
  owner: true,
  team: true,
  segment: true,
  industry: true,
  country: true,
  plan: true,
});
export type FigureFilters = z.output<typeof figureFilters>;

export const windowInput = z
  .string()
  .min(2)
  .max(80)
  .describe("a window in words: last week, this quarter, October, Q2 2026, last 30 days, 2026-10-03 to 2026-10-20");

/** A window as it was asked for, cut at today: what is told of a window that is not over is a part of it. */
export interface WindowAsked {
  title: string;
  /** null: a window of any length. */
  interval: Interval | null;
  window: Window;
  isPartial: boolean;
}

/** Reads a window from its words. Throws AskAgain for words, days or directions that cannot be. */
export function windowAsked(said: string, today: string): WindowAsked {
  const { window, interval } = readWindow(said, { today });
  const end = window.end > addDays(today, 1) ? addDays(today, 1) : window.end;
  return {
    title: titleOf(window, interval),
    interval,
    window: { start: window.start, end },
    isPartial: end !== window.end,
  };
}

/** The accounts that filters mean, and the filters in words. Throws AskAgain for a name that the workspace does not know. */
export async function accountsMeant(
  rows: Reading,
  filters: FigureFilters,
  context: ToolContext,
): Promise<{ asked: AccountsAsked; filter: string }> {
  const { owners, teams, segments, industries, countries, plans } = readFilters(
    filters,
    await accountVocabulary(rows),
    context,
  );
  return {
    asked: { owners, teams, segments, industries, countries, plans },
    filter: sayFilters(filters, context.baseCurrency) || "all accounts",
  };
}

/** What every figure of a question carries. */
export const scopeOf = (window: Window | null, { zone }: ToolContext, filter: string): Scope => ({
  window,
  zone,
  filter,
});

/** The day of a moment in the zone; a bare day is itself. */
export const dayIn = (at: string, zone: string): string =>
  at.length === 10 ? at : String(Temporal.Instant.from(at).toZonedDateTimeISO(zone).toPlainDate());
