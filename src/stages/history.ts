import { z } from "zod";
import type { Actor } from "#actor.ts";
import type { Database, Reading, Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import type { AccountFacts } from "#lifecycle/facts.ts";
import { judgeStage } from "#lifecycle/judge.ts";
import type { StageState } from "#lifecycle/judgement.ts";
import type { LifecycleModel } from "#lifecycle/model.ts";
import { type JudgeAccounts, type Judged, keepModel, keepStages, keepTransitions } from "./judge-accounts.ts";

export interface History {
  database: Database;
  actor: Actor;
  model: LifecycleModel;
  /** The days to judge, oldest first; the last one is today. */
  days: readonly string[];
  /** Works out every account's facts as they stood on a day, in the transaction that is given. */
  refresh(rows: Writing, day: string): Promise<void>;
  factsOf: JudgeAccounts["factsOf"];
  onDay?: (day: string) => void;
}

/**
 * Judges past days in their order, and replaces the transitions that rules had decided by what comes out. Persons' pins
 * stay. All of it is one transaction, so that nobody is answered with the facts of a past day. Returns how many moves there were. What a row looked like before it was changed is not known: past facts are read
 * from the dates that the rows carry.
 */
export function rebuildHistory({ database, actor, model, days, refresh, factsOf, onDay }: History): Promise<number> {
  return database.write(actor, async (rows) => {
    const states = new Map<number, StageState>();
    const moves: Judged[] = [];
    let latest: Judged[] = [];
    for (const day of days) {
      onDay?.(day);
      await refresh(rows, day);
      const facts = await factsOf(rows, await everyAccount(rows), day);
      latest = facts.filter((each) => existed(each, day)).map((each) => judgeOn({ model, day, facts: each, states }));
      moves.push(...latest.filter(({ from, judgement }) => judgement.stage !== from));
    }
    await keepModel(rows, actor.workspaceId, model);
    await rows.run(sql`delete from stage_transition where model_id = ${model.id} and decided_by = 'rule'`);
    await keepTransitions(rows, actor.workspaceId, moves);
    await keepStages(rows, actor.workspaceId, model, latest);
    return moves.length;
  });
}

interface JudgedDay {
  model: LifecycleModel;
  day: string;
  facts: AccountFacts;
  states: Map<number, StageState>;
}

function judgeOn({ model, day, facts, states }: JudgedDay): Judged {
  const before = states.get(facts.accountId);
  const judgement = judgeStage({ model, facts, day, before });
  states.set(facts.accountId, judgement.next);
  return { accountId: facts.accountId, from: before?.stage ?? null, judgement };
}

const existed = ({ values }: AccountFacts, day: string): boolean =>
  !(typeof values.created_on === "string" && values.created_on > day);

const idRow = z.object({ id: z.number() });

const everyAccount = async (rows: Reading): Promise<number[]> =>
  (await rows.many(idRow, sql`select account_id as id from account_facts order by 1`)).map(({ id }) => id);
