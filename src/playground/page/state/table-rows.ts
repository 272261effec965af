/** One cell of a table, as it is shown, compared and searched. */
export interface Cell {
  raw: Record<string, unknown>;
  text: string;
  /** Null where the cell is not a number. */
  number: number | null;
}

export interface Order {
  column: number;
  direction: "ascending" | "descending";
}

export function cellOf(raw: Record<string, unknown>): Cell {
  const text = wordsOf(raw);
  return { raw, text, number: raw.type === "raw_number" && typeof raw.value === "number" ? raw.value : null };
}

/** All words in a cell, a rich text's too. */
function wordsOf(node: unknown): string {
  if (typeof node !== "object" || node === null) return "";
  if (Array.isArray(node)) return node.map(wordsOf).join("");
  const { text, elements, url, value } = node as Record<string, unknown>;
  if (typeof text === "string") return text;
  if (elements !== undefined) return wordsOf(elements);
  if (text !== undefined) return wordsOf(text);
  return typeof url === "string" ? url : typeof value === "number" ? String(value) : "";
}

/** The rows that are left after a search, in the order that was asked for. Numbers compare as numbers, words as people sort them. */
export function arranged(rows: Cell[][], search: string, order: Order | null): Cell[][] {
  const words = search.trim().toLocaleLowerCase();
  const left = rows.filter((row) => words === "" || row.some(({ text }) => text.toLocaleLowerCase().includes(words)));
  if (order === null) return left;
  const sign = order.direction === "ascending" ? 1 : -1;
  return left.toSorted((a, b) => sign * compared(a[order.column], b[order.column]));
}

function compared(a: Cell | undefined, b: Cell | undefined): number {
  if (a?.number != null && b?.number != null) return a.number - b.number;
  return (a?.text ?? "").localeCompare(b?.text ?? "", "en", { numeric: true, sensitivity: "base" });
}

export interface PageOfRows {
  rows: Cell[][];
  /** From 0; never behind the last page. */
  page: number;
  pages: number;
}

export function pageOf(rows: Cell[][], page: number, size: number): PageOfRows {
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const at = Math.min(Math.max(0, page), pages - 1);
  return { rows: rows.slice(at * size, (at + 1) * size), page: at, pages };
}
