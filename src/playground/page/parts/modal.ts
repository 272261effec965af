import { h, type JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { PageView } from "../../page-api/types.ts";
import { Blocks } from "../blocks/block.ts";
import { api } from "../state/api.ts";
import { SurfaceContext, usePage } from "../state/context.ts";
import { blockIdOf, refusals } from "../state/forms.ts";
import type { Toast } from "../state/page-state.ts";
import { useBlocks } from "../state/surface.ts";
import { Avatar } from "./avatar.ts";
import { Icon } from "./icons.ts";
import { Toasts } from "./toasts.ts";

/** The topmost of the open modals. The browser's own dialog keeps the focus inside and makes the rest of the page inert. */
export function Modal({ views, toasts }: { views: PageView[]; toasts: Toast[] }): JSX.Element {
  const page = usePage();
  const view = views.at(-1)!;
  const dialog = useRef<HTMLDialogElement>(null);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [sending, setSending] = useState(false);
  const surface = useBlocks(view.blocks, { view_id: view.id }, view.state, errors);
  useEffect(() => {
    const before = document.activeElement;
    if (dialog.current?.open === false) dialog.current.showModal();
    dialog.current?.querySelector<HTMLElement>(".modal-body :is(input, textarea), [type=submit]")?.focus();
    return () => backTo(before);
  }, []);
  useEffect(() => setErrors({}), [view.hash]);

  const close = async (all: boolean) => {
    const left = all ? [] : views.slice(0, -1);
    page.set({ views: left });
    await page.tried(() => api.close({ as: page.as, view_id: view.id, ...(all ? { is_cleared: true } : {}) }));
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    const refused = refusals(view.blocks, surface.values);
    setErrors(refused);
    if (Object.keys(refused).length > 0) return toFirstError(dialog.current, refused);
    setSending(true);
    await page.tried(async () => {
      const answer = await api.submit({ as: page.as, view_id: view.id, state: surface.values });
      if (answer.ok) page.set({ views: answer.views });
      else if ("errors" in answer) {
        setErrors(answer.errors);
        toFirstError(dialog.current, answer.errors);
      }
      return answer;
    });
    setSending(false);
  };
  // A sentence for a block that is not there would be lost.
  const shown = new Set(view.blocks.map(blockIdOf));
  const stray = Object.entries(errors).filter(([blockId]) => !shown.has(blockId));
  return h(
    "dialog",
    {
      class: "modal",
      ref: dialog,
      "aria-label": view.title,
      "data-testid": "modal",
      "data-view-id": view.id,
      "data-callback-id": view.callbackId,
      onCancel: (event: Event) => {
        event.preventDefault();
        void close(false);
      },
    },
    h(
      SurfaceContext.Provider,
      { value: { ...surface, disabled: surface.disabled || sending } },
      h("form", { onSubmit: submit, noValidate: true }, [
        h("div", { class: "modal-head" }, [
          views.length > 1
            ? h(
                "button",
                { type: "button", class: "icon-button", "aria-label": "Back", onClick: () => void close(false) },
                h(Icon, { name: "back" }),
              )
            : h(Avatar, { name: page.world.bot.name, bot: true, small: true }),
          h("h2", null, view.title),
          h(
            "button",
            {
              type: "button",
              class: "icon-button",
              "aria-label": "Close",
              "data-testid": "modal-close",
              onClick: () => void close(true),
            },
            h(Icon, { name: "close" }),
          ),
        ]),
        h("div", { class: "modal-body" }, [
          stray.map(([, sentence]) => h("p", { class: "input-error", role: "alert" }, sentence)),
          h(Blocks, { blocks: view.blocks }),
        ]),
        h("div", { class: "modal-foot" }, [
          h(
            "button",
            { type: "button", class: "button", onClick: () => void close(false) },
            view.close ?? (view.submit === null ? "Close" : "Cancel"),
          ),
          view.submit === null
            ? null
            : h(
                "button",
                {
                  type: "submit",
                  class: `button primary ${sending ? "busy" : ""}`,
                  "data-testid": "modal-submit",
                  disabled: sending || view.submitDisabled,
                },
                view.submit,
              ),
        ]),
      ]),
    ),
    // The dialog lies above everything else on the page, so what is to be told is told in it.
    h(Toasts, { toasts }),
  );
}

/** The focus goes back to what opened the dialog; where that is gone, or lay in another dialog, to where one writes. */
function backTo(before: Element | null): void {
  const place = before?.isConnected && before !== document.body ? before : null;
  (place as HTMLElement | null)?.focus(); // all that can have the focus is an HTMLElement here
  if (place === null) document.querySelector<HTMLElement>("[data-testid=composer]")?.focus();
}

/** The focus goes where something has to be put right. */
function toFirstError(dialog: HTMLElement | null, errors: Record<string, string>): void {
  const blockId = Object.keys(errors)[0] ?? "";
  dialog?.querySelector<HTMLElement>(`[data-block-id="${CSS.escape(blockId)}"] :is(input, textarea)`)?.focus();
}
