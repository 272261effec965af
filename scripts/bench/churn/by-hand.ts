import type pg from "pg";
import { z } from "zod";
import type { Window } from "#metrics/figure.ts";

/** The figures of a window: levels, movements by customer, and the sums that GRR, NRR and logo churn are made of. Minor units. */
export interface Figures {
  startMinor: number;
  startCustomers: number;
  endMinor: number;
  endCustomers: number;
  newMinor: number;
  newCustomers: number;
  reactivationMinor: number;
  reactivationCustomers: number;
  expansionMinor: number;
  expansionCustomers: number;
  contractionMinor: number;
  contractionCustomers: number;
  churnMinor: number;
  churnCustomers: number;
  /** Σ min(start, end) and Σ end, of customers with MRR at the start. */
  keptMinor: number;
  endOfStartersMinor: number;
}

/**
 * The figures by one query over the whole ledger, as somebody with a SQL prompt would write it; PostgreSQL and DuckDB both
 * take it. For a ledger in one currency and days of UTC.
 */
export const byHand = ({ start, end }: Window, moment: "timestamp" | "timestamptz"): string => `
  with customers as (
    select account_id,
      coalesce(sum(base_delta_minor) filter (where effective_at < ${moment} '${start}'), 0) as was,
      sum(base_delta_minor) as is_now,
      coalesce(bool_or(effective_at < ${moment} '${start}' and base_delta_minor > 0), false) as paid_before
    from mrr_event where effective_at < ${moment} '${end}' group by account_id),
  moved as (
    select was, is_now, is_now - was as delta,
      case when was > 0 and is_now <= 0 then 'churn' when was > 0 and is_now > was then 'expansion' when was > 0 and is_now < was then 'contraction'
        when was <= 0 and is_now > 0 and paid_before then 'reactivation' when was <= 0 and is_now > 0 then 'new' end as kind
    from customers)
  select ${Object.entries(columns)
    .map(([name, value]) => `cast(coalesce(${value}, 0) as bigint) as "${name}"`)
    .join(", ")}
  from moved`;

const sumOf = (kind: string) => `sum(delta) filter (where kind = '${kind}')`;
const countOf = (kind: string) => `count(*) filter (where kind = '${kind}')`;

const columns: Record<keyof Figures, string> = {
  startMinor: "sum(was)",
  startCustomers: "count(*) filter (where was > 0)",
  endMinor: "sum(is_now)",
  endCustomers: "count(*) filter (where is_now > 0)",
  newMinor: sumOf("new"),
  newCustomers: countOf("new"),
  reactivationMinor: sumOf("reactivation"),
  reactivationCustomers: countOf("reactivation"),
  expansionMinor: sumOf("expansion"),
  expansionCustomers: countOf("expansion"),
  contractionMinor: sumOf("contraction"),
  contractionCustomers: countOf("contraction"),
  churnMinor: sumOf("churn"),
  churnCustomers: countOf("churn"),
  keptMinor: "sum(least(was, is_now)) filter (where was > 0)",
  endOfStartersMinor: "sum(is_now) filter (where was > 0)",
};

const figures = z.object(
  Object.fromEntries(Object.keys(columns).map((name) => [name, z.coerce.number()])) as Record<
    keyof Figures, // its own keys
    z.ZodCoercedNumber
  >,
);

/** A row of the query, whatever the driver makes of 64 bits. */
export const figuresIn = (row: unknown): Figures => figures.parse(row);

/** By the query on a bare connection whose days are those of UTC. */
export async function figuresBySql(pool: pg.Pool, window: Window): Promise<Figures> {
  const { rows } = await pool.query(byHand(window, "timestamptz"));
  return figuresIn(rows[0]);
}
