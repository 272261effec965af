import type { Block } from "../../page-api/types.ts";

/** A chart as rows: what is drawn, and what is read where it cannot be seen. */
export interface ChartRows {
  kind: "pie" | "line" | "bar" | "area";
  title: string;
  /** What stands along the axis, or the pie's segments. */
  labels: string[];
  series: { name: string; values: (number | null)[] }[];
  xLabel: string;
  yLabel: string;
}

interface Chart {
  type?: string;
  segments?: { label: string; value: number }[];
  series?: { name: string; data: { label: string; value: number }[] }[];
  axis_config?: { categories?: string[]; x_label?: string; y_label?: string };
}

/** Reads a `data_visualization` block; null when it is none that can be drawn. */
export function chartRows(block: Block): ChartRows | null {
  const { title, chart } = block as unknown as { title?: string; chart?: Chart };
  const shared = {
    title: title ?? "",
    xLabel: chart?.axis_config?.x_label ?? "",
    yLabel: chart?.axis_config?.y_label ?? "",
  };
  if (chart?.type === "pie" && chart.segments !== undefined) {
    const values = chart.segments.map(({ value }) => value);
    return { ...shared, kind: "pie", labels: chart.segments.map(({ label }) => label), series: [{ name: "", values }] };
  }
  if (chart?.type !== "line" && chart?.type !== "bar" && chart?.type !== "area") return null;
  const labels = chart.axis_config?.categories ?? chart.series?.[0]?.data.map(({ label }) => label) ?? [];
  const series = (chart.series ?? []).map(({ name, data }) => {
    const at = new Map(data.map(({ label, value }) => [label, value]));
    return { name, values: labels.map((label) => at.get(label) ?? null) };
  });
  return { ...shared, kind: chart.type, labels, series };
}
