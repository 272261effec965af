import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";

const task = z.object({
  id: z.number(),
  title: z.string(),
  dueOn: z.string(),
  accountId: z.number().nullable(),
  account: z.string().nullable(),
  owner: z.string(),
});
/** An open task that somebody owns; `dueOn` may be over. */
export type DueTask = z.infer<typeof task>;

const due = z.object({
  accountId: z.number(),
  account: z.string(),
  /** The day that counts: since when they wait, when they renew, since when the ticket is open. */
  on: z.string().nullable(),
  many: z.number().nullable(),
});
/** An account of somebody's on which something is to be done. */
export type DueAccount = z.infer<typeof due>;

export interface AgendaQuery {
  /** Null is everybody. */
  owner: string | null;
  today: string;
  until: string;
  /** Customers whose last word is older than this many days wait no more. */
  waitingDays: number;
}

/** Open tasks of a person, or of all, that are due until a day, the oldest first. */
export const tasksDue = (rows: Reading, { owner, until }: AgendaQuery): Promise<DueTask[]> =>
  rows.many(
    task,
    sql`select k.task_id as id, k.title, k.due_on as "dueOn", a.account_id as "accountId", a.name as account, p.full_name as owner
        from task k join person p on p.workspace_id = k.workspace_id and p.person_id = k.owner_id
          left join account a on a.workspace_id = k.workspace_id and a.account_id = k.account_id and a.deleted_at is null and a.merged_into is null
        where k.status = 'open' and (${owner}::text is null or p.full_name = ${owner}) and k.due_on <= ${until} order by k.due_on, k.task_id`,
  );

/** Accounts of a person, or all: who waits for an answer, who renews until a day, and where urgent tickets are open. */
export async function accountsDue(
  rows: Reading,
  { owner, today, until, waitingDays }: AgendaQuery,
): Promise<Record<"waiting" | "renewing" | "urgent", DueAccount[]>> {
  const found = await rows.many(
    due.extend({ why: z.enum(["waiting", "renewing", "urgent"]) }),
    sql`with mine as (
        select f.*, a.name as account from account_facts f
          join account a on a.workspace_id = f.workspace_id and a.account_id = f.account_id
          left join person p on p.workspace_id = a.workspace_id and p.person_id = a.owner_id
        where (${owner}::text is null or p.full_name = ${owner}) and a.deleted_at is null and a.merged_into is null)
      select 'waiting' as why, account_id as "accountId", account, last_inbound_on as "on", null::int as many from mine
        where last_inbound_on between ${today}::date - ${waitingDays}::int and ${today}::date and coalesce(last_outbound_on < last_inbound_on, true)
      union all select 'renewing', account_id, account, renews_on, null from mine where mrr_minor > 0 and cancel_on is null and renews_on between ${today}::date and ${until}::date
      union all select 'urgent', account_id, account, oldest_open_ticket_on, open_urgent_tickets::int from mine where open_urgent_tickets > 0
      order by "on", 3, 2`,
  );
  const of = (why: string): DueAccount[] => found.filter((each) => each.why === why).map(({ why: _, ...each }) => each);
  return { waiting: of("waiting"), renewing: of("renewing"), urgent: of("urgent") };
}
