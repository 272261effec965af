import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { type Sql, sql } from "#database/sql.ts";
import { counted, type GroupFilter, groupsFor } from "./movements.ts";

const bands = z.enum(["low", "watch", "high", "critical"]);
const riskRow = z.object({
  accountId: z.number(),
  mrrMinor: z.number(),
  probability: z.number(),
  band: bands,
  calibrated: z.boolean(),
  reasons: z.array(z.object({ what: z.string(), rows: z.array(z.string()) })),
});
export type PayingAtRisk = z.infer<typeof riskRow>;

const riskColumns = sql`f.account_id as "accountId", f.base_mrr_minor as "mrrMinor", r.probability, r.band, r.calibrated,
  (select coalesce(jsonb_agg(jsonb_build_object('what', t ->> 'says', 'rows', t -> 'rows') order by (t ->> 'term')::float8 desc), '[]')
    from jsonb_array_elements(r.terms) t where (t ->> 'term')::float8 > 0) as reasons`;
const withRisk = sql`join account_risk r on r.workspace_id = f.workspace_id and r.account_id = f.account_id`;
const withGroups = sql`join account_group g on g.workspace_id = f.workspace_id and g.account_id = f.account_id`;

/** The kept risks of accounts, with what speaks for a churn, strongest first; those of whom too little is known have none. */
export const risksKept = (rows: Reading, accountIds: readonly number[]): Promise<PayingAtRisk[]> =>
  rows.many(
    riskRow,
    sql`select ${riskColumns} from account_facts f ${withRisk}
        where f.workspace_id = current_workspace() and f.account_id = any(${accountIds}::bigint[]) and r.probability is not null`,
  );

const countRow = z.object({
  paying: z.number(),
  scored: z.number(),
  known: z.number(),
  atRisk: z.number(),
  atRiskMinor: z.number(),
});
export type RiskCounts = z.infer<typeof countRow>;

/** Accounts at high risk (`r`) that pay and have not cancelled (`f`). */
const atRisk = (filter: GroupFilter): Sql => sql`
  from account_risk r join account_facts f on f.workspace_id = r.workspace_id and f.account_id = r.account_id ${groupsFor(filter, sql`f`)}
  where r.workspace_id = current_workspace() and r.band in ('high', 'critical') and f.mrr_minor > 0 and f.cancel_on is null and ${counted(filter)}`;

/** Accounts at high risk that have not cancelled, by MRR × risk, ties by name, then id; and how many there are in all. */
export async function highRisks(
  rows: Reading,
  filter: GroupFilter,
  most: number,
): Promise<{ accounts: PayingAtRisk[]; counts: RiskCounts }> {
  const counts = await rows.one(
    countRow,
    sql`select (select count(*)::int from account_facts f ${groupsFor(filter, sql`f`)} where f.workspace_id = current_workspace() and f.mrr_minor > 0 and ${counted(filter)}) as paying,
          scores.scored, scores.known, risky.n as "atRisk", risky.minor as "atRiskMinor"
        from (select count(*)::int as scored, count(f.band)::int as known from account_risk f ${groupsFor(filter, sql`f`)} where f.workspace_id = current_workspace() and ${counted(filter)}) scores,
          (select count(*)::int as n, coalesce(sum(f.base_mrr_minor), 0)::bigint as minor ${atRisk(filter)}) risky`,
  );
  const accounts = await rows.many(
    riskRow,
    sql`with top as materialized (
          select f.workspace_id, f.account_id, r.probability * f.base_mrr_minor as expected ${atRisk(filter)} order by expected desc fetch first (${most}::int) rows with ties)
        select ${riskColumns} from top join account_facts f using (workspace_id, account_id) ${withRisk} ${withGroups}
        order by top.expected desc, lower(g.name), f.account_id limit ${most}`,
  );
  return { accounts, counts };
}
