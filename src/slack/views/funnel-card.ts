import { type Figure, sayFigure } from "#metrics/figure.ts";
import { scopeWords } from "#tools/figure-words.ts";
import type { FunnelFinding, FunnelLine } from "#tools/funnel.ts";
import { counted } from "#tools/words.ts";
import type { Block, ChartBlock, Look } from "../message.ts";
import { uniqueLabels } from "./charts.ts";
import { daysIn } from "./days.ts";
import { context, lineSections, type More, section } from "./elements.ts";
import { cut, LIMITS } from "./limits.ts";
import { lineIn, ownLineIn } from "./outside-text.ts";
import { number, table, words } from "./tables.ts";

/** How accounts go through the stages: where they get stuck, a chart, and every stage in a table; or the one conversion asked for. */
export function funnelCard(found: FunnelFinding, _: Look, more: More = {}): Block[] {
  const notes = found.doubts.map((each) => ownLineIn(daysIn(each), 600));
  const end = context([definition(found), ...notes].join("\n"));
  if (found.conversion) return [section(conversionWords(found)), end];
  return [
    ...(more.compact ? [] : lineSections(stuckLines(found))),
    ...enteredChart(found),
    table(
      {
        caption: `Stages, ${daysIn(found.asked.title)}`,
        titles: [
          "Stage",
          "Entered",
          "Moved on",
          "Fell back",
          "Left",
          "Still there",
          "Next step",
          "Median days",
          "In it now",
        ],
      },
      found.stages.map((each) => [
        words(each.stage),
        number(each.entered),
        number(each.forward),
        number(each.backward),
        number(each.out),
        number(each.still),
        words(each.next && shortly(each.next)),
        words(medianWords(each)),
        words(openWords(each)),
      ]),
    ).block,
    end,
  ];
}

function conversionWords({ conversion, asked }: FunnelFinding): string {
  if (!conversion) return "";
  const { from, to, figure } = conversion;
  const { part = 0, whole = 0 } = figure.of ?? {};
  const open = Number(figure.definition.stillOpen ?? 0);
  const rate = figure.value === null || figure.few ? shortly(figure) : `${sayFigure(figure)} (${part} of ${whole})`;
  const waiting = open > 0 ? `\n${counted(open, "more account")} still on the way, counted neither way.` : "";
  return `*Conversion from ${lineIn(from)} to ${lineIn(to)}*, ${titleIn(asked)}: *${lineIn(rate)}*${waiting}`;
}

const titleIn = ({ title, isPartial }: FunnelFinding["asked"]): string =>
  `${lineIn(daysIn(title))}${isPartial ? " so far" : ""}`;

function stuckLines({ stuck, lostFrom, asked }: FunnelFinding): string[] {
  const head = `*Stage funnel*, ${titleIn(asked)}`;
  const [first, ...rest] = stuck;
  const [worst] = lostFrom;
  const lost = worst
    ? [
        `Most are lost from *${lineIn(worst.stage)}*: of ${worst.entered} that entered, ${worst.out} left and ${worst.backward} fell back.`,
      ]
    : [];
  if (!first) return [head, "No stage stands out: accounts move on about as fast as the model expects.", ...lost];
  return [
    head,
    `Accounts get stuck most in *${lineIn(first.stage)}*: ${lineIn(first.because.join("; "), 500)}.`,
    ...rest.map(({ stage, because }) => `Then in ${lineIn(stage)}: ${lineIn(because.join("; "), 500)}.`),
    ...lost,
  ];
}

/** What became of those that entered each stage, side by side. */
function enteredChart({ stages }: FunnelFinding): ChartBlock[] {
  const shown = stages.slice(0, LIMITS.chartCategories);
  if (shown.length < 2 || shown.every(({ entered }) => entered === 0)) return [];
  const categories = uniqueLabels(shown.map(({ stage }) => stage));
  const series = (name: string, count: (stage: FunnelLine) => number) => ({
    name,
    data: shown.map((stage, at) => ({ label: categories[at] ?? stage.stage, value: count(stage) })),
  });
  return [
    {
      type: "data_visualization",
      title: cut("What became of who entered a stage", LIMITS.chartTitle),
      chart: {
        type: "bar",
        series: [
          series("Moved on", ({ forward }) => forward),
          series("Still there", ({ still }) => still),
          series("Fell back", ({ backward }) => backward),
          series("Left", ({ out }) => out),
        ],
        axis_config: { categories, y_label: "Accounts" },
      },
    },
  ];
}

const shortly = (figure: Figure): string =>
  figure.value === null ? (figure.because ?? "not known") : sayFigure(figure);

/** The last day that the estimate reaches, never the mean of those that have left alone. */
function medianWords({ time: { median }, expectedDays }: FunnelLine): string {
  if (median.n === 0) return "–";
  const expected = expectedDays === null ? "" : ` (expected ${expectedDays})`;
  return `${median.value === null ? "not reached" : String(median.value)}${expected}`;
}

const openWords = ({ time: { open } }: FunnelLine): string =>
  open === null ? "nobody" : `${open.spells}, for ${open.medianDays} days`;

const definition = ({ mode, scope, model, asOf }: FunnelFinding): string =>
  lineIn(
    daysIn(
      `${mode === "strict" ? "Every stage in order" : "A later stage counts however it was reached"}; accounts that entered in the window, followed up to ${asOf}; who is still there counts neither way. Time by Kaplan–Meier over all stays. Model ${model}. ${scopeWords(scope)}.`,
    ),
    900,
  );
