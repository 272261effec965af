import { z } from "zod";
import { type Deal, type DealTotal, dealsThat } from "#accounts/deals.ts";
import { accountVocabulary } from "#accounts/vocabulary.ts";
import { AskAgain } from "#errors.ts";
import { addDays } from "#lifecycle/days.ts";
import { minorDigits, toMinor } from "#money.ts";
import { askedWords, sayDeals } from "./deals-words.ts";
import { defineTool } from "./define-tool.ts";
import { KeptOut, OPPORTUNITY_NAMES } from "./in-channel.ts";
import { portfolioFilters } from "./portfolio-input.ts";
import { readFilters } from "./read-filters.ts";
import { sayFilters } from "./say-filters.ts";

/** Deals, counted and summed over all that fit; `accounts` are those of the list, in its order. */
export interface DealsFinding {
  count: number;
  totals: DealTotal[];
  /** What they come to together, in minor units; null where a rate is missing. */
  baseMinor: number | null;
  /** The mean of those that have an amount, in minor units; null where there are none, or a rate is missing. */
  averageMinor: number | null;
  baseCurrency: string;
  deals: Deal[];
  accounts: { id: number; name: string }[];
  asked: string;
  today: string;
}

export const dealsTool = defineTool({
  name: "deals",
  title: "Deals",
  description:
    "Opportunities across accounts: open ones by closing day or by amount, those that should have closed already, and those won or lost in a window; with amount, stage, owner, sums and the average size. Use for “which deals close this month?”, “biggest open deals”, “my pipeline”, “which deals have slipped?”, “deals won last quarter”, “average deal size”. For one account use account_detail.",
  effect: "reads",
  input: z.object({
    state: z.enum(["open", "won", "lost"]).default("open"),
    closes_from: z.iso.date().optional().describe("closes (or closed) on or after this day"),
    closes_to: z.iso.date().optional().describe("closes (or closed) on or before this day"),
    slipped: z.boolean().default(false).describe("true: still open although the closing day is over"),
    at_least: z.number().positive().optional().describe("amount in whole units of the workspace's currency"),
    kind: z.enum(["new", "renewal", "expansion"]).optional(),
    filters: portfolioFilters.pick({ owner: true, team: true, segment: true, country: true }).default({}),
    sort: z.enum(["closing", "amount"]).default("closing"),
    limit: z.number().int().min(1).max(100).default(10),
  }),
  run: (input, context) =>
    context.database.read(context.actor, async (rows): Promise<DealsFinding> => {
      const { today, baseCurrency } = context;
      const { state, kind, slipped, closes_from: from, closes_to: to } = input;
      if (from && to && from > to)
        throw new AskAgain(`The window ends (${to}) before it begins (${from}). Ask the other way round.`);
      const { owners, teams, segments, countries } = readFilters(input.filters, await accountVocabulary(rows), context);
      const { totals, deals } = await dealsThat(rows, {
        ...{ today, state, kind, owners, teams, segments, countries, baseCurrency },
        closesFrom: from,
        closesTo: slipped ? addDays(today, -1) : to,
        atLeastMinor: input.at_least === undefined ? undefined : toMinor(input.at_least, baseCurrency),
        sort: input.sort,
        limit: input.limit,
      });
      const baseMinor = togetherInBase(totals, baseCurrency);
      const valued = totals.reduce((sum, each) => sum + each.valued, 0);
      return {
        count: totals.reduce((sum, each) => sum + each.deals, 0),
        totals,
        baseMinor,
        averageMinor: baseMinor === null || valued === 0 ? null : Math.round(baseMinor / valued),
        baseCurrency,
        deals,
        accounts: [...new Map(deals.map(({ accountId: id, account: name }) => [id, { id, name }])).values()],
        asked: askedWords(input, sayFilters(input.filters, baseCurrency)),
        today,
      };
    }),
  say: sayDeals,
  inChannel: (found) => {
    const kept = new KeptOut();
    const deals = found.deals.map((each) => ({
      ...each,
      name: kept.of(each.name, null, OPPORTUNITY_NAMES),
      nextStep: kept.of(each.nextStep, null, "next steps that were written down"),
    }));
    return { finding: { ...found, deals }, keptOut: kept.words };
  },
});

function togetherInBase(totals: readonly DealTotal[], baseCurrency: string): number | null {
  const parts = totals.map(({ currency, amountMinor, rate }) =>
    amountMinor === 0
      ? 0
      : currency === null || rate === null
        ? null
        : amountMinor * rate * 10 ** (minorDigits(baseCurrency) - minorDigits(currency)),
  );
  return parts.some((each) => each === null) ? null : Math.round(parts.reduce<number>((sum, each) => sum + each!, 0)); // just looked
}
