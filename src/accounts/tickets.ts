import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { join, type Sql, sql } from "#database/sql.ts";

/** Which tickets are meant. All that is given must hold; within a list, one of it. */
export interface TicketQuery {
  today: string;
  accountId?: number | undefined;
  /** Its own number here, or the one that the helpdesk gave it. */
  number?: string | undefined;
  state: "open" | "solved" | "any";
  priorities?: string[] | undefined;
  /** Opened more than this many days ago. */
  olderThanDays?: number | undefined;
  /** Opened from this day on, and before that one. */
  openedFrom?: string | undefined;
  openedBefore?: string | undefined;
  /** Words that its subject or text has, in any form. */
  about?: string | undefined;
  /** On the matter of one of these subjects. */
  matterOf?: string[] | undefined;
  /** Not this account's. */
  exceptAccountId?: number | undefined;
  exceptIds?: number[] | undefined;
  owners?: string[] | undefined;
  teams?: string[] | undefined;
  segments?: string[] | undefined;
  countries?: string[] | undefined;
  sort: keyof typeof SORTS;
  limit: number;
  groupBy?: keyof typeof GROUPS | undefined;
}

const PRIORITIES = sql`array['urgent', 'high', 'normal', 'low']`;
const SORTS = {
  urgency: sql`array_position(${PRIORITIES}, priority) nulls last, opened_on, id`,
  oldest: sql`opened_on, id`,
  newest: sql`opened_on desc, id desc`,
};
const GROUPS = {
  priority: sql`priority`,
  kind: sql`kind`,
  team: sql`team`,
  owner: sql`owner`,
  account: sql`account`,
};

const listed = z.object({
  id: z.number(),
  accountId: z.number(),
  account: z.string(),
  owner: z.string().nullable(),
  subject: z.string().nullable(),
  kind: z.string().nullable(),
  priority: z.string().nullable(),
  openedOn: z.string(),
  solvedOn: z.string().nullable(),
  /** 1 to 5. */
  csat: z.number().nullable(),
  escalated: z.boolean(),
  assignee: z.string().nullable(),
});
/** One ticket. `subject` is the customer's own words. */
export type ListedTicket = z.infer<typeof listed>;

const group = z.object({ value: z.string().nullable(), tickets: z.number(), accounts: z.number() });
const summary = z.object({
  count: z.number(),
  accountCount: z.number(),
  urgent: z.number(),
  averageAgeDays: z.number().nullable(),
  oldestOn: z.string().nullable(),
});

/** Counts and means are over every ticket that fits; `tickets` holds the first `limit` of them. */
export interface Tickets extends z.infer<typeof summary> {
  tickets: ListedTicket[];
  groups: z.infer<typeof group>[];
}

/** The tickets that fit, counted and listed or grouped. Tickets that belong to no account are left out. */
export async function ticketsThat(rows: Reading, query: TicketQuery): Promise<Tickets> {
  const { today, groupBy, limit, sort } = query;
  const fitting = fits(query);
  const whole = await rows.one(
    summary,
    sql`with fit as (${fitting}) select count(*)::int as count, count(distinct account_id)::int as "accountCount",
        count(*) filter (where priority = 'urgent')::int as urgent, min(opened_on) as "oldestOn",
        round(avg(coalesce(solved_on, ${today}::date) - opened_on), 1)::float8 as "averageAgeDays" from fit`,
  );
  if (groupBy) {
    const groups = await rows.many(
      group,
      sql`with fit as (${fitting}) select ${GROUPS[groupBy]} as value, count(*)::int as tickets, count(distinct account_id)::int as accounts
          from fit group by 1 order by 2 desc, 1 limit ${limit}`,
    );
    return { ...whole, groups, tickets: [] };
  }
  const tickets = await rows.many(
    listed,
    sql`with fit as (${fitting}) select id, account_id as "accountId", account, owner, subject, kind, priority, opened_on as "openedOn",
        solved_on as "solvedOn", csat, escalated, assignee from fit order by ${SORTS[sort]} limit ${limit}`,
  );
  return { ...whole, groups: [], tickets };
}

const fits = (query: TicketQuery): Sql => sql`
  select k.ticket_id as id, a.account_id, a.name as account, p.full_name as owner, t.name as team, k.subject, k.kind, k.priority,
    k.created_at::date as opened_on, k.solved_at::date as solved_on, k.csat::float8 as csat, k.escalated,
    (select w.full_name from person w where w.workspace_id = k.workspace_id and w.person_id = k.assignee_id) as assignee
  from ticket k join account a on a.workspace_id = k.workspace_id and a.account_id = k.account_id
    left join person p on p.workspace_id = a.workspace_id and p.person_id = a.owner_id
    left join team t on t.workspace_id = p.workspace_id and t.team_id = p.team_id
  where a.deleted_at is null and a.merged_into is null and k.created_at < ${query.today}::date + 1
    and ${join([sql`true`, ...conditions(query)], " and ")}`;

function conditions(query: TicketQuery): Sql[] {
  const { today, state, accountId, number, olderThanDays, openedFrom, openedBefore, about, matterOf } = query;
  const oneOf = (column: Sql, values: string[] | undefined) => values && sql`${column} = any(${values}::text[])`;
  const all = [
    state === "open" && sql`k.solved_at is null`,
    state === "solved" && sql`k.solved_at is not null`,
    accountId !== undefined && sql`k.account_id = ${accountId}`,
    number !== undefined && numbered(number),
    olderThanDays !== undefined && sql`k.created_at::date < ${today}::date - ${olderThanDays}::int`,
    openedFrom !== undefined && sql`k.created_at::date >= ${openedFrom}::date`,
    openedBefore !== undefined && sql`k.created_at::date < ${openedBefore}::date`,
    about !== undefined &&
      sql`(${TEXT} || to_tsvector('english', coalesce(replace(k.kind, '_', ' '), ''))) @@ plainto_tsquery('english', ${about})`,
    matterOf !== undefined && onTheMatterOf(matterOf),
    query.exceptAccountId !== undefined && sql`k.account_id <> ${query.exceptAccountId}`,
    query.exceptIds !== undefined && sql`k.ticket_id <> all(${query.exceptIds}::bigint[])`,
    oneOf(sql`k.priority`, query.priorities),
    oneOf(sql`p.full_name`, query.owners),
    oneOf(sql`t.name`, query.teams),
    oneOf(sql`a.segment`, query.segments),
    oneOf(sql`a.country`, query.countries),
  ];
  return all.filter((each) => each !== undefined && each !== false);
}

const TEXT = sql`to_tsvector('english', coalesce(k.subject, '') || ' ' || coalesce(k.body, ''))`;

/** "1106" is our number, "HD-2106" the helpdesk's. */
const numbered = (number: string): Sql => sql`(k.ticket_id::text = ${number} or exists (
    select from external_id e where e.workspace_id = k.workspace_id and e.object = 'ticket' and e.local_id = k.ticket_id
      and lower(e.external_id) = lower(${number})))`;

const SAME_MATTER = 0.5; // of a subject's stems: the place, the day and the tool in it differ from one customer to the next

/** Subjects that share most of their stems are on one matter: “Calendar sync with Outlook stopped”, “… with the badge system …”. */
const onTheMatterOf = (subjects: string[]): Sql => sql`exists (
    select from (select tsvector_to_array(to_tsvector('english', subject)) as stems from unnest(${subjects}::text[]) as own (subject)) matter
    where cardinality(stems) > 0 and cardinality(array(
      select unnest(stems) intersect select unnest(tsvector_to_array(to_tsvector('english', coalesce(k.subject, ''))))))
      >= ${SAME_MATTER}::float8 * cardinality(stems))`;
