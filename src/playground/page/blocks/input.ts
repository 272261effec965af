import { h, type JSX } from "preact";
import { useId } from "preact/hooks";
import type { Block } from "../../page-api/types.ts";
import { InteractiveElement } from "../elements/element.ts";
import { useSurface } from "../state/context.ts";
import { blockIdOf } from "../state/forms.ts";
import type { Element, TextObject } from "../state/shapes.ts";
import { plainWords } from "../text/text-view.ts";

/** A labelled field of a form. It tells the bot only on submit, unless the bot asks for more. */
export function Input({ block }: { block: Block }): JSX.Element {
  const { label, hint, optional, element, dispatch_action } = block as unknown as {
    label?: TextObject;
    hint?: TextObject;
    optional?: boolean;
    element: Element;
    dispatch_action?: boolean;
  };
  const id = useId();
  const error = useSurface().errors[blockIdOf(block)];
  const many = ["checkboxes", "radio_buttons"].includes(element.type);
  const field = {
    id,
    describedBy: [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" "),
    invalid: error !== undefined,
    required: optional !== true,
    label: plainWords(label),
  };
  return h("div", { class: `input-block ${error ? "has-error" : ""}`, "data-block-id": blockIdOf(block) }, [
    h(many ? "div" : "label", { class: "input-label", ...(many ? { id: `${id}-label` } : { for: id }) }, [
      plainWords(label),
      optional ? h("span", { class: "quiet" }, " (optional)") : null,
    ]),
    h(InteractiveElement, { element, blockId: blockIdOf(block), field, silent: dispatch_action !== true }),
    error === undefined ? null : h("p", { class: "input-error", id: `${id}-error`, role: "alert" }, error),
    hint === undefined ? null : h("p", { class: "quiet", id: `${id}-hint` }, plainWords(hint)),
  ]);
}
