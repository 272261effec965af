import type { whyThisStageTool } from "#tools/why-this-stage.ts";
import { ACTIONS } from "../actions.ts";
import type { Block, Look } from "../message.ts";
import { accountButtons, spellingWords } from "./account-buttons.ts";
import { dayIn } from "./days.ts";
import { context, type More, section } from "./elements.ts";
import { escaped, lineIn, nameIn } from "./outside-text.ts";
import { doubts, reasonLine } from "./reasons.ts";
import { becauseWords, besidesWords, stageWords } from "./stage-words.ts";

export type WhyFinding = Awaited<ReturnType<typeof whyThisStageTool.run>>;

const EARLIER = 6; // stages that are told; the timeline has the rest

/** Why an account is in its stage: the rule, its rows, what the next stage lacks, the stages before. */
export function whyCard(
  { account, stage, objective, nearest, history }: WhyFinding,
  _: Look,
  more: More = {},
): Block[] {
  const reasons = [...stage.reasons, ...stage.context];
  const missing = nearest?.missing ?? [];
  const earlier = history.slice(1, EARLIER + 1).map(({ to, enteredOn }) => `${lineIn(to)} from ${dayIn(enteredOn)}`);
  const notes = [...spellingWords(account).map(escaped), ...besidesWords(stage), ...doubts(stage.doubts)];
  return [
    section(
      [
        `*${nameIn(account.name)}* is in ${stageWords(stage)}`,
        `*Why:* ${becauseWords(stage)}`,
        ...reasons.map(reasonLine),
      ].join("\n"),
    ),
    ...(nearest && missing.length > 0 && !more.compact
      ? [section([`*For ${lineIn(nearest.stage)} it lacks:*`, ...missing.map(reasonLine)].join("\n"))]
      : []),
    context(
      ...[
        `Objective: ${lineIn(objective)}`,
        earlier.length > 0 && `Earlier: ${earlier.join(", ")}`,
        notes.length > 0 && notes.join(" "),
      ].filter((each) => typeof each === "string"),
    ),
    ...accountButtons(account, { without: [ACTIONS.whyThisStage, ...(more.without ?? [])] }),
  ];
}
