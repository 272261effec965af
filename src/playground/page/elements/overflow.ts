import { h, type JSX } from "preact";
import { Icon } from "../parts/icons.ts";
import { Menu } from "../parts/menu.ts";
import { useSurface } from "../state/context.ts";
import { actionOf } from "../state/forms.ts";
import { safeUrl } from "../text/names.ts";
import { plainWords } from "../text/text-view.ts";
import type { ElementProps } from "./element.ts";

/** "…": a menu of a few more things to do. */
export function Overflow({ element, blockId }: ElementProps): JSX.Element {
  const surface = useSurface();
  return h(Menu, {
    label: element.accessibility_label ?? "More actions",
    button: h(Icon, { name: "dots" }),
    attributes: { "data-action-id": element.action_id, disabled: surface.disabled },
    items: (element.options ?? []).map((option) => ({
      words: plainWords(option.text),
      hint: option.description === undefined ? null : plainWords(option.description),
      choose: () => {
        const url = safeUrl(option.url ?? "");
        if (url !== null) open(url, "_blank", "noopener");
        surface.act(actionOf(blockId, element, option), element.confirm);
      },
    })),
  });
}
