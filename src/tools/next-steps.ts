import { z } from "zod";
import { eligibleSteps, type Step } from "#lifecycle/next-steps.ts";
import { type CitedPassage, isSpoken, playbookRules, sectionsOf, wordsToUseOf } from "#playbooks/rules.ts";
import { defineTool } from "./define-tool.ts";
import { KeptOut, plainReasons } from "./in-channel.ts";
import { accountInput, type ShownReason, showReasons, subjectOf } from "./subject.ts";
import { capital, distance, doubtLines, reasonWords, spellingNote } from "./words.ts";

export const nextStepsTool = defineTool({
  name: "next_steps",
  title: "Next steps",
  description:
    "One or two next actions for an account that its stage allows, each with reason, owner, due day and the playbook passage. Use for “what should I do next?”, and with words for “what should I write them?”. Advise nothing that is not in here.",
  effect: "reads",
  input: z.object({
    account: accountInput,
    limit: z.number().int().min(1).max(5).default(2),
    words: z
      .enum(["write", "say"])
      .optional()
      .describe("the playbook's words to write or to say, in place of its steps"),
  }),
  run: ({ account: said, limit, words }, context) =>
    context.database.read(context.actor, async (rows) => {
      const {
        account,
        judgement,
        facts,
        overview: { owner },
      } = await subjectOf(rows, said, context);
      const { model, moves } = context.knowledge;
      const chosen = eligibleSteps({
        model,
        moves,
        playbooks: await playbookRules(rows),
        judgement,
        facts,
        day: context.today,
      });
      const best = bestOfEach(chosen.steps).slice(0, limit);
      const ids = best.map(({ playbook }) => playbook);
      const passages = await sectionsOf(rows, ids);
      const texts = words ? await wordsToUseOf(rows, ids, words) : passages;
      const why = await showReasons(
        rows,
        best.flatMap((step) => step.why),
        facts.currency,
      );
      const steps = best.map(
        (step): ShownStep => ({
          move: step.move,
          title: step.moveTitle,
          playbookTitle: step.playbookTitle,
          why: why.splice(0, step.why.length), // they were asked for in the order of the steps
          owner: owner ?? capital(step.ownerRole.replaceAll("_", " ")),
          dueOn: step.dueOn,
          effortMinutes: step.effortMinutes,
          success: step.success,
          passage: texts.get(step.playbook) ?? passages.get(step.playbook)!, // its rule was read from the same table
          instead: words ? insteadOf(words, texts.get(step.playbook)?.section) : null,
        }),
      );
      const held = chosen.held
        .filter((gate) => gate.moves.length > 0)
        .map(({ gate, says, until }) => ({ gate, says, until }));
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
      ...doubtLines(doubts),
    ];
    return lines.filter(Boolean).join("\n");
  },
  sources: ({ steps, today }) =>
    steps.map(({ passage, playbookTitle, title, success, why }) => ({
      playbook: playbookTitle,
      section: passage.section,
      path: passage.source,
      playbookId: passage.playbookId,
      text: [title, passage.text, success].join("\n"), // what to do and when it is done stand in the playbook's head
      matched: telling(why).map(reasonWords).join("; "),
      overdueSince: passage.reviewBy < today ? passage.reviewBy : null,
    })),
  inChannel: (found) => {
    const kept = new KeptOut();
    const steps = found.steps.map((step) => ({ ...step, why: plainReasons(step.why, kept) }));
    return { finding: { ...found, steps }, keptOut: kept.words };
  },
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
  passage: CitedPassage;
  /** Said where the playbook lacks the words that were asked for. */
  instead: string | null;
}

/** What stands in the place of words that a playbook does not have; null where it has them. */
function insteadOf(words: "write" | "say", section: string | undefined): string | null {
  if (section === undefined) return "It has no words to use; these are its steps.";
  return words === "say" && !isSpoken(section) ? "It has no words for a call; these are to write." : null;
}

/** Two steps are two different things to do: each from a playbook of its own, with a move of its own. */
function bestOfEach(steps: Step[]): Step[] {
  const taken = new Set<string>();
  return steps.filter(({ playbook, move }) => {
    if (taken.has(playbook) || taken.has(move)) return false;
    taken.add(playbook).add(move);
    return true;
  });
}

const LONGEST_PASSAGE = 900; // of a passage shown under a step; the link opens the rest

function stepLines(
  { title, playbookTitle, why, owner, dueOn, effortMinutes, success, passage, instead }: ShownStep,
  index: number,
  today: string,
): string[] {
  return [
    `${index + 1}. **${title}** — ${owner}, by ${dueOn} (${distance(dueOn, today)}), about ${effortMinutes} minutes`,
    `   Why: ${telling(why).map(reasonWords).join("; ") || "it suits every account of this stage"}`,
    `   Playbook “${playbookTitle}”, ${passage.section} (${passage.source}):`,
    ...(instead ? [`   ${instead}`] : []),
    ...shorten(passage.text)
      .split("\n")
      .map((line) => `   > ${line}`),
    `   Success: ${success}`,
    ...(passage.reviewBy < today
      ? [`   It was to be reviewed by ${passage.reviewBy}: check that it still holds.`]
      : []),
  ];
}

/** What is known tells why; what is missing does only where nothing else is there. */
function telling(why: ShownReason[]): ShownReason[] {
  const known = why.filter(({ value }) => value !== null);
  return (known.length > 0 ? known : why).slice(0, 3);
}

/** Without its heading, and cut between lines where it is long. */
function shorten(text: string): string {
  const body = text.replace(/^#+ .*\n+/, "").trim();
  if (body.length <= LONGEST_PASSAGE) return body;
  const lineEnd = body.lastIndexOf("\n", LONGEST_PASSAGE);
  return `${body.slice(0, lineEnd > 0 ? lineEnd : LONGEST_PASSAGE)}\n…`;
}
