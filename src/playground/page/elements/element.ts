import { h, type JSX } from "preact";
import type { Element } from "../state/shapes.ts";
import { Button, FeedbackButtons, IconButton } from "./buttons.ts";
import { Checkboxes, RadioButtons } from "./choices.ts";
import { DateInput, TextInput } from "./inputs.ts";
import { Overflow } from "./overflow.ts";
import { Select } from "./select.ts";

/** How an element is bound to the label of its input block. */
export interface Field {
  id: string;
  describedBy: string;
  invalid: boolean;
  required: boolean;
  label: string;
}

export interface ElementProps {
  element: Element;
  blockId: string;
  field?: Field | undefined;
  /** In an input block without dispatch: the bot hears of it on submit only. */
  silent?: boolean | undefined;
}

const DRAWN: Record<string, (props: ElementProps) => JSX.Element | null> = {
  button: Button,
  workflow_button: Button,
  icon_button: IconButton,
  feedback_buttons: FeedbackButtons,
  overflow: Overflow,
  checkboxes: Checkboxes,
  radio_buttons: RadioButtons,
  datepicker: DateInput,
  timepicker: DateInput,
  datetimepicker: DateInput,
  plain_text_input: TextInput,
  email_text_input: TextInput,
  url_text_input: TextInput,
  number_input: TextInput,
};

/** Anything a person can press, choose or fill in. */
export function InteractiveElement(props: ElementProps): JSX.Element {
  const { type } = props.element;
  if (/_select$/.test(type)) return h(Select, props);
  return h(DRAWN[type] ?? Unsupported, props);
}

const Unsupported = ({ element }: ElementProps): JSX.Element =>
  h("details", { class: "unsupported" }, [
    h("summary", null, ["Unsupported element ", h("code", null, element.type)]),
    h("pre", { class: "code-block" }, h("code", null, JSON.stringify(element, null, 2))),
  ]);
