import { h, type JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Confirm } from "../state/shapes.ts";
import { plainWords, Text } from "../text/text-view.ts";

/** "Are you sure?", as the bot worded it. */
export function Confirmation({ ask, answer }: { ask: Confirm; answer(yes: boolean): void }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return h(
    "dialog",
    {
      class: "modal small",
      ref: dialog,
      role: "alertdialog",
      "aria-label": plainWords(ask.title) || "Are you sure?",
      "data-testid": "confirm",
      onCancel: () => answer(false),
    },
    [
      h("div", { class: "modal-head" }, h("h2", null, plainWords(ask.title) || "Are you sure?")),
      h("div", { class: "modal-body" }, h(Text, { of: ask.text })),
      h("div", { class: "modal-foot" }, [
        h(
          "button",
          { type: "button", class: "button", onClick: () => answer(false) },
          plainWords(ask.deny) || "Cancel",
        ),
        h(
          "button",
          {
            type: "button",
            class: `button ${ask.style === "danger" ? "danger" : "primary"}`,
            "data-testid": "confirm-yes",
            onClick: () => answer(true),
          },
          plainWords(ask.confirm) || "Yes",
        ),
      ]),
    ],
  );
}
