import type { ModalView } from "@slack/types";
import { NOT_BEFORE_STRANGERS } from "#agent/run-tool.ts";
import { AskAgain } from "#errors.ts";
import { keepFeedback } from "#playbooks/feedback.ts";
import type { Playbook } from "#playbooks/playbook.ts";
import { loadPlaybooks } from "#playbooks/store.ts";
import type { nextStepsTool } from "#tools/next-steps.ts";
import { ACTIONS } from "../actions.ts";
import type { Asker, Job } from "../job.ts";
import { passageKey, playbookModal, readPassageKey, sayingModal } from "../views/index.ts";
import { runAll } from "./lookup.ts";
import { type Press, presser, showWindow } from "./press.ts";

type StepsFinding = Awaited<ReturnType<typeof nextStepsTool.run>>;

/** Opens a section of a playbook, whole: the one that a passage names, or that of an account's first next step. */
export async function openPlaybook(press: Press): Promise<void> {
  const { job, value } = press;
  const asker = await presser(press);
  if (asker.actor.audience === "external") throw new AskAgain(NOT_BEFORE_STRANGERS);
  const chosen = value?.passage ?? (await passageFor(job, asker, value?.account));
  await showWindow(press, typeof chosen === "string" ? await sectionWindow(job, asker, chosen) : chosen);
}

/** Whether the passage in the window helped the person: kept for the report, and said in the window. */
export async function judgePassage(press: Press): Promise<void> {
  const { job, value } = press;
  const asker = await presser(press);
  if (asker.actor.audience === "external") throw new AskAgain(NOT_BEFORE_STRANGERS);
  if (value?.passage === undefined || value.feedback === undefined)
    throw new AskAgain("That button names no passage. Open the playbook again.");
  const { passage, feedback } = value;
  const { playbookId, anchor } = readPassageKey(passage);
  const { database } = job.house;
  const [playbook] = await database.read(asker.actor, (rows) => loadPlaybooks(rows, [playbookId]));
  const section = playbook?.passages.find((each) => each.anchor === anchor)?.section;
  if (section !== undefined) {
    const given = { playbookId, section, helped: feedback === "good", personId: asker.actor.personId };
    await database.write(asker.actor, (rows) => keepFeedback(rows, given));
  }
  await showWindow(press, await sectionWindow(job, asker, passage, feedback));
}

/** The passage of the account's first next step; a window that says why there is none. */
async function passageFor(job: Job, asker: Asker, account: number | undefined): Promise<string | ModalView> {
  if (account === undefined) throw new AskAgain("That button names no playbook. Ask “how do we …?” for one.");
  const [found] = await runAll(job, asker, [{ tool: ACTIONS.nextSteps, input: { account: `#${account}`, limit: 1 } }]);
  if (!found || found.isError || !isSteps(found.output))
    return sayingModal("Playbook", found?.words ?? "No playbook was found.");
  const { steps, emptyBecause } = found.output;
  const [first] = steps;
  const key = first ? passageKey(first.passage) : null;
  return key ?? sayingModal("Playbook", `No playbook fits right now. ${emptyBecause ?? ""}`.trim());
}

const isSteps = (output: unknown): output is StepsFinding =>
  typeof output === "object" && output !== null && "steps" in output;

async function sectionWindow(
  { house, workspace }: Job,
  { actor }: Asker,
  key: string,
  judged?: "good" | "bad",
): Promise<ModalView> {
  const { playbookId, anchor } = readPassageKey(key);
  const [playbook] = await house.database.read(actor, (rows) => loadPlaybooks(rows, [playbookId]));
  const parts = playbook?.passages.filter((each) => each.anchor === anchor) ?? [];
  if (!playbook || parts.length === 0)
    return sayingModal("Playbook", "That section is no longer in the playbooks. Ask again for what they say now.");
  return playbookModal({
    key,
    ...(judged ? { judged } : {}),
    title: playbook.title,
    section: parts[0]?.section ?? "",
    text: parts.map(({ text }) => text).join("\n\n"),
    source: sourceOf(playbook, anchor),
    reviewBy: playbook.reviewBy,
    reviewOverdue: playbook.reviewBy < house.today(workspace),
  });
}

const sourceOf = ({ file }: Playbook, anchor: string): string => (anchor === "" ? file : `${file}#${anchor}`);
