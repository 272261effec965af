import { h, type JSX } from "preact";
import { useMemo } from "preact/hooks";
import { NamesContext, PageContext } from "../state/context.ts";
import type { Page } from "../state/page.ts";
import type { PageState } from "../state/page-state.ts";
import { namesOf } from "../text/names.ts";
import { CallsDrawer } from "./calls.ts";
import { Confirmation } from "./confirmation.ts";
import { Conversation } from "./conversation.ts";
import { HomeTab } from "./home.ts";
import { Modal } from "./modal.ts";
import { Rail } from "./rail.ts";
import { ThreadPane } from "./thread-pane.ts";
import { Toasts } from "./toasts.ts";
import { TopBar } from "./top-bar.ts";

/** The whole page. */
export function App({ page, state }: { page: Page; state: PageState }): JSX.Element {
  const names = useMemo(() => namesOf(state.world), [state.world]);
  const { world, at, history, thread } = state;
  if (world === null || at === null) {
    return h(PageContext.Provider, {
      value: page,
      children: [h("p", { class: "starting" }, "The playground is starting…"), h(Toasts, { toasts: state.toasts })],
    });
  }
  const parent = history?.messages.find(({ ts }) => ts === thread) ?? null;
  const side = state.callsOpen ? "with-side" : parent !== null ? "with-side" : "";
  return h(
    PageContext.Provider,
    { value: page },
    h(NamesContext.Provider, { value: names }, [
      h("a", { class: "skip-link", href: "#composer", onClick: toComposer }, "Skip to the message box"),
      h(TopBar, { state, world }),
      h("div", { class: `layout ${side} ${state.railOpen ? "rail-open" : ""}` }, [
        h(Rail, { state, world, at }),
        h("div", { class: "rail-shade", onClick: () => page.set({ railOpen: false }) }),
        at.kind === "home"
          ? h(HomeTab, { view: state.home, key: page.as })
          : h(Conversation, { state, world, channel: at.channel }),
        state.callsOpen ? h(CallsDrawer, { calls: state.calls }) : null,
        !state.callsOpen && parent !== null && history !== null
          ? h(ThreadPane, { parent, history, key: parent.ts })
          : null,
      ]),
      state.views.length > 0
        ? h(Modal, { views: state.views, toasts: state.toasts, key: state.views.at(-1)!.id })
        : null,
      state.confirm === null ? null : h(Confirmation, state.confirm),
      state.views.length > 0 ? null : h(Toasts, { toasts: state.toasts }),
    ]),
  );
}

/** The address keeps the place, so the skip link moves the focus by itself. */
function toComposer(event: Event): void {
  event.preventDefault();
  document.querySelector<HTMLElement>("[data-testid=composer]")?.focus();
}
