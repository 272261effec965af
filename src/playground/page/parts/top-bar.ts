import { h, type JSX } from "preact";
import type { PageUser, PageWorld } from "../../page-api/types.ts";
import { usePage } from "../state/context.ts";
import type { PageState } from "../state/page-state.ts";
import { toggleTheme, useTheme } from "../state/theme.ts";
import { Avatar } from "./avatar.ts";
import { Icon } from "./icons.ts";

/** The name of the thing, who is speaking, and a line that says what to know. */
export function TopBar({ state, world }: { state: PageState; world: PageWorld }): JSX.Element {
  const page = usePage();
  const theme = useTheme();
  const other = theme === "dark" ? "light" : "dark";
  return h("header", { class: "top" }, [
    h("div", { class: "top-bar" }, [
      h(
        "button",
        {
          type: "button",
          class: "icon-button rail-toggle",
          "aria-label": "Channels",
          "aria-expanded": state.railOpen,
          "data-testid": "rail-toggle",
          onClick: () => page.set({ railOpen: !state.railOpen }),
        },
        h(Icon, { name: "menu" }),
      ),
      h("h1", { class: "brand" }, [
        h("span", { class: "brand-mark" }, h(Icon, { name: "leaf", size: 20 })),
        h("span", { class: "brand-name" }, "Playground"),
      ]),
      h(Switcher, { world }),
      h(
        "button",
        {
          type: "button",
          class: "icon-button",
          title: `Switch to the ${other} theme`,
          "aria-label": `Switch to the ${other} theme`,
          "data-testid": "theme",
          onClick: toggleTheme,
        },
        h(Icon, { name: theme === "dark" ? "sun" : "moon" }),
      ),
      h(
        "button",
        {
          type: "button",
          class: "small-button calls-button",
          "aria-expanded": state.callsOpen,
          "aria-label": "API calls",
          "data-testid": "calls-toggle",
          onClick: () => void page.showCalls(!state.callsOpen),
        },
        [h(Icon, { name: "code", size: 16 }), h("span", { class: "wide-only" }, "API calls")],
      ),
    ]),
    notices(state, world).map((words) =>
      h("p", { class: "notice", role: "status" }, [h(Icon, { name: "info", size: 16 }), h("span", null, words)]),
    ),
  ]);
}

function notices(state: PageState, world: PageWorld): string[] {
  if (state.line === "lost") return ["The connection to the playground is lost. Trying again…"];
  if (!world.connected) return [`${world.bot.name} is not connected: it will not answer.`];
  return world.notice === null ? [] : [world.notice];
}

const KINDS: [string, (user: PageUser) => boolean][] = [
  ["Members", ({ kind }) => kind === "member"],
  ["Admins and owners", ({ kind }) => kind === "admin" || kind === "owner"],
  ["Guests", ({ kind }) => kind === "guest" || kind === "single-channel guest"],
  ["Strangers", ({ kind }) => kind === "stranger"],
  ["Deactivated", ({ kind }) => kind === "deactivated"],
];

/** "Speak as": everybody whom one can be. */
function Switcher({ world }: { world: PageWorld }): JSX.Element {
  const page = usePage();
  const option = (user: PageUser) =>
    h(
      "option",
      { value: user.id, selected: user.id === world.me.id },
      `${user.realName} · ${user.kind === "stranger" ? user.teamName : (user.title ?? user.kind)}`,
    );
  const groups = KINDS.map(([label, isOf]) => ({ label, users: world.users.filter(isOf) })).filter(
    ({ users }) => users.length > 0,
  );
  return h("label", { class: "switcher", title: `${world.me.realName}, ${world.me.kind}` }, [
    h(Avatar, { name: world.me.realName, small: true }),
    h("span", { class: "wide-only quiet" }, "Speak as"),
    h("span", { class: "switcher-name" }, world.me.realName),
    h("span", { class: `kind kind-${world.me.kind.replace(/ /g, "-")}` }, world.me.kind),
    h(Icon, { name: "down_small", size: 16 }),
    h(
      "select",
      {
        "aria-label": "Speak as",
        "data-testid": "person-switcher",
        value: world.me.id,
        onChange: ({ currentTarget }: { currentTarget: HTMLSelectElement }) => void page.speakAs(currentTarget.value),
      },
      groups.map(({ label, users }) => h("optgroup", { label }, users.map(option))),
    ),
  ]);
}
