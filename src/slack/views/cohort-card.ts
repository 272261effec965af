import { FEW } from "#metrics/figure.ts";
import { windowOf } from "#metrics/weeks.ts";
import { formatMoney } from "#money.ts";
import { titleOf } from "#reports/titles.ts";
import type { CohortFinding } from "#tools/cohorts.ts";
import { capital, counted } from "#tools/words.ts";
import type { Block, ChartBlock, Look } from "../message.ts";
import { uniqueLabels } from "./charts.ts";
import { dayIn } from "./days.ts";
import { context, type More, section } from "./elements.ts";
import { cut, LIMITS } from "./limits.ts";
import { lineIn } from "./outside-text.ts";
import { amount, number, table, words } from "./tables.ts";

type Cohort = CohortFinding["table"]["cohorts"][number];
type Cell = Cohort["cells"][number];

const MOST_STEPS = 13; // a year of months fits beside the cohort's own columns

/** Retention of one cohort step by step, or of several side by side; what is not over is marked. */
export function cohortCard(found: CohortFinding, _: Look, more: More = {}): Block[] {
  const { cohorts } = found.table;
  const [only, ...others] = cohorts;
  if (!only) return [section("No account of these has ever paid, so there is no cohort.")];
  const body = others.length === 0 ? oneCohort(found, only) : manyCohorts(found);
  return [...(more.compact ? [] : [section(headline(found))]), ...body, context(notes(found))];
}

function headline({ asked, by, currency, table: { cohorts } }: CohortFinding): string {
  const [only, ...others] = cohorts;
  if (!only || others.length > 0) return `*Retention of ${lineIn(asked)}*`;
  const last = only.cells.at(-1);
  const now = last
    ? `\n*${last.customers} of ${only.customers}* still pay, with *${percent(last.money)}* of the MRR`
    : "";
  return `*Cohort of ${nameOf(only, by)}*: ${counted(only.customers, "customer")} with ${formatMoney(only.startMinor, currency)} MRR at first.${now}`;
}

function oneCohort({ by, currency }: CohortFinding, cohort: Cohort): Block[] {
  const shown = table(
    { caption: `Cohort of ${nameOf(cohort, by)}`, titles: [`${capital(by)} since`, "Still pay", "MRR", "MRR kept"] },
    cohort.cells.map((cell) => [
      words(`${by} ${cell.offset}${cell.partial ? " *" : ""}`),
      words(paying(cell, cohort)),
      amount(cell.keptMinor, currency),
      words(percent(cell.money)),
    ]),
  );
  return [...retentionLine(cohort, by), shown.block];
}

function retentionLine({ cells }: Cohort, by: string): ChartBlock[] {
  const shown = cells.slice(0, LIMITS.chartCategories);
  if (shown.length < 2) return [];
  const categories = shown.map(({ offset }) => `${by} ${offset}`);
  const series = (name: string, value: (cell: Cell) => number) => ({
    name,
    data: shown.map((cell, at) => ({
      label: categories[at] ?? String(at),
      value: Math.round(value(cell) * 1_000) / 10,
    })),
  });
  return [
    {
      type: "data_visualization",
      title: cut("Share of the cohort that is left", LIMITS.chartTitle),
      chart: {
        type: "line",
        series: [series("Customers", ({ logo }) => logo), series("MRR", ({ money }) => money)],
        axis_config: { categories, y_label: "% of the start" },
      },
    },
  ];
}

/** A row a cohort, a column a step: the triangle. */
function manyCohorts({ by, table: { cohorts }, currency }: CohortFinding): Block[] {
  const steps = Math.min(MOST_STEPS, Math.max(...cohorts.map(({ cells }) => cells.length)));
  const offsets = Array.from({ length: Math.max(0, steps - 1) }, (_, at) => at + 1);
  const shown = table(
    {
      caption: `Customers and MRR kept, by ${by}`,
      titles: ["Cohort", "Customers", "MRR", ...offsets.map((offset) => `${by} ${offset}`)],
    },
    cohorts.map((cohort) => [
      words(nameOf(cohort, by)),
      number(cohort.customers),
      amount(cohort.startMinor, currency),
      ...offsets.map((offset) => words(cellWords(cohort, offset))),
    ]),
  );
  return [...newestBars(cohorts, by), shown.block];
}

function cellWords(cohort: Cohort, offset: number): string | null {
  const cell = cohort.cells.find((each) => each.offset === offset);
  return cell ? `${share(cell, cohort)} · ${percent(cell.money)}${cell.partial ? " *" : ""}` : null;
}

function newestBars(cohorts: readonly Cohort[], by: CohortFinding["by"]): ChartBlock[] {
  const shown = cohorts.slice(-LIMITS.chartCategories);
  const categories = uniqueLabels(shown.map((each) => nameOf(each, by)));
  const series = (name: string, value: (cell: Cell) => number) => ({
    name,
    data: shown.map(({ cells }, at) => {
      const last = cells.at(-1);
      return { label: categories[at] ?? String(at), value: last ? Math.round(value(last) * 1_000) / 10 : 0 };
    }),
  });
  return [
    {
      type: "data_visualization",
      title: "Left of each cohort today",
      chart: {
        type: "bar",
        series: [series("Customers", ({ logo }) => logo), series("MRR", ({ money }) => money)],
        axis_config: { categories, y_label: "% of the start" },
      },
    },
  ];
}

const paying = (cell: Cell, cohort: Cohort): string =>
  `${cell.customers} of ${cohort.customers}${cohort.customers < FEW ? "" : ` (${percent(cell.logo)})`}`;

/** Counts where one customer more or less would move the rate by more than three points. */
const share = ({ customers, logo }: Cell, cohort: Cohort): string =>
  cohort.customers < FEW ? `${customers} of ${cohort.customers}` : percent(logo);

const percent = (value: number): string => `${(value * 100).toFixed(1)}%`;

const nameOf = ({ start }: Cohort, by: CohortFinding["by"]): string => titleOf(windowOf(start, by), by);

function notes({ by, asOf, left, table: { definition, zone, filter, n, rows } }: CohortFinding): string {
  return [
    left > 0 && `${counted(left, "earlier cohort")} left out.`,
    `Cohort = ${lineIn(definition.cohort ?? "")}; each step at ${lineIn(definition.cell ?? "its end")}; money ${definition.money === "gross" ? "without" : "with"} what members added. * the ${by} is not over (as of ${dayIn(asOf)}).`,
    `Days of ${lineIn(zone)}, ${lineIn(filter)}; ${counted(n, "customer")}, ${counted(rows, "ledger row")}.`,
  ]
    .filter((each) => typeof each === "string")
    .join(" ");
}
