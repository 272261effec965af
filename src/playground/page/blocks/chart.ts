import {
  ArcElement,
  BarController,
  BarElement,
  CategoryScale,
  type ChartConfiguration,
  Chart as ChartJs,
  Filler,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PieController,
  PointElement,
  Tooltip,
} from "chart.js";
import { h, type JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Block } from "../../page-api/types.ts";
import { type ChartRows, chartRows } from "../state/chart-data.ts";
import { useTheme } from "../state/theme.ts";
import { Unsupported } from "./block.ts";

ChartJs.register(
  ArcElement,
  BarController,
  BarElement,
  CategoryScale,
  Filler,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PieController,
  PointElement,
  Tooltip,
);

/** A chart, with its numbers as a table for those who cannot see it or want to read them. */
export function Chart({ block }: { block: Block }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  const written = JSON.stringify(block);
  useEffect(() => {
    const rows = chartRows(JSON.parse(written) as Block);
    if (rows === null || canvas.current === null) return;
    const chart = new ChartJs(canvas.current, configuration(rows, getComputedStyle(canvas.current)));
    return () => chart.destroy();
  }, [written, theme]);
  const rows = chartRows(block);
  if (rows === null) return h(Unsupported, { block });
  return h("figure", { class: "chart" }, [
    h("figcaption", null, rows.title),
    h("div", { class: `chart-canvas ${rows.kind}` }, h("canvas", { ref: canvas, "aria-hidden": "true" })),
    h("details", null, [h("summary", null, "Numbers as a table"), h(ChartTable, { rows })]),
  ]);
}

const ChartTable = ({ rows }: { rows: ChartRows }): JSX.Element =>
  h(
    "div",
    { class: "table-scroll" },
    h("table", null, [
      h(
        "thead",
        null,
        h("tr", null, [
          h("th", { scope: "col" }, rows.xLabel || "Label"),
          ...rows.series.map(({ name }) =>
            h("th", { scope: "col", class: "align-right" }, name || rows.yLabel || "Value"),
          ),
        ]),
      ),
      h(
        "tbody",
        null,
        rows.labels.map((label, at) =>
          h("tr", null, [
            h("th", { scope: "row" }, label),
            ...rows.series.map(({ values }) =>
              h("td", { class: "align-right" }, values[at]?.toLocaleString("en") ?? ""),
            ),
          ]),
        ),
      ),
    ]),
  );

/** Colours come from the page's style sheet, so that they follow the light and the dark theme. */
function configuration(rows: ChartRows, style: CSSStyleDeclaration): ChartConfiguration {
  const colour = (at: number) => style.getPropertyValue(`--chart-${(at % 6) + 1}`).trim();
  const ink = style.getPropertyValue("--ink-quiet").trim();
  const lines = style.getPropertyValue("--line").trim();
  const isPie = rows.kind === "pie";
  const scale = (title: string) => ({
    ticks: { color: ink },
    grid: { color: lines },
    title: { display: title !== "", text: title, color: ink },
  });
  return {
    type: rows.kind === "area" ? "line" : rows.kind,
    data: {
      labels: rows.labels,
      datasets: rows.series.map(({ name, values }, at) => ({
        label: name,
        data: values,
        borderColor: isPie ? style.getPropertyValue("--surface").trim() : colour(at),
        backgroundColor: isPie
          ? values.map((_, slice) => colour(slice))
          : rows.kind === "area"
            ? `${colour(at)}55`
            : colour(at),
        fill: rows.kind === "area",
        borderWidth: rows.kind === "bar" ? 0 : 2,
        borderRadius: rows.kind === "bar" ? 3 : 0,
        tension: 0.25,
      })),
    },
    options: {
      responsive: true,
      maintainAspectRatio: false,
      ...(matchMedia("(prefers-reduced-motion: reduce)").matches
        ? { animation: false as const }
        : { animation: { duration: 300 } }),
      plugins: {
        legend: {
          display: isPie || rows.series.length > 1,
          position: isPie ? "right" : "bottom",
          labels: { color: ink, boxWidth: 12 },
        },
      },
      ...(isPie ? {} : { scales: { x: scale(rows.xLabel), y: { ...scale(rows.yLabel), beginAtZero: true } } }),
    },
  };
}
