/** A field of a table. */
export type Cell = string | number | null;

/** Lines of a table as CSV for spreadsheets (RFC 4180, UTF-8 with a byte order mark); what would run as a formula is made text. */
export const csvOf = (lines: readonly (readonly Cell[])[]): string =>
  `${BYTE_ORDER_MARK}${lines.map((cells) => cells.map(field).join(",")).join("\r\n")}\r\n`;

const BYTE_ORDER_MARK = "\ufeff"; // without it, Excel takes the file for a single-byte one

/** A spreadsheet would run what begins like this: a name in the CRM could be a formula. A number, even a negative one, is none. */
const FORMULA = /^[\s]*[=+\-@]|^[\t\r\n]/;
const NUMBER = /^-?\d+(?:\.\d+)?$/;

function field(cell: Cell): string {
  const text = cell === null ? "" : String(cell).toWellFormed().replaceAll("\u0000", "");
  const harmless = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
