import type { Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";

/**
 * An export is as old as its newest row: a file that was copied today may end two years ago. The feeds of a source are
 * set back to the newest day that the kinds of data it brings can tell of.
 */
export const ageFeeds = (rows: Writing, source: string): Promise<number> =>
  rows.run(sql`
    with newest (domain, at) as (
      select 'crm', greatest((select max(occurred_at) from interaction where occurred_at <= now()), (select max(created_on) from opportunity where created_on <= now()),
        (select max(created_on) from contact where created_on <= now()), (select max(created_on) from account where created_on <= now()))
      union all select 'billing', greatest((select max(effective_at) from mrr_event where effective_at <= now()), (select max(issued_on) from invoice where issued_on <= now()),
        (select max(started_on) from subscription where started_on <= now()))
      union all select 'support', greatest((select max(created_at) from ticket where created_at <= now()), (select max(solved_at) from ticket where solved_at <= now()))
      union all select 'usage', (select max(day) from product_usage where day <= now())
      union all select 'voice', greatest((select max(responded_on) from survey_response where responded_on <= now()), (select max(made_on) from referral where made_on <= now()),
        (select max(occurred_on) from loyalty_entry where occurred_on <= now())))
    update source_feed f set synced_at = least(f.synced_at, n.at)
    from (select max(n.at) as at from newest n join source_feed f using (domain) where f.source = ${source}) n
    where f.source = ${source} and n.at is not null`);
