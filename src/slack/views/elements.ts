import type {
  ActionsBlock,
  Button,
  ContextBlock,
  HeaderBlock,
  MrkdwnElement,
  PlainTextElement,
  PlainTextOption,
  SectionBlock,
} from "@slack/types";
import { buttonValue, type Pressed } from "../actions.ts";
import type { Block } from "../message.ts";
import { cut, cutMrkdwn, LIMITS } from "./limits.ts";
import { tidy } from "./outside-text.ts";

/** What a card is drawn with besides its finding. */
export interface More {
  /** Which turn of the thread it is, for buttons that come back to it. */
  turn?: number | undefined;
  /** Under prose that has told the most. */
  compact?: boolean | undefined;
  /** Buttons of these actions are left out, because what they open is shown already. */
  without?: readonly string[] | undefined;
}

const NOTHING = "–"; // Slack refuses empty text

export const mrkdwn = (text: string, most: number = LIMITS.section): MrkdwnElement => ({
  type: "mrkdwn",
  text: cutMrkdwn(text.trim() || NOTHING, most),
  // Without it Slack makes links of anything that looks like an address or a channel.
  verbatim: true,
});

export const plain = (text: string, most: number): PlainTextElement => ({
  type: "plain_text",
  text: cut(tidy(text).trim() || NOTHING, most),
  emoji: false,
});

/** A paragraph of mrkdwn. `expand`: shown whole, without “see more”. */
export const section = (text: string, accessory?: Button): SectionBlock => ({
  type: "section",
  text: mrkdwn(text),
  expand: true,
  ...(accessory ? { accessory } : {}),
});

/** Facts in two columns. More than ten do not fit into one block. */
export const fields = (facts: readonly string[]): SectionBlock => ({
  type: "section",
  fields: facts.slice(0, LIMITS.fields).map((each) => mrkdwn(each, LIMITS.field)),
});

/** A fact with its name above it. */
export const fact = (name: string, words: string): string => `*${name}*\n${words}`;

export const context = (...lines: string[]): ContextBlock => ({
  type: "context",
  elements: lines.slice(0, LIMITS.context).map((each) => mrkdwn(each, LIMITS.field)),
});

export const header = (text: string): HeaderBlock => ({ type: "header", text: plain(text, LIMITS.header) });

export interface ButtonParts {
  text: string;
  action: string;
  value: Pressed;
  /** What a screen reader says instead of the text. */
  label: string;
  style?: "primary";
}

export const button = ({ text, action, value, label, style }: ButtonParts): Button => ({
  type: "button",
  text: plain(text, LIMITS.button),
  action_id: action,
  value: buttonValue(value),
  accessibility_label: cut(tidy(label).replace(/\s+/g, " ").trim() || text, LIMITS.button),
  ...(style ? { style } : {}),
});

/** A row of buttons; no block when there is none. */
export const buttonRow = (buttons: readonly (Button | null | false)[]): ActionsBlock[] => {
  const elements = buttons.filter((each) => each !== null && each !== false);
  return elements.length > 0 ? [{ type: "actions", elements }] : [];
};

/** One entry of a menu. A value holds at most 150 characters. */
export const option = (text: string, value: string, description?: string): PlainTextOption => ({
  text: plain(text, LIMITS.option),
  value,
  ...(description ? { description: plain(description, LIMITS.option) } : {}),
});

/** Lines in as few sections as they need. */
export function lineSections(lines: readonly string[]): Block[] {
  const blocks: Block[] = [];
  let open: string[] = [];
  let room: number = LIMITS.section;
  const close = () => {
    if (open.length > 0) blocks.push(section(open.join("\n")));
    open = [];
    room = LIMITS.section;
  };
  for (const line of lines.map((each) => cutMrkdwn(each, LIMITS.section))) {
    if (line.length + 1 > room) close();
    open.push(line);
    room -= line.length + 1;
  }
  close();
  return blocks;
}
