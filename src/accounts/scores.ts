import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { type AccountsAsked, accountsAsked } from "./figures-accounts.ts";

const answer = z.object({
  row: z.string(),
  accountId: z.number(),
  person: z.string().nullable(),
  on: z.string(),
  score: z.number(),
  comment: z.string().nullable(),
});

/** An answer of a survey, or the rating of a ticket. */
export type ScoredAnswer = z.infer<typeof answer>;

/** NPS answers of the accounts asked about, before a day, oldest first. A person is the contact, else the account. */
export const npsAnswers = (rows: Reading, asked: AccountsAsked, before: string): Promise<ScoredAnswer[]> =>
  rows.many(
    answer,
    sql`select 'survey_response:' || s.survey_response_id as row, s.account_id as "accountId",
          coalesce('contact:' || s.contact_id, 'account:' || s.account_id) as person, s.responded_on as on, s.score, s.comment
        from survey_response s join ${accountsAsked(asked)} chosen using (workspace_id, account_id)
        where s.kind = 'nps' and s.responded_on < ${before} order by s.responded_on, s.survey_response_id`,
  );

/** Ratings of support tickets, by the day on which the ticket was opened. */
export const ticketRatings = (
  rows: Reading,
  asked: AccountsAsked,
  { before, zone }: { before: string; zone: string },
): Promise<ScoredAnswer[]> =>
  rows.many(
    answer,
    sql`select 'ticket:' || k.ticket_id as row, k.account_id as "accountId", null as person,
          (k.created_at at time zone ${zone})::date as on, k.csat as score, null as comment
        from ticket k join ${accountsAsked(asked)} chosen using (workspace_id, account_id)
        where k.csat is not null and k.created_at < (${before}::date)::timestamp at time zone ${zone}
        order by k.created_at, k.ticket_id`,
  );

/** Satisfaction or effort surveys of the accounts asked about, before a day. */
export const surveyAnswers = (
  rows: Reading,
  asked: AccountsAsked,
  { kind, before }: { kind: "csat" | "ces"; before: string },
): Promise<ScoredAnswer[]> =>
  rows.many(
    answer,
    sql`select 'survey_response:' || s.survey_response_id as row, s.account_id as "accountId", null as person,
          s.responded_on as on, s.score, s.comment
        from survey_response s join ${accountsAsked(asked)} chosen using (workspace_id, account_id)
        where s.kind = ${kind} and s.responded_on < ${before} order by s.responded_on, s.survey_response_id`,
  );

const rated = z.object({ tickets: z.number() });

/** How many tickets there were in a window, rated or not. */
export const ticketCount = async (
  rows: Reading,
  asked: AccountsAsked,
  { start, end, zone }: { start: string; end: string; zone: string },
): Promise<number> =>
  (
    await rows.one(
      rated,
      sql`select count(*)::int as tickets from ticket k join ${accountsAsked(asked)} chosen using (workspace_id, account_id)
          where k.created_at >= (${start}::date)::timestamp at time zone ${zone} and k.created_at < (${end}::date)::timestamp at time zone ${zone}`,
    )
  ).tickets;
