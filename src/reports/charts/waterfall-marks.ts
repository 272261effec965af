import type { Spec } from "vega";
import { COLOURS, FONT, PLOT } from "./picture.ts";
import type { Step } from "./steps.ts";

/** A step as it is drawn, in whole units. */
export interface Bar extends Step {
  low: number;
  high: number;
}

const scaleX = (field: string) => ({ scale: "x", field });

/** Bars that each begin where the one before ended; `base` is where the axis begins. */
export function waterfallMarks(values: Bar[], base: number): Omit<Spec, "$schema"> {
  const middle = { scale: "x", field: "label", band: 0.5 };
  const text = { font: { value: FONT }, align: { value: "center" as const }, x: middle };
  const top = Math.max(...values.map(({ high }) => high));
  return {
    data: [
      { name: "steps", values },
      {
        name: "links",
        source: "steps",
        transform: [
          { type: "window", ops: ["lead"], fields: ["label"], as: ["next"] },
          { type: "filter", expr: "datum.next" },
        ],
      },
      {
        name: "breaks",
        source: "steps",
        transform: [{ type: "filter", expr: `${base} > 0 && datum.kind === 'level'` }],
      },
    ],
    scales: [
      {
        name: "x",
        type: "band",
        domain: { data: "steps", field: "label" },
        range: "width",
        paddingInner: 0.28,
        paddingOuter: 0.14,
      },
      {
        name: "y",
        type: "linear",
        domain: { data: "steps", fields: ["low", "high"] },
        domainMin: base,
        ...(top > base ? {} : { domainMax: base + 1 }), // nothing at all: an axis still has a length
        range: "height",
        nice: false,
        zero: base === 0,
      },
    ],
    axes: [
      {
        orient: "left",
        scale: "y",
        grid: true,
        domain: false,
        ticks: false,
        tickCount: 5,
        format: "~s",
        labelPadding: 8,
      },
      {
        orient: "bottom",
        scale: "x",
        ticks: false,
        labelPadding: 12,
        labelFontSize: 15,
        labelColor: COLOURS.ink,
        labelFontWeight: "bold",
        labelOverlap: false,
      },
    ],
    marks: [
      {
        type: "rect",
        from: { data: "steps" },
        encode: {
          enter: {
            x: scaleX("label"),
            width: { scale: "x", band: 1 },
            y: { scale: "y", field: "high" },
            y2: { scale: "y", field: "low" },
            fill: { field: "colour" },
          },
        },
      },
      {
        type: "rule",
        from: { data: "links" },
        encode: {
          enter: {
            x: { scale: "x", field: "label", band: 1 },
            x2: { scale: "x", field: "next" },
            y: { scale: "y", field: "end" },
            stroke: { value: COLOURS.quiet },
            strokeDash: { value: [3, 3] },
          },
        },
      },
      {
        type: "path",
        from: { data: "breaks" },
        encode: {
          enter: {
            x: middle,
            y: { value: PLOT.height - 26 },
            path: { value: "M-70,6 L-42,-6 L-14,6 L14,-6 L42,6 L70,-6" },
            stroke: { value: COLOURS.paper },
            strokeWidth: { value: 5 },
          },
        },
      },
      {
        type: "text",
        from: { data: "steps" },
        encode: {
          enter: {
            ...text,
            y: { scale: "y", field: "high", offset: -8 },
            text: { field: "said" },
            fontSize: { value: 15 },
            fontWeight: { value: "bold" },
            fill: { value: COLOURS.ink },
          },
        },
      },
      {
        type: "text",
        from: { data: "steps" },
        encode: {
          enter: {
            ...text,
            y: { value: PLOT.height + 48 },
            text: { field: "below" },
            fontSize: { value: 13 },
            fill: { value: COLOURS.quiet },
          },
        },
      },
    ],
  };
}
