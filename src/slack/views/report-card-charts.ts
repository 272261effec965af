import { minorDigits } from "#money.ts";
import { pointsOf } from "#reports/charts/points.ts";
import { stepsOf } from "#reports/charts/steps.ts";
import type { ChurnReport } from "#reports/churn-report.ts";
import type { ChartBlock } from "../message.ts";
import { uniqueLabels } from "./charts.ts";
import { cut, LIMITS } from "./limits.ts";
import { lowered } from "./report-card-words.ts";

/** What moved MRR, and the net of it. Slack's bars all stand on 0, so the levels before and after are left to the table. */
export function movementsChart(report: ChurnReport): ChartBlock[] {
  const { headline, title, currency } = report;
  const steps = stepsOf(report).filter(({ kind }) => kind !== "level");
  if (steps.every(({ amountMinor }) => amountMinor === 0)) return [];
  const bars = [...steps, { label: "Net", amountMinor: headline.netMinor }];
  const data = bars.map(({ label, amountMinor }) => ({
    label: cut(label, LIMITS.chartLabel),
    value: units(amountMinor, currency),
  }));
  return [
    {
      type: "data_visualization",
      title: cut(`MRR movements, ${lowered(title)}`, LIMITS.chartTitle),
      chart: {
        type: "bar",
        series: [{ name: `MRR in ${currency}`, data }],
        axis_config: { categories: data.map(({ label }) => label), y_label: `MRR in ${currency}` },
      },
    },
  ];
}

/** What was gained and lost window by window, the newest as many as Slack draws. */
export function trendChart(report: ChurnReport): ChartBlock[] {
  const points = pointsOf(report).slice(-LIMITS.chartCategories);
  if (points.length < 2) return [];
  const { currency, asked } = report;
  const categories = uniqueLabels(points.map(({ label }) => label));
  const series = (name: string, minors: number[]) => ({
    name,
    data: categories.map((label, at) => ({ label, value: units(minors[at] ?? 0, currency) })),
  });
  return [
    {
      type: "data_visualization",
      title: cut(`MRR gained and lost, last ${points.length} ${asked.interval ?? "window"}s`, LIMITS.chartTitle),
      chart: {
        type: "line",
        series: [
          series(
            "Gained",
            points.map(({ gainedMinor }) => gainedMinor),
          ),
          series(
            "Lost",
            points.map(({ lostMinor }) => lostMinor),
          ),
          series(
            "Net",
            points.map(({ netMinor }) => netMinor),
          ),
        ],
        axis_config: { categories, y_label: `MRR in ${currency}` },
      },
    },
  ];
}

const units = (minor: number, currency: string): number => minor / 10 ** minorDigits(currency);
