const ADDRESSES = [
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s<>"')\]|]+/gi,
  /\b(?:mailto|javascript|data|file|slack|tel):[^\s<>"')\]|]+/gi,
  /\bwww\.[^\s<>"')\]|]+/gi,
  /\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g,
  /(?<![@\w.])(?:[a-z0-9-]+\.)+[a-z]{2,24}\/[^\s<>"')\]|]*/gi,
  /(?<![@\w./])(?:[a-z0-9-]+\.)+(?:com|net|org|io|co|ai|app|dev|de|uk|fr|eu|info|biz|xyz|ru|cn|me|ly|gg|sh|link|site|online|cloud)\b(?!\/)/gi,
];
const LINK_TARGETS = [/\]\(\s*<?([^)\s>]+)/g, /^\s*\[[^\]]+\]:\s*<?(\S+?)>?\s*$/gm];
const IMAGE = /!\[[^\]]*\][([]/;
const MARKUP = /<[!@#/a-z][^>]*>?/i;
const EVERYBODY = /(?<!\w)@(?:channel|here|everyone)\b/i;

/** Every address in a text (links, domains, mail addresses), as it stands there. */
export function readAddresses(text: string): string[] {
  const plain = ADDRESSES.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[0]));
  const targets = LINK_TARGETS.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1]!));
  return [...plain, ...targets].map((address) => address.replace(/[.,;:!?]+$/, ""));
}

/** Something that must never stand in an answer, whatever a finding says: images load by themselves, markup calls people. */
export function forbiddenMarkup(text: string): string | null {
  return (
    (IMAGE.exec(text) ??
      EVERYBODY.exec(text) ??
      /&#x?[0-9a-f]+;/i.exec(text) ??
      MARKUP.exec(withoutPlainTags(text)))?.[0] ?? null
  );
}

const withoutPlainTags = (text: string): string =>
  text.replace(/<\/?(?:b|i|em|strong|u|s|code|sub|sup|br|p|span)\s*\/?>/gi, "").replace(/<=|<-|<\s|<\d/g, "");
