/** The people that a text names by their Slack ids, each once. */
export const namedIn = (text: string): string[] => [
  ...new Set([...text.matchAll(/<@([UW][A-Z0-9]+)(?:\|[^>]*)?>/g)].map(([, id]) => id!)),
];

/**
 * A message as a person reads it: our own name taken out, other people and channels by name, links by their words, Slack's
 * escapes and emphasis undone. `names` tells the name of a Slack id; who is not in it is "somebody".
 */
export function plainWords(text: string, botUserId: string, names: ReadonlyMap<string, string>): string {
  const said = text.replace(/<([^<>\n]+)>/g, (_, inner: string) => mark(inner, botUserId, names));
  return unescaped(withoutEmphasis(said))
    .replace(/[\u200b\u2060\ufeff]/g, "")
    .replace(/[^\S\n]+/g, " ")
    .replace(/ ([?.,!;:])/g, "$1")
    .replace(/^[\s,:;–—-]+|\s+$/g, "");
}

function mark(inner: string, botUserId: string, names: ReadonlyMap<string, string>): string {
  const [target = "", label] = split(inner);
  if (target === `@${botUserId}`) return " ";
  if (target.startsWith("@")) return names.get(target.slice(1)) ?? label ?? "somebody";
  if (target.startsWith("#")) return label ? `#${label}` : "a channel";
  if (target.startsWith("!date^")) return label ?? "";
  if (target.startsWith("!")) return label ?? `@${target.slice(1).split("^", 1)[0]}`;
  return label ?? target.replace(/^(?:mailto|tel):/, "");
}

/** "target|label", the label unless it is empty. */
function split(inner: string): [string, string | undefined] {
  const at = inner.indexOf("|");
  return at === -1 ? [inner, undefined] : [inner.slice(0, at), inner.slice(at + 1) || undefined];
}

/** *bold*, ~struck~ and `code` around words; underscores stay, they stand in names. */
const withoutEmphasis = (text: string): string =>
  text.replace(/(?<![\p{L}\p{N}])([*~`])(?=\S)([^*~`\n]*[^\s*~`])\1(?![\p{L}\p{N}])/gu, "$2");

const unescaped = (text: string): string =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
