import type { Nodes } from "mdast";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import { unified } from "unified";

const markdown = unified().use(remarkParse).use(remarkGfm);

/** The links of a Markdown text that lead to other Markdown files or to a section (`#steps`). */
export function linksIn(text: string): string[] {
  return urlsOf(markdown.parse(text)).filter((url) => /^(?![a-z]+:|\/\/)([^#]+\.md)?(#.*)?$/i.test(url) && url !== "");
}

function urlsOf(node: Nodes): string[] {
  const own = node.type === "link" || node.type === "definition" ? [node.url] : [];
  return "children" in node ? [...own, ...node.children.flatMap(urlsOf)] : own;
}
