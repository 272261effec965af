import { z } from "zod";
import { type PastFacts, pastFacts, pastSources } from "#accounts/facts-past.ts";
import { accountHealth } from "#accounts/health.ts";
import type { Actor } from "#actor.ts";
import type { Database, Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { judgeStage } from "#lifecycle/judge.ts";
import type { StageState } from "#lifecycle/judgement.ts";
import type { LifecycleModel } from "#lifecycle/model.ts";
import type { Health } from "#metrics/health.ts";
import type { Judged } from "#stages/judge-accounts.ts";
import type { PastDays } from "./days.ts";

export interface Replay {
  database: Database;
  actor: Actor;
  model: LifecycleModel;
  past: PastDays;
  onAccounts?: (done: number, of: number) => void;
}

/** Where an account stood at the end of a week. */
export interface PastLook {
  accountId: number;
  week: string;
  /** The last day of the week. */
  day: string;
  /** `lapsed` for those that had paid and paid no more. */
  stage: string;
  paying: boolean;
  baseMrrMinor: number;
  /** Null when it did not pay. */
  health: Health | null;
}

/** Some accounts with their whole past. */
export interface PastPage {
  accountIds: number[];
  looks: PastLook[];
  moves: Judged[];
  /** What each was known to be after the last day, for the judgement of today. */
  states: Map<number, StageState>;
}

const AT_ONCE = 200;
const PAIRS_AT_ONCE = 500; // accounts × days of one query: enough that planning it does not count, and gone before anybody waits long

/** Judges past days in their order, some accounts at a time; nothing is written, and others get their turn in between. */
export async function* replay({ database, actor, model, past, onAccounts }: Replay): AsyncGenerator<PastPage> {
  // As a writer, because it looks at many rows, and a reader is stopped after seconds.
  const [ids, sources] = await database.write(actor, async (rows) => [
    await accountsToday(rows),
    await pastSources(rows),
  ]);
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    const accountIds = ids.slice(start, start + AT_ONCE);
    const page: PastPage = { accountIds, looks: [], moves: [], states: new Map() };
    const daysAtOnce = Math.max(1, Math.floor(PAIRS_AT_ONCE / accountIds.length));
    for (let at = 0; at < past.days.length; at += daysAtOnce) {
      const days = past.days.slice(at, at + daysAtOnce);
      const facts = await database.write(actor, (rows) =>
        pastFacts(rows, actor.workspaceId, { accountIds, days, sources }),
      );
      for (const each of facts) judgeInto(page, each, { model, past });
    }
    yield page;
    onAccounts?.(Math.min(start + AT_ONCE, ids.length), ids.length);
  }
}

function judgeInto(page: PastPage, facts: PastFacts, { model, past }: { model: LifecycleModel; past: PastDays }): void {
  const { accountId, day } = facts;
  const before = page.states.get(accountId);
  const judgement = judgeStage({ model, facts, day, before });
  page.states.set(accountId, judgement.next);
  const from = before?.stage ?? null;
  if (judgement.stage !== from) page.moves.push({ accountId, from, judgement });
  const week = past.weekOf.get(day);
  if (week === undefined) return;
  page.looks.push({
    accountId,
    week,
    day,
    stage: judgement.lapsed ? "lapsed" : judgement.stage,
    paying: Number(facts.values.mrr_minor ?? 0) > 0,
    baseMrrMinor: facts.baseMrrMinor,
    health: accountHealth(facts, day),
  });
}

const idRow = z.object({ id: z.number() });

const accountsToday = async (rows: Reading): Promise<number[]> =>
  (
    await rows.many(
      idRow,
      sql`select f.account_id as id from account_facts f join account a using (workspace_id, account_id)
          where a.deleted_at is null and a.merged_into is null order by 1`,
    )
  ).map(({ id }) => id);
