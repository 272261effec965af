import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { type Sql, sql } from "#database/sql.ts";
import { begins, counted, groupsFor } from "./movements.ts";
import type { Counted } from "./movements-window.ts";
import { weekOf } from "./rollup-weeks.ts";
import { weekSums } from "./rollups-read.ts";

const sources = z.object({
  byRecord: z.number(),
  byCrm: z.number(),
  bySubscription: z.number(),
});
const countRow = z.object({ n: z.number() });

interface Asked {
  counted: Counted;
  start: string;
  end: string;
  crmNames: readonly string[];
  /** Customers with MRR at the end, as they have been counted already. */
  paying: number;
}

/**
 * How many accounts each source calls churned: `byLedger` paid before the end and pays nothing on it, `bySubscription` had a
 * subscription end inside the window, `byRecord` has a churn record inside it, `byCrm` is called churned by the CRM today.
 */
export async function churnSources(
  rows: Reading,
  asked: Asked,
): Promise<z.infer<typeof sources> & { byLedger: number }> {
  const { counted: whole, start, end, crmNames } = asked;
  const within = (column: Sql, alias: Sql) =>
    sql`${groupsFor(whole.filter, alias)} where ${alias}.workspace_id = current_workspace() and ${column} >= ${start} and ${column} < ${end} and ${counted(whole.filter)}`;
  const found = await rows.one(
    sources,
    sql`select (select count(distinct s.account_id)::int from subscription s ${within(sql`s.ended_on`, sql`s`)}) as "bySubscription",
          (select count(distinct c.account_id)::int from churn_record c ${within(sql`c.churned_on`, sql`c`)} and not c.is_reactivation) as "byRecord",
          (select count(*)::int from account a ${groupsFor(whole.filter, sql`a`)} where a.workspace_id = current_workspace() and a.deleted_at is null and a.merged_into is null
            and a.crm_stage is not null and lower(a.crm_stage) = any(${crmNames}) and ${counted(whole.filter)}) as "byCrm"`,
  );
  return { ...found, byLedger: await paidAndDoNot(rows, asked) };
}

/**
 * Who had paid before a day less who pays on it, from the kept weeks: each customer is new once, or was first seen coming and
 * going inside a week. A ledger that takes somebody below 0 tells it otherwise, so there all its rows are added up.
 */
async function paidAndDoNot(rows: Reading, { counted: whole, end, paying }: Asked): Promise<number> {
  const { filter, counting } = whole;
  const last = weekOf(end, counting.weekStart);
  const before = await weekSums(rows, { from: last, before: last }, filter);
  const sum = (key: "newCustomers" | "faults") => before.reduce((all, each) => all + each[key], 0);
  const odd = await rows.one(oddRow, oddOnes(whole, { last, end }));
  if (sum("faults") + odd.faults > 0) return (await rows.one(countRow, byRows(whole, end))).n;
  return sum("newCustomers") + odd.flashed + odd.newSince - paying;
}

const oddRow = z.object({ flashed: z.number(), newSince: z.number(), faults: z.number() });

/** Who first came and went inside a week before the last one; and, in the last one, who had paid for the first time before its day. */
function oddOnes({ filter, counting }: Counted, { last, end }: { last: string; end: string }): Sql {
  const isIn = sql`g.workspace_id = current_workspace() and ${counted(filter)}`;
  const paidYet = sql`exists (select from mrr_event e where e.workspace_id = g.workspace_id and e.account_id = g.account_id and e.delta_minor > 0 and e.effective_at < ${begins(end, counting.zone)})`;
  const neverBefore = sql`not exists (select from account_week o where o.workspace_id = g.workspace_id and o.account_id = g.account_id and o.week < g.week)`;
  return sql`select (select count(*)::int from account_week g where ${isIn} and g.flash_minor > 0 and g.week < ${last}::date and ${neverBefore}) as flashed,
    (select count(*)::int from account_week g where ${isIn} and g.week = ${last}::date and (g.kind = 'new' or g.flash_minor > 0) and ${neverBefore} and ${paidYet}) as "newSince",
    (select count(*)::int from account_week g where ${isIn} and g.fault and g.week = ${last}::date) as faults`;
}

const byRows = ({ filter, counting }: Counted, end: string): Sql => sql`
  select count(*)::int as n from (
    select e.account_id from mrr_event e ${groupsFor(filter, sql`e`)}
    where e.workspace_id = current_workspace() and e.effective_at < ${begins(end, counting.zone)} and ${counted(filter)}
    group by e.account_id having sum(e.delta_minor) <= 0 and max(e.delta_minor) > 0) gone`;
