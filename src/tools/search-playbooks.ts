import { z } from "zod";
import { AskAgain } from "#errors.ts";
import { type LifecycleModel, stageOf } from "#lifecycle/model.ts";
import type { FoundPassage } from "#playbooks/find.ts";
import { searchPlaybooks } from "#playbooks/search.ts";
import { defineTool, type ToolContext } from "./define-tool.ts";
import { accountInput, stageTitle, subjectOf } from "./subject.ts";

const LONGEST_PASSAGE = 900;

export const searchPlaybooksTool = defineTool({
  name: "search_playbooks",
  title: "Search the playbooks",
  description:
    "Passages of the company's playbooks for a situation, with their source, or that none covers it. Use for “how do we …?”, “what do we say when …?”, and for an angry customer. Name the account where there is one.",
  effect: "reads",
  input: z.object({
    question: z.string().trim().min(2).max(20_000).describe("the situation, in the asker's words"),
    account: accountInput.optional(),
    stage: z.string().max(60).optional().describe("a stage to look in, where the asker names one"),
  }),
  run: async ({ question, account: said, stage }, context) => {
    const { database, actor, knowledge } = context;
    const subject = said ? await database.read(actor, (rows) => subjectOf(rows, said, context)) : null;
    const at = whereToLook(
      subject
        ? subject.judgement.lapsed
          ? "lapsed"
          : subject.judgement.stage
        : stage
          ? stageNamed(stage, knowledge.model)
          : null,
      context,
    );
    const found = await searchPlaybooks({
      database,
      actor,
      question,
      embedder: knowledge.embedder,
      stages: at.stages,
      forbiddenMoves: at.forbidden,
      limit: 3,
      ...(subject ? { apartFrom: subject.account.name } : {}),
    });
    return { question, account: subject?.account ?? null, stage: at.title, ...found };
  },
  say: ({ verdict, passages, note, account, stage }) => {
    const about = account ? ` for **${account.name}** (${stage})` : stage ? ` (${stage})` : "";
    if (verdict === "none") return note ?? "No playbook covers this.";
    if (verdict === "close")
      return [
        `No playbook covers this${about}. The closest:`,
        ...passages.map(({ title, section, source }) => `- ${title} — ${section} (${source})`),
      ].join("\n");
    return [`From the playbooks${about}:`, ...passages.flatMap(passageLines), note].filter(Boolean).join("\n");
  },
  sources: ({ verdict, passages }) =>
    verdict === "none"
      ? []
      : passages.map(({ title, section, source }) => ({ playbook: title, section, path: source })),
});

/** Playbook stages and forbidden moves for a stage of the workspace's model. */
function whereToLook(
  stage: string | null,
  context: ToolContext,
): { stages: string[]; forbidden: string[]; title: string | null } {
  if (stage === null) return { stages: [], forbidden: [], title: null };
  if (stage === "lapsed") return { stages: ["lapsed"], forbidden: [], title: "Lapsed" };
  const known = stageOf(context.knowledge.model, stage);
  return {
    stages: known?.like ?? [],
    forbidden: known?.moves.forbidden.map(({ move }) => move) ?? [],
    title: stageTitle(context, stage),
  };
}

function stageNamed(said: string, model: LifecycleModel): string {
  const folded = said.trim().toLowerCase();
  if (["lapsed", "churned"].includes(folded)) return "lapsed";
  const stage = model.stages.find(({ id, name }) => id === folded || name.toLowerCase() === folded);
  if (!stage)
    throw new AskAgain(
      `There is no stage “${said}” in the model ${model.name}. There are: ${model.stages.map(({ name }) => name).join(", ")}.`,
    );
  return stage.id;
}

function passageLines({ title, section, source, text, why, stages }: FoundPassage): string[] {
  const body = text.replace(/^#+ .*\n+/, "").trim();
  const cut =
    body.length > LONGEST_PASSAGE
      ? `${body.slice(0, body.lastIndexOf("\n", LONGEST_PASSAGE) > 0 ? body.lastIndexOf("\n", LONGEST_PASSAGE) : LONGEST_PASSAGE)}\n…`
      : body;
  const because = [
    why.trigger && `like “${why.trigger}”`,
    why.words.length > 0 && `words ${why.words.slice(0, 6).join(", ")}`,
    why.stage && `for ${stages.join(", ")}`,
  ];
  return [
    `**${title}** — ${section} (${source})`,
    ...cut.split("\n").map((line) => `> ${line}`),
    `Matched: ${because.filter(Boolean).join("; ")}`,
  ];
}
