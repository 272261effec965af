import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { counted, type GroupFilter } from "./movements.ts";
import { type RiskCounts, riskCounts } from "./standings-read.ts";

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

/** The kept risks of accounts, with what speaks for a churn, strongest first; those of whom too little is known have none. */
export const risksKept = (rows: Reading, accountIds: readonly number[]): Promise<PayingAtRisk[]> =>
  rows.many(
    riskRow,
    sql`select ${riskColumns} from account_facts f ${withRisk}
        where f.workspace_id = current_workspace() and f.account_id = any(${accountIds}::bigint[]) and r.probability is not null`,
  );

/** Accounts at high risk that pay and have not cancelled, by MRR × risk, ties by name, then id; and how many there are in all. */
export async function highRisks(
  rows: Reading,
  filter: GroupFilter,
  most: number,
): Promise<{ accounts: PayingAtRisk[]; counts: RiskCounts }> {
  const counts = await riskCounts(rows, filter);
  const accounts = await rows.many(
    riskRow,
    sql`with top as materialized (
          select g.workspace_id, g.account_id, g.expected_loss from account_standing g
          where g.workspace_id = current_workspace() and g.at_risk and ${counted(filter)} order by g.expected_loss desc fetch first (${most}::int) rows with ties)
        select ${riskColumns} from top join account_facts f using (workspace_id, account_id) ${withRisk} join account a on a.workspace_id = f.workspace_id and a.account_id = f.account_id
        order by top.expected_loss desc, lower(a.name), f.account_id limit ${most}`,
  );
  return { accounts, counts };
}
