import type { ModalView } from "@slack/types";
import { ACTIONS, buttonValue, CALLBACKS, type Pressed } from "../actions.ts";
import type { Block } from "../message.ts";
import { dayIn } from "./days.ts";
import { button, buttonRow, context, lineSections, plain, section } from "./elements.ts";
import { cut, LIMITS, uniqueActions } from "./limits.ts";
import { toMrkdwn } from "./mrkdwn.ts";
import { lineIn, plainLine } from "./outside-text.ts";

/** Where a modal's answers stand in its state: `state.values[block][action]`. */
export const MODAL_FIELDS = {
  account: { block: "account", action: ACTIONS.accountPick },
  reason: { block: "reason", action: "reason" },
  zone: { block: "zone", action: "settings_zone" },
  digest: { block: "digest", action: "settings_digest" },
  model: { block: "model", action: "settings_model" },
  speak: { block: "speak", action: "settings_speak" },
} as const;

const LONGEST_REASON = 2_000;
const LONGEST_SECTION = 60_000; // of a playbook; a hundred blocks hold more

export interface ModalParts {
  title: string;
  blocks: readonly Block[];
  callback?: string;
  submit?: string;
  close?: string;
  /** Comes back with the modal. Slack takes 3,000 characters. */
  keep?: string;
}

/** A modal of any kind, within its limits. */
export const modal = ({ title, blocks, callback, submit, close = "Close", keep }: ModalParts): ModalView => ({
  type: "modal",
  title: plain(title, LIMITS.modalTitle),
  close: plain(close, LIMITS.modalTitle),
  blocks: uniqueActions(blocks.slice(0, LIMITS.viewBlocks)),
  ...(submit ? { submit: plain(submit, LIMITS.modalTitle) } : {}),
  ...(callback ? { callback_id: callback } : {}),
  ...(keep ? { private_metadata: keep } : {}),
});

/** A modal that only says something, with blocks below it where there are any. */
export const sayingModal = (title: string, sentence: string, blocks: readonly Block[] = []): ModalView =>
  modal({ title, blocks: [section(toMrkdwn(sentence)), ...blocks] });

/** A warning. Slack shows these in modals only, and takes 200 characters. */
export const alert = (sentence: string): Block => ({
  type: "alert",
  level: "warning",
  text: plain(plainLine(sentence, 200), 200),
});

/** A section of a playbook, whole, and whether it helped: asked, or what the person has said. */
export function playbookModal(passage: {
  /** As a button names it. */
  key: string;
  title: string;
  section: string;
  text: string;
  source: string;
  reviewBy: string;
  reviewOverdue?: boolean;
  judged?: "good" | "bad";
}): ModalView {
  const text = cut(passage.text.replace(/^#+ .*\n+/, ""), LONGEST_SECTION);
  const review = passage.reviewOverdue
    ? `It was to be reviewed by ${dayIn(passage.reviewBy)}: check that it still holds.`
    : `To be reviewed by ${dayIn(passage.reviewBy)}.`;
  return modal({
    title: "Playbook",
    blocks: [
      section(`*${lineIn(passage.title)}*\n${lineIn(passage.section)}`),
      ...lineSections(toMrkdwn(text).split("\n")).slice(0, LIMITS.viewBlocks - BLOCKS_AROUND),
      context(`${lineIn(passage.source)}  ·  ${review}`),
      ...judging(passage),
    ],
  });
}

const BLOCKS_AROUND = 3; // title, place, and whether it helped

function judging({ key, judged }: { key: string; judged?: "good" | "bad" }): Block[] {
  if (judged) return [context(judged === "good" ? "Noted: it helped you." : "Noted: it did not help you.")];
  const ask = (text: string, feedback: "good" | "bad") =>
    button({
      text,
      action: ACTIONS.passageFeedback,
      value: { passage: key, feedback },
      label: feedback === "good" ? "This passage helped" : "This passage did not help",
    });
  return buttonRow([ask("It helped", "good"), ask("It did not help", "bad")]);
}

/** Asks for a reason behind a thumb; it may stay empty. */
export const feedbackModal = (pressed: Pressed & { feedback: "good" | "bad" }): ModalView =>
  modal({
    title: pressed.feedback === "good" ? "What helped?" : "What was wrong?",
    callback: CALLBACKS.feedbackReason,
    submit: "Send",
    close: "Skip",
    keep: buttonValue(pressed),
    blocks: [
      {
        type: "input",
        block_id: MODAL_FIELDS.reason.block,
        optional: true,
        label: plain("In a sentence, if you like", LIMITS.section),
        element: {
          type: "plain_text_input",
          action_id: MODAL_FIELDS.reason.action,
          multiline: true,
          max_length: LONGEST_REASON,
          focus_on_load: true,
        },
      },
    ],
  });
