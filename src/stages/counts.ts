import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";

const stageCount = z.object({
  stage: z.string(),
  accounts: z.number(),
  lapsed: z.number(),
  crmDiffers: z.number(),
  withoutReason: z.number(),
});

/** How many accounts stand in a stage of a model, by its rules; `lapsed` and the others are among them. */
export type StageCount = z.infer<typeof stageCount>;

/** Counts by stage over the judged accounts of the workspace, the fullest stage first. */
export const stageCounts = (rows: Reading, modelId: string): Promise<StageCount[]> =>
  rows.many(
    stageCount,
    sql`select stage, count(*)::int as accounts, count(lapsed_since)::int as lapsed,
          (count(*) filter (where crm_differs))::int as "crmDiffers",
          (count(*) filter (where btrim(says) = '' or btrim(rule) = ''))::int as "withoutReason"
        from account_stage join account using (workspace_id, account_id)
        where model_id = ${modelId} and deleted_at is null
        group by stage order by accounts desc, stage`,
  );

/** Accounts of the workspace that the model has not judged; 0 once it is brought up to the day. */
export const unjudgedCount = async (rows: Reading, modelId: string): Promise<number> =>
  (
    await rows.one(
      z.object({ count: z.number() }),
      sql`select count(*)::int as count from account a where deleted_at is null and merged_into is null and not exists (
            select from account_stage s where s.workspace_id = a.workspace_id and s.account_id = a.account_id and s.model_id = ${modelId})`,
    )
  ).count;
