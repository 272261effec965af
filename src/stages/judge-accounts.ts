import { z } from "zod";
import type { Actor } from "#actor.ts";
import type { Database, Reading, Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import type { AccountFacts } from "#lifecycle/facts.ts";
import { judgeStage } from "#lifecycle/judge.ts";
import type { Judgement } from "#lifecycle/judgement.ts";
import type { LifecycleModel } from "#lifecycle/model.ts";
import { modelHash } from "./knowledge.ts";
import { stageStates } from "./state.ts";

export interface JudgeAccounts {
  database: Database;
  actor: Actor;
  model: LifecycleModel;
  /** The judged day; the facts must be as of it. */
  day: string;
  /** How to read facts; the accounts' own room knows. */
  factsOf(rows: Reading, accountIds: readonly number[], day: string): Promise<AccountFacts[]>;
  /** A later fact refresh, a new day or an edited model makes an account due again. */
  batch?: number;
}

/** Judges every account that is due in the model and keeps what changed. Returns how many were judged, and how many moved. */
export async function judgeAccounts({
  batch = 500,
  ...work
}: JudgeAccounts): Promise<{ judged: number; moved: number }> {
  const { database, actor, model } = work;
  await database.write(actor, (rows) => keepModel(rows, actor.workspaceId, model));
  const total = { judged: 0, moved: 0 };
  let after = 0; // where the last batch ended: accounts that are done are not looked at again
  for (;;) {
    const done = await database.write(actor, (rows) => judgeBatch(rows, work, { after, batch }));
    total.judged += done.judged;
    total.moved += done.moved;
    if (done.judged < batch || done.last === null) return total;
    after = done.last;
  }
}

const dueRow = z.object({ accountId: z.number() });

async function judgeBatch(
  rows: Writing,
  { actor, model, day, factsOf }: Omit<JudgeAccounts, "batch">,
  { after, batch }: { after: number; batch: number },
) {
  const due = await rows.many(
    dueRow,
    sql`select f.account_id as "accountId" from account_facts f
        left join account_stage s on s.workspace_id = f.workspace_id and s.account_id = f.account_id and s.model_id = ${model.id}
        where f.account_id > ${after} and f.as_of = ${day} and (s.account_id is null or s.judged_on <> ${day} or s.judged_at < f.refreshed_at or s.model_hash <> ${modelHash(model)})
        order by f.account_id limit ${batch}`,
  );
  const ids = due.map((each) => each.accountId);
  const facts = await factsOf(rows, ids, day);
  const before = await stageStates(rows, ids, model.id);
  const judged = facts.map((each) => ({
    accountId: each.accountId,
    from: before.get(each.accountId)?.stage ?? null,
    judgement: judgeStage({ model, facts: each, day, before: before.get(each.accountId) }),
  }));
  const moved = judged.filter(({ from, judgement }) => judgement.stage !== from);
  await keepStages(rows, actor.workspaceId, model, judged);
  await keepTransitions(rows, actor.workspaceId, moved);
  return { judged: judged.length, moved: moved.length, last: ids.at(-1) ?? null };
}

/** A judgement of one account, and the stage it was in before. */
export interface Judged {
  accountId: number;
  from: string | null;
  judgement: Judgement;
}

/** Keeps where accounts stand now; pins stay as they are. */
export function keepStages(
  rows: Writing,
  workspaceId: number,
  model: LifecycleModel,
  judged: Judged[],
): Promise<number> {
  const kept = judged.map(({ accountId, judgement: j }) => ({
    account_id: accountId,
    stage: j.next.stage,
    since: j.next.since,
    candidate: j.next.candidate,
    candidate_since: j.next.candidateSince,
    candidate_count: j.next.candidateCount,
    judged_on: j.day,
    rule: j.rule.rule,
    says: j.rule.says,
    confidence: j.confidence,
    lapsed_since: j.lapsed?.since ?? null,
    crm_differs: j.crmDiffers !== null,
  }));
  return rows.run(sql`
    insert into account_stage (workspace_id, account_id, model_id, model_version, model_hash, stage, since, candidate, candidate_since, candidate_count, judged_on, rule, says, confidence, lapsed_since, crm_differs)
    select ${workspaceId}, account_id, ${model.id}, ${model.version}, ${modelHash(model)}, stage, since, candidate, candidate_since, candidate_count, judged_on, rule, says, confidence, lapsed_since, crm_differs
    from jsonb_to_recordset(${JSON.stringify(kept)}::jsonb) as kept (account_id bigint, stage text, since date, candidate text, candidate_since date, candidate_count smallint, judged_on date, rule text, says text, confidence text, lapsed_since date, crm_differs boolean)
    on conflict (workspace_id, account_id, model_id) do update set
      model_version = excluded.model_version, model_hash = excluded.model_hash, stage = excluded.stage, since = excluded.since, candidate = excluded.candidate,
      candidate_since = excluded.candidate_since, candidate_count = excluded.candidate_count, judged_on = excluded.judged_on, judged_at = now(), rule = excluded.rule,
      says = excluded.says, confidence = excluded.confidence, lapsed_since = excluded.lapsed_since, crm_differs = excluded.crm_differs`);
}

/** Keeps moves between stages, with model, version, rule and evidence. */
export async function keepTransitions(rows: Writing, workspaceId: number, moved: Judged[]): Promise<void> {
  if (moved.length === 0) return;
  const kept = moved.map(({ accountId, from, judgement: j }) => ({
    account_id: accountId,
    model_id: j.model,
    model_version: j.modelVersion,
    from_stage: from,
    to_stage: j.stage,
    entered_on: j.since,
    decided_on: j.day,
    rule: j.rule.rule,
    says: j.rule.says,
    evidence: j.rule.reasons,
  }));
  await rows.run(sql`
    insert into stage_transition (workspace_id, account_id, model_id, model_version, from_stage, to_stage, entered_on, decided_on, rule, says, evidence)
    select ${workspaceId}, account_id, model_id, model_version, from_stage, to_stage, entered_on, decided_on, rule, says, evidence
    from jsonb_to_recordset(${JSON.stringify(kept)}::jsonb) as kept (account_id bigint, model_id text, model_version int, from_stage text, to_stage text, entered_on date, decided_on date, rule text, says text, evidence jsonb)`);
}

/** Replaces the transitions that rules had decided for some accounts; what persons and imports said stays. */
export async function replaceTransitions(
  rows: Writing,
  workspaceId: number,
  { accountIds, model, moved }: { accountIds: readonly number[]; model: LifecycleModel; moved: Judged[] },
): Promise<void> {
  await rows.run(
    sql`delete from stage_transition where account_id = any(${accountIds}::bigint[]) and model_id = ${model.id} and decided_by = 'rule'`,
  );
  await keepTransitions(rows, workspaceId, moved);
}

/** Keeps the model as it is now, so that its judgements can be read later. */
export const keepModel = (rows: Writing, workspaceId: number, model: LifecycleModel): Promise<number> =>
  rows.run(sql`insert into lifecycle_model (workspace_id, model_id, version, hash, definition)
               values (${workspaceId}, ${model.id}, ${model.version}, ${modelHash(model)}, ${JSON.stringify(model)}::jsonb) on conflict do nothing`);
