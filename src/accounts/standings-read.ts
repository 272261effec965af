import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { type Sql, sql } from "#database/sql.ts";
import type { Window } from "#metrics/figure.ts";
import { counted, type GroupFilter } from "./movements.ts";
import { cutOf } from "./rollups-read.ts";

const countRow = z.object({
  paying: z.number(),
  scored: z.number(),
  known: z.number(),
  atRisk: z.number(),
  atRiskMinor: z.number(),
});
export type RiskCounts = z.infer<typeof countRow>;

/**
 * How many accounts pay, have been scored, have a known risk and are at high risk without having cancelled, and what the
 * last pay, in base minor units. One group is read from kept sums; several at once are counted.
 */
export function riskCounts(rows: Reading, filter: GroupFilter): Promise<RiskCounts> {
  const kept = keptSum(filter);
  return rows.one(
    countRow,
    kept
      ? sql`select coalesce(sum(paying), 0)::int as paying, coalesce(sum(scored), 0)::int as scored, coalesce(sum(known), 0)::int as known,
              coalesce(sum(at_risk), 0)::int as "atRisk", coalesce(sum(at_risk_minor), 0)::bigint as "atRiskMinor"
            from standing_sum where ${kept}`
      : sql`select count(*) filter (where paying)::int as paying, count(*) filter (where scored)::int as scored, count(*) filter (where known)::int as known,
              count(*) filter (where at_risk)::int as "atRisk", coalesce(sum(mrr_minor) filter (where at_risk), 0)::bigint as "atRiskMinor"
            from account_standing g where g.workspace_id = current_workspace() and ${counted(filter)}`,
  );
}

/** The kept sums of the one group that a filter means; null where it means several at once, or one that has none. */
function keptSum(filter: GroupFilter): Sql | null {
  const cut = cutOf(filter);
  return cut?.values
    ? sql`workspace_id = current_workspace() and cut = ${cut.cut} and value = any(${cut.values}::text[])`
    : null;
}

const dueRow = z.object({ month: z.number(), amountMinor: z.number(), customers: z.number() });

/**
 * How many renew in each 30 days from the start of a window on (month 0: the first 30), and what they pay, in base minor
 * units. One group is read from kept sums; several at once are counted.
 */
export function renewalsDue(
  rows: Reading,
  { window: { start, end }, filter }: { window: Window; filter: GroupFilter },
): Promise<z.infer<typeof dueRow>[]> {
  const kept = keptSum(filter);
  const renewals = kept
    ? sql`select renews_on, mrr_minor, customers from renewal_sum where ${kept}`
    : sql`select g.renews_on, g.mrr_minor, 1 from account_standing g where g.workspace_id = current_workspace() and ${counted(filter)}`;
  return rows.many(
    dueRow,
    sql`select greatest(0, (renews_on - ${start}::date - 1) / 30) as month, sum(mrr_minor)::bigint as "amountMinor", sum(customers)::int as customers
        from (${renewals}) r (renews_on, mrr_minor, customers) where renews_on >= ${start}::date and renews_on < ${end}::date group by 1 order by 1`,
  );
}
