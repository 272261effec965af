import type { Heading, Root, RootContent } from "mdast";
import { toString as plainText } from "mdast-util-to-string";
import remarkFrontmatter from "remark-frontmatter";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import { unified } from "unified";

/** A heading section with its own text (that of deeper headings stands in their sections). */
export interface Section {
  /** Headings from the second level down; empty above the first one. */
  path: string[];
  anchor: string;
  text: string;
}

const LONGEST_SECTION = 6_000; // characters; longer ones are cut between blocks, so that a passage stays quotable
const markdown = unified().use(remarkParse).use(remarkGfm).use(remarkFrontmatter);

export interface CutText {
  /** The front matter; null without any. */
  yaml: string | null;
  /** Every heading's text, also of those with nothing below them. */
  headings: string[];
  sections: Section[];
}

/** Cuts a Markdown text at its headings. Tables and fences stay whole. */
export function cutIntoSections(text: string): CutText {
  const root: Root = markdown.parse(text);
  const yaml = root.children.find((node) => node.type === "yaml");
  const anchors = new Map<string, number>();
  const sections: Section[] = [];
  let open: { path: string[]; anchor: string; blocks: RootContent[] } = { path: [], anchor: "", blocks: [] };
  const close = () => sections.push(...cutBetweenBlocks(open.blocks, text).map((part) => ({ ...open, text: part })));
  for (const node of root.children) {
    if (node.type === "yaml") continue;
    if (node.type !== "heading") {
      open.blocks.push(node);
      continue;
    }
    close();
    open = { path: pathBelow(open.path, node), anchor: anchorOf(plainText(node), anchors), blocks: [] };
  }
  close();
  const headings = root.children.flatMap((node) => (node.type === "heading" ? [plainText(node).trim()] : []));
  return {
    yaml: yaml?.value ?? null,
    headings: headings.filter((each) => each !== ""),
    sections: sections.map(({ path, anchor, text }) => ({ path, anchor, text })),
  };
}

/** The first-level heading is the title, so it is no part of the path. */
function pathBelow(path: string[], { depth, children }: Heading): string[] {
  if (depth === 1) return [];
  const own = plainText({ type: "paragraph", children }).trim();
  return [...path.slice(0, depth - 2), own];
}

function cutBetweenBlocks(blocks: RootContent[], text: string): string[] {
  const parts: { from: number; to: number }[] = [];
  for (const { position } of blocks) {
    const from = position?.start.offset ?? 0;
    const to = position?.end.offset ?? 0;
    const last = parts.at(-1);
    if (last && to - last.from <= LONGEST_SECTION) last.to = to;
    else parts.push({ from, to });
  }
  return parts.map(({ from, to }) => text.slice(from, to).trim()).filter((part) => part !== "");
}

/** As Git hosts and editors make anchors: lower case, punctuation dropped, the second of a kind with "-1". */
function anchorOf(heading: string, seen: Map<string, number>): string {
  const base = heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
  const times = seen.get(base) ?? 0;
  seen.set(base, times + 1);
  return times === 0 ? base : `${base}-${times}`;
}
