import { h, type JSX } from "preact";
import { useId } from "preact/hooks";
import { useSurface } from "../state/context.ts";
import { actionOf, heldIn, heldValue } from "../state/forms.ts";
import type { Choice } from "../state/shapes.ts";
import { Text } from "../text/text-view.ts";
import type { ElementProps } from "./element.ts";

export function Checkboxes(props: ElementProps): JSX.Element {
  const { element } = props;
  const { held, choose } = useChoice(props);
  const chosen = (Array.isArray(held) ? held : []) as Choice[];
  const isOn = (option: Choice) => chosen.some(({ value }) => value === option.value);
  return h(Options, {
    ...props,
    type: "checkbox",
    isOn,
    toggle: (option) =>
      choose((element.options ?? []).filter((each) => (each.value === option.value ? !isOn(each) : isOn(each)))),
  });
}

export function RadioButtons(props: ElementProps): JSX.Element {
  const { held, choose } = useChoice(props);
  return h(Options, {
    ...props,
    type: "radio",
    isOn: (option) => (held as Choice | null)?.value === option.value,
    toggle: choose,
  });
}

/** What an element holds, and how to put something else in: kept on the page, and told to the bot unless it waits for submit. */
export function useChoice({ element, blockId, silent }: ElementProps): { held: unknown; choose(held: unknown): void } {
  const surface = useSurface();
  return {
    held: heldIn(surface.values[blockId]?.[element.action_id ?? ""]),
    choose: (held) => {
      surface.put(blockId, element.action_id ?? "", heldValue(element, held));
      if (silent !== true) surface.act(actionOf(blockId, element, held), element.confirm);
    },
  };
}

function Options(
  props: ElementProps & { type: "checkbox" | "radio"; isOn(option: Choice): boolean; toggle(option: Choice): void },
): JSX.Element {
  const { element, field, type } = props;
  const { disabled } = useSurface();
  const name = useId();
  const group =
    field === undefined
      ? {}
      : { "aria-labelledby": `${field.id}-label`, "aria-describedby": field.describedBy || undefined };
  return h(
    "div",
    {
      class: "options",
      role: type === "radio" ? "radiogroup" : "group",
      "data-action-id": element.action_id,
      ...group,
    },
    (element.options ?? []).map((option) =>
      h("label", { class: "option" }, [
        h("input", {
          type,
          name,
          value: option.value,
          checked: props.isOn(option),
          disabled,
          onChange: () => props.toggle(option),
        }),
        h("span", null, [
          h(Text, { of: option.text }),
          option.description && h("div", { class: "quiet" }, h(Text, { of: option.description })),
        ]),
      ]),
    ),
  );
}
