import { h, type JSX } from "preact";
import { useSurface } from "../state/context.ts";
import { actionOf } from "../state/forms.ts";
import { plainWords } from "../text/text-view.ts";
import { useChoice } from "./choices.ts";
import type { ElementProps } from "./element.ts";

const TEXT_TYPES: Record<string, string> = { email_text_input: "email", url_text_input: "url", number_input: "number" };

/** What every field says of itself to the browser and to screen readers. */
export const fieldAttributes = ({ element, field }: ElementProps) => ({
  id: field?.id,
  "data-action-id": element.action_id,
  "aria-describedby": field?.describedBy || undefined,
  "aria-invalid": field?.invalid || undefined,
  "aria-required": field?.required || undefined,
  "aria-label":
    field === undefined ? (element.accessibility_label ?? (plainWords(element.placeholder) || "Input")) : undefined,
  autoFocus: element.focus_on_load === true,
});

export function TextInput(props: ElementProps): JSX.Element {
  const { element, blockId, silent } = props;
  const surface = useSurface();
  const { held, choose } = useChoice({ ...props, silent: true });
  const multiline = element.multiline === true;
  const send = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || multiline || silent === true) return;
    event.preventDefault();
    surface.act(actionOf(blockId, element, held), element.confirm);
  };
  return h(multiline ? "textarea" : "input", {
    ...fieldAttributes(props),
    class: "text-input",
    ...(multiline ? { rows: 4 } : { type: TEXT_TYPES[element.type] ?? "text" }),
    ...(element.is_decimal_allowed === true ? { step: "any" } : {}),
    placeholder: plainWords(element.placeholder),
    maxLength: element.max_length ?? 3000,
    disabled: surface.disabled,
    value: String(held ?? ""),
    onInput: ({ currentTarget }: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) =>
      choose(currentTarget.value),
    onKeyDown: send,
  });
}

/** Days and times, by the browser's own pickers. A moment is held as seconds since 1970. */
export function DateInput(props: ElementProps): JSX.Element {
  const { element } = props;
  const { disabled } = useSurface();
  const { held, choose } = useChoice(props);
  const moment = element.type === "datetimepicker";
  const chosen = (text: string) => choose(text === "" ? null : moment ? Math.floor(Date.parse(text) / 1000) : text);
  return h("input", {
    ...fieldAttributes(props),
    class: "text-input date",
    type: moment ? "datetime-local" : element.type === "datepicker" ? "date" : "time",
    disabled,
    value: moment && typeof held === "number" ? localMoment(held) : String(held ?? ""),
    onChange: ({ currentTarget }: { currentTarget: HTMLInputElement }) => chosen(currentTarget.value),
  });
}

/** "2026-11-22T14:07" in the browser's own zone, as its picker wants it. */
function localMoment(seconds: number): string {
  const offset = new Date(seconds * 1000).getTimezoneOffset() * 60;
  return new Date((seconds - offset) * 1000).toISOString().slice(0, 16);
}
