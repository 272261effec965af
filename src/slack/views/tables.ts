import type { DataTableBlock, RawNumberElement, RawTextElement } from "@slack/types";
import { formatChange, formatMoney, minorDigits } from "#money.ts";
import { LIMITS } from "./limits.ts";
import { plainLine, plainName } from "./outside-text.ts";

type Cell = RawTextElement | RawNumberElement;

const PAGE = 10;
const CELL = 80; // characters; a longer name is told whole by its card
export const NOTHING = "–"; // Slack refuses empty cells

/** A cell of words. */
export const words = (text: string | null): Cell => ({
  type: "raw_text",
  text: text === null || text.trim() === "" ? NOTHING : plainName(text, CELL),
});

/** A cell that sorts as a number. */
export const number = (value: number | null): Cell =>
  value === null ? { type: "raw_text", text: NOTHING } : { type: "raw_number", value, text: String(value) };

/** A cell of money, in whole units for sorting; a loss has the same sign as in the sentences above the table. */
export const amount = (minor: number, currency: string): Cell => ({
  type: "raw_number",
  value: minor / 10 ** minorDigits(currency),
  text: minor < 0 ? formatChange(minor, currency) : formatMoney(minor, currency),
});

/** A table of at least one row, cut to as many rows as Slack takes; `rows` says how many those are. */
export function table(
  { caption, titles }: { caption: string; titles: readonly string[] },
  rows: readonly Cell[][],
): { block: DataTableBlock; rows: number } {
  const head = titles.map((text): Cell => ({ type: "raw_text", text }));
  let room: number = LIMITS.tableCharacters - charactersOf(head);
  const kept: Cell[][] = [];
  for (const row of rows.slice(0, LIMITS.tableRows)) {
    room -= charactersOf(row);
    if (room < 0) break;
    kept.push(row);
  }
  return {
    block: {
      type: "data_table",
      caption: plainLine(caption, 150),
      page_size: PAGE,
      row_header_column_index: 0,
      rows: [head, ...(kept.length > 0 ? kept : [titles.map(() => words(null))])],
    },
    rows: kept.length,
  };
}

const charactersOf = (row: readonly Cell[]): number => row.reduce((sum, { text }) => sum + text.length, 0);
