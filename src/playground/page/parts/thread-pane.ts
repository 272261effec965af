import { h, type JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { PageHistory, PageMessage } from "../../page-api/types.ts";
import { usePage } from "../state/context.ts";
import { useStick } from "../state/stick.ts";
import { Composer } from "./composer.ts";
import { Working } from "./conversation.ts";
import { Icon } from "./icons.ts";
import { Message } from "./message.ts";

/** A thread beside its channel; on a phone it covers it. */
export function ThreadPane({ parent, history }: { parent: PageMessage; history: PageHistory }): JSX.Element {
  const page = usePage();
  const pane = useRef<HTMLElement>(null);
  const log = useRef<HTMLDivElement>(null);
  useStick(log, parent);
  useEffect(() => pane.current?.querySelector<HTMLElement>("textarea")?.focus(), []);
  const close = () => page.set({ thread: null });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && !event.defaultPrevented) close();
  };
  return h("aside", { class: "side", ref: pane, "aria-label": "Thread", "data-testid": "thread", onKeyDown }, [
    h("div", { class: "head" }, [
      h("h2", null, "Thread"),
      h(
        "span",
        { class: "quiet topic" },
        history.channel.type === "im" ? history.channel.name : `#${history.channel.name}`,
      ),
      h(
        "button",
        { type: "button", class: "icon-button", "aria-label": "Close the thread", onClick: close },
        h(Icon, { name: "close" }),
      ),
    ]),
    h(
      "div",
      { class: "messages", ref: log, role: "log", "aria-live": "polite", "aria-label": "Thread", tabIndex: 0 },
      h("div", { class: "messages-inside" }, [
        h(Message, { message: parent }),
        h(
          "div",
          { class: "day" },
          h("span", null, `${parent.replyCount} ${parent.replyCount === 1 ? "reply" : "replies"}`),
        ),
        parent.replies.map((reply) => h(Message, { key: reply.ts, message: reply })),
        h(Working, { history, thread: parent.ts }),
      ]),
    ),
    h(
      "div",
      { class: "foot" },
      h(Composer, { channel: history.channel, thread: parent.ts, goingOn: null, label: "Reply…", focus: false }),
    ),
  ]);
}
