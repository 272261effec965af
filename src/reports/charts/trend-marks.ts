import type { Spec } from "vega";
import { COLOURS, FONT, PLOT } from "./picture.ts";
import { LEGEND, legendMarks } from "./trend-legend.ts";

/** Gains above 0, losses below it, the net as a line over both, and its mean before as a dashed one. In whole units. */
export function trendMarks(values: object[], mean: number | null): Omit<Spec, "$schema"> {
  const middle = { scale: "x", field: "label", band: 0.5 };
  const bar = (field: "gained" | "lost", colour: string) => ({
    type: "rect" as const,
    from: { data: "points" },
    encode: {
      enter: {
        x: { scale: "x", field: "label" },
        width: { scale: "x", band: 1 },
        y: { scale: "y", field },
        y2: { scale: "y", value: 0 },
        fill: { value: colour },
        fillOpacity: { field: "strength" },
      },
    },
  });
  return {
    data: [
      { name: "points", values },
      { name: "legend", values: mean === null ? LEGEND : [...LEGEND.map((each) => ({ ...each, at: each.at - 210 }))] },
      { name: "means", values: mean === null ? [] : [{ mean }] },
    ],
    scales: [
      {
        name: "x",
        type: "band",
        domain: { data: "points", field: "label" },
        range: "width",
        paddingInner: 0.3,
        paddingOuter: 0.15,
      },
      {
        name: "y",
        type: "linear",
        domain: { data: "points", fields: ["gained", "lost"] },
        range: "height",
        nice: true,
        zero: true,
      },
    ],
    axes: [
      {
        orient: "left",
        scale: "y",
        grid: true,
        domain: false,
        ticks: false,
        tickCount: 6,
        format: "~s",
        labelPadding: 8,
      },
      { orient: "bottom", scale: "x", ticks: false, labelPadding: 12, labelColor: COLOURS.ink, labelOverlap: true },
    ],
    marks: [
      bar("gained", COLOURS.up),
      bar("lost", COLOURS.down),
      {
        type: "rule",
        encode: {
          enter: {
            x: { value: 0 },
            x2: { value: PLOT.width },
            y: { scale: "y", value: 0 },
            stroke: { value: COLOURS.quiet },
          },
        },
      },
      {
        type: "rule",
        from: { data: "means" },
        encode: {
          enter: {
            x: { value: 0 },
            x2: { value: PLOT.width },
            y: { scale: "y", field: "mean" },
            stroke: { value: COLOURS.ink },
            strokeDash: { value: [6, 4] },
          },
        },
      },
      {
        type: "line",
        from: { data: "points" },
        encode: {
          enter: {
            x: middle,
            y: { scale: "y", field: "net" },
            stroke: { value: COLOURS.ink },
            strokeWidth: { value: 2.5 },
          },
        },
      },
      {
        type: "symbol",
        from: { data: "points" },
        encode: {
          enter: {
            x: middle,
            y: { scale: "y", field: "net" },
            size: { value: 60 },
            fill: { value: COLOURS.ink },
            stroke: { value: COLOURS.paper },
            strokeWidth: { value: 1.5 },
          },
        },
      },
      lastNet(COLOURS.paper, 5), // so that the amount can be read over a bar
      lastNet(COLOURS.ink, 0),
      ...legendMarks(mean !== null),
    ],
  };
}

const lastNet = (colour: string, halo: number) => ({
  type: "text" as const,
  from: { data: "points" },
  encode: {
    enter: {
      x: { scale: "x", field: "label", band: 1 },
      y: { scale: "y", field: "net", offset: -14 },
      text: { field: "said" },
      align: { value: "right" as const },
      font: { value: FONT },
      fontSize: { value: 14 },
      fontWeight: { value: "bold" as const },
      fill: { value: colour },
      stroke: { value: colour },
      strokeWidth: { value: halo },
      strokeJoin: { value: "round" as const },
    },
  },
});
