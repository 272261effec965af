import type { Spec } from "vega";
import { COLOURS, FONT, framed, type Picture, PLOT, shortened } from "./picture.ts";

/** What the lifecycle map is drawn from: how often customers of a stage were met at a touchpoint. */
export interface StageMap {
  title: string;
  model: string;
  scope: { filter: string; zone: string };
  stages: readonly { id: string; name: string; accounts: number; pains: readonly { what: string; count: number }[] }[];
  touchpoints: readonly { id: string; title: string }[];
  cells: readonly { stage: string; touchpoint: string; touches: number; accounts: number }[];
}

const LABEL = 22; // characters beside a row
const PAIN = 34; // characters of the last column
const WIDTHS = { label: 150, pain: 250 } as const;
/** Light to dark, one hue; the counts stand in the cells too. */
const SHADES = ["#f1f5f9", "#cfe8e4", "#8fcfc6", "#2a9d8f", "#1d6f66"];
const DARK_FROM = 0.82; // of the scale: from there on white stands out more than ink

/** Stage × touchpoint as a heat map: the darker, the more touches; the count in each cell, and what hurts most beside each stage. */
export function mapPictureOf(map: StageMap): Picture {
  const { title, model, scope, stages } = map;
  const name = `Where we meet customers: ${title}`;
  const frame = {
    title: name,
    lines: [
      `Touches by lifecycle stage and touchpoint  ·  ${scope.filter}`,
      "Darker: more touches. Right: the most frequent pain point of each stage.",
    ],
    source: `Model ${model}  ·  days of ${scope.zone}  ·  a touch counts for the stage of its day`,
  };
  return { spec: framed(frame, drawing(map)), title: name, alt: altOf(map, stages) };
}

function altOf({ title, touchpoints, cells }: StageMap, stages: StageMap["stages"]): string {
  const told = stages.map(({ id, name }) => {
    const met = touchpoints
      .map((each) => ({ title: each.title, touches: touchesAt(cells, id, each.id) }))
      .filter(({ touches }) => touches > 0)
      .sort((a, b) => b.touches - a.touches);
    return `${name}: ${met.length === 0 ? "no touch" : met.map((each) => `${each.title} ${each.touches}`).join(", ")}`;
  });
  return `Lifecycle map, ${title}. ${told.join(". ")}.`;
}

const touchesAt = (cells: StageMap["cells"], stage: string, touchpoint: string): number =>
  cells.find((cell) => cell.stage === stage && cell.touchpoint === touchpoint)?.touches ?? 0;

function drawing({ stages, touchpoints, cells }: StageMap): Omit<Spec, "$schema"> {
  const most = Math.max(1, ...cells.map(({ touches }) => touches));
  // Counts differ by orders of magnitude (days of use, invoices), so shades follow the root.
  const shade = (touches: number): number => Math.sqrt(touches / most);
  const values = stages.flatMap(({ id }) =>
    touchpoints.map((touchpoint) => {
      const touches = touchesAt(cells, id, touchpoint.id);
      return {
        stage: id,
        touchpoint: touchpoint.id,
        said: touches === 0 ? "" : touches.toLocaleString("en"),
        depth: shade(touches),
        ink: shade(touches) >= DARK_FROM ? COLOURS.paper : COLOURS.ink,
      };
    }),
  );
  const rows = stages.map(({ id, name, accounts, pains }) => ({
    stage: id,
    name: shortened(name, LABEL),
    below: `${accounts} ${accounts === 1 ? "account" : "accounts"} today`,
    pain: shortened(pains[0] ? `${pains[0].count} × ${pains[0].what.replace(/ \(.*\)$/, "")}` : "none seen", PAIN),
  }));
  const heads = touchpoints.map(({ id, title }) => headOf(id, title, touchpoints.length > MOST_UPRIGHT));
  return {
    data: [
      { name: "cells", values },
      { name: "rows", values: rows },
      { name: "heads", values: heads },
    ],
    scales: [
      {
        name: "x",
        type: "band",
        domain: touchpoints.map(({ id }) => id),
        range: [WIDTHS.label - 68, PLOT.width - WIDTHS.pain],
        paddingInner: 0.04,
      },
      {
        name: "y",
        type: "band",
        domain: stages.map(({ id }) => id),
        range: [48, PLOT.height + 40],
        paddingInner: 0.06,
      },
      { name: "shade", type: "linear", domain: [0, 0.25, 0.5, 0.75, 1], range: SHADES },
    ],
    marks: [
      {
        type: "rect",
        from: { data: "cells" },
        encode: {
          enter: {
            x: { scale: "x", field: "touchpoint" },
            width: { scale: "x", band: 1 },
            y: { scale: "y", field: "stage" },
            height: { scale: "y", band: 1 },
            fill: { scale: "shade", field: "depth" },
          },
        },
      },
      text("cells", {
        x: { scale: "x", field: "touchpoint", band: 0.5 },
        y: { scale: "y", field: "stage", band: 0.5 },
        text: { field: "said" },
        fill: { field: "ink" },
        align: { value: "center" },
      }),
      text("rows", {
        x: { value: -68 },
        y: { scale: "y", field: "stage", band: 0.5, offset: -8 },
        text: { field: "name" },
        fontWeight: { value: "bold" },
      }),
      text("rows", {
        x: { value: -68 },
        y: { scale: "y", field: "stage", band: 0.5, offset: 11 },
        text: { field: "below" },
        fontSize: { value: 12 },
        fill: { value: COLOURS.quiet },
      }),
      text("rows", {
        x: { value: PLOT.width - WIDTHS.pain + 14 },
        y: { scale: "y", field: "stage", band: 0.5 },
        text: { field: "pain" },
        fontSize: { value: 12 },
      }),
      text("heads", {
        x: { scale: "x", field: "touchpoint", band: 0.5 },
        y: { field: "y" },
        text: { field: "lines" },
        fontSize: { value: 11 },
        lineHeight: { value: HEAD_LINE },
        angle: { field: "angle" },
        align: { field: "align" },
        baseline: { value: "bottom" },
      }),
    ],
  };
}

const MOST_UPRIGHT = 12; // columns that are wide enough for a word
const HEAD_LETTERS = 11;
const HEAD_LINE = 15; // pixels

/** What stands above a column: upright in lines of a word or two, or slanted where columns are narrow. */
function headOf(touchpoint: string, title: string, isNarrow: boolean) {
  if (isNarrow) return { touchpoint, lines: [shortened(title, 26)], y: 38, angle: -20, align: "left" };
  const lines: string[] = [];
  for (const word of title.split(" ")) {
    const line = `${lines.at(-1) ?? ""} ${word}`.trim();
    if (lines.length > 0 && line.length <= HEAD_LETTERS) lines[lines.length - 1] = line;
    else lines.push(shortened(word, HEAD_LETTERS));
  }
  return { touchpoint, lines, y: 40 - HEAD_LINE * (lines.length - 1), angle: 0, align: "center" };
}

type Mark = NonNullable<Spec["marks"]>[number];

const text = (data: string, given: object): Mark => ({
  type: "text",
  from: { data },
  encode: {
    enter: {
      font: { value: FONT },
      fontSize: { value: 14 },
      fill: { value: COLOURS.ink },
      baseline: { value: "middle" },
      ...given,
    },
  },
});
