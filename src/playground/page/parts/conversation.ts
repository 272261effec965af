import { type ComponentChild, Fragment, h, type JSX } from "preact";
import { useRef } from "preact/hooks";
import type { PageChannel, PageHistory, PageMessage, PageWorld } from "../../page-api/types.ts";
import { useNames, usePage } from "../state/context.ts";
import { runningSession, saidTo, statusOf, type Turn, turnsOf } from "../state/conversation.ts";
import type { PageState } from "../state/page-state.ts";
import { useStick } from "../state/stick.ts";
import { dayLabel } from "../text/dates.ts";
import { BotHead } from "./bot-head.ts";
import { Composer } from "./composer.ts";
import { Icon } from "./icons.ts";
import { moveAmong } from "./menu.ts";
import { Message } from "./message.ts";
import { Prompts } from "./prompts.ts";
import { Status } from "./status.ts";

/** How many replies a channel shows below a message; the others stand in the thread's pane. */
const REPLIES_IN_CHANNEL = 2;

/** A channel or a direct message. With the bot, answers stand right below their question. */
export function Conversation({
  state,
  world,
  channel: id,
}: {
  state: PageState;
  world: PageWorld;
  channel: string;
}): JSX.Element {
  const { history } = state;
  const channel = history?.channel ?? world.channels.find((each) => each.id === id) ?? null;
  const withBot = id === world.bot.dmChannel;
  return h(
    "main",
    { class: "conversation", "aria-label": withBot ? world.bot.name : (channel?.name ?? "Conversation") },
    [
      withBot ? h(BotHead, { tab: "messages" }) : channel === null ? null : h(ChannelHead, { channel }),
      history === null
        ? h("div", { class: "messages" }, h("p", { class: "quiet centre" }, "Loading…"))
        : h(Messages, { history, withBot, key: `${world.me.id}${id}` }),
      history === null || channel === null ? null : h(Foot, { history, state, world, channel, withBot }),
    ],
  );
}

function ChannelHead({ channel }: { channel: PageChannel }): JSX.Element {
  return h("div", { class: "head" }, [
    h("h2", null, [
      h(Icon, { name: channel.type === "group" ? "lock" : channel.type === "channel" ? "hash" : "chat" }),
      channel.name,
    ]),
    channel.isShared ? h("span", { class: "kind kind-stranger" }, "shared with another company") : null,
    channel.isArchived ? h("span", { class: "kind" }, "archived") : null,
    h("span", { class: "quiet topic" }, channel.topic),
  ]);
}

function Messages({ history, withBot }: { history: PageHistory; withBot: boolean }): JSX.Element {
  const log = useRef<HTMLDivElement>(null);
  useStick(log, history);
  const names = useNames();
  const reader = { zone: names.zone, now: Date.now() };
  let day = "";
  return h(
    "div",
    {
      class: "messages",
      ref: log,
      role: "log",
      "aria-live": "polite",
      "aria-relevant": "additions",
      "aria-label": "Messages",
      tabIndex: 0,
      onKeyDown: (event: KeyboardEvent) => amongMessages(event),
    },
    h("div", { class: "messages-inside" }, [
      history.messages.length === 0 && !withBot
        ? h("p", { class: "quiet centre" }, "Nothing has been said here yet.")
        : null,
      (withBot ? turnsOf(history.messages) : history.messages.map(alone)).map((turn) => {
        const { message } = turn;
        const label = dayLabel(message.ts, reader);
        const changed = label !== day;
        day = label;
        return h(Fragment, { key: message.ts }, [
          changed ? h("div", { class: "day", role: "separator" }, h("span", null, label)) : null,
          h(Conversed, { turn, history, withBot }),
        ]);
      }),
      h(Working, { history, thread: null }),
    ]),
  );
}

const alone = (message: PageMessage): Turn => ({ message, whispered: [] });

/** Arrows move among messages while the log itself or a message has the focus, not something inside a message. */
function amongMessages(event: KeyboardEvent): void {
  const target = event.target as HTMLElement;
  if (target === event.currentTarget || target.classList.contains("message")) moveAmong(event, ".message");
}

/** A message with what was said to it. */
function Conversed({ turn, history, withBot }: { turn: Turn; history: PageHistory; withBot: boolean }): JSX.Element {
  const page = usePage();
  const { message } = turn;
  // What the pane shows is not shown twice.
  const inPane = page.state.thread === message.ts && !page.state.callsOpen;
  const shown = withBot ? saidTo(turn) : inPane ? [] : message.replies.slice(-REPLIES_IN_CHANNEL);
  const replies: ComponentChild = [
    ...shown.map((reply) => h(Message, { key: reply.ts, message: reply, inThread: !withBot })),
    inPane ? null : h(Working, { key: "working", history, thread: message.ts }),
  ];
  const more = message.replyCount > 0 && !withBot;
  return h("div", { class: withBot ? "turn" : "turn in-channel" }, [
    h(Message, { message }),
    more
      ? h(
          "button",
          {
            type: "button",
            class: "thread-link",
            "data-testid": "replies",
            onClick: () => void page.openThread(message.ts),
          },
          [
            h(Icon, { name: "thread", size: 14 }),
            `${message.replyCount} ${message.replyCount === 1 ? "reply" : "replies"}`,
            !inPane && message.replyCount > REPLIES_IN_CHANNEL ? ` · showing the last ${REPLIES_IN_CHANNEL}` : "",
          ],
        )
      : null,
    withBot && message.replyCount > message.replies.length
      ? h(
          "button",
          { type: "button", class: "thread-link", onClick: () => void page.fillThread(message.ts) },
          "Show all replies",
        )
      : null,
    h("div", { class: "replies" }, replies),
  ]);
}

/** What the bot is doing in a thread, with the stop button. */
export function Working({ history, thread }: { history: PageHistory; thread: string | null }): JSX.Element | null {
  const status = statusOf(history, thread);
  const session = runningSession(history, thread);
  if (status === null && session === null) return null;
  return h(Status, { status, session, channel: history.channel.id, thread });
}

function Foot(props: {
  history: PageHistory;
  state: PageState;
  world: PageWorld;
  channel: PageChannel;
  withBot: boolean;
}): JSX.Element {
  const { history, world, channel, withBot } = props;
  const page = usePage();
  const thread = page.goingOn();
  // A composer that is new with the person and the place: half a sentence does not wander into another channel.
  const key = `${world.me.id}${channel.id}`;
  return h("div", { class: "foot" }, [
    withBot && thread === null ? h(Prompts, { prompts: history.prompts, empty: history.messages.length === 0 }) : null,
    h(Composer, {
      key,
      channel,
      thread,
      goingOn: withBot && history.messages.length > 0 ? thread !== null : null,
      label: `Message ${channel.type === "im" ? channel.name : `#${channel.name}`}`,
      focus: true,
    }),
  ]);
}
