import { z } from "zod";

const list = (what: string) => z.array(z.string().min(1)).max(20).optional().describe(what);
const range = (what: string) =>
  z.object({ at_least: z.number().optional(), at_most: z.number().optional() }).optional().describe(what);

export const SORTS = [
  "mrr",
  "renewal",
  "health",
  "last_contact",
  "tickets",
  "nps",
  "name",
  "since",
  "seats",
  "overdue",
] as const;
export const GROUPS = [
  "stage",
  "owner",
  "team",
  "segment",
  "industry",
  "country",
  "plan",
  "currency",
  "lapsed",
] as const;

/** The filters of a portfolio question. All that are given must hold; within a list, one of them. */
export const portfolioFilters = z.object({
  stage: list("stages of the workspace's lifecycle model, by id or name"),
  owner: list("account owners, by name"),
  team: list("teams, by name"),
  segment: list("segments"),
  industry: list("industries"),
  country: list("countries, as stored or by name"),
  plan: list("plans"),
  name_contains: z.string().min(2).optional().describe("part of the account's name"),
  mrr: range("MRR in whole units of the workspace's currency, such as 1000 for 1,000.00"),
  health: range("health from 0 to 100"),
  nps: range("last NPS answer, 0 to 10"),
  renews_from: z.iso.date().optional().describe("renewal on or after this day"),
  renews_to: z.iso.date().optional().describe("renewal on or before this day"),
  no_contact_days: z
    .number()
    .int()
    .min(1)
    .max(3650)
    .optional()
    .describe("no contact in either direction for more than this many days, or never"),
  contacted_within_days: z.number().int().min(1).max(3650).optional().describe("some contact within this many days"),
  not_used_days: z
    .number()
    .int()
    .min(1)
    .max(3650)
    .optional()
    .describe("product not used for more than this many days, or never"),
  tickets: z
    .object({
      priority: z.array(z.enum(["low", "normal", "high", "urgent"])).optional(),
      state: z.enum(["open", "solved", "any"]).default("any"),
      within_days: z.number().int().min(1).max(3650).optional(),
      more_than: z.number().int().min(0).default(0),
    })
    .optional()
    .describe("accounts with more than this many tickets; priority 'high' means high exactly"),
  paying: z.boolean().optional().describe("true: MRR above 0; false: no MRR"),
  lapsed: z.boolean().optional().describe("true: was paying once, is not now"),
  cancelling: z.boolean().optional().describe("true: cancelled, the paid term has not ended yet"),
  overdue: z.boolean().optional().describe("true: has an overdue invoice"),
  crm_differs: z.boolean().optional().describe("true: the CRM's own stage says otherwise"),
  open_opportunity: z.boolean().optional(),
  owned: z.boolean().optional().describe("false: nobody owns it"),
});

export const portfolioInput = z.object({
  filters: portfolioFilters.default({}),
  sort: z.enum(SORTS).default("mrr"),
  descending: z
    .boolean()
    .optional()
    .describe("default: what people mean by the sort (MRR from the top, renewal from the nearest)"),
  limit: z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(10)
    .describe("how many accounts to list; counts and sums are always over all"),
  group_by: z.enum(GROUPS).optional().describe("count and sum per group instead of listing accounts"),
  share: z.boolean().optional().describe("true: also which share of everybody's MRR they have, or each group has"),
  measure: z
    .enum(["mrr", "accounts"])
    .optional()
    .describe("what was asked per group, for the chart; default: MRR, of stages the number of accounts"),
});
export type PortfolioFilters = z.output<typeof portfolioFilters>;
export type PortfolioInput = z.output<typeof portfolioInput>;
