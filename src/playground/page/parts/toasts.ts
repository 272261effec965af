import { h, type JSX } from "preact";
import { usePage } from "../state/context.ts";
import type { Toast } from "../state/page-state.ts";
import { Icon } from "./icons.ts";

/** Short sentences that go away by themselves: "Perennial did not respond in time." */
export function Toasts({ toasts }: { toasts: Toast[] }): JSX.Element {
  const page = usePage();
  return h(
    "div",
    { class: "toasts", role: "alert" },
    toasts.map(({ n, text, tone }) =>
      h("div", { class: `toast ${tone}`, key: n, "data-testid": "toast" }, [
        h(Icon, { name: tone === "error" ? "warning" : "info" }),
        h("span", null, text),
        h(
          "button",
          { type: "button", class: "icon-button", "aria-label": "Dismiss", onClick: () => page.dismiss(n) },
          h(Icon, { name: "close", size: 16 }),
        ),
      ]),
    ),
  );
}
