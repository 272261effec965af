import { z } from "zod";
import { grossMargin } from "#accounts/figures.ts";
import { purchasesOf } from "#accounts/purchases.ts";
import { addDays } from "#lifecycle/days.ts";
import { ENOUGH_CAME_BACK, type RepeatCustomer, type RepeatValue, repeatValue } from "#metrics/repeat-value.ts";
import { formatMoney } from "#money.ts";
import { defineTool } from "./define-tool.ts";
import { accountsMeant, figureFilters } from "./figure-input.ts";
import { counted } from "./words.ts";

const repeatInput = z.object({
  weeks: z.number().int().min(4).max(104).default(52).describe("how far ahead, in weeks"),
  limit: z.number().int().min(1).max(50).default(10).describe("how many customers to name"),
  filters: figureFilters.default({}),
});

export interface RepeatFinding {
  weeks: number;
  asOf: string;
  currency: string;
  margin: number;
  filter: string;
  /** null where too few came back; `because` says so. */
  value: RepeatValue | null;
  because: string | null;
  customers: number;
  purchases: number;
  withoutRate: number;
}

export const repeatValueTool = defineTool({
  name: "repeat_value",
  title: "Value of repeat customers",
  description:
    "For businesses that sell again and again without subscriptions: how likely each customer is to buy again, how often, and what that is worth in the weeks to come (BG/NBD or Pareto/NBD with gamma-gamma over paid invoices). Use for “what are our repeat customers worth?”, “who will buy again?”. Not for subscriptions: their CLV is a figure of its own.",
  effect: "reads",
  input: repeatInput,
  run: ({ weeks, limit, filters }, context) =>
    context.database.read(context.actor, async (rows): Promise<RepeatFinding> => {
      const { today, baseCurrency: currency } = context;
      const { asked, filter } = await accountsMeant(rows, filters, context);
      const { purchases, withoutRate } = await purchasesOf(rows, asked, { before: addDays(today, 1), base: currency });
      const bought = [...Map.groupBy(purchases, ({ accountId }) => accountId)].map(([id, of]) => ({
        id,
        name: of[0]!.name, // a group has one at least
        purchases: of,
      }));
      const margin = await grossMargin(rows);
      const value = repeatValue(bought, { asOf: addDays(today, 1), weeks, margin });
      return {
        ...{ weeks, asOf: today, currency, margin, filter, withoutRate },
        value: value && { ...value, customers: value.customers.slice(0, limit) },
        because: value ? null : tooFew(bought.map((each) => each.purchases.length)),
        customers: bought.length,
        purchases: purchases.length,
      };
    }),
  say: sayRepeat,
});

function tooFew(purchases: number[]): string {
  const again = purchases.filter((count) => count > 1).length;
  const found =
    purchases.length === 0
      ? "No paid invoice stands outside of a subscription"
      : `${counted(purchases.length, "customer")} bought outside of subscriptions, ${again} of them more than once`;
  return `${found}; ${ENOUGH_CAME_BACK} who came back are needed to say what repeat customers are worth. For subscriptions ask for CLV.`;
}

function sayRepeat({ weeks, asOf, currency, margin, filter, value, because, ...counts }: RepeatFinding): string {
  if (!value) return because ?? "";
  const money = (minor: number) => formatMoney(minor, currency);
  return [
    `**Repeat customers, ${counted(weeks, "week")} ahead**: ${money(value.valueMinor)} expected from ${counted(counts.customers, "customer")}, of whom ${value.cameBack} have come back so far.`,
    ...value.customers.map((each) => line(each, money)),
    ...(Math.abs(value.correlation) > 0.3
      ? [
          `Read with care: how often and how much go together here (correlation ${value.correlation.toFixed(2)}), which the models take not to be so.`,
        ]
      : []),
    ...(counts.withoutRate > 0
      ? [`${counted(counts.withoutRate, "purchase")} left out: there is no exchange rate of the day.`]
      : []),
    `Definition: expected purchases × expected amount × gross margin ${Math.round(margin * 100)}%, not discounted; ${value.model} and gamma-gamma, fitted to ${counted(counts.purchases, "purchase")} (paid invoices outside of subscriptions, one a day and account) as of ${asOf}, ${filter}.`,
  ].join("\n");
}

const line = (
  { name, purchases, lastOn, alive, expected, valueMinor }: RepeatCustomer,
  money: (minor: number) => string,
) =>
  `- **${name}**: ${money(valueMinor)}; ${counted(purchases, "purchase")}, the last one on ${lastOn}; ${Math.round(alive * 100)}% likely to still buy, ${expected.toFixed(1)} more expected`;
