import { h, type JSX } from "preact";
import type { PageMessage } from "../../page-api/types.ts";
import { usePage } from "../state/context.ts";
import { isReply } from "../state/conversation.ts";
import { emojiOf } from "../text/emoji.ts";
import { Icon } from "./icons.ts";
import { Menu, type MenuItem } from "./menu.ts";

const REACTIONS = ["white_check_mark", "eyes", "+1", "heart"];

/** What one can do with a message: react, answer in its thread, the bot's message shortcuts, look at it raw. */
export function MessageTools(props: { message: PageMessage; raw: boolean; showRaw(on: boolean): void }): JSX.Element {
  const { message, raw, showRaw } = props;
  const page = usePage();
  const { world } = page;
  const inDm = message.channel === world.bot.dmChannel;
  const shortcuts: MenuItem[] = world.shortcuts
    .filter(({ type }) => type === "message")
    .map(({ callback_id, name }) => ({
      words: name,
      hint: world.bot.name,
      testId: `shortcut-${callback_id}`,
      choose: () => void page.shortcut(callback_id, message),
    }));
  const own: MenuItem[] = [
    { words: raw ? "Hide the JSON" : "Show the JSON", hint: null, choose: () => showRaw(!raw) },
    { words: "Copy the text", hint: null, choose: () => void navigator.clipboard.writeText(message.text) },
  ];
  return h("div", { class: "message-tools" }, [
    message.isEphemeral || !world.me.canSpeak
      ? null
      : h(Menu, {
          label: "React",
          button: h(Icon, { name: "smile", size: 16 }),
          class: "reaction-menu",
          items: REACTIONS.map((name) => ({
            words: emojiOf(name),
            hint: name,
            choose: () => void page.react(message.channel, message.ts, name),
          })),
        }),
    isReply(message) || page.state.thread === message.ts || inDm || message.isEphemeral
      ? null
      : h(
          "button",
          {
            type: "button",
            class: "icon-button",
            "aria-label": "Reply in thread",
            title: "Reply in thread",
            "data-testid": "reply",
            onClick: () => void page.openThread(message.ts),
          },
          h(Icon, { name: "thread", size: 16 }),
        ),
    h(Menu, {
      label: "More actions",
      button: h(Icon, { name: "dots", size: 16 }),
      items: [...(message.isEphemeral ? [] : shortcuts), ...own],
      attributes: { "data-testid": "message-menu" },
    }),
  ]);
}
