/** How texts are compared: one spelling of characters, no markup that splits a figure, no invisible characters. */
export function plainText(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[\u00ad\u200b-\u200f\u2060-\u2064\ufeff\u202a-\u202e]/g, "")
    .replace(/[\u00a0\u202f\u2009]/g, " ")
    .replace(/\\([\\`*_{}[\]()#+\-.!|~>])/g, "$1")
    .replace(/\*+|~~|`+/g, "")
    .replace(/(^|[\s(])_+(?=\S)|(?<=\S)_+(?=[\s).,;:!?]|$)/g, "$1")
    .replace(/<\/?(?:b|i|em|strong|u|s|code|sub|sup|br|p|span)\s*\/?>/gi, "");
}

/** For finding one text in another. */
export const folded = (text: string): string => plainText(text).toLowerCase().replace(/\s+/g, " ").trim();

/** Whether a folded text holds a folded phrase as whole words and whole figures ("50" is no part of "50,000"). */
export function holds(text: string, phrase: string): boolean {
  if (phrase === "") return true;
  for (let at = text.indexOf(phrase); at >= 0; at = text.indexOf(phrase, at + 1)) {
    const before = text.slice(Math.max(0, at - 2), at);
    const after = text.slice(at + phrase.length, at + phrase.length + 2);
    const cutsWord = WORD_END.test(before) || WORD_START.test(after);
    const cutsFigure =
      (/^\d/.test(phrase) && FIGURE_END.test(before)) || (/\d$/.test(phrase) && FIGURE_START.test(after));
    if (!cutsWord && !cutsFigure) return true;
  }
  return false;
}

const WORD_END = /[\p{L}\p{N}_]$/u;
const WORD_START = /^[\p{L}\p{N}_]/u;
const FIGURE_END = /\d[.,]$/;
const FIGURE_START = /^[.,]\d/;
