import { z } from "zod";
import { countingOf } from "#accounts/movements.ts";
import { buildChurnReport } from "#reports/build-churn-report.ts";
import type { ChurnReport, ReportFilter } from "#reports/churn-report.ts";
import { stageNamed } from "#reports/report-filter.ts";
import { sayChurnReport } from "#reports/say-churn-report.ts";
import { defineTool, type ToolContext } from "./define-tool.ts";
import { KeptOut, REASONS } from "./in-channel.ts";
import { readWindow } from "./window-words.ts";

const name = (what: string) => z.string().min(1).max(120).optional().describe(what);

export const churnReportInput = z.object({
  window: z
    .string()
    .min(1)
    .max(80)
    .default("last week")
    .describe(
      "last week, this week, last month, October, Q2 2026, last 30 days, or two ISO days: 2026-10-03 to 2026-10-20",
    ),
  team: name("one team, by name"),
  owner: name("one account owner, by name"),
  segment: name("one segment"),
  country: name("one country, or several with commas"),
  plan: name("one plan"),
  industry: name("one industry"),
  stage: name("accounts that are in one lifecycle stage today, by its name"),
});
export type ChurnReportInput = z.output<typeof churnReportInput>;

export const churnReportTool = defineTool({
  name: "churn_report",
  title: "Churn report",
  description:
    "Who churned in a week, month, quarter or any window, and how much MRR was lost: roll-forward, GRR, NRR, reasons, first signs, cancellations, renewals, accounts at risk with next steps. Use for “churn last week for EMEA”, “who did we lose in October?”.",
  effect: "reads",
  input: churnReportInput,
  run: async (input, context) => {
    const report = await churnReportFor(input, context);
    await context.onReport?.(report);
    return report;
  },
  say: (report) => sayChurnReport(report),
  inChannel: (report) => {
    const kept = new KeptOut();
    const plain = <T extends { reason: string | null; reasonShared?: boolean }>(each: T): T =>
      each.reasonShared ? each : { ...each, reason: kept.of(each.reason, null, REASONS) };
    const finding: ChurnReport = { ...report, lost: report.lost.map(plain), cancelled: report.cancelled.map(plain) };
    return { finding, keptOut: kept.words };
  },
});

/** The report of a window and filters in words. Throws AskAgain where they cannot be read. */
export function churnReportFor(
  { window: said, ...filter }: ChurnReportInput,
  context: ToolContext,
): Promise<ChurnReport> {
  const { database, actor, today, knowledge } = context;
  return database.read(actor, async (rows) => {
    const { weekStart } = await countingOf(rows);
    const { model, moves } = knowledge;
    const stage = filter.stage === undefined ? undefined : stageNamed(filter.stage, model);
    const asked = { ...readWindow(said, { today, weekStart }), filter: given({ ...filter, stage }) };
    return buildChurnReport(rows, { today, model, moves, asked });
  });
}

const given = (filter: Omit<ChurnReportInput, "window">): ReportFilter =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
