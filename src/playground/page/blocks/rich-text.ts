import { type ComponentChild, h, type JSX } from "preact";
import type { Block } from "../../page-api/types.ts";
import { useNames } from "../state/context.ts";
import { emojiOf } from "../text/emoji.ts";
import { Markdown } from "../text/markdown.ts";
import type { Names } from "../text/names.ts";
import { DateWords, Link, Mention } from "../text/text-view.ts";

/** A node of a rich text: a stretch with elements, or an element. */
interface Node {
  type: string;
  elements?: Node[];
  text?: string;
  url?: string;
  name?: string;
  unicode?: string;
  user_id?: string;
  channel_id?: string;
  usergroup_id?: string;
  team_id?: string;
  range?: string;
  value?: string;
  timestamp?: number;
  format?: string;
  fallback?: string;
  style?: string | Partial<Record<"bold" | "italic" | "strike" | "code" | "underline", boolean>>;
  indent?: number;
  offset?: number;
  border?: number;
}

export const MarkdownBlock = ({ block }: { block: Block }): JSX.Element =>
  h(Markdown, { text: String(block.text ?? "") });

export function RichText({ block }: { block: Block }): JSX.Element {
  const names = useNames();
  return h(
    "div",
    { class: "rich-text" },
    ((block.elements ?? []) as Node[]).map((node) => stretch(node, names)),
  );
}

function stretch(node: Node, names: Names): ComponentChild {
  const inside = () => (node.elements ?? []).map((each) => leaf(each, names));
  switch (node.type) {
    case "rich_text_section":
      return h("div", { class: "rich-section" }, inside());
    case "rich_text_quote":
      return h("blockquote", null, inside());
    case "rich_text_preformatted":
      return h("pre", { class: "code-block" }, h("code", null, inside()));
    case "rich_text_list": {
      const items = (node.elements ?? []).map((item) =>
        h(
          "li",
          null,
          (item.elements ?? []).map((each) => leaf(each, names)),
        ),
      );
      const start = node.offset ? { start: node.offset + 1 } : {};
      return h(node.style === "ordered" ? "ol" : "ul", { class: `indent-${node.indent ?? 0}`, ...start }, items);
    }
    default:
      return leaf(node, names);
  }
}

function leaf(node: Node, names: Names): ComponentChild {
  switch (node.type) {
    case "text":
      return styled(node, node.text ?? "");
    case "link":
      return styled(node, h(Link, { url: node.url ?? "" }, node.text || node.url));
    case "emoji":
      return node.unicode === undefined ? emojiOf(node.name ?? "") : fromUnicode(node.unicode);
    case "user":
      return styled(node, h(Mention, { words: `@${names.user(node.user_id ?? "")}` }));
    case "channel":
      return styled(node, h(Mention, { words: `#${names.channel(node.channel_id ?? "")}` }));
    case "usergroup":
    case "team":
      return styled(node, h(Mention, { words: `@${node.usergroup_id ?? node.team_id}` }));
    case "broadcast":
      return styled(node, h(Mention, { words: `@${node.range}` }));
    case "date":
      return styled(
        node,
        h(DateWords, {
          seconds: node.timestamp ?? 0,
          format: node.format ?? "",
          url: node.url ?? null,
          fallback: node.fallback ?? "",
        }),
      );
    case "color":
      return h("code", null, node.value);
    default:
      return h("code", { title: "unsupported element" }, JSON.stringify(node));
  }
}

const TAGS = { bold: "strong", italic: "em", strike: "s", underline: "u", code: "code" } as const;

function styled(node: Node, inside: ComponentChild): ComponentChild {
  if (typeof node.style !== "object") return inside;
  const style = node.style;
  const marks = (Object.keys(TAGS) as (keyof typeof TAGS)[]).filter((mark) => style[mark] === true);
  return marks.reduce<ComponentChild>((within, mark) => h(TAGS[mark], null, within), inside);
}

/** "1f469-200d-1f4bb" → the sign. */
const fromUnicode = (codes: string): string =>
  String.fromCodePoint(...codes.split("-").map((code) => Number.parseInt(code, 16)));
