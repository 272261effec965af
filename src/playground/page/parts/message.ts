import { h, type JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { Block, Container, PageMessage } from "../../page-api/types.ts";
import { Blocks } from "../blocks/block.ts";
import { SurfaceContext, useNames, usePage } from "../state/context.ts";
import { useBlocks } from "../state/surface.ts";
import { messageTime } from "../text/dates.ts";
import { emojiOf } from "../text/emoji.ts";
import { Mrkdwn } from "../text/text-view.ts";
import { Attachment } from "./attachment.ts";
import { Avatar } from "./avatar.ts";
import { Icon } from "./icons.ts";
import { MessageTools } from "./message-tools.ts";

/** One message: who, when, what, and what others made of it. */
export function Message({ message, inThread }: { message: PageMessage; inThread?: boolean }): JSX.Element {
  const page = usePage();
  const names = useNames();
  const [raw, showRaw] = useState(false);
  const isBot = message.user === page.world.bot.userId || message.botId === page.world.bot.botId;
  const name = isBot ? page.world.bot.name : message.user === null ? "Another app" : names.user(message.user);
  const time = messageTime(message.ts, { zone: names.zone, now: Date.now() });
  return h(
    "article",
    {
      class: `message ${message.isEphemeral ? "ephemeral" : ""} ${isBot ? "from-bot" : ""} ${inThread ? "reply" : ""}`,
      tabIndex: -1,
      "data-testid": "message",
      "data-ts": message.ts,
      "data-user": message.user,
      "data-streaming": message.isStreaming,
      "aria-label": `${name}, ${time.short}`,
      "aria-busy": message.isStreaming,
    },
    [
      h(Avatar, { name, bot: isBot, small: inThread === true }),
      h("div", { class: "message-body" }, [
        h("div", { class: "message-head" }, [
          h("strong", null, name),
          isBot || message.botId !== null ? h("span", { class: "kind" }, "app") : null,
          h("time", { class: "quiet", dateTime: time.iso, title: time.full }, time.short),
        ]),
        message.isEphemeral
          ? h("div", { class: "only-you" }, [h(Icon, { name: "eye", size: 14 }), "Only visible to you"])
          : null,
        h(Content, { message }),
        raw
          ? h(
              "pre",
              { class: "code-block raw" },
              h(
                "code",
                null,
                JSON.stringify(
                  { text: message.text, blocks: message.blocks, attachments: message.attachments },
                  null,
                  2,
                ),
              ),
            )
          : null,
        h(Reactions, { message }),
      ]),
      h(MessageTools, { message, raw, showRaw }),
    ],
  );
}

/** Blocks where there are any, else the text: as Slack does it. */
function Content({ message }: { message: PageMessage }): JSX.Element {
  const blocks = useMemo(
    () => [...message.blocks, ...message.attachments.flatMap((each) => (each.blocks as Block[] | undefined) ?? [])],
    [message.blocks, message.attachments],
  );
  const container: Container = {
    channel: message.channel,
    message_ts: message.ts,
    ...(message.threadTs === null ? {} : { thread_ts: message.threadTs }),
    ...(message.isEphemeral ? { is_ephemeral: true } : {}),
  };
  const surface = useBlocks(blocks, container);
  return h(
    SurfaceContext.Provider,
    { value: surface },
    h("div", { class: "content" }, [
      message.blocks.length === 0 && message.text !== "" ? h(Words, { message }) : null,
      message.blocks.length > 0 ? h(Blocks, { blocks: message.blocks }) : null,
      message.isStreaming ? h("span", { class: "caret", "aria-hidden": "true" }) : null,
      looksEdited(message) ? h("span", { class: "quiet edited" }, "(edited)") : null,
      message.attachments.map((attachment) => h(Attachment, { attachment })),
      message.files.map((file) =>
        h("a", { class: "file", href: file.url, download: file.name, "data-testid": "file" }, [
          h(Icon, { name: "file" }),
          h("span", { class: "file-words" }, [
            h("span", null, file.title || file.name),
            h("span", { class: "quiet" }, `${file.name} · ${sizeOf(file.size)}`),
          ]),
          h(Icon, { name: "download", size: 16 }),
        ]),
      ),
    ]),
  );
}

/** Slack does not say so where an app has redrawn the blocks of a message. */
const looksEdited = ({ edited, botId, blocks }: PageMessage): boolean =>
  edited !== null && (botId === null || blocks.length === 0);

const Words = ({ message }: { message: PageMessage }): JSX.Element =>
  message.mrkdwn ? h(Mrkdwn, { text: message.text }) : h("p", { class: "plain-text" }, message.text);

const sizeOf = (bytes: number): string =>
  bytes < 1024
    ? `${bytes} bytes`
    : bytes < 1024 * 1024
      ? `${Math.round(bytes / 1024)} kB`
      : `${(bytes / 1024 / 1024).toFixed(1)} MB`;

function Reactions({ message }: { message: PageMessage }): JSX.Element | null {
  const page = usePage();
  const names = useNames();
  if (message.reactions.length === 0) return null;
  return h(
    "div",
    { class: "reactions" },
    message.reactions.map(({ name, users, count }) =>
      h(
        "button",
        {
          type: "button",
          class: "reaction",
          "aria-pressed": users.includes(page.as),
          title: `${users.map(names.user).join(", ")} reacted with :${name}:`,
          onClick: () => void page.react(message.channel, message.ts, name),
        },
        [emojiOf(name), ` ${count}`],
      ),
    ),
  );
}
