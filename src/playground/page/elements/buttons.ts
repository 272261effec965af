import { h, type JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon, type IconName } from "../parts/icons.ts";
import { usePage, useSurface } from "../state/context.ts";
import { actionOf } from "../state/forms.ts";
import { safeUrl } from "../text/names.ts";
import { plainWords } from "../text/text-view.ts";
import type { ElementProps } from "./element.ts";

export function Button({ element, blockId }: ElementProps): JSX.Element {
  const surface = useSurface();
  const busy = surface.busy === `${blockId}/${element.action_id}`;
  const press = () => {
    const url = safeUrl(element.url ?? "");
    if (url !== null) open(url, "_blank", "noopener");
    surface.act(actionOf(blockId, element, element.value), element.confirm);
  };
  return h(
    "button",
    {
      type: "button",
      class: `button ${element.style ?? ""} ${busy ? "busy" : ""}`,
      "data-testid": "button",
      "data-action-id": element.action_id,
      "aria-label": element.accessibility_label,
      "aria-busy": busy,
      disabled: surface.disabled,
      onClick: press,
    },
    plainWords(element.text),
  );
}

/** Icons that Slack has for such buttons, as far as this page draws them. */
const ICONS: Record<string, IconName> = { trash: "trash" };

export function IconButton({ element, blockId }: ElementProps): JSX.Element | null {
  const surface = useSurface();
  const { as } = usePage();
  if (element.visible_to_user_ids !== undefined && !element.visible_to_user_ids.includes(as)) return null;
  const words = element.accessibility_label ?? plainWords(element.text);
  return h(
    "button",
    {
      type: "button",
      class: "icon-button",
      "data-testid": "button",
      "data-action-id": element.action_id,
      "aria-label": words,
      title: plainWords(element.text),
      disabled: surface.disabled,
      onClick: () => surface.act(actionOf(blockId, element, element.value), element.confirm),
    },
    h(Icon, { name: ICONS[element.icon ?? ""] ?? "dots" }),
  );
}

/** Thumbs up and down; the one that was pressed stays marked. */
export function FeedbackButtons({ element, blockId }: ElementProps): JSX.Element {
  const surface = useSurface();
  const [given, give] = useState<string | null>(null);
  const thumb = (button: ElementProps["element"]["positive_button"], icon: IconName, words: string) =>
    h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "data-testid": "button",
        "data-action-id": element.action_id,
        "data-value": button?.value,
        "aria-label": button?.accessibility_label ?? words,
        "aria-pressed": given === button?.value,
        title: plainWords(button?.text) || words,
        disabled: surface.disabled,
        onClick: () => {
          give(button?.value ?? null);
          surface.act(actionOf(blockId, element, button?.value), element.confirm);
        },
      },
      h(Icon, { name: icon }),
    );
  return h("div", { class: "feedback", role: "group", "aria-label": "Feedback" }, [
    thumb(element.positive_button, "up", "Good answer"),
    thumb(element.negative_button, "down", "Bad answer"),
  ]);
}
