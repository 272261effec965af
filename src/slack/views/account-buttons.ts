import { ACTIONS } from "../actions.ts";
import type { Block } from "../message.ts";
import { button, buttonRow, type More } from "./elements.ts";
import { plainLine } from "./outside-text.ts";

const BUTTONS = [
  { action: ACTIONS.overview, text: "Overview", label: "Overview of" },
  { action: ACTIONS.whyThisStage, text: "Why this stage?", label: "Why this stage:" },
  { action: ACTIONS.timeline, text: "Timeline", label: "Timeline of" },
  { action: ACTIONS.nextSteps, text: "Next steps", label: "Next steps for" },
  { action: ACTIONS.playbook, text: "Playbook", label: "Playbook for" },
];

/** What can be asked about an account next, without what is shown already. */
export function accountButtons({ id, name }: { id: number; name: string }, { without = [] }: More): Block[] {
  const left = BUTTONS.filter(({ action }) => !without.includes(action));
  return buttonRow(
    left.map(({ action, text, label }) =>
      button({ text, action, value: { account: id }, label: `${label} ${plainLine(name, 60)}` }),
    ),
  );
}

/** A name was read in another spelling than it was written. */
export const spellingWords = ({ name, spelling }: { name: string; spelling: string | null }): string[] =>
  spelling ? [`I read “${plainLine(spelling, 60)}” as ${plainLine(name, 100)}.`] : [];
