import { h, type JSX } from "preact";
import { useId, useState } from "preact/hooks";
import type { Block } from "../../page-api/types.ts";
import { Icon } from "../parts/icons.ts";
import { arranged, type Cell, cellOf, type Order, pageOf } from "../state/table-rows.ts";
import { cellWords } from "./table.ts";

interface DataTableBlock {
  caption?: string;
  rows?: (Record<string, unknown> & { type: string })[][];
  page_size?: number;
  row_header_column_index?: number;
}

/** A table that can be searched, sorted by pressing a column, and leafed through. */
export function DataTable({ block }: { block: Block }): JSX.Element {
  const {
    caption = "",
    rows = [],
    page_size: size = 5,
    row_header_column_index: rowHeader = 0,
  } = block as unknown as DataTableBlock;
  const [search, setSearch] = useState("");
  const [order, setOrder] = useState<Order | null>(null);
  const [page, setPage] = useState(0);
  const captionId = useId();
  const [head = [], ...body] = rows;
  const left = arranged(
    body.map((row) => row.map(cellOf)),
    search,
    order,
  );
  const shown = pageOf(left, page, size);
  const numeric = head.map((_, column) => body.some((row) => row[column]?.type === "raw_number"));
  const sort = (column: number) => {
    setPage(0);
    setOrder(turned(order, column));
  };

  return h("div", { class: "data-table" }, [
    h("div", { class: "data-table-top" }, [
      h("strong", { id: captionId }, caption),
      body.length > size &&
        h("input", {
          type: "search",
          placeholder: "Filter rows",
          "aria-label": `Filter rows of ${caption}`,
          value: search,
          onInput: ({ currentTarget }: { currentTarget: HTMLInputElement }) => {
            setSearch(currentTarget.value);
            setPage(0);
          },
        }),
    ]),
    h(
      "div",
      { class: "table-scroll", tabIndex: 0, role: "region", "aria-labelledby": captionId },
      h("table", { "aria-labelledby": captionId }, [
        h(
          "thead",
          null,
          h(
            "tr",
            null,
            head.map((cell, column) =>
              h(ColumnHead, {
                cell: cellOf(cell),
                order: order?.column === column ? order.direction : null,
                numeric: numeric[column]!,
                sort: () => sort(column),
              }),
            ),
          ),
        ),
        h(
          "tbody",
          null,
          shown.rows.map((row) => h(Row, { row, rowHeader, numeric })),
        ),
      ]),
    ),
    left.length === 0 ? h("p", { class: "quiet" }, "No row has these words.") : null,
    h(Leaf, { ...shown, total: left.length, size, turn: setPage }),
  ]);
}

/** One press sorts upwards, the next downwards, the third gives the bot's own order back. */
function turned(order: Order | null, column: number): Order | null {
  if (order?.column !== column) return { column, direction: "ascending" };
  return order.direction === "ascending" ? { column, direction: "descending" } : null;
}

function ColumnHead(head: {
  cell: Cell;
  order: Order["direction"] | null;
  numeric: boolean;
  sort(): void;
}): JSX.Element {
  return h(
    "th",
    { scope: "col", "aria-sort": head.order ?? "none", class: head.numeric ? "align-right" : "" },
    h("button", { type: "button", class: "sort", onClick: head.sort }, [
      head.cell.text,
      head.order === null ? null : h(Icon, { name: head.order === "ascending" ? "up_small" : "down_small", size: 14 }),
    ]),
  );
}

const Row = ({ row, rowHeader, numeric }: { row: Cell[]; rowHeader: number; numeric: boolean[] }): JSX.Element =>
  h(
    "tr",
    null,
    row.map(({ raw }, column) =>
      h(
        column === rowHeader ? "th" : "td",
        { class: numeric[column] ? "align-right" : "", ...(column === rowHeader ? { scope: "row" } : {}) },
        cellWords(raw as { type: string }),
      ),
    ),
  );

function Leaf(at: {
  page: number;
  pages: number;
  total: number;
  size: number;
  turn(page: number): void;
}): JSX.Element | null {
  if (at.pages < 2) return null;
  const first = at.page * at.size + 1;
  const page = h("span", { class: "visually-hidden" }, " page");
  const arrow = (icon: "up_small" | "down_small") => h("span", { class: "turned" }, h(Icon, { name: icon, size: 14 }));
  const step = (by: number, words: string, icon: "up_small" | "down_small") =>
    h(
      "button",
      {
        type: "button",
        class: "small-button",
        disabled: at.page + by < 0 || at.page + by >= at.pages,
        onClick: () => at.turn(at.page + by),
      },
      by < 0 ? [arrow(icon), words, page] : [words, page, arrow(icon)],
    );
  return h("div", { class: "data-table-leaf" }, [
    step(-1, "Previous", "up_small"),
    h("span", { role: "status" }, `${first}–${Math.min(first + at.size - 1, at.total)} of ${at.total}`),
    step(1, "Next", "down_small"),
  ]);
}
