import type { Spec } from "vega";
import { COLOURS, FONT, PLOT } from "./picture.ts";

export const LEGEND = [
  { text: "Gained", colour: COLOURS.up, shape: "square" },
  { text: "Lost", colour: COLOURS.down, shape: "square" },
  { text: "Net", colour: COLOURS.ink, shape: "circle" },
].map((each, at) => ({ ...each, at: PLOT.width - 290 + at * 110 }));

const LEGEND_Y = PLOT.height + 62;

/** Written by hand: a legend of the library measures text, and it has no browser to measure with. */
export function legendMarks(hasMean: boolean): NonNullable<Spec["marks"]> {
  const word = (x: object, text: object) => ({
    type: "text" as const,
    encode: {
      enter: {
        ...x,
        ...text,
        y: { value: LEGEND_Y },
        baseline: { value: "middle" as const },
        font: { value: FONT },
        fontSize: { value: 14 },
        fill: { value: COLOURS.ink },
      },
    },
  });
  const dash = PLOT.width - 170;
  return [
    {
      type: "symbol",
      from: { data: "legend" },
      encode: {
        enter: {
          x: { field: "at" },
          y: { value: LEGEND_Y },
          size: { value: 140 },
          shape: { field: "shape" },
          fill: { field: "colour" },
        },
      },
    },
    { ...word({ x: { field: "at", offset: 14 } }, { text: { field: "text" } }), from: { data: "legend" } },
    ...(hasMean
      ? [
          {
            type: "rule" as const,
            encode: {
              enter: {
                x: { value: dash - 14 },
                x2: { value: dash + 22 },
                y: { value: LEGEND_Y },
                stroke: { value: COLOURS.ink },
                strokeDash: { value: [6, 4] },
              },
            },
          },
          word({ x: { value: dash + 30 } }, { text: { value: "Mean net before" } }),
        ]
      : []),
  ];
}
