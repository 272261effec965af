import type { Spec } from "vega";
import type { ChurnReport } from "../churn-report.ts";

/** Something to draw, complete: what it shows, and the same in words for those who cannot see it. */
export interface Picture {
  spec: Spec;
  title: string;
  /** Whole sentences with every figure that is drawn. */
  alt: string;
}

/** The shape that chat and mail previews show whole. */
export const SIZE = { width: 1200, height: 630 } as const;
export const MARGIN = { left: 96, right: 40, top: 132, bottom: 108 } as const;
/** What is left for the drawing itself. */
export const PLOT = {
  width: SIZE.width - MARGIN.left - MARGIN.right,
  height: SIZE.height - MARGIN.top - MARGIN.bottom,
} as const;

export const FONT = "DejaVu Sans";

/** Light, with 4.5:1 for all text; up and down differ in lightness too, not by hue alone. */
export const COLOURS = {
  paper: "#ffffff",
  ink: "#1e293b",
  quiet: "#526077",
  lines: "#e2e8f0",
  level: "#64748b",
  up: "#2a9d8f",
  down: "#b42318",
  rates: "#a16207",
} as const;

/** What stands around a drawing. */
export interface Frame {
  title: string;
  /** At most two lines under the title. */
  lines: readonly string[];
  /** Where the figures come from. */
  source: string;
}

type Marks = NonNullable<Spec["marks"]>;
type Texted = { text: string; y: number; size: number; colour?: string; weight?: "bold" };

/** Letters that a line under the title holds. */
export const LINE_LETTERS = 112;

const LETTER = 0.62; // of its size, the width of a letter on average
const BOLD_LETTER = 0.7;

/** A specification with title, lines and source around `drawing`, whose origin is the plot's upper left corner. */
export function framed({ title, lines, source }: Frame, drawing: Omit<Spec, "$schema">): Spec {
  const texts: Texted[] = [
    { text: title, y: 44 - MARGIN.top, size: 26, weight: "bold" },
    ...lines.slice(0, 2).map((text, at) => ({ text, y: 74 + at * 24 - MARGIN.top, size: 16, colour: COLOURS.quiet })),
    { text: source, y: PLOT.height + MARGIN.bottom - 18, size: 13, colour: COLOURS.quiet },
  ];
  return {
    ...drawing,
    $schema: "https://vega.github.io/schema/vega/v6.json",
    width: PLOT.width,
    height: PLOT.height,
    padding: MARGIN,
    autosize: "none",
    background: COLOURS.paper,
    config: {
      axis: {
        labelFont: FONT,
        titleFont: FONT,
        labelColor: COLOURS.quiet,
        titleColor: COLOURS.quiet,
        domainColor: COLOURS.lines,
        tickColor: COLOURS.lines,
        gridColor: COLOURS.lines,
        labelFontSize: 14,
        titleFontSize: 14,
        titleFontWeight: "normal",
      },
    },
    marks: [...(drawing.marks ?? []), ...texts.map(textMark)] as Marks,
  };
}

function textMark({ text, y, size, colour = COLOURS.ink, weight }: Texted): Marks[number] {
  const room = Math.floor((SIZE.width - 56) / (size * (weight ? BOLD_LETTER : LETTER)));
  return {
    type: "text",
    encode: {
      enter: {
        x: { value: 28 - MARGIN.left },
        y: { value: y },
        text: { value: shortened(text, room) },
        font: { value: FONT },
        fontSize: { value: size },
        fontWeight: { value: weight ?? "normal" },
        fill: { value: colour },
      },
    },
  };
}

/** A line of at most so many characters. */
export const shortened = (text: string, most: number): string => {
  const letters = [...text];
  return letters.length <= most
    ? text
    : `${letters
        .slice(0, most - 1)
        .join("")
        .trimEnd()}…`;
};

/** Where the figures of a report come from, as one line. */
export function sourceOf(report: ChurnReport, ...notes: (string | false)[]): string {
  const { rowsCounted, zone, asOf, version, currency } = report;
  return [
    `MRR in ${currency}`,
    `${rowsCounted.toLocaleString("en")} ledger ${rowsCounted === 1 ? "row" : "rows"}`,
    `as of ${asOf}`,
    `days of ${zone}`,
    version > 1 && `version ${version}`,
    ...notes,
  ]
    .filter((each) => typeof each === "string")
    .join("  ·  ");
}
