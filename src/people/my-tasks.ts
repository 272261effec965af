import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";

const taskRow = z.object({
  taskId: z.number(),
  title: z.string(),
  dueOn: z.string().nullable(),
  isLate: z.boolean(),
  account: z.object({ id: z.number(), name: z.string() }).nullable(),
});

/** An open task of a person's, with the account it is about. */
export type MyTask = z.infer<typeof taskRow>;

/** A person's open tasks, the longest due first, those without a day last. */
export const myTasks = (rows: Reading, personId: number, today: string, limit: number): Promise<MyTask[]> =>
  rows.many(
    taskRow,
    sql`select t.task_id as "taskId", t.title, t.due_on as "dueOn", coalesce(t.due_on < ${today}::date, false) as "isLate",
          case when a.account_id is not null then jsonb_build_object('id', a.account_id, 'name', a.name) end as account
        from task t
        left join account a on a.workspace_id = t.workspace_id and a.account_id = t.account_id and a.deleted_at is null
        where t.owner_id = ${personId} and t.status = 'open'
        order by t.due_on nulls last, t.task_id limit ${limit}`,
  );
