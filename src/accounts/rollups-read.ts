import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { join, name, prepared, type Sql, sql } from "#database/sql.ts";
import { MOVEMENT_KINDS } from "#metrics/movement.ts";
import type { Interval } from "#metrics/weeks.ts";
import { counted, type GroupFilter, isEverybody } from "./movements.ts";

const sumsRow = z.object({
  week: z.string().nullable(),
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
  fxCustomers: z.number(),
  flashCustomers: z.number(),
  faults: z.number(),
  ledgerRows: z.number(),
});

/** What the MRR of many accounts did in one interval, in base minor units; `week`, its first day, null: in all before the first one. */
export type WeekSums = z.infer<typeof sumsRow>;

/**
 * The weeks from one day up to another in which anything happened, oldest first, and before them what all earlier weeks
 * did together: the MRR and the customers at a day are the sums of the deltas before it. One group is read from kept sums, and
 * so are several of segment, country and plan; others are added up from the accounts' weeks.
 */
export const weekSums = (rows: Reading, span: Span, filter: GroupFilter): Promise<WeekSums[]> => {
  const cut = cutOf(filter);
  if (cut) return intervalSums(rows, "week", { ...span, cut });
  return rows.many(sumsRow, sql`select ${weekFrom(span)}, ${COUNTED} ${fromAccounts(span.before, filter)} ${BY_WEEK}`);
};

/** From one day up to another, both the first of an interval. */
interface Span {
  from: string;
  before: string;
}

/** The same of weeks, months or quarters of a cut, from kept sums. */
export function intervalSums(
  rows: Reading,
  interval: Interval,
  { cut, ...span }: Span & { cut: Cut },
): Promise<WeekSums[]> {
  const query = sql`select ${weekFrom(span)}, ${SUMMED} from ${keptSums(interval)} kept where cut = ${cut.cut} and ${within(cut)} and week < ${span.before}::date ${BY_WEEK}`;
  return rows.many(sumsRow, cut.values ? prepared(`${interval}_sums`, query) : query);
}

const weekFrom = ({ from }: Span): Sql => sql`case when week >= ${from}::date then week end as week`;
const BY_WEEK = sql`group by 1 order by 1 nulls first`;

const keptSums = (interval: Interval): Sql =>
  interval === "week"
    ? sql`(select * from mrr_week where workspace_id = current_workspace())`
    : sql`(select *, start as week from mrr_period where workspace_id = current_workspace() and interval = ${interval})`;

/** Which kept sums a filter means: those of some values, or those of a mix that has them. */
export interface Cut {
  cut: string;
  values?: string[];
  mixed?: { segment?: string | undefined; countries?: string[] | undefined; plan?: string | undefined };
}

/** The kept sums that a filter means; null where it means a group, or several, that have none. */
export function cutOf(filter: GroupFilter): Cut | null {
  if (isEverybody(filter)) return { cut: "all", values: [""] };
  const { ownerIds, segment, countries, plan, ...others } = filter;
  const cuts: Cut[] = [
    ...(ownerIds ? [{ cut: "owner", values: ownerIds.map(String) }] : []),
    ...(segment === undefined ? [] : [{ cut: "segment", values: [segment] }]),
    ...(countries ? [{ cut: "country", values: countries }] : []),
    ...(plan === undefined ? [] : [{ cut: "plan", values: [plan] }]),
  ];
  if (!isEverybody(others)) return null;
  if (cuts.length === 1) return cuts[0]!; // just counted
  return ownerIds ? null : { cut: "mix", mixed: { segment, countries, plan } };
}

/** Whether a kept sum is of the values; a mix is a list of segment, country and plan. */
function within({ values, mixed = {} }: Cut): Sql {
  if (values) return sql`value = any(${values}::text[])`;
  const { segment, countries, plan } = mixed;
  const of = (place: number) => sql`case when cut = 'mix' then value::jsonb ->> ${place}::int end`; // others are no list
  return join(
    [
      ...(segment === undefined ? [] : [sql`${of(0)} = ${segment}`]),
      ...(countries ? [sql`${of(1)} = any(${countries}::text[])`] : []),
      ...(plan === undefined ? [] : [sql`${of(2)} = ${plan}`]),
    ],
    " and ",
  );
}

const fromAccounts = (before: string, filter: GroupFilter): Sql => sql`
  from account_week g where g.workspace_id = current_workspace() and g.week < ${before}::date and ${counted(filter)}`;

/** Columns of mrr_week by the names that they are read as. */
const READ_AS: [column: string, as: Sql][] = [
  ["delta_minor", sql`"deltaMinor"`],
  ["customers_delta", sql`"customersDelta"`],
  ["new_minor", sql`"newMinor"`],
  ["new_customers", sql`"newCustomers"`],
  ["reactivation_minor", sql`"reactivationMinor"`],
  ["reactivation_customers", sql`"reactivationCustomers"`],
  ["expansion_minor", sql`"expansionMinor"`],
  ["expansion_customers", sql`"expansionCustomers"`],
  ["contraction_minor", sql`"contractionMinor"`],
  ["contraction_customers", sql`"contractionCustomers"`],
  ["churn_minor", sql`"churnMinor"`],
  ["churn_customers", sql`"churnCustomers"`],
  ["fx_minor", sql`"fxMinor"`],
  ["fx_customers", sql`"fxCustomers"`],
  ["flash_customers", sql`"flashCustomers"`],
  ["faults", sql`faults`],
  ["ledger_rows", sql`"ledgerRows"`],
];

const SUMMED = join(
  READ_AS.map(([column, as]) => sql`sum(${name(column)})::bigint as ${as}`),
  ", ",
);

/** The same sums over accounts' weeks. */
const BY_ACCOUNT: Record<string, Sql> = {
  delta_minor: sql`sum(end_minor - start_minor)`,
  customers_delta: sql`sum((end_minor > 0)::int - (start_minor > 0)::int)`,
  ...Object.fromEntries(
    MOVEMENT_KINDS.flatMap((kind) => [
      [`${kind}_minor`, sql`coalesce(sum(moved_minor) filter (where kind = ${kind}), 0)`],
      [`${kind}_customers`, sql`count(*) filter (where kind = ${kind})`],
    ]),
  ),
  fx_minor: sql`sum(fx_minor)`,
  fx_customers: sql`count(*) filter (where fx_minor <> 0)`,
  flash_customers: sql`count(*) filter (where flash_minor > 0)`,
  faults: sql`count(*) filter (where fault)`,
  ledger_rows: sql`sum(ledger_rows)`,
};
const COUNTED = join(
  READ_AS.map(([column, as]) => sql`(${BY_ACCOUNT[column]!})::bigint as ${as}`),
  ", ",
);
