import { styleText } from "node:util";
import { clean } from "./clean.ts";
import type { Paint } from "./inline.ts";
import { MarkdownWriter } from "./markdown.ts";

const WIDEST_PROSE = 100; // columns; longer lines are hard to read
const UNSEEN_TABLE = 120; // columns of a table in a pipe or file, where nobody says how wide the window is

/** Where a command writes: results to standard output, everything else to standard error. */
export class Screen {
  readonly out: NodeJS.WriteStream;
  readonly err: NodeJS.WriteStream;
  /** One JSON object on standard output, and no talk beside it. */
  readonly json: boolean;
  #status = false;

  constructor({ out, err, json }: { out: NodeJS.WriteStream; err: NodeJS.WriteStream; json: boolean }) {
    this.out = out;
    this.err = err;
    this.json = json;
  }

  /** Whether a person looks at standard output right now. */
  get live(): boolean {
    return this.out.isTTY === true && !this.json;
  }

  /** Writes Markdown to standard output as it comes; call `end` after the last piece. */
  prose(): MarkdownWriter {
    const columns = this.out.isTTY ? this.out.columns || 80 : null;
    return new MarkdownWriter({
      out: (text) => {
        this.clearStatus();
        this.out.write(text);
      },
      paint: painter(this.out),
      width: columns === null ? Number.POSITIVE_INFINITY : Math.min(columns, WIDEST_PROSE),
      tableWidth: columns ?? UNSEEN_TABLE,
    });
  }

  /** Writes a piece of Markdown to standard output. */
  say(markdown: string): void {
    const writer = this.prose();
    writer.write(markdown);
    writer.end();
  }

  /** Writes one JSON object to standard output. */
  object(value: unknown): void {
    this.out.write(`${JSON.stringify(value)}\n`);
  }

  /** A line beside the result, such as what is being done; nothing under --json. */
  note(words: string): void {
    if (this.json) return;
    this.clearStatus();
    this.err.write(`${painter(this.err)("dim", clean(words))}\n`);
  }

  /** A line that says why something failed. */
  fault(words: string): void {
    this.clearStatus();
    this.err.write(`${styleText("red", clean(words), { stream: this.err })}\n`);
  }

  /** What is under way, in a line that the next output replaces; where nobody looks, nothing. */
  status(words: string): void {
    if (this.err.isTTY !== true || this.json) return;
    const room = Math.max(10, (this.err.columns || 80) - 3);
    this.err.write(`\r\u001b[2K${painter(this.err)("dim", `… ${clean(words).slice(0, room)}`)}`);
    this.#status = true;
  }

  clearStatus(): void {
    if (!this.#status) return;
    this.err.write("\r\u001b[2K");
    this.#status = false;
  }
}

/** styleText knows NO_COLOR, FORCE_COLOR, and streams that take no colours. */
const painter =
  (stream: NodeJS.WriteStream): Paint =>
  (look, text) =>
    styleText(look, text, { stream });
