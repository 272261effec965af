import { z } from "zod";
import { AskAgain } from "#errors.ts";
import { addDays } from "#lifecycle/days.ts";
import { defineTool } from "./define-tool.ts";
import { askPortfolio, sayPortfolio } from "./portfolio.ts";
import { portfolioFilters } from "./portfolio-input.ts";

const NOTICE_DAYS = 90; // the usual notice period in contracts

export const renewalsTool = defineTool({
  name: "renewals",
  title: "Renewals",
  description:
    "Contracts that renew in a window, nearest first, with MRR, health and owner. Use for “what renews this month?” and “what should I prepare?”.",
  effect: "reads",
  input: z.object({
    within_days: z.number().int().min(1).max(730).default(NOTICE_DAYS).describe("days from today"),
    from: z.iso.date().optional().describe("first day, ISO; wins over within_days"),
    to: z.iso.date().optional().describe("last day, ISO; wins over within_days"),
    ...portfolioFilters.pick({ owner: true, team: true, segment: true, country: true }).shape,
    limit: z.number().int().min(1).max(100).default(20),
  }),
  run: async ({ within_days, from, to, limit, ...filters }, context) => {
    const first = from ?? context.today;
    const last = to ?? addDays(first, within_days);
    if (first > last)
      throw new AskAgain(`The window ends (${last}) before it begins (${first}). Ask the other way round.`);
    return askPortfolio(
      { filters: { ...filters, renews_from: first, renews_to: last, paying: true }, sort: "renewal", limit },
      context,
    );
  },
  say: sayPortfolio,
});
