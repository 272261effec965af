import type { Log } from "#log.ts";
import { refusesBlocks, SlackFault } from "../faults.ts";
import type { Message } from "../message.ts";
import { cutMrkdwn } from "../views/limits.ts";

const SAFE_LENGTH = 3_900;
const CUT_NOTE = "\n_Cut here: too long for Slack. Ask for less at once, such as one account._";

/** How our words are sent: nothing in them may link, mention or unfurl by itself. */
export const wordsOf = ({ text, blocks }: Message) => ({
  text,
  ...(blocks.length > 0 ? { blocks } : {}),
  parse: "none",
  link_names: false,
});

/** The same for a message that was there before: blocks that are left out would stay. */
export const redrawnOf = (message: Message) => ({ ...wordsOf(message), blocks: message.blocks });

export const NO_UNFURLS = { unfurl_links: false, unfurl_media: false };

/** Sends a message; as text alone where Slack refuses its blocks, and shorter where it is too long. */
export async function shown<T>(log: Log, message: Message, send: (message: Message) => Promise<T>): Promise<T> {
  try {
    return await send(message);
  } catch (error) {
    if (refusesBlocks(error) && message.blocks.length > 0) {
      log.warn(
        { code: error.code, details: error.details, blocks: typesOf(message) },
        "Slack refused the blocks of a message; its text was said alone",
      );
      return shown(log, { text: message.text, blocks: [] }, send);
    }
    if (error instanceof SlackFault && error.code === "msg_too_long" && message.text.length > SAFE_LENGTH) {
      return shown(log, { ...message, text: cutMrkdwn(message.text, SAFE_LENGTH - CUT_NOTE.length) + CUT_NOTE }, send);
    }
    throw error;
  }
}

const typesOf = ({ blocks }: Message): string => blocks.map((each, at) => `${at}: ${each.type}`).join(", ");
