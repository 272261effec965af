import { z } from "zod";
import { accountOverview } from "#accounts/overview.ts";
import type { Reading } from "#database/door.ts";
import { eligibleSteps, type Step } from "#lifecycle/next-steps.ts";
import { passageFor, playbookRules } from "#playbooks/rules.ts";
import { defineTool, type ToolContext } from "./define-tool.ts";
import { accountInput, type ShownReason, showReasons, subjectOf } from "./subject.ts";
import { capital, distance, reasonWords, spellingNote } from "./words.ts";

export const nextStepsTool = defineTool({
  name: "next_steps",
  title: "Next steps",
  description: "One or two next actions for an account that its stage allows, each with reason, owner, due day and the playbook passage. Use for “what should I do next?”. Advise nothing that is not in here.",
  effect: "reads",
  input: z.object({ account: accountInput, limit: z.number().int().min(1).max(5).default(2) }),
  run: ({ account: said, limit }, context) =>
    context.database.read(context.actor, async (rows) => {
      const { account, judgement, facts } = await subjectOf(rows, said, context);
      const { model, moves } = context.knowledge;
      const chosen = eligibleSteps({ model, moves, playbooks: await playbookRules(rows), judgement, facts, day: context.today });
      const { owner } = await accountOverview(rows, account.id);
      const steps: ShownStep[] = [];
      // One after the other: a transaction is one conversation with the database.
      for (const step of bestOfEach(chosen.steps).slice(0, limit)) steps.push(await showStep(rows, step, owner, context));
      const held = chosen.held.filter((gate) => gate.moves.length > 0).map(({ gate, says, until }) => ({ gate, says, until }));
      return {
        account,
        today: context.today,
        stage: judgement.lapsed ? "Lapsed" : judgement.stageName,
        steps,
        held,
        emptyBecause: chosen.emptyBecause,
        doubts: chosen.doubts,
      };
    }),
  say: ({ account, stage, steps, held, emptyBecause, doubts, today }) => {
    const lines = [
      `${spellingNote(account)}Next for **${account.name}** (${stage}):`,
      ...steps.flatMap((step, index) => stepLines(step, index, today)),
      emptyBecause && `No step fits. ${emptyBecause}.`,
      ...held.map(({ says, until }) => `Held back: ${says}${until ? `, until ${until}` : ""}.`),
      ...doubts.map((doubt) => `Note: ${doubt}.`),
    ];
    return lines.filter(Boolean).join("\n");
  },
  sources: ({ steps }) => steps.map(({ passage, playbookTitle }) => ({ playbook: playbookTitle, section: passage.section, path: passage.source })),
});

/** One step as it is shown: what, why, who, until when, and the passage that says how. */
interface ShownStep {
  move: string;
  title: string;
  playbookTitle: string;
  why: ShownReason[];
  owner: string;
  dueOn: string;
  effortMinutes: number;
  success: string;
  passage: { section: string; text: string; source: string };
}

/** Two steps are two things to do: the second comes from another playbook. */
function bestOfEach(steps: Step[]): Step[] {
  const seen = new Set<string>();
  return steps.filter(({ playbook }) => !seen.has(playbook) && seen.add(playbook));
}

async function showStep(rows: Reading, step: Step, owner: string | null, { knowledge }: ToolContext): Promise<ShownStep> {
  const { section, text, source } = await passageFor({ rows, playbookId: step.playbook, section: "Steps", embedder: knowledge.embedder });
  return {
    move: step.move,
    title: step.moveTitle,
    playbookTitle: step.playbookTitle,
    why: await showReasons(rows, step.why),
    owner: owner ?? capital(step.ownerRole.replaceAll("_", " ")),
    dueOn: step.dueOn,
    effortMinutes: step.effortMinutes,
    success: step.success,
    passage: { section, text, source },
  };
}

const LONGEST_PASSAGE = 700; // of a passage shown under a step; the link opens the rest

function stepLines({ title, playbookTitle, why, owner, dueOn, effortMinutes, success, passage }: ShownStep, index: number, today: string): string[] {
  return [
    `${index + 1}. **${title}** — ${owner}, by ${dueOn} (${distance(dueOn, today)}), about ${effortMinutes} minutes`,
    `   Why: ${why.slice(0, 3).map(reasonWords).join("; ") || "it suits every account of this stage"}`,
    `   Playbook “${playbookTitle}”, ${passage.section} (${passage.source}):`,
    ...shorten(passage.text).split("\n").map((line) => `   > ${line}`),
    `   Success: ${success}`,
  ];
}

function shorten(text: string): string {
  const body = text.replace(/^#+ .*\n+/, "").trim();
  if (body.length <= LONGEST_PASSAGE) return body;
  const cut = body.slice(0, LONGEST_PASSAGE);
  return `${cut.slice(0, Math.max(cut.lastIndexOf("\n"), cut.lastIndexOf(". ") + 1))}\n…`;
}
