import type { Writing } from "#database/door.ts";
import { join, name, prepared, sql } from "#database/sql.ts";
import { MOVEMENT_KINDS } from "#metrics/movement.ts";
import type { AccountWeek } from "./rollup-weeks.ts";

/** The groups that an account's money is counted under. */
export interface Groups {
  ownerId: number | null;
  segment: string | null;
  country: string | null;
  plan: string | null;
}

/** The sums of mrr_week, each by its column, and what a week of an account adds to it. */
const SUMS: Record<string, (week: AccountWeek) => number> = {
  delta_minor: ({ startMinor, endMinor }) => endMinor - startMinor,
  customers_delta: ({ startMinor, endMinor }) => Number(endMinor > 0) - Number(startMinor > 0),
  ...Object.fromEntries(
    MOVEMENT_KINDS.flatMap((each) => [
      [`${each}_minor`, ({ kind, movedMinor }: AccountWeek) => (kind === each ? movedMinor : 0)],
      [`${each}_customers`, ({ kind }: AccountWeek) => Number(kind === each)],
    ]),
  ),
  fx_minor: ({ fxMinor }) => fxMinor,
  fx_customers: ({ fxMinor }) => Number(fxMinor !== 0),
  flash_minor: ({ flashMinor }) => flashMinor,
  flash_customers: ({ flashMinor }) => Number(flashMinor > 0),
  faults: ({ fault }) => Number(fault),
  ledger_rows: ({ ledgerRows }) => ledgerRows,
};
const addends = Object.values(SUMS);

interface Sum {
  place: { week: string; cut: string; value: string };
  amounts: number[];
}

/** What weeks of accounts add to the sums of everybody and of each group, collected so that each sum is written once. */
export class WeekDeltas {
  readonly #sums = new Map<string, Sum>();

  /** Counts a week of an account in (`sign` 1) or out (−1). */
  add(week: AccountWeek, groups: Groups, sign: 1 | -1): void {
    const given = addends.map((addend) => sign * addend(week));
    for (const [cut, value] of cutsOf(groups)) {
      const amounts = this.#of(cut, value, week.week);
      for (let at = 0; at < given.length; at++) amounts[at]! += given[at]!; // as long as each other
    }
  }

  #of(cut: string, value: string, week: string): number[] {
    const key = `${cut}\n${value}\n${week}`;
    const known = this.#sums.get(key) ?? { place: { week, cut, value }, amounts: addends.map(() => 0) };
    this.#sums.set(key, known);
    return known.amounts;
  }

  /** What is not 0 by column, in one order for all writers. */
  rows(): Record<string, string | number>[] {
    const columns = Object.keys(SUMS);
    return [...this.#sums]
      .filter(([, { amounts }]) => amounts.some((amount) => amount !== 0))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, { place, amounts }]) => ({
        ...place,
        ...Object.fromEntries(columns.map((column, at) => [column, amounts[at]!])), // one for each
      }));
  }
}

const cutsOf = ({ ownerId, segment, country, plan }: Groups): [cut: string, value: string][] => [
  ["all", ""],
  ["owner", String(ownerId ?? "")],
  ["segment", segment ?? ""],
  ["country", country ?? ""],
  ["plan", plan ?? ""],
];

const columns = Object.keys(SUMS).map(name);
const ADDED = join(
  columns.map((column) => sql`${column} = m.${column} + excluded.${column}`),
  ", ",
);
const AS_NUMBERS = join(
  columns.map((column) => sql`${column} bigint`),
  ", ",
);

/** Adds what was collected to the kept sums. */
export async function addToSums(rows: Writing, workspaceId: number, deltas: WeekDeltas): Promise<void> {
  const given = deltas.rows();
  if (given.length === 0) return;
  await rows.run(
    prepared(
      "add_to_sums",
      sql`insert into mrr_week as m (workspace_id, week, cut, value, ${join(columns, ", ")})
        select ${workspaceId}, week, cut, value, ${join(columns, ", ")}
        from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as d (week date, cut text, value text, ${AS_NUMBERS})
        on conflict (workspace_id, cut, value, week) do update set ${ADDED}`,
    ),
  );
}
