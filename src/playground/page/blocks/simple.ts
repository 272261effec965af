import { h, type JSX } from "preact";
import type { Block } from "../../page-api/types.ts";
import { InteractiveElement } from "../elements/element.ts";
import { blockIdOf } from "../state/forms.ts";
import type { Element, TextObject } from "../state/shapes.ts";
import { plainWords, Text } from "../text/text-view.ts";
import { Picture } from "./media.ts";

export function Section({ block }: { block: Block }): JSX.Element {
  const { text, fields, accessory } = block as { text?: TextObject; fields?: TextObject[]; accessory?: Element };
  return h("div", { class: "section" }, [
    h("div", { class: "section-main" }, [
      text === undefined ? null : h(Text, { of: text }),
      fields === undefined
        ? null
        : h(
            "div",
            { class: "fields" },
            fields.map((field) => h("div", { class: "field" }, h(Text, { of: field }))),
          ),
    ]),
    accessory === undefined
      ? null
      : h("div", { class: "accessory" }, h(AnyElement, { element: accessory, blockId: blockIdOf(block) })),
  ]);
}

/** A picture or something to press. */
const AnyElement = ({ element, blockId }: { element: Element; blockId: string }): JSX.Element =>
  element.type === "image"
    ? h(Picture, { image: element, size: "accessory" })
    : h(InteractiveElement, { element, blockId });

export const Header = ({ block }: { block: Block }): JSX.Element =>
  h("h3", { class: "header-block" }, plainWords(block.text as TextObject));

export const Divider = (): JSX.Element => h("hr", { class: "divider" });

export function Context({ block }: { block: Block }): JSX.Element {
  const { elements } = block as unknown as { elements: (Element & TextObject)[] };
  return h(
    "div",
    { class: "context" },
    elements.map((element) =>
      element.type === "image"
        ? h(Picture, { image: element, size: "inline" })
        : h(Text, { of: element as unknown as TextObject }),
    ),
  );
}

export function Actions({ block }: { block: Block }): JSX.Element {
  const { elements } = block as unknown as { elements: Element[] };
  return h(
    "div",
    { class: "actions" },
    elements.map((element) => h(InteractiveElement, { element, blockId: blockIdOf(block) })),
  );
}

export function ContextActions({ block }: { block: Block }): JSX.Element {
  const { elements } = block as unknown as { elements: Element[] };
  return h(
    "div",
    { class: "actions context-actions" },
    elements.map((element) => h(InteractiveElement, { element, blockId: blockIdOf(block) })),
  );
}
