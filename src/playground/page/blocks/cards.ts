import { h, type JSX } from "preact";
import { useId, useState } from "preact/hooks";
import type { Block } from "../../page-api/types.ts";
import { InteractiveElement } from "../elements/element.ts";
import { Icon, type IconName } from "../parts/icons.ts";
import { blockIdOf } from "../state/forms.ts";
import type { Element, TextObject } from "../state/shapes.ts";
import { plainWords, Text } from "../text/text-view.ts";
import { Blocks } from "./block.ts";
import { Picture } from "./media.ts";
import { RichText } from "./rich-text.ts";

export function Card({ block }: { block: Block }): JSX.Element {
  const card = block as unknown as {
    hero_image?: Element;
    icon?: Element;
    title?: TextObject;
    subtitle?: TextObject;
    body?: TextObject;
    subtext?: TextObject;
    actions?: Element[];
  };
  return h("article", { class: "card" }, [
    card.hero_image && h(Picture, { image: card.hero_image, size: "block" }),
    h("div", { class: "card-top" }, [
      card.icon && h(Picture, { image: card.icon, size: "icon" }),
      h("div", null, [
        card.title && h("div", { class: "card-title" }, h(Text, { of: card.title })),
        card.subtitle && h("div", { class: "quiet" }, h(Text, { of: card.subtitle })),
      ]),
    ]),
    card.body && h("div", { class: "card-body" }, h(Text, { of: card.body })),
    card.subtext && h("div", { class: "quiet" }, h(Text, { of: card.subtext })),
    card.actions &&
      h(
        "div",
        { class: "actions" },
        card.actions.map((element) => h(InteractiveElement, { element, blockId: blockIdOf(block) })),
      ),
  ]);
}

export function Carousel({ block }: { block: Block }): JSX.Element {
  const { elements } = block as unknown as { elements: Block[] };
  return h(
    "div",
    { class: "carousel", tabIndex: 0, role: "region", "aria-label": "Cards" },
    elements.map((card) => h(Card, { block: card })),
  );
}

const LEVELS: Record<string, { icon: IconName; words: string }> = {
  info: { icon: "info", words: "Note" },
  warning: { icon: "warning", words: "Warning" },
  error: { icon: "cross", words: "Error" },
  success: { icon: "check", words: "Done" },
};

export function Alert({ block }: { block: Block }): JSX.Element {
  const { text, level = "default" } = block as unknown as { text?: TextObject; level?: string };
  const { icon, words } = LEVELS[level] ?? { icon: "info" as const, words: "Note" };
  return h("div", { class: `alert alert-${level}` }, [
    h(Icon, { name: icon }),
    h("span", { class: "visually-hidden" }, `${words}: `),
    h("div", null, h(Text, { of: text })),
  ]);
}

/** A group of blocks under a title; where the bot allows it, it folds. */
export function Container({ block }: { block: Block }): JSX.Element {
  const box = block as unknown as {
    title?: TextObject;
    rich_text_title?: Block;
    subtitle?: TextObject;
    icon?: Element;
    child_blocks?: Block[];
    width?: string;
    is_collapsible?: boolean;
    default_collapsed?: boolean;
    has_header_divider?: boolean;
  };
  const [open, setOpen] = useState(!(box.is_collapsible && box.default_collapsed));
  const id = useId();
  const title = [
    box.icon && h(Picture, { image: box.icon, size: "icon" }),
    h("div", null, [
      h(
        "div",
        { class: "card-title" },
        box.rich_text_title ? h(RichText, { block: box.rich_text_title }) : plainWords(box.title),
      ),
      box.subtitle && h("div", { class: "quiet" }, h(Text, { of: box.subtitle })),
    ]),
  ];
  const fold = {
    type: "button",
    class: "container-top fold",
    "aria-expanded": open,
    "aria-controls": id,
    onClick: () => setOpen(!open),
  } as const;
  return h(
    "section",
    { class: `container width-${box.width ?? "standard"} ${box.has_header_divider ? "with-line" : ""}` },
    [
      box.is_collapsible
        ? h("button", fold, [h(Icon, { name: open ? "up_small" : "down_small" }), ...title])
        : h("div", { class: "container-top" }, title),
      h("div", { id, hidden: !open }, h(Blocks, { blocks: box.child_blocks ?? [] })),
    ],
  );
}
