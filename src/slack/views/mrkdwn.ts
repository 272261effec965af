import { cut } from "./limits.ts";
import { escaped, isolated, tidy } from "./outside-text.ts";

const LONGEST = 40_000; // what Slack takes as text
/** Marks inside a line. Bounded, so that no text makes them slow. */
const MARKS =
  /(?<bold>\*\*|__)(?=\S)(?<strong>[^\n]{1,500}?)(?<=\S)\k<bold>|`(?<code>[^`\n]{1,300})`|!?\[(?<label>[^\]\n]{1,300})\]\((?<target>[^)\s]{1,500})\)|~~(?<gone>[^~\n]{1,300})~~|(?<![\w*])(?<mark>[*_])(?=\S)(?<soft>[^*_\n]{1,300}?)(?<=\S)\k<mark>(?![\w*])|\\(?<plain>[\\`*_{}[\]()#+\-.!|>~])/g;
const TABLE_RULE = /^\s{0,3}\|?(?:\s{0,20}:?-+:?\s{0,20}\|)+(?:\s{0,20}:?-+:?)?\s*$/;

/**
 * Markdown of tools, playbooks and the model as Slack's mrkdwn, line by line. A link stands as its words with the address
 * beside them: what a customer wrote must not become something to press. A parser of all of Markdown takes seconds for a
 * hostile text, so only what we and playbooks write is read.
 */
export function toMrkdwn(text: string): string {
  let fenced = false;
  const lines = cut(tidy(text), LONGEST)
    .split("\n")
    .map((line) => line.trimEnd());
  return lines
    .flatMap((line, at) => {
      if (/^\s*```/.test(line)) {
        fenced = !fenced;
        return ["```"];
      }
      if (fenced) return [literal(line)];
      if (TABLE_RULE.test(line)) return [];
      return [lineOf(line, TABLE_RULE.test(lines[at + 1] ?? ""))];
    })
    .concat(fenced ? ["```"] : [])
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

/** Prose of the model for a `markdown` block: nothing in it may call people, load an image or hide an address. */
export const cleanMarkdown = (text: string, most: number): string =>
  cut(
    tidy(text)
      .replace(/<(?=[!@#/a-z])/gi, "<\u2060")
      .replace(/!\[/g, "[")
      .replace(/@(?=here\b|channel\b|everyone\b)/gi, "@\u2060")
      .replace(/\[([^\]\n]{1,300})\]\(([^)\n]{1,500})\)/g, (_, label: string, url: string) =>
        label === url ? label : `${label} (${url})`,
      ),
    most,
  );

function lineOf(line: string, headsTable: boolean): string {
  const quote = /^\s{0,12}((?:>\s*)+)(.*)$/.exec(line);
  if (quote) return `> ${lineOf(quote[2] ?? "", false).replace(/^(?:> )+/, "")}`;
  const heading = /^\s{0,3}#{1,6}\s+(.*)$/.exec(line);
  if (heading) return bold((heading[1] ?? "").replace(/#{1,6}$/, "").trimEnd());
  if (/^\s{0,3}([-*_])(?:\s*\1){2,}\s*$/.test(line)) return "———";
  if (/^\s*\|.*\|\s*$/.test(line)) {
    const cells = line.trim().slice(1, -1).split("|");
    const row = cells.map((each) => each.trim()).join(" · ");
    return headsTable ? bold(row) : inline(row);
  }
  const item = /^(\s*)([-*+]|\d{1,4}[.)])\s+(?:\[([ xX])\]\s)?(.*)$/.exec(line);
  if (!item) return `${/^\s{0,12}/.exec(line)?.[0] ?? ""}${inline(line.trim())}`;
  const [, indent = "", mark = "", box, rest = ""] = item;
  const bullet = /\d/.test(mark) ? mark : "•";
  return `${indent.slice(0, 12)}${bullet} ${box === undefined ? "" : box === " " ? "☐ " : "☑ "}${inline(rest)}`;
}

/** Bold in bold would end it. */
const bold = (text: string): string => {
  const inner = inline(text).replace(/\*/g, "");
  return inner === "" ? "" : `*${isolated(inner)}*`;
};

function inline(text: string): string {
  let shown = "";
  let at = 0;
  for (const match of text.matchAll(MARKS)) {
    shown += escaped(text.slice(at, match.index)) + marked(match.groups ?? {});
    at = match.index + match[0].length;
  }
  return shown + escaped(text.slice(at));
}

function marked({ strong, code, label, target, gone, soft, plain }: Record<string, string | undefined>): string {
  if (strong !== undefined) return bold(strong);
  if (code !== undefined) return `\`${literal(code)}\``;
  if (label !== undefined) return escaped(label === target ? label : `${label} (${target})`);
  if (gone !== undefined) return `~${escaped(gone)}~`;
  if (soft !== undefined) return `_${escaped(soft)}_`;
  return escaped(plain ?? "");
}

/** Inside code only the three entities count. */
const literal = (text: string): string =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/`/g, "ˋ");
