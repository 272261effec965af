import stringWidth from "string-width";

export type Look = "bold" | "italic" | "dim" | "cyan" | "underline" | "strikethrough";
/** Gives text a look, or leaves it as it is where the stream takes no colours. */
export type Paint = (look: Look, text: string) => string;

/** A word as it is shown, how many columns it takes, and whether a space stands before it. */
export interface Word {
  shown: string;
  width: number;
  spaced: boolean;
}

interface Span {
  text: string;
  look: Look | null;
}

const MARKS =
  /(?<bold>\*\*|__)(?=\S)(?<strong>.+?)(?<=\S)\k<bold>|`(?<code>[^`]+)`|\[(?<label>[^\]]+)\]\((?<target>[^)\s]+)\)|~~(?<gone>[^~]+)~~|(?<![\w*])(?<mark>[*_])(?=\S)(?<soft>[^*_]+?)(?<=\S)\k<mark>(?![\w*])|(?<aside>\[[^\][]{3,}\](?!\()|\((?:[\w.-]+\/)+[\w.-]+\.md(?:#[\w-]+)?\))|\\(?<plain>[\\`*_{}[\]()#+\-.!|>~])/g;

/** One line of Markdown as spans: bold, emphasis, code, links with their address behind them. */
function spansOf(line: string): Span[] {
  const spans: Span[] = [];
  let at = 0;
  for (const match of line.matchAll(MARKS)) {
    if (match.index > at) spans.push({ text: line.slice(at, match.index), look: null });
    spans.push(...spanOf(match.groups ?? {}));
    at = match.index + match[0].length;
  }
  if (at < line.length) spans.push({ text: line.slice(at), look: null });
  return spans;
}

function spanOf({ strong, code, label, target, gone, soft, aside, plain }: Record<string, string | undefined>): Span[] {
  if (strong) return [{ text: strong, look: "bold" }];
  if (code) return [{ text: code, look: "cyan" }];
  if (label)
    return [{ text: label, look: "underline" }, ...(target === label ? [] : [{ text: ` (${target})`, look: null }])];
  if (gone) return [{ text: gone, look: "strikethrough" }];
  if (soft) return [{ text: soft, look: "italic" }];
  // The rows behind a figure and the file of a passage: there to be looked up, not to be read first.
  if (aside) return [{ text: aside, look: "dim" }];
  return [{ text: plain ?? "", look: null }];
}

/** The words of one line of Markdown, each in its looks. */
export function wordsOf(line: string, paint: Paint, all: Look | null = null): Word[] {
  const words: Word[] = [];
  let glued = false;
  for (const { text, look } of spansOf(line)) {
    for (const piece of text.split(/(\s+)/)) {
      if (piece === "") continue;
      if (/^\s+$/.test(piece)) {
        glued = false;
        continue;
      }
      const inner = look ? paint(look, piece) : piece;
      const shown = all && all !== look ? paint(all, inner) : inner;
      const last = words.at(-1);
      if (glued && last) {
        last.shown += shown;
        last.width += stringWidth(piece);
      } else words.push({ shown, width: stringWidth(piece), spaced: true });
      glued = true;
    }
  }
  const first = words[0];
  if (first) first.spaced = /^\s/.test(line);
  return words;
}

/** One line of Markdown without its marks, in one look. */
export const plainOf = (line: string): string =>
  spansOf(line)
    .map(({ text }) => text)
    .join("");

/** Whether the line may be shown although more of it may come: no mark is left open. */
export const isWhole = (line: string): boolean =>
  (line.match(/\*\*/g)?.length ?? 0) % 2 === 0 && (line.match(/`/g)?.length ?? 0) % 2 === 0;
