import { h, type JSX } from "preact";
import { Icon } from "./icons.ts";

const COLOURS = 8;

/** A coloured square with a person's initials; the bot has a leaf. */
export function Avatar({ name, bot, small }: { name: string; bot?: boolean; small?: boolean }): JSX.Element {
  const size = small ? "small" : "";
  if (bot)
    return h(
      "span",
      { class: `avatar bot ${size}`, "aria-hidden": "true" },
      h(Icon, { name: "leaf", size: small ? 14 : 22 }),
    );
  return h("span", { class: `avatar colour-${colourOf(name)} ${size}`, "aria-hidden": "true" }, initials(name));
}

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .map((word) => [...word][0] ?? "")
    .slice(0, 2)
    .join("")
    .toUpperCase();

const colourOf = (name: string): number =>
  [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)!) % 997, 7) % COLOURS;
