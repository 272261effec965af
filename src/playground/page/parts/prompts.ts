import { h, type JSX } from "preact";
import type { PagePrompts } from "../../page-api/types.ts";
import { usePage } from "../state/context.ts";
import { Avatar } from "./avatar.ts";

/** Where a newcomer begins: what this is, and questions to press. */
export function Prompts({ prompts, empty }: { prompts: PagePrompts | null; empty: boolean }): JSX.Element {
  const page = usePage();
  const { bot } = page.world;
  const ask = (message: string) => {
    if (bot.dmChannel !== null) void page.say(bot.dmChannel, message, null);
    document.querySelector<HTMLElement>("[data-testid=composer]")?.focus();
  };
  return h("section", { class: empty ? "prompts empty" : "prompts", "aria-label": "Suggested questions" }, [
    empty
      ? h("div", { class: "welcome" }, [
          h(Avatar, { name: bot.name, bot: true }),
          h("h2", null, prompts?.title ?? `Ask ${bot.name} about a customer`),
          h(
            "p",
            { class: "quiet" },
            `This is ${bot.name} itself, in a small Slack on your machine. The company and its customers are made up.`,
          ),
        ])
      : null,
    h(
      "div",
      { class: "prompt-list" },
      (prompts?.prompts ?? []).map(({ title, message }) =>
        h(
          "button",
          {
            type: "button",
            class: "prompt",
            "data-testid": "prompt",
            title: message,
            disabled: !page.world.me.canSpeak,
            onClick: () => ask(message),
          },
          [
            h("span", { class: "prompt-title" }, title),
            empty && message !== title ? h("span", { class: "quiet" }, message) : null,
          ],
        ),
      ),
    ),
  ]);
}
