import { type ComponentChild, h, type JSX } from "preact";
import { useNames } from "../state/context.ts";
import type { TextObject } from "../state/shapes.ts";
import { slackDate } from "./dates.ts";
import { emojiOf, withEmoji } from "./emoji.ts";
import { type Inline, parseMrkdwn } from "./mrkdwn.ts";
import { type Names, safeUrl } from "./names.ts";

/** A text object, by its type: mrkdwn or plain. */
export function Text({ of }: { of: TextObject | undefined }): JSX.Element | null {
  if (of?.text === undefined) return null;
  return of.type === "mrkdwn" ? h(Mrkdwn, { text: of.text }) : h("span", { class: "plain" }, plainWords(of));
}

/** A text object where only letters fit: a button, an option. */
export const plainWords = (of: TextObject | undefined): string => withEmoji(of?.text ?? "");

/** Slack's mrkdwn. */
export function Mrkdwn({ text }: { text: string }): JSX.Element {
  const names = useNames();
  const stretches = parseMrkdwn(text).map((stretch) => {
    if (stretch.kind === "code") return h("pre", { class: "code-block" }, h("code", null, stretch.text));
    const lines = stretch.of.map((line) =>
      h("div", { class: `line ${isItem(line) ? "item" : ""}` }, drawn(line, names)),
    );
    return stretch.kind === "quote" ? h("blockquote", null, lines) : h("div", { class: "lines" }, lines);
  });
  return h("div", { class: "mrkdwn" }, stretches);
}

/** Pieces of one line. */
export function Pieces({ of }: { of: Inline[] }): JSX.Element {
  const names = useNames();
  return h("span", null, drawn(of, names));
}

/** Slack knows no lists in mrkdwn; bots write "• " themselves, and such lines hang. */
const isItem = (line: Inline[]): boolean => line[0]?.kind === "text" && /^\s*(?:[•◦▪–-]|\d+[.)]) /.test(line[0].text);

const drawn = (line: Inline[], names: Names): ComponentChild[] =>
  line.length === 0 ? ["\u00a0"] : line.map((piece) => inline(piece, names));

function inline(piece: Inline, names: Names): ComponentChild {
  switch (piece.kind) {
    case "text":
      return piece.text;
    case "bold":
      return h("strong", null, drawn(piece.of, names));
    case "italic":
      return h("em", null, drawn(piece.of, names));
    case "strike":
      return h("s", null, drawn(piece.of, names));
    case "code":
      return h("code", null, piece.text);
    case "link":
      return h(Link, { url: piece.url }, withEmoji(piece.label));
    case "user":
      return h(Mention, { words: `@${names.user(piece.id)}` });
    case "channel":
      return h(Mention, { words: `#${piece.label || names.channel(piece.id)}` });
    case "group":
      return h(Mention, { words: piece.label ?? `@${piece.id}` });
    case "broadcast":
      return h(Mention, { words: `@${piece.range.split("|")[0]}` });
    case "emoji":
      return emojiOf(piece.name);
    case "date":
      return h(DateWords, piece);
  }
}

export const Mention = ({ words }: { words: string }): JSX.Element => h("span", { class: "mention" }, words);

/** A moment in the reader's zone; the fallback where the format cannot be read. */
export function DateWords(date: {
  seconds: number;
  format: string;
  url: string | null;
  fallback: string;
}): JSX.Element {
  const names = useNames();
  const words = slackDate(date.seconds, date.format, { zone: names.zone, now: Date.now() }) || date.fallback;
  const time = h("time", { dateTime: new Date(date.seconds * 1000).toISOString(), title: date.fallback }, words);
  return date.url === null ? time : h(Link, { url: date.url }, time);
}

/** A link that opens elsewhere; the bare words where its address is not one to open. */
export function Link({ url, children }: { url: string; children?: ComponentChild }): JSX.Element {
  const safe = safeUrl(url);
  if (safe === null) return h("span", { class: "unsafe-link", title: `Not opened: ${url}` }, children);
  return h("a", { href: safe, target: "_blank", rel: "noopener noreferrer" }, children);
}
