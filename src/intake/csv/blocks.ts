/** How a file separates fields and rows. */
export interface Dialect {
  delimiter: string;
  newline: "\n" | "\r";
}

/** Whole rows, with the number of the line on which they begin. `broken` is a row whose quote is never closed. */
export interface Block {
  text: string;
  line: number;
  broken: boolean;
}

const LONGEST_ROW = 1 << 20; // a longer one is a quote that was not closed: it must not swallow the rest of the file

/** Cuts text into blocks of whole rows, so that one broken row cannot take the others along. */
export async function* blocksOf(pieces: AsyncIterable<string>, dialect: Dialect): AsyncGenerator<Block> {
  let held = "";
  let line = 1;
  for await (const piece of pieces) {
    held += piece;
    for (;;) {
      const end = lastRowEnd(held, dialect);
      const block =
        end > 0
          ? { text: held.slice(0, end), line, broken: false }
          : held.length > LONGEST_ROW
            ? firstLine(held, line, dialect)
            : null;
      if (!block) break;
      yield block;
      held = held.slice(block.text.length);
      line += linesIn(block.text, dialect);
      if (end > 0 && held.length <= LONGEST_ROW) break;
    }
  }
  while (held !== "") {
    const end = lastRowEnd(held + dialect.newline, dialect);
    const block = end > 0 ? { text: held.slice(0, end), line, broken: false } : firstLine(held, line, dialect);
    yield block;
    held = held.slice(block.text.length);
    line += linesIn(block.text, dialect);
  }
}

/** Where the rows of the text begin; the last entry is where the last whole row ends. */
export function rowEnds(text: string, { delimiter, newline }: Dialect): number[] {
  const ends: number[] = [];
  scan(text, delimiter, newline, (end) => ends.push(end));
  return ends;
}

function lastRowEnd(text: string, { delimiter, newline }: Dialect): number {
  if (!text.includes('"')) return text.lastIndexOf(newline) + 1;
  let last = 0;
  scan(text, delimiter, newline, (end) => {
    last = end;
  });
  return last;
}

/** A quote opens a field only at its start; inside it, line ends belong to the field. */
function scan(text: string, delimiter: string, newline: string, onEnd: (end: number) => void): void {
  const [separator, end] = [delimiter.charCodeAt(0), newline.charCodeAt(0)];
  let quoted = false;
  let atStart = true;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (quoted) {
      if (code === 34) quoted = false; // a doubled quote closes and opens again
      atStart = code === 34;
    } else {
      quoted = code === 34 && atStart;
      atStart = code === separator || code === end;
      if (code === end) onEnd(at + 1);
    }
  }
}

function firstLine(held: string, line: number, { newline }: Dialect): Block {
  const end = held.indexOf(newline) + 1;
  return { text: held.slice(0, end || held.length), line, broken: true };
}

export function linesIn(text: string, { newline }: Pick<Dialect, "newline">): number {
  let lines = 0;
  for (let at = text.indexOf(newline); at !== -1; at = text.indexOf(newline, at + 1)) lines += 1;
  return lines;
}
