import { Fragment, h, type JSX } from "preact";
import type { PageChannel, PageWorld } from "../../page-api/types.ts";
import { usePage } from "../state/context.ts";
import type { At, PageState } from "../state/page-state.ts";
import { Avatar } from "./avatar.ts";
import { Icon, type IconName } from "./icons.ts";
import { moveAmong } from "./menu.ts";

/** The way to every place: the bot first, then channels and direct messages. */
export function Rail({ state, world, at }: { state: PageState; world: PageWorld; at: At }): JSX.Element {
  const { bot } = world;
  const channels = world.channels.filter(({ type }) => type === "channel" || type === "group");
  const others = world.channels.filter(({ type, id }) => (type === "im" || type === "mpim") && id !== bot.dmChannel);
  return h(
    "nav",
    {
      class: "rail",
      "aria-label": "Channels",
      "data-testid": "rail",
      onKeyDown: (event: KeyboardEvent) => moveAmong(event, ".rail-item"),
    },
    [
      h("div", { class: "team" }, world.team.name),
      bot.dmChannel === null ? null : h(BotItem, { dm: bot.dmChannel, at, unread: state.unread[bot.dmChannel] ?? 0 }),
      h("h2", null, "Channels"),
      channels.map((channel) => h(ChannelItem, { channel, at, unread: state.unread[channel.id] ?? 0 })),
      others.length === 0 ? null : h("h2", null, "Direct messages"),
      others.map((channel) => h(ChannelItem, { channel, at, unread: state.unread[channel.id] ?? 0 })),
    ],
  );
}

/** The bot's direct message and Home tab are one place. */
function BotItem({ dm, at, unread }: { dm: string; at: At; unread: number }): JSX.Element {
  const { bot } = usePage().world;
  return h(Fragment, null, [
    h("h2", null, "App"),
    h(Item, {
      active: at.kind === "home" || at.channel === dm,
      unread,
      testId: "channel-bot",
      to: { kind: "channel", channel: dm },
      words: bot.name,
      mark: h(Avatar, { name: bot.name, bot: true, small: true }),
      note: null,
    }),
  ]);
}

const ICONS: Record<PageChannel["type"], IconName> = { channel: "hash", group: "lock", im: "chat", mpim: "chat" };

function ChannelItem({ channel, at, unread }: { channel: PageChannel; at: At; unread: number }): JSX.Element {
  const note = channel.isArchived ? "archived" : channel.isShared ? "shared" : channel.isMember ? null : "not joined";
  return h(Item, {
    active: at.kind === "channel" && at.channel === channel.id,
    unread,
    testId: `channel-${channel.name}`,
    to: { kind: "channel", channel: channel.id },
    words: channel.name,
    mark: h(Icon, { name: ICONS[channel.type], size: 16 }),
    note,
  });
}

function Item(item: {
  active: boolean;
  unread: number;
  testId: string;
  to: At;
  words: string;
  mark: JSX.Element;
  note: string | null;
}): JSX.Element {
  const page = usePage();
  return h(
    "button",
    {
      type: "button",
      class: `rail-item ${item.active ? "active" : ""} ${item.unread > 0 ? "unread" : ""}`,
      "aria-current": item.active ? "page" : undefined,
      "data-testid": item.testId,
      onClick: () => void page.open(item.to),
    },
    [
      h("span", { class: "rail-mark" }, item.mark),
      h("span", { class: "rail-words" }, item.words),
      item.note === null ? null : h("span", { class: "rail-note" }, item.note),
      item.unread === 0
        ? null
        : h("span", { class: "badge" }, [String(item.unread), h("span", { class: "visually-hidden" }, " unread")]),
    ],
  );
}
