import type { Scope } from "./figure.ts";
import { afterAll, eventsByCustomer, hours, type LedgerRow, NOBODY, pays, sum, worth } from "./ledger.ts";
import { dayBegins, type Interval, intervalAfter, intervalStart, type WeekStart } from "./weeks.ts";

export interface CohortInput {
  /** The whole ledger of the accounts asked about. */
  rows: readonly LedgerRow[];
  by: Interval;
  /** The first day that is not known any more, usually today. */
  asOf: string;
  weekStart?: WeekStart;
  /** `net` (default) counts what cohort members added; `gross` counts each with no more than the first MRR. */
  money?: "net" | "gross";
}

/** A cohort at the end of one interval; ratios are of the cohort at its start. */
export interface CohortCell {
  /** 0 is the interval in which the cohort began. */
  offset: number;
  start: string;
  /** The interval is not over: the cell is as of the last known day. */
  partial: boolean;
  customers: number;
  keptMinor: number;
  logo: number;
  money: number;
}

export interface Cohort {
  start: string;
  customers: number;
  startMinor: number;
  cells: CohortCell[];
}

export interface CohortTable extends Scope {
  metric: "cohort retention";
  cohorts: Cohort[];
  definition: Record<string, string>;
  n: number;
  rows: number;
}

interface Life {
  cohort: number;
  firstMinor: number;
  steps: { moment: number; minor: number }[];
}

/**
 * Retention of the customers whose first paid day is in one interval, by interval since (as in ChartMogul's cohort analysis).
 * Amounts in base minor units; the start of a cohort is the MRR that each member began with.
 */
export function cohortRetention(input: CohortInput, scope: Scope): CohortTable {
  const { money = "net", by } = input;
  const starts = intervalStarts(input, scope.zone);
  const bounds = starts.map((start) => dayBegins(start, scope.zone));
  const until = dayBegins(input.asOf, scope.zone);
  const lives = livesOf(input.rows, bounds, until, scope.zone);
  const found = starts.slice(0, -1).map((start, at) => {
    const members = lives.filter(({ cohort }) => cohort === at);
    return { start, customers: members.length, ...cellsOf(members, { at, starts, bounds, until, money }) };
  });
  return {
    ...scope,
    metric: "cohort retention",
    cohorts: found.filter(({ customers }) => customers > 0),
    definition: { cohort: `${by} of the first paid day`, money, cell: "end of the interval" },
    n: lives.length,
    rows: new Set(input.rows.map(({ row }) => row)).size,
  };
}

/** The first days of all intervals from the first row to the one that holds the last known day, and one more. */
function intervalStarts({ rows, by, asOf, weekStart }: CohortInput, zone: string): string[] {
  const days = rows.map(({ at }) => at.slice(0, 10)).filter((day) => day < asOf);
  const first = days.reduce((least, day) => (day < least ? day : least), asOf);
  // A moment may fall on the day before in the zone: one interval more in front does no harm, it stays empty.
  const starts = [intervalAfter(intervalStart(first, by, weekStart), by, -1)];
  while (dayBegins(starts.at(-1)!, zone) < dayBegins(asOf, zone)) starts.push(intervalAfter(starts.at(-1)!, by));
  return starts;
}

function livesOf(rows: readonly LedgerRow[], bounds: number[], until: number, zone: string): Life[] {
  return [...eventsByCustomer(rows, zone).values()].flatMap((events) => {
    let standing = NOBODY;
    const steps = hours(events.filter(({ moment }) => moment < until)).map((step) => {
      standing = afterAll(standing, step);
      return { moment: step[0]!.moment, minor: pays(standing) ? worth(standing) : 0 };
    });
    const first = steps.find(({ minor }) => minor > 0);
    if (!first) return [];
    return [{ cohort: bounds.findLastIndex((bound) => bound <= first.moment), firstMinor: first.minor, steps }];
  });
}

interface CellInput {
  at: number;
  starts: string[];
  bounds: number[];
  until: number;
  money: "net" | "gross";
}

function cellsOf(
  members: Life[],
  { at, starts, bounds, until, money }: CellInput,
): Pick<Cohort, "startMinor" | "cells"> {
  const startMinor = sum(members.map(({ firstMinor }) => firstMinor));
  const cells = starts.slice(at, -1).map((start, offset) => {
    const end = bounds[at + offset + 1]!;
    const left = members.map((life) => ({ life, minor: minorAt(life, end) })).filter(({ minor }) => minor > 0);
    const keptMinor = sum(
      left.map(({ life, minor }) => (money === "gross" ? Math.min(minor, life.firstMinor) : minor)),
    );
    const customers = left.length;
    const shares = { logo: customers / members.length, money: keptMinor / startMinor };
    return { offset, start, partial: end > until, customers, keptMinor, ...shares };
  });
  return { startMinor, cells };
}

const minorAt = ({ steps }: Life, end: number): number => steps.findLast(({ moment }) => moment < end)?.minor ?? 0;
