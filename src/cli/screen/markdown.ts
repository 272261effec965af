import stringWidth from "string-width";
import { clean } from "./clean.ts";
import { isWhole, type Look, type Paint, wordsOf } from "./inline.ts";
import { isTableLine, tableOf } from "./table.ts";

export interface MarkdownOptions {
  out: (text: string) => void;
  paint: Paint;
  /** Columns that prose may take, and those that tables may; Infinity for no wrapping. */
  width: number;
  tableWidth: number;
}

/** A line that has begun: what a wrapped continuation starts with, where the cursor stands, in which look the words are. */
interface OpenLine {
  hanging: string;
  column: number;
  look: Look | null;
  /** A space is due before the next word. */
  spaceDue: boolean;
}

/** What a line of Markdown begins with: quote bars and bullets, as shown, and the indent of what is wrapped. */
interface Lead {
  first: string;
  hanging: string;
  look: Look | null;
  rest: string;
}

/** Writes Markdown to a terminal as it arrives: wrapped words, bullets, quotes, tables. `end` writes what was held back. */
export class MarkdownWriter {
  readonly #options: MarkdownOptions;
  #held = "";
  #table: string[] = [];
  #fenced = false;
  #open: OpenLine | null = null;

  constructor(options: MarkdownOptions) {
    this.#options = options;
  }

  write(text: string): void {
    this.#held += clean(text);
    for (let end = this.#held.indexOf("\n"); end >= 0; end = this.#held.indexOf("\n")) {
      this.#line(this.#held.slice(0, end));
      this.#held = this.#held.slice(end + 1);
    }
    if (this.#mayShowHeld()) {
      this.#words(this.#held);
      this.#held = "";
    }
  }

  end(): void {
    if (this.#held !== "") this.#line(this.#held);
    else this.#breakLine();
    this.#held = "";
    this.#endTable();
  }

  /** Part of a line, of which it is known already what it is. */
  #mayShowHeld(): boolean {
    return (
      /\S[.!?:;,)*”"]\s*$/.test(this.#held) &&
      !/^\s*([|#`]|[-*_\s]+$)/.test(this.#held) &&
      isWhole(this.#held) &&
      !this.#fenced
    );
  }

  #line(line: string): void {
    const { out, paint } = this.#options;
    const begins = !this.#open; // else it ends a line that is partly shown, which is prose
    if (begins && !this.#fenced && isTableLine(line)) {
      this.#table.push(line);
      return;
    }
    this.#endTable();
    if (begins && /^\s*```/.test(line)) this.#fenced = !this.#fenced;
    else if (this.#fenced) out(`  ${paint("cyan", line)}\n`);
    else if (begins && /^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) out(`${paint("dim", "───")}\n`);
    else {
      this.#words(line);
      this.#breakLine(true);
    }
  }

  #words(text: string): void {
    const { out, paint, width } = this.#options;
    const lead = this.#open ? null : leadOf(text, paint);
    const open = this.#open ?? begun(lead!);
    if (lead) {
      this.#endTable();
      out(lead.first);
    }
    for (const word of wordsOf(lead ? lead.rest : text, paint, open.look)) {
      const space = (word.spaced || open.spaceDue) && open.column > stringWidth(open.hanging) ? 1 : 0;
      open.spaceDue = false;
      if (open.column + space + word.width > width && open.column > stringWidth(open.hanging)) {
        out(`\n${open.hanging}${word.shown}`);
        open.column = stringWidth(open.hanging) + word.width;
      } else {
        out(`${space ? " " : ""}${word.shown}`);
        open.column += space + word.width;
      }
    }
    open.spaceDue ||= /\s$/.test(text);
    this.#open = open;
  }

  #breakLine(always = false): void {
    if (this.#open || always) this.#options.out("\n");
    this.#open = null;
  }

  #endTable(): void {
    if (this.#table.length === 0) return;
    this.#options.out(`${tableOf(this.#table, this.#options.tableWidth, this.#options.paint)}\n`);
    this.#table = [];
  }
}

const begun = ({ first, hanging, look }: Lead): OpenLine => ({
  hanging,
  column: stringWidth(first),
  look,
  spaceDue: false,
});

function leadOf(line: string, paint: Paint): Lead {
  const heading = /^\s{0,3}#{1,6}\s+(.*)$/.exec(line);
  if (heading) return { first: "", hanging: "", look: "bold", rest: heading[1] ?? "" };
  const quote = /^(\s*)>\s?(.*)$/.exec(line);
  if (quote) {
    const inner = leadOf(quote[2] ?? "", paint);
    const bar = `${quote[1] ?? ""}${paint("dim", "│")} `;
    return { ...inner, first: bar + inner.first, hanging: bar + inner.hanging };
  }
  const item = /^(\s*)([-*+]|\d{1,4}[.)])\s+(.*)$/.exec(line);
  if (!item) {
    const indent = /^\s*/.exec(line)?.[0] ?? "";
    return { first: indent, hanging: indent, look: null, rest: line.slice(indent.length) };
  }
  const [, indent = "", mark = "", rest = ""] = item;
  const bullet = /\d/.test(mark) ? mark : "•";
  return { first: `${indent}${bullet} `, hanging: `${indent}${" ".repeat(bullet.length + 1)}`, look: null, rest };
}
