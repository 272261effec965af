import { z } from "zod";
import { type ChurnProof, churnProofs } from "#accounts/churn-proofs.ts";
import { churnSources } from "#accounts/churn-sources.ts";
import { grossMargin } from "#accounts/figures.ts";
import { type AccountsAsked, FIGURE_GROUPS, type FigureGroup } from "#accounts/figures-accounts.ts";
import { ASKED_BY, bothFilters, groupFilterOf, groupsWithMrr } from "#accounts/figures-groups.ts";
import { countingOf, type GroupFilter } from "#accounts/movements.ts";
import type { Counted } from "#accounts/movements-window.ts";
import type { Counting } from "#accounts/rollup-weeks.ts";
import type { Reading } from "#database/door.ts";
import { AskAgain } from "#errors.ts";
import type { Figure, Window } from "#metrics/figure.ts";
import type { Interval } from "#metrics/weeks.ts";
import { type WindowNumbers, windowFigures } from "#reports/window-numbers.ts";
import { defineTool, type ToolContext } from "./define-tool.ts";
import { accountsMeant, figureFilters, type WindowAsked, windowAsked, windowInput } from "./figure-input.ts";
import { changeWords } from "./figure-words.ts";
import { figuresOf, METRIC_NAMES, type MetricName, wholeMonths } from "./figures-of.ts";
import { sayFigures } from "./figures-say.ts";
import { inOrder, piecesOf } from "./window-pieces.ts";

const MOST_WINDOWS = 8;
const MOST_GROUPS = 30;

const figuresInput = z.object({
  metrics: z.array(z.enum(METRIC_NAMES)).min(1).max(METRIC_NAMES.length).describe("what to work out"),
  windows: z
    .array(windowInput)
    .min(1)
    .max(MOST_WINDOWS)
    .default(["last quarter"])
    .describe("one window, or several to compare, in the order asked"),
  each: z
    .enum(["week", "month", "quarter"])
    .optional()
    .describe("a figure for each week, month or quarter of the one window: a trend"),
  filters: figureFilters.default({}),
  group_by: z.enum(FIGURE_GROUPS).optional().describe("one line per group"),
  order: z
    .enum(["name", "highest", "lowest"])
    .default("name")
    .describe("groups by name, or by the first figure: highest for “which team lost the most?”"),
  proof: z.boolean().default(false).describe("true: the SQL behind each source's count of who churned, always"),
});
type FiguresAsked = z.output<typeof figuresInput>;

/** One metric of one group of accounts, with a figure for each window. */
export interface FigureLine {
  metric: string;
  /** null: all the accounts asked about. */
  group: string | null;
  figures: Figure[];
  /** From the first window to the last, in words. */
  change: string | null;
}

/** Who churned, by each source, where the question is about churn. */
export interface ChurnBySource {
  window: Window;
  byLedger: number;
  bySubscription: number;
  byRecord: number;
  byCrm: number;
  /** Lost inside the window, by the ledger: what the figure counts. */
  lost: number;
  /** The SQL that proves each count; of all accounts only. */
  proofs: ChurnProof[];
}

export interface FiguresFinding {
  windows: WindowAsked[];
  /** The one window that was asked for is told by its weeks, months or quarters. */
  each: Interval | null;
  groupedBy: FigureGroup | null;
  lines: FigureLine[];
  /** Groups that were left out, beyond the first. */
  moreGroups: number;
  churnSources: ChurnBySource[];
  /** The SQL was asked for. */
  proof: boolean;
  currency: string;
}

export const figuresTool = defineTool({
  name: "compare_figures",
  title: "Figures",
  description:
    "MRR, ARR, net change, paying accounts, new, expansion, contraction, churned and reactivated MRR, new and lost customers, gross and net MRR churn, GRR, NRR, logo churn, retention rate, quick ratio, ARPA and CLV of one window, several side by side, or each week, month or quarter of one, for all accounts or per owner, team, segment, industry, country or plan. Use for “compare NRR of Q2 and Q3”, “MRR by month this year”, “which team lost the most last week?”, “average revenue per account”. Each figure brings its definition, window and n. For the names behind use mrr_movements.",
  effect: "reads",
  input: figuresInput,
  run: findFigures,
  say: sayFigures,
});

async function findFigures(input: FiguresAsked, context: ToolContext): Promise<FiguresFinding> {
  const said = input.windows.map((window) => windowAsked(window, context.today));
  const windows = input.each ? said.flatMap((window) => piecesOf(window, input.each!, context.today)) : said; // just asked
  return context.database.read(context.actor, async (rows) => {
    const { asked, filter } = await accountsMeant(rows, input.filters, context);
    const counting = await countingOf(rows);
    const whole = { counting, filter: await groupFilterOf(rows, asked) };
    const margin = input.metrics.includes("clv") ? await grossMargin(rows) : 1;
    const groups = await groupsAsked(rows, asked, input.group_by ?? null);
    const given = { windows, margin, counting, filter };
    const lines: FigureLine[] = [];
    for (const group of groups.slice(0, MOST_GROUPS))
      lines.push(...(await linesOf(rows, { metrics: input.metrics, group, whole }, given)));
    return {
      windows,
      each: input.each ?? null,
      groupedBy: input.group_by ?? null,
      lines: inOrder(lines, input.order),
      moreGroups: Math.max(0, groups.length - MOST_GROUPS),
      churnSources: asksChurn(input) && !input.each ? await sourcesOf(rows, asked, { windows, whole, context }) : [],
      proof: input.proof,
      currency: context.baseCurrency,
    };
  });
}

interface Group {
  name: string | null;
  filter: GroupFilter;
}

/** The groups by name; accounts without one come last. Without a split, everybody asked about. */
async function groupsAsked(rows: Reading, asked: AccountsAsked, by: FigureGroup | null): Promise<Group[]> {
  if (!by) return [{ name: null, filter: {} }];
  const names = await groupsWithMrr(rows, asked, by);
  if (names.length === 0)
    throw new AskAgain(`No account with a ledger has a ${by} on record, so I cannot split by it.`);
  const groups: Group[] = [];
  for (const name of names.sort((a, b) => (a === null ? 1 : b === null ? -1 : a.localeCompare(b, "en"))))
    groups.push(
      name === null
        ? { name: `no ${by}`, filter: { lacking: by } }
        : { name, filter: await groupFilterOf(rows, { [ASKED_BY[by]]: [name] }) },
    );
  return groups;
}

interface Given {
  windows: WindowAsked[];
  margin: number;
  counting: Counting;
  filter: string;
}

async function linesOf(
  rows: Reading,
  { metrics, group, whole }: { metrics: MetricName[]; group: Group; whole: Counted },
  { windows, margin, counting, filter }: Given,
): Promise<FigureLine[]> {
  const scope = { zone: counting.zone, filter: group.name === null ? filter : `${filter}, ${group.name}` };
  const counted = { counting, filter: bothFilters(whole.filter, group.filter) };
  const columns: Figure[][] = [];
  for (const { window } of windows) {
    const numbers = await windowFigures(rows, window, counted);
    const months: WindowNumbers[] = [];
    if (metrics.includes("clv"))
      for (const month of wholeMonths(window)) months.push(await windowFigures(rows, month, counted));
    columns.push(figuresOf(metrics, { numbers, months, currency: counting.base, margin, scope }));
  }
  return metrics.map((_, at) => {
    const figures = columns.map((column) => column[at]!); // one for each metric
    const change = figures.length > 1 ? changeWords(figures[0]!, figures.at(-1)!) : null;
    return { metric: figures[0]!.metric, group: group.name, figures, change };
  });
}

const CHURN: readonly MetricName[] = ["logo_churn", "retention_rate", "gross_mrr_churn", "net_mrr_churn"];
const asksChurn = ({ metrics }: FiguresAsked): boolean => metrics.some((metric) => CHURN.includes(metric));

/** What each source says, beside what the ledger counted, so that a disagreement shows. */
async function sourcesOf(
  rows: Reading,
  asked: AccountsAsked,
  { windows, whole, context }: { windows: WindowAsked[]; whole: Counted; context: ToolContext },
): Promise<ChurnBySource[]> {
  const { zone, knowledge } = context;
  const crmNames = [...knowledge.model.lapsed.crmStages, "lapsed", "churned"];
  const found: ChurnBySource[] = [];
  for (const { window } of windows) {
    const { sums, closing } = await windowFigures(rows, window, whole);
    const counts = {
      ...(await churnSources(rows, { ...window, counted: whole, crmNames, paying: closing.customers })),
      lost: sums.lostCustomers,
    };
    const isAll = Object.values(asked).every((each) => each === undefined);
    const { workspaceId } = context.actor;
    found.push({
      window,
      ...counts,
      proofs: isAll ? churnProofs({ ...window, workspaceId, zone, crmNames, counts }) : [],
    });
  }
  return found;
}
