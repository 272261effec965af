import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { prepared, type Sql, sql } from "#database/sql.ts";
import { addDays } from "#lifecycle/days.ts";
import type { Window } from "#metrics/figure.ts";
import { MOVEMENT_KINDS, type Movement, type MovementKind } from "#metrics/movement.ts";
import { type Movements, mrrMovements } from "#metrics/mrr-movements.ts";
import { type Line, linesOf } from "#metrics/roll-forward.ts";
import { begins, counted, type GroupFilter, ledgersOf } from "./movements.ts";
import { type Counting, weekOf } from "./rollup-weeks.ts";

/** Which accounts are counted, and how. */
export interface Counted {
  counting: Counting;
  filter: GroupFilter;
}

/** What the accounts that move inside a window do in sum, in base minor units. */
export interface WindowTotals {
  lines: Record<MovementKind, Line>;
  /** From the start to the end, rates included; and how many customers more there are. */
  deltaMinor: number;
  customersDelta: number;
  fx: Line;
  flashCustomers: number;
  /** Accounts that the ledger takes below 0. */
  faults: number;
  /** Ledger rows inside the window. */
  rows: number;
  /** The accounts whose weeks do not tell it, and their movements by the ledger. They are in the sums. */
  byLedger: { accountIds: number[]; movements: Movement[] };
}

/** Whether a window is one week as the workspace counts them. */
export const isWeek = ({ start, end }: Window, { weekStart }: Counting): boolean =>
  weekOf(start, weekStart) === start && addDays(start, 7) === end;

/**
 * The table expression `moves`: who moves inside a window, one row an account, from the kept weeks. One week is as it is
 * kept. Over several, an account goes from the start of its first week to the end of its last, less the ledger rows of
 * those weeks that lie outside the window. Where that does not tell what a ledger would (`odd`: several currencies, came
 * and went in between, or perhaps had paid before), the account's ledger must be read. `only`: those of whom that may be so, or
 * who may have churned; others may be among them, but none of those is missing.
 */
export function movesIn(window: Window, { counting, filter }: Counted, only?: "odd" | "churn"): Sql {
  if (isWeek(window, counting))
    return sql`moves as not materialized (
      select g.account_id, g.kind, g.moved_minor, g.start_minor as s, g.end_minor as e, g.fx_minor, g.flash_minor > 0 as flash, g.fault, g.ledger_rows as n, false as odd
      from account_week g where g.workspace_id = current_workspace() and g.week = ${window.start}::date and ${counted(filter)})`;
  return sql`${spansOf(window, counting, { filter, only })},
    moves as materialized (
      select account_id, case when single then kind when s <= 0 and e <= 0 then null when s <= 0 then case when fresh then 'new' else 'reactivation' end
          when e <= 0 then 'churn' when e > s then 'expansion' when e < s then 'contraction' end as kind,
        case when single then moved_minor when s <= 0 and e <= 0 then 0 when e <= 0 then -s else e - s end as moved_minor, s, e,
        case when single then fx_minor else 0 end as fx_minor, case when single then flash else s <= 0 and e <= 0 and paid end as flash,
        single and fault as fault, n, not single and (tricky or (outside > 0 and s <= 0)) as odd
      from (select *, weeks = 1 and outside = 0 as single from spans) one where n > 0)`;
}

/** From the first to the last touched week of each account, and what of them lies outside the window. */
function spansOf(
  { start, end }: Window,
  { zone, weekStart }: Counting,
  { filter, only }: { filter: GroupFilter; only?: "odd" | "churn" | undefined },
): Sql {
  const [first, last] = [weekOf(start, weekStart), weekOf(addDays(end, -1), weekStart)];
  const after = addDays(last, 7);
  return sql`outside as (
      select o.account_id, coalesce(sum(o.base_delta_minor) filter (where o.is_before), 0) as before_minor,
        coalesce(sum(o.base_delta_minor) filter (where not o.is_before), 0) as after_minor, count(*) as n
      from (${rowsBetween(first, start, zone)} union all ${rowsBetween(end, after, zone, sql`false`)}) o (account_id, base_delta_minor, is_before) group by o.account_id),
    touched as (
      select g.account_id, count(*) as weeks, min(g.kind) as kind, sum(g.moved_minor)::bigint as moved_minor, sum(g.fx_minor)::bigint as fx_minor,
        min(${placed(sql`g.start_minor`, first)}) as first_start, max(${placed(sql`g.end_minor`, first)}) as last_end, sum(g.ledger_rows) as ledger_rows,
        bool_or(g.is_foreign or g.fault or g.flash_minor > 0) as tricky, coalesce(bool_or(g.kind = 'new'), false) as fresh, bool_or(g.end_minor > 0) as paid,
        bool_or(g.flash_minor > 0) as flash, bool_or(g.fault) as fault
      from account_week g where g.workspace_id = current_workspace() and g.week >= ${first}::date and g.week <= ${last}::date and ${counted(filter)} ${only ? sql`and (g.account_id in (${CANDIDATES[only](first, last)})) is true` : sql``}
      group by g.account_id),
    spans as (
      select t.account_id, weeks, kind, moved_minor, fx_minor, (${amountOf(sql`first_start`)} + coalesce(o.before_minor, 0))::bigint as s, (${amountOf(sql`last_end`)} - coalesce(o.after_minor, 0))::bigint as e,
        coalesce(o.n, 0) as outside, (ledger_rows - coalesce(o.n, 0))::int as n, tricky, fresh, paid, flash, fault
      from touched t left join outside o on o.account_id = t.account_id)`;
}

/**
 * The accounts that have a week which makes it possible. To be asked with `is true`, so that it is looked up in memory while the
 * weeks are read in their order: as a join it would fetch each account's rows, which lie all over the table.
 */
const CANDIDATES: Record<"odd" | "churn", (first: string, last: string) => Sql> = {
  odd: (first, last) => sql`
    select o.account_id from outside o union select c.account_id from account_week c
    where c.workspace_id = current_workspace() and c.week >= ${first}::date and c.week <= ${last}::date and (c.flash_minor > 0 or c.fault or c.is_foreign)`,
  churn: (first, last) => sql`
    select o.account_id from outside o union select c.account_id from account_week c where c.workspace_id = current_workspace() and c.week >= ${first}::date and c.week <= ${last}::date and c.kind = 'churn'`,
};

// The amount of the first and of the last week: the smallest and the largest of numbers that begin with the week. Sorting each
// account's weeks would take several times as long. There is room for 2,000 weeks, and for 2 × 10^15 minor units.
const placed = (amount: Sql, first: string): Sql => sql`(((g.week - ${first}::date) / 7)::bigint << 52) + ${amount}`;
const amountOf = (number: Sql): Sql => sql`(${number} - (((${number} + (1::bigint << 51)) >> 52) << 52))`;

const rowsBetween = (from: string, to: string, zone: string, isBefore = sql`true`): Sql => sql`
  select x.account_id, x.base_delta_minor, ${isBefore} from mrr_event x
  where x.workspace_id = current_workspace() and x.effective_at >= ${begins(from, zone)} and x.effective_at < ${begins(to, zone)}`;

const totalsRow = z.object({
  kind: z.enum(MOVEMENT_KINDS).nullable(),
  amountMinor: z.number(),
  customers: z.number(),
  deltaMinor: z.number(),
  customersDelta: z.number(),
  fxMinor: z.number(),
  fxCustomers: z.number(),
  flashCustomers: z.number(),
  faults: z.number(),
  rows: z.number(),
  odd: z.array(z.number()).nullable(),
});

/** Room to add up hundreds of thousands of accounts in memory, until the visit to the database ends. */
const roomToCount = (rows: Reading) =>
  rows.one(roomRow, prepared("room_to_count", sql`select set_config('work_mem', '96MB', true) as room`));
const roomRow = z.object({ room: z.string() });

/** The sums of a window over the accounts that are counted, each account net. */
export async function windowTotals(rows: Reading, window: Window, counted: Counted): Promise<WindowTotals> {
  if (!isWeek(window, counted.counting)) await roomToCount(rows);
  const found = await rows.many(
    totalsRow,
    sql`with ${movesIn(window, counted)}
        select case when odd then null else kind end as kind, coalesce(sum(moved_minor), 0)::bigint as "amountMinor", count(*)::int as customers, sum(e - s)::bigint as "deltaMinor",
          sum((e > 0)::int - (s > 0)::int)::int as "customersDelta", sum(fx_minor)::bigint as "fxMinor", (count(*) filter (where fx_minor <> 0))::int as "fxCustomers",
          (count(*) filter (where flash))::int as "flashCustomers", (count(*) filter (where fault))::int as faults, sum(n)::int as rows,
          case when odd then jsonb_agg(account_id order by account_id) end as odd
        from moves group by odd, 1`,
  );
  const byWeeks = found.filter(({ odd }) => odd === null);
  const accountIds = found.flatMap(({ odd }) => odd ?? []);
  return totalsOf(byWeeks, await totalsByLedger(rows, accountIds, { window, counting: counted.counting }));
}

const oddRow = z.object({ id: z.number() });

/** The accounts whose weeks do not tell a window, and their movements by the ledger: what a list needs beside `moves`. */
export async function movesByLedger(
  rows: Reading,
  window: Window,
  counted: Counted,
): Promise<WindowTotals["byLedger"]> {
  await roomToCount(rows);
  const odd = await rows.many(
    oddRow,
    sql`with ${movesIn(window, counted, "odd")} select account_id as id from moves where odd order by 1`,
  );
  const accountIds = odd.map(({ id }) => id);
  return (await totalsByLedger(rows, accountIds, { window, counting: counted.counting })).byLedger;
}

const laterRow = z.object({ later: z.boolean() });

/** Whether the ledger has rows from one day up to another. */
export const movesBetween = async (rows: Reading, { start, end }: Window, zone: string): Promise<boolean> =>
  (
    await rows.one(
      laterRow,
      sql`select exists (select from mrr_event e where e.workspace_id = current_workspace()
            and e.effective_at >= ${begins(start, zone)} and e.effective_at < ${begins(end, zone)}) as later`,
    )
  ).later;

function totalsOf(byWeeks: z.infer<typeof totalsRow>[], odd: WindowTotals): WindowTotals {
  const sum = (key: Exclude<keyof z.infer<typeof totalsRow>, "kind" | "odd">) =>
    byWeeks.reduce((whole, each) => whole + each[key], 0);
  const line = (kind: MovementKind): Line => {
    const mine = byWeeks.find((each) => each.kind === kind) ?? { amountMinor: 0, customers: 0 };
    return addLines(mine, odd.lines[kind]);
  };
  return {
    ...odd,
    lines: linesBy(line),
    deltaMinor: odd.deltaMinor + sum("deltaMinor"),
    customersDelta: odd.customersDelta + sum("customersDelta"),
    fx: addLines(odd.fx, { amountMinor: sum("fxMinor"), customers: sum("fxCustomers") }),
    flashCustomers: odd.flashCustomers + sum("flashCustomers"),
    faults: odd.faults + sum("faults"),
    rows: odd.rows + sum("rows"),
  };
}

/** A line for each kind of movement. */
export const linesBy = (line: (kind: MovementKind) => Line): Record<MovementKind, Line> => ({
  new: line("new"),
  reactivation: line("reactivation"),
  expansion: line("expansion"),
  contraction: line("contraction"),
  churn: line("churn"),
});

const addLines = (one: Line, other: Line): Line => ({
  amountMinor: one.amountMinor + other.amountMinor,
  customers: one.customers + other.customers,
});

const LEDGERS_AT_ONCE = 2_000;

/** The same from the ledgers of some accounts. */
async function totalsByLedger(
  rows: Reading,
  accountIds: readonly number[],
  { window, counting }: { window: Window; counting: Counting },
): Promise<WindowTotals> {
  const { zone, base } = counting;
  const parts: Movements[] = [];
  for (let at = 0; at < accountIds.length; at += LEDGERS_AT_ONCE) {
    const ledger = await ledgersOf(rows, accountIds.slice(at, at + LEDGERS_AT_ONCE), zone);
    parts.push(mrrMovements({ rows: ledger, window, zone, base }));
  }
  const sum = (of: (part: Movements) => number) => parts.reduce((whole, part) => whole + of(part), 0);
  const movements = parts.flatMap((part) => part.movements);
  return {
    lines: linesOf(movements),
    deltaMinor: sum((part) => part.closingMinor - part.openingMinor),
    customersDelta: sum(({ customers }) =>
      customers.reduce((more, { startMinor, endMinor }) => more + Number(endMinor > 0) - Number(startMinor > 0), 0),
    ),
    fx: {
      amountMinor: sum(({ fx }) => fx.reduce((whole, { amountMinor }) => whole + amountMinor, 0)),
      customers: sum(({ fx }) => fx.length),
    },
    flashCustomers: sum(({ flash }) => flash.length),
    faults: sum(({ faults }) => faults.length),
    rows: sum((part) => part.rows),
    byLedger: { accountIds: [...accountIds], movements },
  };
}
