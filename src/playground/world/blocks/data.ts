import { z } from "zod";
import { blockId } from "./parts.ts";
import { richText, richTextLength } from "./rich-text.ts";

/** Tables and charts. */

/** All cells of one table together, as the documentation says. */
const TABLE_CHARACTERS = 10_000;

const rawText = z.strictObject({ type: z.literal("raw_text"), text: z.string().min(1) });
const rawNumber = z.strictObject({ type: z.literal("raw_number"), value: z.number(), text: z.string().min(1) });
const cell = z.discriminatedUnion("type", [rawText, rawNumber, richText]);
type Cell = z.infer<typeof cell>;

/** Every row as wide as the first, and not too many characters altogether. */
function wellFilled({ rows }: { rows: Cell[][] }, context: z.RefinementCtx): void {
  const width = rows[0]?.length ?? 0;
  rows.forEach((row, at) => {
    if (row.length !== width) {
      const message = `all rows must have the same number of cells (${width})`;
      context.addIssue({ code: "custom", path: ["rows", at], message });
    }
  });
  if (rows.flat().reduce((sum, each) => sum + richTextLength(each), 0) > TABLE_CHARACTERS) {
    const message = `must be less than ${TABLE_CHARACTERS + 1} characters across all cells`;
    context.addIssue({ code: "custom", path: ["rows"], message });
  }
}

export const table = z
  .strictObject({
    type: z.literal("table"),
    block_id: blockId,
    rows: z.array(z.array(cell).min(1).max(20)).min(1).max(100),
    column_settings: z
      .array(
        z.strictObject({ align: z.enum(["left", "center", "right"]).optional(), is_wrapped: z.boolean().optional() }),
      )
      .max(20)
      .optional(),
  })
  .superRefine(wellFilled);

/** The documentation allows a header and 100 rows; it is silent on columns, where 20 is the other table's limit. */
export const dataTable = z
  .strictObject({
    type: z.literal("data_table"),
    block_id: blockId,
    caption: z.string().min(1),
    rows: z.array(z.array(cell).min(1).max(20)).min(2).max(101),
    page_size: z.number().int().min(1).max(100).optional(),
    row_header_column_index: z.number().int().min(0).optional(),
  })
  .superRefine((block, context) => {
    wellFilled(block, context);
    block.rows[0]?.forEach(({ type }, column) => {
      if (type === "rich_text") {
        context.addIssue({
          code: "custom",
          path: ["rows", 0, column],
          message: "rich_text is not allowed in the header",
        });
      }
    });
    if ((block.row_header_column_index ?? 0) >= (block.rows[0]?.length ?? 0)) {
      const message = "must be the index of a column";
      context.addIssue({ code: "custom", path: ["row_header_column_index"], message });
    }
  });

const label = z.string().min(1).max(20);
const point = z.strictObject({ label, value: z.number() });
const plotted = {
  series: z
    .array(z.strictObject({ name: label, data: z.array(point).min(1).max(20) }))
    .min(1)
    .max(6),
  axis_config: z.strictObject({
    categories: z.array(label).min(1).max(20),
    x_label: z.string().max(50).optional(),
    y_label: z.string().max(50).optional(),
  }),
};

const chart = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("pie"),
    segments: z
      .array(z.strictObject({ label, value: z.number().positive() }))
      .min(1)
      .max(6),
  }),
  z.strictObject({ type: z.literal("line"), ...plotted }),
  z.strictObject({ type: z.literal("bar"), ...plotted }),
  z.strictObject({ type: z.literal("area"), ...plotted }),
]);

export const dataVisualization = z
  .strictObject({
    type: z.literal("data_visualization"),
    block_id: blockId,
    title: z.string().min(1).max(50),
    chart,
  })
  .superRefine((block, context) => {
    if (block.chart.type === "pie") return;
    const { series, axis_config } = block.chart;
    const complain = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: "custom", path: ["chart", ...path], message });
    if (hasTwice(axis_config.categories)) complain(["axis_config", "categories"], "categories must be unique");
    if (hasTwice(series.map(({ name }) => name))) complain(["series"], "series names must be unique");
    const categories = axis_config.categories.toSorted().join("\n");
    series.forEach(({ data }, at) => {
      if (
        data
          .map((each) => each.label)
          .toSorted()
          .join("\n") === categories
      )
        return;
      complain(["series", at, "data"], "must have each category exactly once");
    });
  });

const hasTwice = (words: string[]): boolean => new Set(words).size < words.length;
