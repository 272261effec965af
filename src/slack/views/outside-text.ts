import { cut } from "./limits.ts";

/**
 * Text from a CRM, a customer or a person, made harmless. Nothing of it may call people, link, format or turn the
 * direction of the text around it.
 */

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const JOINER = "\u2060"; // takes no room; parts what would be read as one mark

/** One line of plain text without invisible characters and broken halves of characters; for fields that show no mrkdwn. */
export const plainLine = (text: string, most = 300): string => cut(tidy(text).replace(/\s+/g, " ").trim(), most);

/** A name as it stands in plain text: kept apart from the text around it where it is written from right to left. */
export const plainName = (name: string, most = 100): string => isolated(plainLine(name, most) || "unnamed");

/** A name as it stands in mrkdwn. */
export const nameIn = (name: string, most = 160): string => isolated(escaped(plainLine(name, most) || "unnamed"));

/** A line of outside text in mrkdwn, without any meaning of its own. */
export const lineIn = (text: string, most = 300): string => escaped(plainLine(text, most));

/** A line of our own words in mrkdwn: a command of the terminal in it stays code. */
export const ownLineIn = (text: string, most = 300): string =>
  lineIn(text, most).replace(/ˋ(perennial [a-z -]+)ˋ/g, "`$1`");

/** Words of a customer or colleague: quoted, in mrkdwn, with addresses taken out. Empty for no words. */
export function quoteIn(text: string | null, most = 160): string {
  const line = plainLine((text ?? "").slice(0, 10_000).replace(/\b(?:https?|mailto|ftp):\S+/gi, "(link)"), most);
  return line === "" ? "" : isolated(`“${escaped(line)}”`);
}

/** Takes the meaning from every mark of mrkdwn. Slack knows no escape for * _ ~ and `, so they get twins that look alike. */
export function escaped(text: string): string {
  return text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/\*/g, "∗")
    .replace(/`/g, "ˋ")
    .replace(/~/g, "∼")
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "ˍ")
    .replace(/:(?=[\w+-]{1,100}:)/g, `:${JOINER}`)
    .replace(/@(?=here\b|channel\b|everyone\b)/gi, `@${JOINER}`);
}

/** Without control and direction marks, and without lone surrogates, which Slack refuses. Line ends stay. */
export const tidy = (text: string): string => text.toWellFormed().replace(/\r\n?/g, "\n").replace(CONTROLS, "");

/** Kept apart from the direction of the text around it. */
export const isolated = (text: string): string => (RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text);
