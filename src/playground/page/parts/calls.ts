import { h, type JSX } from "preact";
import { useState } from "preact/hooks";
import type { PageCall } from "../../page-api/types.ts";
import { usePage } from "../state/context.ts";
import { Icon } from "./icons.ts";

/** What the bot asked of Slack lately, as it went over the wire; the newest on top. */
export function CallsDrawer({ calls }: { calls: PageCall[] }): JSX.Element {
  const page = usePage();
  const [search, setSearch] = useState("");
  const shown = calls.filter(({ method }) => method.includes(search.trim())).toReversed();
  const close = () => void page.showCalls(false);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") close();
  };
  return h("aside", { class: "side", "aria-label": "API calls", "data-testid": "calls", onKeyDown }, [
    h("div", { class: "head" }, [
      h("h2", null, "API calls"),
      h("span", { class: "quiet topic" }, `the bot's last ${calls.length}`),
      h(
        "button",
        { type: "button", class: "icon-button", "aria-label": "Close the API calls", onClick: close },
        h(Icon, { name: "close" }),
      ),
    ]),
    h(
      "div",
      { class: "calls-search" },
      h("input", {
        type: "search",
        class: "text-input",
        placeholder: "Filter by method, as chat.postMessage",
        "aria-label": "Filter by method",
        value: search,
        onInput: ({ currentTarget }: { currentTarget: HTMLInputElement }) => setSearch(currentTarget.value),
      }),
    ),
    h("div", { class: "calls", tabIndex: 0 }, [
      shown.length === 0 ? h("p", { class: "quiet centre" }, "No calls yet.") : null,
      shown.map((call) => h(Call, { call, key: call.n })),
    ]),
  ]);
}

function Call({ call }: { call: PageCall }): JSX.Element {
  const [open, setOpen] = useState(false);
  const failed = call.answer.ok === false;
  return h(
    "details",
    {
      class: `call ${failed ? "failed" : ""}`,
      open,
      onToggle: ({ currentTarget }: { currentTarget: HTMLDetailsElement }) => setOpen(currentTarget.open),
    },
    [
      h("summary", null, [
        h("code", null, call.method),
        h("span", { class: "call-result" }, failed ? String(call.answer.error) : "ok"),
        h("span", { class: "quiet" }, `${Math.round(call.ms)} ms`),
        h("time", { class: "quiet", dateTime: call.at }, call.at.slice(11, 19)),
      ]),
      // Long answers are written out only when somebody looks.
      open
        ? [h("h3", null, "Asked"), h(Json, { of: call.args }), h("h3", null, "Answered"), h(Json, { of: call.answer })]
        : null,
    ],
  );
}

const Json = ({ of }: { of: unknown }): JSX.Element =>
  h("pre", { class: "code-block" }, h("code", null, JSON.stringify(of, null, 2)));
