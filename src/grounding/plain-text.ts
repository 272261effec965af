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

/** Whether a folded text holds a folded phrase as whole words. */
export function holds(text: string, phrase: string): boolean {
  if (phrase === "") return true;
  for (let at = text.indexOf(phrase); at >= 0; at = text.indexOf(phrase, at + 1)) {
    if (!isWordPart(text[at - 1]) && !isWordPart(text[at + phrase.length])) return true;
  }
  return false;
}

const isWordPart = (character: string | undefined): boolean =>
  character !== undefined && /[\p{L}\p{N}_]/u.test(character);
