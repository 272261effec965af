import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";

const changesRow = z.object({
  currency: z.string(),
  mrrBeforeMinor: z.number(),
  mrrNowMinor: z.number(),
  ticketsOpened: z.number(),
  ticketsSolved: z.number(),
  contactsFromCustomer: z.number(),
  contactsFromUs: z.number(),
  npsBefore: z.number().nullable(),
  npsNow: z.number().nullable(),
  eventsBefore: z.number().nullable(),
  eventsNow: z.number().nullable(),
  /** The last day that usage data can tell of; the two usage windows end and begin by it. */
  usageUntil: z.string(),
});

/** One account's figures before a day and now. Usage compares what its data covers of the window with as many days before. */
export type AccountChanges = z.infer<typeof changesRow>;

/** What differs between the start of `since` and the end of `today`. Money in minor units. */
export const accountChanges = (
  rows: Reading,
  { accountId, since, today }: { accountId: number; since: string; today: string },
): Promise<AccountChanges> =>
  rows.one(
    changesRow,
    sql`select f.currency,
      coalesce((select sum(delta_minor) from mrr_event e where e.workspace_id = f.workspace_id and e.account_id = f.account_id and effective_at < ${since}::date), 0)::bigint as "mrrBeforeMinor",
      coalesce((select sum(delta_minor) from mrr_event e where e.workspace_id = f.workspace_id and e.account_id = f.account_id and effective_at < ${today}::date + 1), 0)::bigint as "mrrNowMinor",
      (select count(*) from ticket t where t.workspace_id = f.workspace_id and t.account_id = f.account_id and created_at >= ${since}::date and created_at < ${today}::date + 1)::int as "ticketsOpened",
      (select count(*) from ticket t where t.workspace_id = f.workspace_id and t.account_id = f.account_id and solved_at >= ${since}::date and solved_at < ${today}::date + 1)::int as "ticketsSolved",
      (select count(*) from interaction i where i.workspace_id = f.workspace_id and i.account_id = f.account_id and direction = 'inbound' and occurred_at >= ${since}::date and occurred_at < ${today}::date + 1)::int as "contactsFromCustomer",
      (select count(*) from interaction i where i.workspace_id = f.workspace_id and i.account_id = f.account_id and direction = 'outbound' and campaign is null and occurred_at >= ${since}::date and occurred_at < ${today}::date + 1)::int as "contactsFromUs",
      (select score from survey_response s where s.workspace_id = f.workspace_id and s.account_id = f.account_id and kind = 'nps' and responded_on < ${since} order by responded_on desc limit 1) as "npsBefore",
      (select score from survey_response s where s.workspace_id = f.workspace_id and s.account_id = f.account_id and kind = 'nps' and responded_on <= ${today} order by responded_on desc limit 1) as "npsNow",
      (select sum(events)::int from product_usage u where u.workspace_id = f.workspace_id and u.account_id = f.account_id and day >= ${since}::date - (fresh.day - ${since}::date + 1) and day < ${since}) as "eventsBefore",
      (select sum(events)::int from product_usage u where u.workspace_id = f.workspace_id and u.account_id = f.account_id and day between ${since} and fresh.day) as "eventsNow",
      fresh.day as "usageUntil"
    from account_facts f
    cross join lateral (select least(${today}::date, coalesce(max(synced_at)::date, ${today})) as day from source_feed where domain = 'usage') fresh
    where f.account_id = ${accountId}`,
  );
