import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { Exchange } from "#metrics/exchange.ts";
import { type AccountsAsked, accountsAsked } from "./figures-accounts.ts";

const purchase = z.object({
  accountId: z.number(),
  name: z.string(),
  day: z.string(),
  minor: z.number(),
  currency: z.string(),
});
const rate = z.object({ currency: z.string(), day: z.string(), rate: z.number() });

/** What an account bought outside of subscriptions on one day, in minor units of the base currency. */
export interface Purchase {
  accountId: number;
  name: string;
  day: string;
  minor: number;
}

/**
 * Paid invoices that belong to no subscription, before a day, by account and day. What has no rate into the base currency
 * is counted in `withoutRate` and left out.
 */
export async function purchasesOf(
  rows: Reading,
  asked: AccountsAsked,
  { before, base }: { before: string; base: string },
): Promise<{ purchases: Purchase[]; withoutRate: number }> {
  const found = await rows.many(
    purchase,
    sql`select i.account_id as "accountId", chosen.name, i.issued_on as day, sum(i.paid_minor)::bigint as minor, i.currency
        from invoice i join ${accountsAsked(asked)} chosen using (workspace_id, account_id)
        where i.subscription_id is null and i.status = 'paid' and i.paid_minor > 0 and i.issued_on < ${before} and chosen.is_live
        group by 1, 2, 3, 5 order by 1, 3, 5`,
  );
  const foreign = found.some(({ currency }) => currency !== base);
  const rates = foreign
    ? await rows.many(rate, sql`select currency, day, rate::float8 as rate from exchange_rate`)
    : [];
  const exchange = new Exchange(base, rates);
  let withoutRate = 0;
  const days = new Map<string, Purchase>(); // two invoices of one day are one purchase
  for (const { accountId, name, day, minor, currency } of found) {
    const converted = exchange.convert(minor, currency, day);
    if (converted.minor === null) {
      withoutRate += 1;
      continue;
    }
    const key = `${accountId} ${day}`;
    days.set(key, { accountId, name, day, minor: (days.get(key)?.minor ?? 0) + converted.minor });
  }
  return { purchases: [...days.values()], withoutRate };
}
