import type { nextStepsTool } from "#tools/next-steps.ts";
import { distance } from "#tools/words.ts";
import { ACTIONS } from "../actions.ts";
import type { Block, Look } from "../message.ts";
import { accountButtons, spellingWords } from "./account-buttons.ts";
import { dayFrom, dayIn, daysIn } from "./days.ts";
import { button, context, type More, section } from "./elements.ts";
import { escaped, lineIn, nameIn, plainLine } from "./outside-text.ts";
import { passageKey, passageQuote, sourceLine } from "./passages.ts";
import { doubts, reasonsInSentence } from "./reasons.ts";

export type StepsFinding = Awaited<ReturnType<typeof nextStepsTool.run>>;
type Step = StepsFinding["steps"][number];

const WHY_SHOWN = 3;

/** What to do next: each step with who, until when, why, and the passage of the playbook that says how. */
export function stepsCard(found: StepsFinding, look: Look, more: More = {}): Block[] {
  const { account, stage, steps, held, emptyBecause } = found;
  const title = steps.length === 0 ? "No step fits now" : steps.length === 1 ? "Next step" : "Next steps";
  const notes = [
    ...spellingWords(account).map(escaped),
    ...held.map(({ says, until }) => `Held back: ${lineIn(daysIn(says))}${until ? `, until ${dayIn(until)}` : ""}.`),
    ...doubts(found.doubts),
  ];
  return [
    section(
      `*${title} for ${nameIn(account.name)}* (${lineIn(stage)})${emptyBecause ? `\n${lineIn(daysIn(emptyBecause), 600)}.` : ""}`,
    ),
    ...steps.flatMap((step, index) => stepBlocks(step, index, look)),
    ...(notes.length > 0 ? [context(notes.join(" "))] : []),
    ...accountButtons(account, { without: [ACTIONS.nextSteps, ACTIONS.playbook, ...(more.without ?? [])] }),
  ];
}

function stepBlocks(step: Step, index: number, { today }: Look): Block[] {
  const known = step.why.filter(({ value }) => value !== null);
  const why = reasonsInSentence((known.length > 0 ? known : step.why).slice(0, WHY_SHOWN));
  const key = passageKey(step.passage);
  const open =
    key === null
      ? undefined
      : button({
          text: "Playbook",
          action: ACTIONS.playbook,
          value: { passage: key },
          label: `Open the playbook ${plainLine(step.playbookTitle, 50)}`,
        });
  const soon = step.dueOn <= today ? `*${distance(step.dueOn, today)}*` : `*${dayFrom(step.dueOn, today)}*`;
  return [
    section(
      [
        `*${index + 1}. ${lineIn(step.title)}*`,
        `${nameIn(step.owner, 80)}, by ${soon}, about ${step.effortMinutes} minutes`,
        `Why: ${why || "it suits every account of this stage"}`,
        `Done when: ${lineIn(step.success)}`,
      ].join("\n"),
      open,
    ),
    section(`${passageQuote(step.passage.text)}\n${sourceLine(step.playbookTitle, step.passage)}`),
  ];
}
