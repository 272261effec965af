import { h, type JSX } from "preact";
import { useState } from "preact/hooks";
import type { Block } from "../../page-api/types.ts";
import { Icon } from "../parts/icons.ts";
import type { Element, TextObject } from "../state/shapes.ts";
import { Link, plainWords } from "../text/text-view.ts";

/** A picture; its description where the page may not fetch it, which is so for every other host. */
export function Picture({
  image,
  size,
}: {
  image: Element;
  size: "inline" | "accessory" | "block" | "icon";
}): JSX.Element {
  const [failed, fail] = useState(false);
  const url = image.image_url ?? image.slack_file?.url ?? "";
  const alt = image.alt_text ?? "";
  if (failed || url === "")
    return h(
      "span",
      { class: `picture-missing ${size}` },
      url === "" ? alt : h(Link, { url }, `Picture: ${alt || "no description"}`),
    );
  return h("img", {
    class: `picture ${size}`,
    src: url,
    alt,
    loading: "lazy",
    referrerPolicy: "no-referrer",
    onError: () => fail(true),
  });
}

export function ImageBlock({ block }: { block: Block }): JSX.Element {
  const { title } = block as { title?: TextObject };
  return h("figure", { class: "image-block" }, [
    title === undefined ? null : h("figcaption", null, plainWords(title)),
    h(Picture, { image: block as unknown as Element, size: "block" }),
  ]);
}

/** Videos are not played here: their link is. */
export function Video({ block }: { block: Block }): JSX.Element {
  const video = block as unknown as {
    title?: TextObject;
    video_url: string;
    title_url?: string;
    description?: TextObject;
    author_name?: string;
  };
  return h("div", { class: "linked" }, [
    h("div", null, h(Link, { url: video.title_url ?? video.video_url }, `Video: ${plainWords(video.title)}`)),
    video.description === undefined ? null : h("div", { class: "quiet" }, plainWords(video.description)),
    video.author_name === undefined ? null : h("div", { class: "quiet" }, video.author_name),
  ]);
}

export const FileBlock = ({ block }: { block: Block }): JSX.Element =>
  h("div", { class: "linked" }, [h(Icon, { name: "file" }), ` File ${String(block.external_id ?? "")}`]);
