import { h, type JSX } from "preact";
import type { Block } from "../../page-api/types.ts";
import { Blocks } from "../blocks/block.ts";
import { Link, Mrkdwn } from "../text/text-view.ts";

/** What hangs below a message: the preview of a link, or an attachment of the old kind. */
export function Attachment({ attachment }: { attachment: Record<string, unknown> }): JSX.Element {
  const { pretext, title, title_link, text, fields, footer, blocks, fallback } = attachment as {
    pretext?: string;
    title?: string;
    title_link?: string;
    text?: string;
    fields?: { title?: string; value?: string }[];
    footer?: string;
    blocks?: Block[];
    fallback?: string;
  };
  const empty = !title && !text && !blocks?.length && !fields?.length;
  return h("div", { class: "attachment" }, [
    pretext && h(Mrkdwn, { text: pretext }),
    title && h("div", { class: "card-title" }, title_link ? h(Link, { url: title_link }, title) : title),
    text && h(Mrkdwn, { text }),
    blocks && h(Blocks, { blocks }),
    fields &&
      h(
        "div",
        { class: "fields" },
        fields.map((field) =>
          h("div", { class: "field" }, [h("strong", null, field.title), h(Mrkdwn, { text: field.value ?? "" })]),
        ),
      ),
    empty && fallback ? h(Mrkdwn, { text: fallback }) : null,
    footer && h("div", { class: "quiet" }, footer),
  ]);
}
