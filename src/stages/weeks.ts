import { z } from "zod";
import type { Reading, Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";

/** Keeps how many accounts stand in which stage in the week of a day, in place of what an earlier day of the week said. */
export async function keepStageWeek(
  rows: Writing,
  { workspaceId, model, day }: { workspaceId: number; model: string; day: string },
): Promise<void> {
  const week = sql`week_of(${day}::date, w.week_starts_on)`;
  await rows.run(sql`
    delete from stage_week s using workspace w
    where w.workspace_id = s.workspace_id and s.workspace_id = ${workspaceId} and s.model_id = ${model} and s.week = ${week}`);
  await rows.run(sql`
    insert into stage_week (workspace_id, week, model_id, stage, accounts, paying, mrr_minor, health, judged_on)
    select ${workspaceId}, ${week}, s.model_id, case when s.lapsed_since is null then s.stage else 'lapsed' end, count(*), count(*) filter (where f.mrr_minor > 0),
      coalesce(sum(f.base_mrr_minor), 0), round(avg(f.health), 1), ${day}::date
    from account_stage s join account_facts f using (workspace_id, account_id) join account a using (workspace_id, account_id) join workspace w using (workspace_id)
    where s.workspace_id = ${workspaceId} and s.model_id = ${model} and a.deleted_at is null and a.merged_into is null
    group by 2, 3, 4`);
}

const weekRow = z.object({
  week: z.string(),
  stage: z.string(),
  accounts: z.number(),
  paying: z.number(),
  mrrMinor: z.number(),
  /** The mean health of those that pay; null where it is not known. */
  health: z.number().nullable(),
  judgedOn: z.string(),
});
export type StageWeek = z.infer<typeof weekRow>;

/** The stages of the weeks from a day on, oldest week first; "lapsed" for those that were paying and pay no more. */
export const stageWeeksFrom = (rows: Reading, model: string, day: string): Promise<StageWeek[]> =>
  rows.many(
    weekRow,
    sql`select week, stage, accounts, paying, mrr_minor as "mrrMinor", health, judged_on as "judgedOn" from stage_week
        where workspace_id = current_workspace() and model_id = ${model} and week >= ${day}::date order by week, stage`,
  );

/** Replaces the weeks of a model from one week up to another one, not included. */
export async function replaceStageWeeks(
  rows: Writing,
  {
    workspaceId,
    model,
    from,
    until,
    weeks,
  }: { workspaceId: number; model: string; from: string; until: string; weeks: StageWeek[] },
): Promise<void> {
  await rows.run(
    sql`delete from stage_week where workspace_id = ${workspaceId} and model_id = ${model} and week >= ${from}::date and week < ${until}::date`,
  );
  await rows.run(sql`
    insert into stage_week (workspace_id, week, model_id, stage, accounts, paying, mrr_minor, health, judged_on)
    select ${workspaceId}, w.week, ${model}, w.stage, w.accounts, w.paying, w."mrrMinor", w.health, w."judgedOn"
    from jsonb_to_recordset(${JSON.stringify(weeks)}::jsonb) as w (week date, stage text, accounts int, paying int, "mrrMinor" bigint, health numeric, "judgedOn" date)`);
}
