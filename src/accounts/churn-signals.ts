import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";

const signals = z.object({ byLedger: z.number(), byCrm: z.number(), byRecord: z.number() });

/** How many accounts each source calls churned: the ledger (paid once, pays nothing), the CRM's own stage, churn records. */
export type ChurnSignals = z.infer<typeof signals>;

/** Counts the three signals, which often disagree. `crmNames`: the CRM's words for churned, in lower case. */
export const churnSignals = (rows: Reading, crmNames: readonly string[]): Promise<ChurnSignals> =>
  rows.one(
    signals,
    sql`
    select count(*) filter (where f.churned_on is not null and f.mrr_minor = 0)::int as "byLedger",
      count(*) filter (where lower(a.crm_stage) = any(${crmNames}))::int as "byCrm",
      count(*) filter (where exists (select from churn_record c where c.workspace_id = a.workspace_id and c.account_id = a.account_id))::int as "byRecord"
    from account a join account_facts f using (workspace_id, account_id) where a.deleted_at is null and a.merged_into is null`,
  );
