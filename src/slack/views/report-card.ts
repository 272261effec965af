import type { ChurnReport } from "#reports/churn-report.ts";
import type { Narrative } from "#reports/narrative.ts";
import { listed } from "#tools/words.ts";
import { ACTIONS } from "../actions.ts";
import type { Block, Look, Message } from "../message.ts";
import { daysIn } from "./days.ts";
import { button, buttonRow, context, lineSections, type More, section } from "./elements.ts";
import { fitMessage, LIMITS, pack } from "./limits.ts";
import { cleanMarkdown, toMrkdwn } from "./mrkdwn.ts";
import { lineIn } from "./outside-text.ts";
import { movementsChart, trendChart } from "./report-card-charts.ts";
import {
  cancelledTable,
  lostTable,
  otherMovementsTable,
  regressionsTable,
  renewalsTable,
  riskTable,
  rollForwardTable,
} from "./report-card-tables.ts";
import {
  headlineLines,
  quietWords,
  rateLines,
  riskLine,
  scopeLine,
  trendWords,
  versionWords,
} from "./report-card-words.ts";

/** What a report is shown with besides itself. */
export interface ReportMore extends More {
  /** What a model wrote about it; absent: nobody asked one. */
  narrative?: Narrative | undefined;
}

/**
 * A churn report. The first screen has what a manager wants in five seconds: net change, who was lost and why, who is at
 * risk, what is different from the week before, and one picture; below it the rates and what to do next; then the rest.
 */
export const reportCard = (report: ChurnReport, look: Look, more: ReportMore = {}): Block[] =>
  [...summaryOf(report, look, more), ...detailsOf(report, look), reportButtons(report, more)].flat();

/** What is posted of a report that comes by itself. */
export interface ReportPost {
  turn: number | undefined;
  narrative?: Narrative | undefined;
  /** The report in words, for those who see no blocks. */
  words: string;
  keptOut: readonly string[];
}

/** A report as messages: the first is what matters, with its buttons; the others, for its thread, have the rest. */
export function reportMessages(report: ChurnReport, look: Look, post: ReportPost): Message[] {
  const { words, keptOut, turn, narrative } = post;
  const out = keptOut.length > 0 ? [[context(`Kept out of this channel: ${lineIn(listed(keptOut), 600)}.`)]] : [];
  const summary = [...summaryOf(report, look, { narrative }), ...out, reportButtons(report, { turn })];
  const text = toMrkdwn([narrative?.text, words].filter(Boolean).join("\n\n"));
  return [...pack(summary), ...pack(detailsOf(report, look))].map((blocks, at) =>
    fitMessage({ text: at === 0 ? text : `${text.split("\n")[0]} (continued)`, blocks }),
  );
}

const summaryOf = (report: ChurnReport, look: Look, more: ReportMore): Block[][] =>
  some([
    openingOf(report, look, more),
    quietWords(report) === null ? [...movementsChart(report), rollForwardTable(report), ...ratesOf(report)] : [],
    lostTable(report, look),
    riskTable(report),
  ]);

const detailsOf = (report: ChurnReport, look: Look): Block[][] =>
  some([
    trendChart(report),
    cancelledTable(report, look),
    renewalsTable(report),
    regressionsTable(report),
    otherMovementsTable(report),
    doubtBlocks(report),
    [context(`${scopeLine(report)}.`)],
  ]);

const some = (parts: Block[][]): Block[][] => parts.filter((part) => part.length > 0);

function openingOf(report: ChurnReport, look: Look, { narrative, compact }: ReportMore): Block[] {
  const lines = headlineLines(report, look);
  const quiet = quietWords(report);
  const version = versionWords(report);
  return [
    ...lineSections(compact ? lines.slice(0, 2) : lines), // under prose, whoever was lost stands in the table
    ...(quiet ? [section(lineIn(quiet))] : lineSections(whatElse(report, compact))),
    ...(version ? [context(version)] : []),
    ...(report.isPartial ? [context("The window is not over: these figures will still change.")] : []),
    ...(narrative ? narrativeBlocks(narrative) : []),
  ];
}

/** Under prose it stands in the tables. */
const whatElse = (report: ChurnReport, compact = false): string[] =>
  compact ? [] : [riskLine(report), trendWords(report)].filter((each) => each !== null);

const narrativeBlocks = ({ text, because }: Narrative): Block[] =>
  text === null
    ? [context(lineIn(because))]
    : [
        { type: "markdown", text: cleanMarkdown(text, LIMITS.section) },
        context("Written by a model from this report."),
      ];

/** Rates say nothing where nobody paid. */
function ratesOf(report: ChurnReport): Block[] {
  return report.rollForward.startCustomers === 0 ? [] : lineSections(rateLines(report));
}

const doubtBlocks = ({ doubts }: ChurnReport): Block[] =>
  doubts.length === 0
    ? []
    : lineSections(["*What the data cannot tell*", ...doubts.map((each) => `• ${lineIn(daysIn(each), 600)}`)]);

/** Its files. The window stands in the button as days, because “last week” is another one next week. */
function reportButtons({ asked, title }: ChurnReport, { turn }: ReportMore): Block[] {
  if (turn === undefined) return [];
  const value = { turn, from: asked.window.start, to: asked.window.end };
  return buttonRow([
    button({ text: "CSV", action: ACTIONS.reportCsv, value, label: `Every movement of ${title} as a CSV file` }),
    button({ text: "Picture", action: ACTIONS.reportPicture, value, label: `${title} as pictures` }),
  ]);
}
