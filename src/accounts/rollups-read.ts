import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { type Sql, sql } from "#database/sql.ts";
import { counted, type GroupFilter, isEverybody } from "./movements.ts";

const sumsRow = z.object({
  week: z.string(),
  deltaMinor: z.number(),
  customersDelta: z.number(),
  newMinor: z.number(),
  newCustomers: z.number(),
  reactivationMinor: z.number(),
  reactivationCustomers: z.number(),
  expansionMinor: z.number(),
  expansionCustomers: z.number(),
  contractionMinor: z.number(),
  contractionCustomers: z.number(),
  churnMinor: z.number(),
  churnCustomers: z.number(),
  fxMinor: z.number(),
  flashMinor: z.number(),
  flashCustomers: z.number(),
  faults: z.number(),
  ledgerRows: z.number(),
});

/** What the MRR of many accounts did in one week, in base minor units. */
export type WeekSums = z.infer<typeof sumsRow>;

/**
 * The weeks before a day in which anything happened, oldest first. The MRR and the customers at a day are the sums of the
 * deltas before it. One group is read from kept sums; several at once are added up from the accounts' weeks.
 */
export const weekSumsBefore = (rows: Reading, day: string, filter: GroupFilter): Promise<WeekSums[]> =>
  rows.many(sumsRow, cutOf(filter) ? fromSums(day, cutOf(filter)!) : fromAccounts(day, filter));

interface Cut {
  cut: string;
  values: string[];
}

function cutOf(filter: GroupFilter): Cut | null {
  if (isEverybody(filter)) return { cut: "all", values: [""] };
  const cuts: Cut[] = [
    { cut: "owner", values: filter.ownerIds?.map(String) ?? [] },
    { cut: "segment", values: filter.segment === undefined ? [] : [filter.segment] },
    { cut: "country", values: filter.countries ?? [] },
    { cut: "plan", values: filter.plan === undefined ? [] : [filter.plan] },
  ].filter(({ values }) => values.length > 0);
  return cuts.length === 1 ? cuts[0]! : null; // just counted
}

const fromSums = (day: string, { cut, values }: Cut): Sql => sql`
  select week, sum(delta_minor)::bigint as "deltaMinor", sum(customers_delta)::int as "customersDelta",
    sum(new_minor)::bigint as "newMinor", sum(new_customers)::int as "newCustomers",
    sum(reactivation_minor)::bigint as "reactivationMinor", sum(reactivation_customers)::int as "reactivationCustomers",
    sum(expansion_minor)::bigint as "expansionMinor", sum(expansion_customers)::int as "expansionCustomers",
    sum(contraction_minor)::bigint as "contractionMinor", sum(contraction_customers)::int as "contractionCustomers",
    sum(churn_minor)::bigint as "churnMinor", sum(churn_customers)::int as "churnCustomers",
    sum(fx_minor)::bigint as "fxMinor", sum(flash_minor)::bigint as "flashMinor", sum(flash_customers)::int as "flashCustomers",
    sum(faults)::int as faults, sum(ledger_rows)::int as "ledgerRows"
  from mrr_week where workspace_id = current_workspace() and cut = ${cut} and value = any(${values}::text[]) and week < ${day}::date
  group by week order by week`;

const fromAccounts = (day: string, filter: GroupFilter): Sql => sql`
  select w.week, sum(w.end_minor - w.start_minor)::bigint as "deltaMinor", sum((w.end_minor > 0)::int - (w.start_minor > 0)::int)::int as "customersDelta",
    ${ofKind("new")}, ${ofKind("reactivation")}, ${ofKind("expansion")}, ${ofKind("contraction")}, ${ofKind("churn")},
    sum(w.fx_minor)::bigint as "fxMinor", sum(w.flash_minor)::bigint as "flashMinor", (count(*) filter (where w.flash_minor > 0))::int as "flashCustomers",
    (count(*) filter (where w.fault))::int as faults, sum(w.ledger_rows)::int as "ledgerRows"
  from account_week w join account_group g using (workspace_id, account_id)
  where w.workspace_id = current_workspace() and w.week < ${day}::date and ${counted(filter)}
  group by w.week order by w.week`;

const KINDS = {
  new: sql`'new'`,
  reactivation: sql`'reactivation'`,
  expansion: sql`'expansion'`,
  contraction: sql`'contraction'`,
  churn: sql`'churn'`,
};
const NAMES = {
  new: sql`"newMinor"`,
  reactivation: sql`"reactivationMinor"`,
  expansion: sql`"expansionMinor"`,
  contraction: sql`"contractionMinor"`,
  churn: sql`"churnMinor"`,
};
const COUNTS = {
  new: sql`"newCustomers"`,
  reactivation: sql`"reactivationCustomers"`,
  expansion: sql`"expansionCustomers"`,
  contraction: sql`"contractionCustomers"`,
  churn: sql`"churnCustomers"`,
};

const ofKind = (kind: keyof typeof KINDS): Sql => sql`
  coalesce(sum(w.moved_minor) filter (where w.kind = ${KINDS[kind]}), 0)::bigint as ${NAMES[kind]}, (count(*) filter (where w.kind = ${KINDS[kind]}))::int as ${COUNTS[kind]}`;
