import type { Message } from "../message.ts";

const MOST_BLOCKS = 50; // of one message

/** A sentence of our own as a message. `words` are mrkdwn. */
export const plain = (words: string): Message => ({
  text: words,
  blocks: [{ type: "section", text: { type: "mrkdwn", text: words } }],
});

/** A message with a line above it. */
export const withLine = ({ text, blocks }: Message, line: string): Message => ({
  text: `${line}\n\n${text}`,
  blocks:
    blocks.length < MOST_BLOCKS ? [{ type: "context", elements: [{ type: "mrkdwn", text: line }] }, ...blocks] : blocks,
});

const LONGEST_TITLE = 120; // Slack takes 200; a list of conversations shows less

/** A question as the title of its conversation. */
export function titleOf(question: string): string {
  const line = question.replace(/\s+/g, " ").trim();
  const letters = [...line];
  return letters.length <= LONGEST_TITLE ? line : `${letters.slice(0, LONGEST_TITLE - 1).join("")}…`;
}
