import type { Writing } from "#database/door.ts";
import { join, name, prepared, type Sql, sql } from "#database/sql.ts";
import { MOVEMENT_KINDS, type MovementKind } from "#metrics/movement.ts";
import type { Interval } from "#metrics/weeks.ts";

/** The groups that an account's money is counted under. */
export interface Groups {
  ownerId: number | null;
  segment: string | null;
  country: string | null;
  plan: string | null;
}

/** What an account adds to the sums of a week, month or quarter, in base minor units. */
export interface Addition {
  deltaMinor: number;
  /** 1: it pays at the end and did not at the start; −1: the other way round. */
  customersDelta: number;
  kind: MovementKind | null;
  movedMinor: number;
  fxMinor: number;
  flashMinor: number;
  fault: boolean;
  ledgerRows: number;
}

/** The sums, each by its column, and what an account adds to it. */
const SUMS: Record<string, (each: Addition) => number> = {
  delta_minor: ({ deltaMinor }) => deltaMinor,
  customers_delta: ({ customersDelta }) => customersDelta,
  ...Object.fromEntries(
    MOVEMENT_KINDS.flatMap((each) => [
      [`${each}_minor`, ({ kind, movedMinor }: Addition) => (kind === each ? movedMinor : 0)],
      [`${each}_customers`, ({ kind }: Addition) => Number(kind === each)],
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

/** What an account adds where it stood at `startMinor` and `endMinor`. */
export const additionOf = <Span extends Omit<Addition, "deltaMinor" | "customersDelta"> & Ends>(
  span: Span,
): Span & Addition => ({
  ...span,
  deltaMinor: span.endMinor - span.startMinor,
  customersDelta: Number(span.endMinor > 0) - Number(span.startMinor > 0),
});

interface Ends {
  startMinor: number;
  endMinor: number;
}

interface Sum {
  interval: Interval;
  place: { start: string; cut: string; value: string };
  amounts: number[];
}

/** What accounts add to the sums of everybody and of each group, collected so that each sum is written once. */
export class SumDeltas {
  readonly #sums = new Map<string, Sum>();

  /** Counts what an account did in an interval in (`sign` 1) or out (−1). */
  add(at: { interval: Interval; start: string }, given: Addition, groups: Groups, sign: 1 | -1): void {
    const added = addends.map((addend) => sign * addend(given));
    for (const [cut, value] of cutsOf(groups)) {
      const amounts = this.#of(at, cut, value);
      for (let place = 0; place < added.length; place++) amounts[place]! += added[place]!; // as long as each other
    }
  }

  #of({ interval, start }: { interval: Interval; start: string }, cut: string, value: string): number[] {
    const key = `${interval}\n${cut}\n${value}\n${start}`;
    const known = this.#sums.get(key) ?? { interval, place: { start, cut, value }, amounts: addends.map(() => 0) };
    this.#sums.set(key, known);
    return known.amounts;
  }

  /** What is not 0 by column, in one order for all writers; of weeks, or of the longer intervals. */
  rows(ofWeeks: boolean): Record<string, string | number>[] {
    const columns = Object.keys(SUMS);
    return [...this.#sums]
      .filter(([, { interval }]) => (interval === "week") === ofWeeks)
      .filter(([, { amounts }]) => amounts.some((amount) => amount !== 0))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, { interval, place, amounts }]) => ({
        interval,
        ...place,
        ...Object.fromEntries(columns.map((column, at) => [column, amounts[at]!])), // one for each
      }));
  }
}

const cutsOf = (groups: Groups): [cut: string, value: string][] => [
  ["all", ""],
  ["owner", String(groups.ownerId ?? "")],
  ["segment", groups.segment ?? ""],
  ["country", groups.country ?? ""],
  ["plan", groups.plan ?? ""],
  ["mix", mixOf(groups)],
];

/** Segment, country and plan together, written as PostgreSQL writes a list. */
const mixOf = ({ segment, country, plan }: Groups): string =>
  `[${[segment, country, plan].map((each) => JSON.stringify(each)).join(", ")}]`;

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
export async function addToSums(rows: Writing, workspaceId: number, deltas: SumDeltas): Promise<void> {
  const [weeks, periods] = [deltas.rows(true), deltas.rows(false)];
  const given = (list: object[]): Sql =>
    sql`from jsonb_to_recordset(${JSON.stringify(list)}::jsonb) as d (interval text, start date, cut text, value text, ${AS_NUMBERS})`;
  if (weeks.length > 0)
    await rows.run(
      prepared(
        "add_to_sums",
        sql`insert into mrr_week as m (workspace_id, week, cut, value, ${join(columns, ", ")})
          select ${workspaceId}, start, cut, value, ${join(columns, ", ")} ${given(weeks)}
          on conflict (workspace_id, cut, value, week) do update set ${ADDED}`,
      ),
    );
  if (periods.length > 0)
    await rows.run(
      prepared(
        "add_to_periods",
        sql`insert into mrr_period as m (workspace_id, interval, start, cut, value, ${join(columns, ", ")})
          select ${workspaceId}, interval, start, cut, value, ${join(columns, ", ")} ${given(periods)}
          on conflict (workspace_id, interval, cut, value, start) do update set ${ADDED}`,
      ),
    );
}
