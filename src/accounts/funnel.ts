import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { notTooMany } from "./figures.ts";
import { type AccountsAsked, accountsAsked } from "./figures-accounts.ts";

const spellRow = z.object({
  accountId: z.number(),
  stage: z.string(),
  from: z.string(),
  to: z.string().nullable(),
});

/** A stay of an account in a stage of a model; `to` null: it is still there. */
export type StageStay = z.infer<typeof spellRow>;

/**
 * Every stay in a stage of the model, of the accounts asked about, from the transitions on record. Throws AskAgain where that
 * is more than can be followed one by one while a person waits.
 */
export async function stageStays(rows: Reading, model: string, asked: AccountsAsked): Promise<StageStay[]> {
  const from = sql`from stage_transition t join ${accountsAsked(asked)} chosen using (workspace_id, account_id) where t.model_id = ${model}`;
  await notTooMany(rows, "stays in stages", sql`select t.account_id ${from}`);
  return rows.many(
    spellRow,
    sql`select * from (
          select t.account_id as "accountId", t.to_stage as stage, t.entered_on as from,
            lead(t.entered_on) over (partition by t.account_id order by t.entered_on, t.stage_transition_id) as to
          ${from}) stay
        where stay.to is null or stay.to > stay.from
        order by 1, 3`,
  );
}

const reach = z.object({ from: z.string().nullable(), judgedFirst: z.string().nullable() });

/** Since when the stages of a model are on record: the first day entered, and the first day judged; null without any. */
export const stageHistoryReach = (rows: Reading, model: string) =>
  rows.one(
    reach,
    sql`select min(entered_on) as from, min(decided_on) as "judgedFirst" from stage_transition where model_id = ${model}`,
  );
