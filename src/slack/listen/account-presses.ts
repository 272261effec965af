import type { ModalView } from "@slack/types";
import { choiceOf, type Finding } from "#agent/answer.ts";
import { AskAgain } from "#errors.ts";
import type { ToolCall } from "#threads/focus.ts";
import { toolNamed } from "#tools/index.ts";
import { ACTIONS } from "../actions.ts";
import type { Asker, Job } from "../job.ts";
import { type AccountFinding, accountModal, cardOf, lookUpModal } from "../views/index.ts";
import { LIMITS, uniqueActions } from "../views/limits.ts";
import { lookOf } from "./answering.ts";
import { forTheirEyes, lookUpAndShow, runAll } from "./lookup.ts";
import { type Press, presser, showWindow } from "./press.ts";
import { threadKey } from "./threads.ts";

/** A button of an account's card: the tool it names, for the account it names. Answered where the card stands. */
export async function accountPress(press: Press): Promise<void> {
  const call = callOf(press);
  const asker = await presser(press);
  const { job, thread, responseUrl, view } = press;
  if (view) return showWindow(press, await accountWindow(job, asker, call));
  const shown = (findings: readonly Finding[]) => questionOf(call.tool, nameIn(findings));
  if (thread && !isExternal(asker)) {
    const memory = threadKey(thread.channel, thread.thread);
    return lookUpAndShow(job, { asker, calls: [call], shown, memory }, { how: "post", to: thread });
  }
  const asked = { asker: forTheirEyes(asker), calls: [call], shown };
  await lookUpAndShow(job, asked, responseUrl ? { how: "respond", responseUrl } : { how: "private" });
}

/** An account was picked in the look-up window, which then shows its card. */
export async function pickAccount(press: Press): Promise<void> {
  const call = callOf({ ...press, action: ACTIONS.overview });
  await showWindow(press, await accountWindow(press.job, await presser(press), call));
}

const isExternal = ({ actor }: Asker): boolean => actor.audience === "external";

/** The buttons of an account carry the name of the tool that they run. */
function callOf({ action, value }: Pick<Press, "action" | "value">): ToolCall {
  if (value?.account === undefined) throw new AskAgain("That button names no account. Ask me by the account's name.");
  return { tool: action, input: { account: `#${value.account}` } };
}

/** The look-up window with what a tool found, so that the next account can be picked in it. */
export async function accountWindow(job: Job, asker: Asker, call: ToolCall): Promise<ModalView> {
  const [finding] = await runAll(job, asker, [call]);
  if (!finding) throw new Error("a tool was run and found nothing at all");
  const look = lookOf(job, asker, job.house.today(job.workspace));
  if (finding.tool === ACTIONS.overview && !finding.isError && !choiceOf(finding))
    return accountModal(finding.output as AccountFinding, look); // what that tool returns
  const window = lookUpModal();
  const blocks = [...window.blocks, { type: "divider" as const }, ...cardOf(finding, look)];
  return { ...window, blocks: uniqueActions(blocks.slice(0, LIMITS.viewBlocks)) as ModalView["blocks"] }; // cards of one account hold no chart
}

const QUESTIONS: Record<string, (name: string) => string> = {
  [ACTIONS.whyThisStage]: (name) => `Why is ${name} in its stage?`,
  [ACTIONS.timeline]: (name) => `Show me the timeline of ${name}`,
  [ACTIONS.nextSteps]: (name) => `What should I do next with ${name}?`,
  [ACTIONS.overview]: (name) => `Tell me about ${name}`,
};

/** What a person would have asked instead of pressing. */
export const questionOf = (tool: string, name: string): string =>
  QUESTIONS[tool]?.(name) ?? `${toolNamed(tool)?.title ?? tool}: ${name}`;

/** The account that was found, by name. */
export function nameIn(findings: readonly Finding[]): string {
  for (const { output } of findings) {
    if (typeof output !== "object" || output === null || !("account" in output)) continue;
    const { account } = output;
    if (typeof account === "object" && account !== null && "name" in account && typeof account.name === "string")
      return account.name;
  }
  return "that account";
}
