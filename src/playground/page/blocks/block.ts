import { h, type JSX } from "preact";
import type { Block } from "../../page-api/types.ts";
import { blockIdOf } from "../state/forms.ts";
import { Alert, Card, Carousel, Container } from "./cards.ts";
import { Chart } from "./chart.ts";
import { DataTable } from "./data-table.ts";
import { Input } from "./input.ts";
import { FileBlock, ImageBlock, Video } from "./media.ts";
import { MarkdownBlock, RichText } from "./rich-text.ts";
import { Actions, Context, ContextActions, Divider, Header, Section } from "./simple.ts";
import { Table } from "./table.ts";
import { Plan, TaskCard } from "./tasks.ts";

/**
 * Every block that the page can draw. A block travels as plain JSON; each of these takes it for what its type says,
 * which the Web API has checked before it let the message through.
 */
const DRAWN: Record<string, (props: { block: Block }) => JSX.Element | null> = {
  actions: Actions,
  alert: Alert,
  card: Card,
  carousel: Carousel,
  container: Container,
  context: Context,
  context_actions: ContextActions,
  data_table: DataTable,
  data_visualization: Chart,
  divider: Divider,
  file: FileBlock,
  header: Header,
  image: ImageBlock,
  input: Input,
  markdown: MarkdownBlock,
  plan: Plan,
  rich_text: RichText,
  section: Section,
  table: Table,
  task_card: TaskCard,
  video: Video,
};

/** Blocks, one below the other. */
export function Blocks({ blocks }: { blocks: Block[] }): JSX.Element {
  return h(
    "div",
    { class: "blocks" },
    blocks.map((block, at) =>
      h(DRAWN[block.type] ?? Unsupported, { key: `${at}-${block.type}-${blockIdOf(block)}`, block }),
    ),
  );
}

/** A block that is newer than the page: said, and shown as it came. */
export const Unsupported = ({ block }: { block: Block }): JSX.Element =>
  h("div", { class: "unsupported" }, [
    h("p", null, [
      "Unsupported block ",
      h("code", null, String(block.type)),
      ": this page does not know how to draw it.",
    ]),
    h("pre", { class: "code-block" }, h("code", null, JSON.stringify(block, null, 2))),
  ]);
