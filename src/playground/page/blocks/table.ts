import { type ComponentChild, h, type JSX } from "preact";
import type { Block } from "../../page-api/types.ts";
import { cellOf } from "../state/table-rows.ts";
import { withEmoji } from "../text/emoji.ts";
import { RichText } from "./rich-text.ts";

type RawCell = Record<string, unknown> & { type: string };

/** What stands in a cell: words, a number as it was written, or rich text. */
export function cellWords(raw: RawCell): ComponentChild {
  return raw.type === "rich_text" ? h(RichText, { block: raw }) : withEmoji(cellOf(raw).text);
}

/** A plain table: the first row is its header. */
export function Table({ block }: { block: Block }): JSX.Element {
  const { rows, column_settings: settings } = block as unknown as {
    rows: RawCell[][];
    column_settings?: ({ align?: string; is_wrapped?: boolean } | null)[];
  };
  const classOf = (raw: RawCell, column: number) => {
    const set = settings?.[column];
    return `align-${set?.align ?? (raw.type === "raw_number" ? "right" : "left")} ${set?.is_wrapped ? "wrapped" : ""}`;
  };
  const [head = [], ...body] = rows ?? [];
  return h(
    "div",
    { class: "table-scroll", tabIndex: 0, role: "region", "aria-label": "Table" },
    h("table", null, [
      h(
        "thead",
        null,
        h(
          "tr",
          null,
          head.map((cell, column) => h("th", { scope: "col", class: classOf(cell, column) }, cellWords(cell))),
        ),
      ),
      h(
        "tbody",
        null,
        body.map((row) =>
          h(
            "tr",
            null,
            row.map((cell, column) => h("td", { class: classOf(cell, column) }, cellWords(cell))),
          ),
        ),
      ),
    ]),
  );
}
