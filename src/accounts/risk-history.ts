import { z } from "zod";
import type { Actor } from "#actor.ts";
import type { Database, Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import type { RiskRow } from "#metrics/risk-fit.ts";
import { strengths } from "#metrics/risk-signals.ts";
import { type PastSource, pastFacts, pastSources } from "./facts-past.ts";
import { riskFactsOf } from "./risk-facts.ts";
import { churnedAfter } from "./risk-hindsight.ts";

const MOST_ACCOUNTS = 5_000; // more teach the same weights at a higher price; they are chosen by a hash of their id

export interface HistoryAsked {
  database: Database;
  actor: Actor;
  /** Oldest first. The outcome of each must be known today. */
  days: readonly string[];
  onDay?: (day: string) => void;
}

/**
 * The accounts that paid on past days, each as it was known on that day, with what became of it in the 90 days after.
 * Nobody is answered with the facts of a past day: they are read and not kept.
 */
export async function riskHistory({ database, actor, days, onDay }: HistoryAsked): Promise<RiskRow[]> {
  const all: RiskRow[] = [];
  // As a writer, because it looks at many rows, and a reader is stopped after seconds.
  const sources = await database.write(actor, pastSources);
  for (const day of days) {
    onDay?.(day);
    all.push(...(await database.write(actor, (rows) => readOn(rows, actor, { day, sources }))));
  }
  return all;
}

async function readOn(
  rows: Reading,
  { workspaceId, zone = "UTC" }: Actor,
  { day, sources }: { day: string; sources: PastSource[] },
): Promise<RiskRow[]> {
  const ids = (await rows.many(payingRow, paying(day))).map(({ accountId }) => accountId);
  const churned = await churnedAfter(rows, ids, { zone, day });
  const facts = await pastFacts(rows, workspaceId, { accountIds: ids, days: [day], sources });
  return facts
    .filter(({ values }) => Number(values.mrr_minor ?? 0) > 0)
    .map((each) => ({
      accountId: each.accountId,
      on: day,
      strengths: strengths(riskFactsOf(each, day)),
      churned: churned.has(each.accountId),
    }));
}

const payingRow = z.object({ accountId: z.number() });

/** Amounts of several currencies stand in one sum only to see whether anything is left. */
const paying = (day: string) => sql`
  select e.account_id as "accountId" from mrr_event e join account a using (workspace_id, account_id)
  where e.workspace_id = current_workspace() and e.effective_at < ${day}::date + 1 and a.deleted_at is null and a.merged_into is null
  group by e.account_id having sum(e.delta_minor) > 0
  order by hashint8(e.account_id), e.account_id limit ${MOST_ACCOUNTS}`;
