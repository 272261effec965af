const TOKEN = /#?[\p{L}\p{N}_]+(?:[-_./:@][\p{L}\p{N}_]+)*/gu;
const NUMBER_WITH_UNIT = /^[\d.,]+(?:k|m|mn|bn|b|mio|x|%|d|h|s|st|nd|rd|th)?$/i;
const HYPHENATED = /^([\d.,]+(?:k|m)?)-[\p{L}-]+$/iu;
const PAIR = /^[\d.,]+(?:k|m)?(?:[-/:][\d.,]+(?:k|m)?)+$/i;
const WITH_CODE = /^(?:USD|EUR|GBP|CHF|SEK|NOK|DKK|JPY|AUD|CAD)\d[\d.,]*$/;
const ORDINAL = /^\d+(?:st|nd|rd|th)$/i;
const COMMON = /^(?:b2[bc]|24\/7|1:1|2fa|q[1-4]|h[12]|p[0-4]|e2e|o365|m365|s3)$/i;

/**
 * Takes out what has digits and is no figure: names (Company_42), numbers of rows and tickets (T-1001, #12), ordinals and
 * words of the trade (24/7). Figures with a unit ("12k", "30-day", "5-10", "7/9") stay, without the unit.
 */
export function withoutIdentifiers(sentence: string): { text: string; identifiers: string[] } {
  let text = sentence;
  const identifiers: string[] = [];
  const blank = (start: number, end: number) => {
    text = text.slice(0, start) + " ".repeat(end - start) + text.slice(end);
  };
  for (const { 0: token, index } of sentence.matchAll(TOKEN)) {
    if (!/\d/.test(token)) continue;
    const end = index + token.length;
    if (isFigure(token) && !ORDINAL.test(token) && !COMMON.test(token)) {
      const number = HYPHENATED.exec(token)?.[1] ?? token.replace(/[xs]$/i, "");
      blank(index + number.length, end);
      continue;
    }
    blank(index, end);
    if (!ORDINAL.test(token) && !COMMON.test(token)) identifiers.push(token);
  }
  return { text, identifiers };
}

const isFigure = (token: string): boolean =>
  [NUMBER_WITH_UNIT, HYPHENATED, WITH_CODE, PAIR].some((shape) => shape.test(token));
