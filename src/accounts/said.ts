import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";

const word = z.object({
  on: z.string(),
  who: z.enum(["customer", "us"]),
  /** "question by email", "demo by meeting", "ticket", "NPS 4". */
  how: z.string(),
  meeting: z.boolean(),
  contact: z.string().nullable(),
  subject: z.string().nullable(),
  body: z.string().nullable(),
  row: z.string(),
});

/** Something that one side said to the other on a day; what was written is theirs, not ours. */
export type Word = z.infer<typeof word>;

/**
 * What was said last: the newest `each` of the customer (mails, calls, meetings, tickets, survey comments), the newest
 * `each` of ours, and the last meeting. Newest first. Visits of a page are no words, and mass mail is none of ours.
 */
export const lastWords = (
  rows: Reading,
  { accountId, until, each }: { accountId: number; until: string; each: number },
): Promise<Word[]> =>
  rows.many(
    word,
    sql`with said as (
        select i.occurred_at as at, case i.direction when 'inbound' then 'customer' else 'us' end as who,
          coalesce(replace(i.kind, '_', ' '), i.channel) || case when i.kind = i.channel then '' else ' by ' || i.channel end as how, i.channel = 'meeting' as meeting,
          i.contact_id, i.subject, i.body, 'interaction:' || i.interaction_id as row
        from interaction i where i.account_id = ${accountId} and i.direction <> 'none' and i.channel <> 'web' and i.campaign is null
        union all select created_at, 'customer', 'ticket', false, contact_id, subject, body, 'ticket:' || ticket_id from ticket where account_id = ${accountId}
        union all select responded_on::timestamptz, 'customer', upper(kind) || ' ' || trim_scale(score), false, contact_id, null, comment, 'survey_response:' || survey_response_id
          from survey_response where account_id = ${accountId} and comment is not null),
      ranked as (select *, row_number() over (partition by who order by at desc, row desc) as place,
          row_number() over (partition by meeting order by at desc, row desc) as met from said where at::date <= ${until}::date)
      select r.at::date as "on", who, how, meeting, c.full_name as contact, r.subject, left(r.body, 600) as body, r.row
      from ranked r left join contact c on c.contact_id = r.contact_id
      where place <= ${each} or (meeting and met = 1) order by r.at desc, r.row desc`,
  );
