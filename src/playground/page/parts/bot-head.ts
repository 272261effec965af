import { h, type JSX } from "preact";
import { usePage } from "../state/context.ts";
import { Avatar } from "./avatar.ts";

/** The bot's name and its two tabs. */
export function BotHead({ tab }: { tab: "messages" | "home" }): JSX.Element {
  const page = usePage();
  const { bot } = page.world;
  const turn = (to: "messages" | "home") =>
    void page.open(
      to === "home" || bot.dmChannel === null ? { kind: "home" } : { kind: "channel", channel: bot.dmChannel },
    );
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    turn(tab === "home" ? "messages" : "home");
  };
  const one = (name: "messages" | "home", words: string) =>
    h(
      "button",
      {
        type: "button",
        role: "tab",
        "aria-selected": tab === name,
        tabIndex: tab === name ? 0 : -1,
        "data-testid": `tab-${name}`,
        onClick: () => turn(name),
      },
      words,
    );
  return h("div", { class: "head with-tabs" }, [
    h("h2", null, [
      h(Avatar, { name: bot.name, bot: true, small: true }),
      bot.name,
      h("span", { class: "kind" }, "app"),
    ]),
    h("div", { class: "tabs", role: "tablist", "aria-label": bot.name, onKeyDown }, [
      one("messages", "Messages"),
      one("home", "Home"),
    ]),
  ]);
}
