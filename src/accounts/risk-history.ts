import { z } from "zod";
import type { Actor } from "#actor.ts";
import type { Database, Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import type { RiskRow } from "#metrics/risk-fit.ts";
import { strengths } from "#metrics/risk-signals.ts";
import { factsOf, refreshFactsIn } from "./facts.ts";
import { riskFactsOf } from "./risk-facts.ts";
import { asKnown, churnedAfter, knownThen, sourcesSince } from "./risk-hindsight.ts";

const MOST_ACCOUNTS = 5_000; // more teach the same weights at a higher price; they are chosen by a hash of their id

export interface HistoryAsked {
  database: Database;
  actor: Actor;
  /** Oldest first. The outcome of each must be known today. */
  days: readonly string[];
  onDay?: (day: string) => void;
}

/**
 * The accounts that paid on past days, each as it was known on that day, with what became of it in the 90 days after. The
 * facts of each day are worked out in a transaction that is undone, so nobody is answered with them. What a row looked
 * like before it was changed is not known: seats, priorities and owners are today's.
 */
export async function riskHistory({ database, actor, days, onDay }: HistoryAsked): Promise<RiskRow[]> {
  const all: RiskRow[] = [];
  for (const day of days) {
    onDay?.(day);
    all.push(...(await rowsOn(database, actor, day)));
  }
  return all;
}

/** Carries what was read out of a transaction that must leave no trace. */
class Undone extends Error {
  readonly found: RiskRow[];
  constructor(found: RiskRow[]) {
    super("undone on purpose");
    this.found = found;
  }
}

async function rowsOn(database: Database, actor: Actor, day: string): Promise<RiskRow[]> {
  const working = database.write(actor, async (rows): Promise<RiskRow[]> => {
    await refreshFactsIn(rows, actor.workspaceId, day);
    throw new Undone(await readOn(rows, actor.zone ?? "UTC", day));
  });
  return working.catch((thrown: unknown) => {
    if (thrown instanceof Undone) return thrown.found;
    throw thrown;
  });
}

async function readOn(rows: Reading, zone: string, day: string): Promise<RiskRow[]> {
  const paid = await rows.many(payingRow, paying(day));
  const ids = paid.map(({ accountId }) => accountId);
  const known = await knownThen(rows, ids, day);
  const churned = await churnedAfter(rows, ids, { zone, day });
  const since = await sourcesSince(rows);
  const facts = await factsOf(rows, ids, day);
  return facts.map((each) => ({
    accountId: each.accountId,
    on: day,
    strengths: strengths(riskFactsOf(asKnown(each, { day, known: known.get(each.accountId), since }), day)),
    churned: churned.has(each.accountId),
  }));
}

const payingRow = z.object({ accountId: z.number() });

const paying = (day: string) => sql`
  select f.account_id as "accountId" from account_facts f join account a using (workspace_id, account_id)
  where f.as_of = ${day}::date and f.mrr_minor > 0 and a.deleted_at is null and a.merged_into is null
  order by hashint8(f.account_id), f.account_id limit ${MOST_ACCOUNTS}`;
