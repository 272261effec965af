import { stat } from "node:fs/promises";
import { CsvError, type Options, parse } from "csv-parse/sync";
import { BadInput } from "#errors.ts";
import { type Block, blocksOf, type Dialect, linesIn, rowEnds } from "./csv/blocks.ts";
import { detectEncoding, type Encoding, firstBytes, textOf } from "./csv/encoding.ts";

/** A row of a CSV file: its fields in the order of the heading, or why it cannot be read. */
export type CsvRow = { line: number; fields: string[] } | { line: number; fault: string; text: string };

export interface CsvFile {
  heading: string[];
  encoding: Encoding;
  delimiter: string;
  bytes: number;
  rows(onBytes?: (read: number) => void): AsyncGenerator<CsvRow>;
  /** The same file with its heading further down, line by line: a list may have a title above it. */
  below(): Generator<CsvFile>;
}

const DELIMITERS = [",", ";", "\t", "|"];
const LOWEST_HEADING = 20; // lines of title and space that may stand above it

/**
 * Opens a CSV file of any size. Encoding and delimiter are found out unless told; rows come one by one with the line they
 * stand on, and a broken row costs only itself. Throws BadInput for a file that is empty or no text.
 */
export async function openCsv(path: string, told: { encoding?: Encoding; delimiter?: string } = {}): Promise<CsvFile> {
  const { size } = await stat(path);
  const { encoding, damaged } = await detectEncoding(path, told.encoding);
  const start = new TextDecoder(encoding).decode(await firstBytes(path, 1 << 18), { stream: true });
  if (start.trim() === "") throw new BadInput(`${path} is empty. The first line of a CSV file is its heading.`);
  if (start.includes("\u0000"))
    throw new BadInput(`${path} is not a text file. Save the table as CSV (UTF-8) and import that.`);
  const newline = start.includes("\n") ? "\n" : "\r";
  const from = (text: string, headingLine: number): CsvFile => {
    const dialect: Dialect = { newline, delimiter: told.delimiter ?? detectDelimiter(text, newline) };
    const heading = headingOf(text, dialect, path);
    const rows = (onBytes: (read: number) => void = () => undefined) =>
      rowsOf({ path, encoding, dialect, headingLine, damaged, width: heading.length, onBytes });
    return { heading, encoding, delimiter: dialect.delimiter, bytes: size, rows, below: () => lower() };
  };
  function* lower(): Generator<CsvFile> {
    const lines = start.split(newline);
    for (let above = 1; above < Math.min(lines.length, LOWEST_HEADING); above += 1)
      if (lines[above]!.trim() !== "") yield from(lines.slice(above).join(newline), above + 1);
  }
  return from(start, 1);
}

function detectDelimiter(start: string, newline: Dialect["newline"]): string {
  const counts = DELIMITERS.map((delimiter) => {
    const first = start.slice(0, rowEnds(start, { delimiter, newline })[0] ?? start.length);
    return { delimiter, count: first.replace(/"[^"]*"/g, "").split(delimiter).length };
  });
  return counts.reduce((best, each) => (each.count > best.count ? each : best)).delimiter;
}

function headingOf(start: string, dialect: Dialect, path: string): string[] {
  const first = rowEnds(`${start}${dialect.newline}`, dialect)
    .map((end, at, ends) => start.slice(ends[at - 1] ?? 0, end))
    .find((text) => text.trim() !== "");
  const read = first === undefined ? null : parseRows(first, dialect, true)?.[0];
  if (!read) throw new BadInput(`The heading of ${path} cannot be read: a quote is opened and not closed.`);
  return read.map((each) => each.trim());
}

interface Task {
  path: string;
  encoding: Encoding;
  dialect: Dialect;
  headingLine: number;
  damaged: RegExp | null;
  width: number;
  onBytes: (read: number) => void;
}

async function* rowsOf({
  path,
  encoding,
  dialect,
  headingLine,
  damaged,
  width,
  onBytes,
}: Task): AsyncGenerator<CsvRow> {
  let heading = true;
  for await (const block of blocksOf(textOf(path, encoding, onBytes), dialect)) {
    for (const row of rowsIn(block, dialect)) {
      if (row.line < headingLine || ("fields" in row && width > 1 && row.fields.every((each) => each.trim() === "")))
        continue;
      if (heading) heading = false;
      else yield judged(row, width, damaged, encoding);
    }
  }
}

/** The rows of a block; when the parser trips over one of them, the block is read row by row. */
function rowsIn(block: Block, dialect: Dialect): CsvRow[] {
  if (block.broken)
    return [{ line: block.line, fault: "a quote is opened and not closed", text: block.text.trimEnd() }];
  const whole = parseRows(block.text, dialect, false);
  if (whole) return numbered(whole, block.line, dialect);
  let line = block.line;
  const ends = rowEnds(block.text.endsWith(dialect.newline) ? block.text : block.text + dialect.newline, dialect);
  return ends.map((end, at) => {
    const text = block.text.slice(ends[at - 1] ?? 0, end);
    const here = line;
    line += linesIn(text, dialect);
    const fields = text.trim() === "" ? [""] : parseRows(text, dialect, true)?.[0];
    return fields
      ? { line: here, fields }
      : { line: here, fault: "quotes are not in order: text stands after a closing quote", text: text.trimEnd() };
  });
}

/** A row stands on one line, and on one more for each line end inside its fields. */
function numbered(whole: string[][], first: number, dialect: Dialect): CsvRow[] {
  let line = first;
  return whole.map((fields) => {
    const here = line;
    line += 1 + fields.reduce((sum, each) => sum + linesIn(each, dialect), 0);
    return { line: here, fields };
  });
}

/** null where quotes are not in order. A quote inside an unquoted field (12" screen) is taken as it stands if `lenient`. */
function parseRows(text: string, { delimiter, newline }: Dialect, lenient: boolean): string[][] | null {
  const options: Options = {
    delimiter,
    record_delimiter: newline === "\n" ? ["\r\n", "\n"] : ["\r"],
    relax_column_count: true,
  };
  try {
    return parse(text, options) as string[][]; // without `columns` the parser gives arrays of text
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // The parser's own types do not list this code.
    if (!lenient || String(error.code) !== "INVALID_OPENING_QUOTE") return null;
    return parse(text, { ...options, quote: null }) as string[][];
  }
}

function judged(row: CsvRow, width: number, damaged: RegExp | null, encoding: Encoding): CsvRow {
  if ("fault" in row) return row;
  const { line, fields } = row;
  while (fields.length > width && fields.at(-1) === "") fields.pop();
  const text = fields.join(" | ");
  if (fields.length !== width) return { line, fault: `has ${fields.length} columns, the heading has ${width}`, text };
  if (damaged && fields.some((each) => damaged.test(each))) {
    return {
      line,
      fault: `holds a byte that is not ${encoding}; save the file as UTF-8, or name its encoding in the mapping`,
      text,
    };
  }
  return row;
}
