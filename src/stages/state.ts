import { z } from "zod";
import type { Actor } from "#actor.ts";
import type { Database, Reading } from "#database/door.ts";
import { prepared, sql } from "#database/sql.ts";
import type { StageState } from "#lifecycle/judgement.ts";

const stateRow = z.object({
  accountId: z.number(),
  stage: z.string(),
  since: z.string(),
  candidate: z.string().nullable(),
  candidateSince: z.string().nullable(),
  candidateCount: z.number(),
  judgedOn: z.string(),
  pinnedStage: z.string().nullable(),
  pinnedUntil: z.string().nullable(),
  pinnedBy: z.string().nullable(),
  pinReason: z.string().nullable(),
});

/** A person's word on the stage, until a day; the rule's result is shown beside it. */
export interface Pin {
  stage: string;
  until: string;
  by: string | null;
  reason: string | null;
}

/** The kept state of accounts in a model, by account. */
export async function stageStates(
  rows: Reading,
  accountIds: readonly number[],
  modelId: string,
): Promise<Map<number, StageState & { pin: Pin | null }>> {
  const found = await rows.many(
    stateRow,
    prepared(
      "stage_states",
      sql`select account_id as "accountId", stage, since, candidate, candidate_since as "candidateSince", candidate_count as "candidateCount",
          judged_on as "judgedOn", pinned_stage as "pinnedStage", pinned_until as "pinnedUntil", pin_reason as "pinReason",
          (select p.full_name from person p where p.workspace_id = s.workspace_id and p.person_id = s.pinned_by) as "pinnedBy"
        from account_stage s where model_id = ${modelId} and account_id = any(${accountIds})`,
    ),
  );
  return new Map(
    found.map(({ accountId, pinnedStage, pinnedUntil, pinnedBy, pinReason, ...state }) => [
      accountId,
      {
        ...state,
        pin:
          pinnedStage && pinnedUntil
            ? { stage: pinnedStage, until: pinnedUntil, by: pinnedBy, reason: pinReason }
            : null,
      },
    ]),
  );
}

/** Pins an account's stage until a day (included). The account must have been judged once. */
export async function pinStage(
  database: Database,
  actor: Actor,
  pin: { accountId: number; model: string; stage: string; until: string; reason: string | null },
): Promise<boolean> {
  const pinned = await database.write(actor, (rows) =>
    rows.run(sql`update account_stage set pinned_stage = ${pin.stage}, pinned_until = ${pin.until}, pinned_by = ${actor.personId}, pin_reason = ${pin.reason}
                 where account_id = ${pin.accountId} and model_id = ${pin.model}`),
  );
  return pinned === 1;
}

/** Takes a pin away; the rules decide again. */
export async function unpinStage(
  database: Database,
  actor: Actor,
  { accountId, model }: { accountId: number; model: string },
): Promise<boolean> {
  const freed = await database.write(actor, (rows) =>
    rows.run(sql`update account_stage set pinned_stage = null, pinned_until = null, pinned_by = null, pin_reason = null
                 where account_id = ${accountId} and model_id = ${model} and pinned_stage is not null`),
  );
  return freed === 1;
}

const transitionRow = z.object({
  model: z.string(),
  modelVersion: z.number(),
  from: z.string().nullable(),
  to: z.string(),
  enteredOn: z.string(),
  decidedOn: z.string(),
  rule: z.string(),
  says: z.string(),
  decidedBy: z.string(),
});
export type Transition = z.infer<typeof transitionRow>;

/** The stages an account went through in a model, newest first. */
export const transitionsOf = (rows: Reading, accountId: number, modelId: string, limit = 20): Promise<Transition[]> =>
  rows.many(
    transitionRow,
    sql`select model_id as model, model_version as "modelVersion", from_stage as "from", to_stage as "to", entered_on as "enteredOn",
          decided_on as "decidedOn", rule, says, decided_by as "decidedBy"
        from stage_transition where account_id = ${accountId} and model_id = ${modelId}
        order by entered_on desc, stage_transition_id desc limit ${limit}`,
  );
