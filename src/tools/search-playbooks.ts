import { z } from "zod";
import { AskAgain } from "#errors.ts";
import { type LifecycleModel, stageOf } from "#lifecycle/model.ts";
import type { FoundPassage } from "#playbooks/find.ts";
import { withoutNames } from "#playbooks/gaps.ts";
import { RERANKED, rerank } from "#playbooks/rerank.ts";
import type { PlaybookAnswer } from "#playbooks/search.ts";
import { searchTold } from "#playbooks/search-told.ts";
import { tellsWhenOnly } from "#playbooks/section-kinds.ts";
import { defineTool, type ToolContext } from "./define-tool.ts";
import { plainLine } from "./detail-line.ts";
import { subjectMeant } from "./fired-playbooks.ts";
import { KeptOut, plainFactWords } from "./in-channel.ts";
import { asSource, type ShownPassage, sayCovered, sayUncovered } from "./playbook-words.ts";
import { standingFacts } from "./standing-facts.ts";
import { accountInput, type Subject, stageTitle } from "./subject.ts";

const SHOWN = 3;
const NEARLY_AS_GOOD = 0.9; // of the first one's confidence; of those below, five in six were of no use on the tuned questions

export const searchPlaybooksTool = defineTool({
  name: "search_playbooks",
  title: "Search the playbooks",
  description:
    "Passages of the company's playbooks for a situation, with their source, or that none covers it. Use for “how do we …?”, “what do we say when …?”, and for an angry customer. Name the account where there is one.",
  effect: "reads",
  input: z.object({
    question: z
      .string()
      .trim()
      .min(2)
      .max(20_000)
      .describe("the situation, in the asker's words; what is asked of it later may follow after “; ”"),
    account: accountInput.optional(),
    stage: z.string().max(60).optional().describe("a stage to look in, where the asker names one"),
  }),
  run: async ({ question, account: said, stage }, context) => {
    const { database, actor, knowledge, today } = context;
    const subject = await database.read(actor, (rows) => subjectMeant(rows, { said, question, stage }, context));
    const at = whereToLook(stageAsked(subject, stage, knowledge.model), context);
    const found = await searchTold(question, {
      database,
      actor,
      embedder: knowledge.embedder,
      stages: at.stages,
      forbiddenMoves: at.forbidden,
      firedPlaybooks: [...(subject?.fired.keys() ?? [])],
      limit: knowledge.rerank ? RERANKED : SHOWN,
      ...(knowledge.stemmer ? { stemmer: knowledge.stemmer } : {}),
      ...(subject ? { apartFrom: subject.account.name } : {}),
    });
    if (found.verdict !== "found") await tellGap(question, found, { subject, said, stage: at.title }, context);
    const { passages, note } =
      knowledge.rerank && found.verdict === "found"
        ? await rerank(knowledge.rerank, question, found.passages)
        : { passages: found.passages, note: null };
    return {
      account: subject?.account ?? null,
      stage: at.title,
      facts: subject ? standingFacts(subject, today) : [],
      ...found,
      passages: worthReading(passages).map(
        (passage): ShownPassage => ({
          ...passage,
          facts: subject?.fired.get(passage.playbookId) ?? [],
          reviewOverdue: passage.reviewBy < today,
        }),
      ),
      note: [found.note, note].filter(Boolean).join(" ") || null,
    };
  },
  say: (found) => (found.verdict === "found" ? sayCovered(found) : sayUncovered(found)),
  sources: ({ verdict, passages }) => (verdict === "found" ? passages.map(asSource) : []),
  honestNo: (found) => (found.verdict === "found" ? null : sayUncovered(found)),
  inChannel: (found) => {
    const kept = new KeptOut();
    const passages = found.passages.map((each) => ({ ...each, facts: plainFactWords(each.facts, kept) }));
    const facts = found.facts.map((each) => plainLine(each, kept));
    return { finding: { ...found, passages, facts }, keptOut: kept.words };
  },
});

/** The first passage, and of the next ones what says more: not only for what a playbook is that is shown already. */
const worthReading = (passages: FoundPassage[]): FoundPassage[] =>
  passages
    .filter(
      (each, at) =>
        at === 0 ||
        (each.confidence >= NEARLY_AS_GOOD * passages[0]!.confidence &&
          !(tellsWhenOnly(each) && passages.slice(0, at).some(({ playbookId }) => playbookId === each.playbookId))),
    )
    .slice(0, SHOWN);

/** The account's stage, else the one that the asker names, else none. */
function stageAsked(subject: Subject | null, stage: string | undefined, model: LifecycleModel): string | null {
  if (subject) return subject.judgement.lapsed ? "lapsed" : subject.judgement.stage;
  return stage ? stageNamed(stage, model) : null;
}

interface Asked {
  subject: Subject | null;
  said: string | undefined;
  stage: string | null;
}

/** Hands on a question that nothing covers, without the names in it. */
async function tellGap(
  question: string,
  { verdict, passages }: PlaybookAnswer,
  { subject, said, stage }: Asked,
  { onGap, today }: ToolContext,
): Promise<void> {
  if (!onGap || verdict === "found") return;
  const names = subject ? [subject.account.name, ...(said ? [said] : [])] : [];
  const nearest = [...new Set(passages.map(({ playbookId }) => playbookId))];
  await onGap({ question: withoutNames(question, names), stage, verdict, nearest, askedOn: today });
}

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
