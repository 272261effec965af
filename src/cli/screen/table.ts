import Table from "cli-table3";
import stringWidth from "string-width";
import { type Paint, plainOf } from "./inline.ts";

const NARROWEST = 6; // columns; below it a cell is a pile of single letters
const FRAME = 3; // a border and the spaces around a cell

/** Whether a line belongs to a Markdown table. */
export const isTableLine = (line: string): boolean => /^\s*\|.*\|\s*$/.test(line);

/** Lines of a Markdown table as a table that fits the width. */
export function tableOf(lines: readonly string[], width: number, paint: Paint): string {
  const isRule = (line: string) => /^[\s|:-]+$/.test(line) && line.includes("-");
  const rule = lines.find(isRule);
  const rows = lines.filter((line) => !isRule(line)).map(cellsOf);
  const columns = Math.max(...rows.map((row) => row.length));
  const natural = Array.from({ length: columns }, (_, at) =>
    Math.max(1, ...rows.map((row) => stringWidth(row[at] ?? ""))),
  );
  const table = new Table({
    colWidths: fitted(natural, width).map((each) => each + 2),
    colAligns: Array.from({ length: columns }, (_, at) =>
      /-:\s*$/.test(split(rule ?? "")[at] ?? "") ? "right" : "left",
    ),
    wordWrap: true,
    style: { head: [], border: [], compact: true },
    ...(rule ? { head: (rows[0] ?? []).map((cell) => paint("bold", cell)) } : {}),
  });
  table.push(...(rule ? rows.slice(1) : rows).map((row) => natural.map((_, at) => row[at] ?? "")));
  return table.toString();
}

const split = (line: string): string[] =>
  line
    .trim()
    .replace(/^\||\|$/g, "")
    .split(/(?<!\\)\|/);

const cellsOf = (line: string): string[] => split(line).map((cell) => plainOf(cell.trim()));

/** Column widths within the room: the widest columns give way first. */
function fitted(natural: readonly number[], width: number): number[] {
  const widths = [...natural];
  const room = width - 1 - FRAME * widths.length;
  for (;;) {
    const over = widths.reduce((sum, each) => sum + each, 0) - room;
    const widest = Math.max(...widths);
    if (over <= 0 || widest <= NARROWEST || room === Number.POSITIVE_INFINITY) return widths;
    widths[widths.indexOf(widest)] = widest - 1;
  }
}
