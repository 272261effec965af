import { marked, type Token, type Tokens } from "marked";
import { type ComponentChild, h, type JSX } from "preact";
import { withEmoji } from "./emoji.ts";
import { parseInline } from "./mrkdwn.ts";
import { Link, Pieces } from "./text-view.ts";

/**
 * Standard Markdown, as the `markdown` block has it. `marked` reads it; what it read becomes elements here and never HTML,
 * so that nothing in a message can bring markup of its own.
 */
export function Markdown({ text }: { text: string }): JSX.Element {
  return h("div", { class: "markdown" }, many(marked.lexer(text, { gfm: true, breaks: true })));
}

const many = (tokens: Token[] | undefined): ComponentChild[] =>
  (tokens ?? []).map((token) => one(token as Tokens.Generic)); // marked's own union leaves out extensions.

function one(token: Tokens.Generic): ComponentChild {
  const inside = () => many(token.tokens);
  switch (token.type) {
    case "space":
    case "def":
      return null;
    case "heading":
      return h(`h${Math.min(6, token.depth + 2)}`, { class: `heading-${token.depth}` }, inside());
    case "paragraph":
      return h("p", null, inside());
    case "blockquote":
      return h("blockquote", null, inside());
    case "hr":
      return h("hr", null);
    case "code":
      return h("pre", { class: "code-block" }, h("code", null, token.text));
    case "list":
      return h(
        token.ordered ? "ol" : "ul",
        token.ordered && token.start !== 1 ? { start: token.start } : null,
        items(token),
      );
    case "table":
      return h(MarkdownTable, { table: token as Tokens.Table });
    case "strong":
      return h("strong", null, inside());
    case "em":
      return h("em", null, inside());
    case "del":
      return h("s", null, inside());
    case "codespan":
      return h("code", null, token.text);
    case "br":
      return h("br", null);
    case "link":
    case "image":
      return h(Link, { url: token.href }, token.tokens === undefined || token.type === "image" ? token.text : inside());
    case "text":
      return token.tokens === undefined ? words(token.text) : inside();
    case "escape":
      return token.text;
    case "checkbox":
      return h("input", { type: "checkbox", checked: token.checked === true, disabled: true, "aria-label": "Task" });
    default:
      // Markup is shown as it was written.
      return token.raw;
  }
}

const items = (list: Tokens.Generic): JSX.Element[] =>
  (list as Tokens.List).items.map((item) => h("li", { class: item.task ? "task" : "" }, many(item.tokens)));

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", nbsp: "\u00a0" };

/** Slack's mentions, days and emoji work in Markdown too; `marked` hands plain text over with its entities still written out. */
const words = (text: string): ComponentChild[] =>
  text
    .split(/(<[@#!][^<>\n]+>)/)
    .map((part, at) =>
      at % 2 === 1
        ? h(Pieces, { of: parseInline(part) })
        : withEmoji(part.replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name: string) => ENTITIES[name]!)),
    );

function MarkdownTable({ table }: { table: Tokens.Table }): JSX.Element {
  const cell = (tag: "th" | "td", { tokens, align }: Tokens.TableCell) =>
    h(tag, { class: align === null ? "" : `align-${align}`, ...(tag === "th" ? { scope: "col" } : {}) }, many(tokens));
  return h(
    "div",
    { class: "table-scroll", tabIndex: 0, role: "region", "aria-label": "Table" },
    h("table", null, [
      h(
        "thead",
        null,
        h(
          "tr",
          null,
          table.header.map((each) => cell("th", each)),
        ),
      ),
      h(
        "tbody",
        null,
        table.rows.map((row) =>
          h(
            "tr",
            null,
            row.map((each) => cell("td", each)),
          ),
        ),
      ),
    ]),
  );
}
