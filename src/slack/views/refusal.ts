import type { Block, Message } from "../message.ts";
import { section } from "./elements.ts";
import { fitText } from "./limits.ts";
import { toMrkdwn } from "./mrkdwn.ts";

/** A sentence that says what did not work, and the cure. Alert blocks stand in modals only, so it is a paragraph. */
export const refusalBlocks = (sentence: string): Block[] => [section(`⚠️ ${toMrkdwn(sentence)}`)];

/** The same as a message of its own. */
export const refusalMessage = (sentence: string): Message => ({
  text: fitText(toMrkdwn(sentence)),
  blocks: refusalBlocks(sentence),
});
