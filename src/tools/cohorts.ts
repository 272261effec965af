import { z } from "zod";
import { ledgerBefore } from "#accounts/figures.ts";
import { AskAgain } from "#errors.ts";
import { addDays } from "#lifecycle/days.ts";
import { type Cohort, type CohortTable, cohortRetention } from "#metrics/cohorts.ts";
import { FEW, type Window } from "#metrics/figure.ts";
import { sum } from "#metrics/ledger.ts";
import { type Interval, intervalAfter, intervalStart } from "#metrics/weeks.ts";
import { formatMoney } from "#money.ts";
import { titleOf } from "#reports/titles.ts";
import { defineTool } from "./define-tool.ts";
import { accountsMeant, figureFilters, scopeOf, windowAsked } from "./figure-input.ts";
import { counted } from "./words.ts";

const MOST_COHORTS = 24;

const cohortInput = z.object({
  cohort: z
    .string()
    .min(2)
    .max(80)
    .optional()
    .describe("one cohort or a span of them, by the first paid day: January, Q1 2026; the last twelve unless given"),
  by: z
    .enum(["month", "quarter", "week"])
    .optional()
    .describe("length of a cohort and of a step; month unless the cohort is a quarter or a week"),
  money: z
    .enum(["net", "gross"])
    .default("net")
    .describe("net counts what cohort members added; gross caps each at its first MRR"),
  filters: figureFilters.default({}),
});

export interface CohortFinding {
  asked: string;
  by: Interval;
  asOf: string;
  currency: string;
  table: CohortTable;
  /** Cohorts before the shown ones. */
  left: number;
}

export const cohortTool = defineTool({
  name: "cohort_retention",
  title: "Cohort retention",
  description:
    "Of the accounts that first paid in a month, quarter or week: how many still pay, and how much of their MRR is left, after each step. Unfinished steps are marked. Use for “retention of the January cohort”, “how do cohorts retain?”.",
  effect: "reads",
  input: cohortInput,
  run: (input, context) =>
    context.database.read(context.actor, async (rows): Promise<CohortFinding> => {
      const { today, zone, baseCurrency } = context;
      const window = input.cohort ? windowAsked(input.cohort, today) : null;
      const { asked, filter } = await accountsMeant(rows, input.filters, context);
      const by = input.by ?? window?.interval ?? "month";
      const asOf = addDays(today, 1);
      const tableOf = async (firstPaidIn?: Window) =>
        cohortRetention(
          { rows: await ledgerBefore(rows, asked, { before: asOf, zone, firstPaidIn }), by, asOf, money: input.money },
          scopeOf(null, context, filter),
        );
      const table = await tableOf(window ? wholeIntervals(window.window, by) : undefined);
      const inside = table.cohorts.filter(
        ({ start }) => !window || (start >= window.window.start && start < window.window.end),
      );
      if (window && inside.length === 0) throw new AskAgain(nobody(window.title, await tableOf(), by));
      const cohorts = inside.slice(-(window ? MOST_COHORTS : 12));
      return {
        asked: window?.title ?? `the last ${cohorts.length} cohorts`,
        by,
        asOf: today,
        currency: baseCurrency,
        left: inside.length - cohorts.length,
        table: { ...table, cohorts, n: window ? sum(cohorts.map(({ customers }) => customers)) : table.n },
      };
    }),
  say: sayCohorts,
});

/** Cohorts that begin inside a window may go on after it. */
const wholeIntervals = ({ start, end }: Window, by: Interval): Window => ({
  start,
  end: intervalAfter(intervalStart(addDays(end, -1), by), by),
});

function nobody(title: string, { cohorts }: CohortTable, by: Interval): string {
  const [first] = cohorts;
  const last = cohorts.at(-1);
  if (!first || !last) return "No account of these has ever paid, so there is no cohort.";
  return `No account first paid in ${title} (cohorts by ${by}). There are cohorts from ${first.start} to ${last.start}.`;
}

function sayCohorts({ asked, by, table, currency, asOf, left }: CohortFinding): string {
  const { cohorts, definition, zone, filter, rows } = table;
  const head = cohorts.length === 1 ? [] : [`**Retention of ${asked}**`];
  const lines =
    cohorts.length === 1
      ? oneCohort(cohorts[0]!, { by, currency })
      : cohorts.map((each) => cohortLine(each, { by, currency }));
  const few = cohorts.some(({ customers }) => customers < FEW)
    ? [`Cohorts below ${FEW} customers are told as counts: one customer moves a rate by more than three points.`]
    : [];
  return [
    ...head,
    ...lines,
    ...(left > 0 ? [`${counted(left, "earlier cohort")} left out.`] : []),
    ...few,
    `Definition: cohort = ${definition.cohort}; a step is told at the ${definition.cell}; money ${definition.money === "net" ? "net: with what members added" : "gross: each with no more than its first MRR"}; * the ${by} is not over (as of ${asOf}). Days of ${zone}, ${filter}; ${counted(table.n, "customer")}, ${counted(rows, "ledger row")}.`,
  ].join("\n");
}

interface Told {
  by: Interval;
  currency: string;
}

/** Every step of one cohort. */
function oneCohort(cohort: Cohort, { by, currency }: Told): string[] {
  const { start, customers, startMinor, cells } = cohort;
  return [
    `**Cohort of ${cohortTitle(start, by)}**: ${counted(customers, "customer")} with ${formatMoney(startMinor, currency)} MRR at first.`,
    ...cells.map(
      (cell) =>
        `- ${by} ${cell.offset}${cell.partial ? " *" : ""} (${cohortTitle(cell.start, by)}): ${cell.customers} of ${customers} pay${customers < FEW ? "" : ` (${percent(cell.logo)})`}, ${formatMoney(cell.keptMinor, currency)} MRR (${percent(cell.money)})`,
    ),
  ];
}

/** The newest step of a cohort, and the one a year on where it has come. */
function cohortLine({ start, customers, startMinor, cells }: Cohort, { by, currency }: Told): string {
  const last = cells.at(-1);
  if (!last) return `- **${cohortTitle(start, by)}**: ${counted(customers, "customer")}`;
  const steps = cells.filter(({ offset }) => [1, 3, 6, 12].includes(offset) && offset < last.offset);
  const told = [...steps, last].map(
    (cell) =>
      `${by} ${cell.offset}${cell.partial ? "*" : ""}: ${cell.customers} of ${customers}, money ${percent(cell.money)}`,
  );
  return `- **${cohortTitle(start, by)}** (${counted(customers, "customer")}, ${formatMoney(startMinor, currency)}): ${told.join("; ")}`;
}

const cohortTitle = (start: string, by: Interval): string => titleOf({ start, end: intervalAfter(start, by) }, by);
const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;
