import { z } from "zod";
import type { Actor } from "#actor.ts";
import type { Database, Reading, Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { type ChurnRisk, churnRisk, type RiskModel } from "#metrics/churn-risk.ts";
import { factsOf } from "./facts.ts";
import { riskFactsOf } from "./risk-facts.ts";
import { riskModelInUse } from "./risk-models.ts";
import { keepStandings } from "./standings.ts";

/** Scores the paying accounts whose facts were worked out anew, or all after new weights. Returns how many. */
export async function refreshRisks(
  database: Database,
  actor: Actor,
  today: string,
  { batch = 2_000 } = {},
): Promise<number> {
  let scored = 0;
  for (let after: number | null = 0; after !== null; ) {
    const from: number = after; // where the last batch ended: accounts that are done are not looked at again
    const done = await database.write(actor, (rows) =>
      scoreBatch(rows, actor.workspaceId, { today, after: from, batch }),
    );
    scored += done.length;
    after = done.length < batch ? null : done.at(-1)!; // as long as a batch
  }
  await database.write(actor, (rows) => forgetThoseWhoLeft(rows, actor.workspaceId));
  return scored;
}

/** Whether no account was ever scored: a database from before there were scores. */
export const risksAreMissing = async (rows: Reading): Promise<boolean> =>
  (await rows.maybe(anyRow, sql`select account_id as "accountId" from account_risk limit 1`)) === null;

const anyRow = z.object({ accountId: z.number() });

const dueRow = z.object({ accountId: z.number(), factsAt: z.string() });

/** The scored accounts, by id. When facts were worked out is read before they are: what is refreshed in between is due again, and no row is locked. */
async function scoreBatch(
  rows: Writing,
  workspaceId: number,
  { today, after, batch }: { today: string; after: number; batch: number },
): Promise<number[]> {
  const model = await riskModelInUse(rows);
  const due = await rows.many(
    dueRow,
    sql`select f.account_id as "accountId", f.refreshed_at::text as "factsAt" from account_facts f
        left join account_risk r on r.workspace_id = f.workspace_id and r.account_id = f.account_id
        where f.account_id > ${after} and f.mrr_minor > 0 and f.as_of = ${today}::date and (r.account_id is null or r.facts_at <> f.refreshed_at or r.model_version <> ${model.version})
        order by f.account_id limit ${batch}`,
  );
  const factsAt = new Map(due.map((each) => [each.accountId, each.factsAt]));
  const risks = await risksFromFacts(rows, [...factsAt.keys()], { day: today, model });
  await keepRisks(rows, workspaceId, { risks, factsAt, today });
  await keepStandings(rows, workspaceId, [...factsAt.keys()]);
  return due.map(({ accountId }) => accountId);
}

/** The risk of accounts, worked out from their facts of a day. */
async function risksFromFacts(
  rows: Reading,
  accountIds: readonly number[],
  { day, model }: { day: string; model: RiskModel },
): Promise<Map<number, ChurnRisk>> {
  const facts = await factsOf(rows, accountIds, day);
  return new Map(facts.map((each) => [each.accountId, churnRisk(riskFactsOf(each, day), model)]));
}

function keepRisks(
  rows: Writing,
  workspaceId: number,
  { risks, factsAt, today }: { risks: Map<number, ChurnRisk>; factsAt: Map<number, string>; today: string },
): Promise<number> {
  const kept = [...risks].map(([account_id, { modelVersion, interval, ...risk }]) => ({
    account_id,
    facts_at: factsAt.get(account_id),
    model_version: modelVersion,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    ...risk,
  }));
  return rows.run(sql`
    insert into account_risk (workspace_id, account_id, as_of, facts_at, model_version, calibrated, score, intercept, probability, low, high, band, because, coverage, missing, terms)
    select ${workspaceId}, k.account_id, ${today}::date, k.facts_at, k.model_version, k.calibrated, k.score, k.intercept, k.probability, k.low, k.high, k.band, k.because, k.coverage, k.missing, k.terms
    from jsonb_to_recordset(${JSON.stringify(kept)}::jsonb) as k (account_id bigint, facts_at timestamptz, model_version text, calibrated boolean, score float8, intercept float8, probability float8, low float8, high float8, band text, because text, coverage float8, missing jsonb, terms jsonb)
    order by k.account_id
    on conflict (workspace_id, account_id) do update set as_of = excluded.as_of, facts_at = excluded.facts_at, model_version = excluded.model_version, calibrated = excluded.calibrated,
      score = excluded.score, intercept = excluded.intercept, probability = excluded.probability, low = excluded.low, high = excluded.high, band = excluded.band, because = excluded.because,
      coverage = excluded.coverage, missing = excluded.missing, terms = excluded.terms`);
}

/** Who pays nothing has nothing to cancel. */
async function forgetThoseWhoLeft(rows: Writing, workspaceId: number): Promise<void> {
  const left = await rows.many(
    anyRow,
    sql`delete from account_risk r using account_facts f
        where f.workspace_id = r.workspace_id and f.account_id = r.account_id and f.mrr_minor <= 0 returning r.account_id as "accountId"`,
  );
  await keepStandings(
    rows,
    workspaceId,
    left.map(({ accountId }) => accountId),
  );
}
