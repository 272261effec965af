import { join } from "node:path";
import type { Config } from "#config.ts";
import type { Database } from "#database/door.ts";
import { BadInput } from "#errors.ts";
import { readAccepted } from "#evals/accepted-run.ts";
import { mean } from "#metrics/retrieval.ts";
import { chooseEmbedder } from "#playbooks/embedders/embedder.ts";
import { languageOf } from "#playbooks/languages.ts";
import { type IndexReport, indexReport } from "#playbooks/statistics.ts";
import { actorIn, type Workspace } from "#workspaces/workspace.ts";
import { broken, type Check, note, off, ok } from "./check.ts";

/** How the playbooks of a workspace are indexed, beside what the settings want. */
export async function checkIndex(database: Database, workspace: Workspace, config: Config): Promise<Check> {
  const area = "playbook search";
  const report = await database.read(actorIn(workspace), indexReport);
  if (report.passages === 0)
    return off(
      area,
      `nothing is indexed in ${workspace.handle} yet`,
      "`perennial ingest` does it; `perennial start` too.",
    );
  const used = report.indexes.find(({ complete }) => complete);
  const language = languageOf(report.stemmer);
  const wanted = workspace.language ?? config.language;
  const says = `${report.playbooks} playbooks, ${report.passages} passages, ${language}; ${used ? vectorsSaid(used) : "no vectors"}${fillingSaid(report)}`;
  if (language !== wanted)
    return note(area, `${says}; the setting is ${wanted}`, "`perennial ingest` indexes them in that language.");
  const model = nameOf(config);
  if (model !== null && used?.model !== model)
    return note(
      area,
      `${says}; the settings name ${model}, so questions are found by words only`,
      "`perennial ingest` embeds with it and switches over.",
    );
  return ok(area, says);
}

function vectorsSaid({ model, fingerprint, dimension, neighbours, effort }: IndexReport["indexes"][number]): string {
  const way = neighbours
    ? `by an index of neighbours that keeps ${effort} in view`
    : effort === 0
      ? "every vector compared (an index of neighbours was tried and found too little)"
      : "every vector compared";
  return `vectors of ${model}, ${dimension} numbers, fingerprint ${fingerprint.slice(0, 8)}, ${way}`;
}

const fillingSaid = ({ indexes, passages }: IndexReport): string =>
  indexes
    .filter(({ complete }) => !complete)
    .map(({ model, vectors }) => `; of ${model}, ${vectors} of ${passages} are embedded`)
    .join("");

/** null: the settings are wrong, which another line says. */
function nameOf({ embedding }: Config): string | null {
  try {
    return chooseEmbedder(embedding).name;
  } catch (error) {
    if (error instanceof BadInput) return null;
    throw error;
  }
}

const AREA = "search quality";

/** How good the search was on the golden questions when its run was last accepted, where that was with this embedder. */
export function checkAccepted(config: Config): Check {
  const { name, accepted } = { name: nameOf(config), accepted: acceptedRun(config) };
  const cure = "`perennial doctor --quality` asks the golden questions now.";
  if (accepted === null) return off(AREA, "the golden questions have no accepted run", cure);
  if (accepted instanceof BadInput) return broken(AREA, accepted.message);
  if (accepted.embedder !== name)
    return note(AREA, `the golden questions were last accepted with ${accepted.embedder}, not with ${name}`, cure);
  const questions = Object.values(accepted.questions);
  const wrong = Object.values(accepted.unanswerable);
  const says = figures({
    questions: questions.length,
    ndcg: mean(questions.map(({ ndcg }) => ndcg)),
    answered: mean(questions.map(({ answered }) => Number(answered))),
    falseAnswers: wrong.length === 0 ? null : mean(wrong.map(Number)),
  });
  return ok(AREA, `${says}, when it was last accepted; --quality asks them now`);
}

function acceptedRun({ knowledgeFolder }: Config) {
  try {
    return readAccepted(join(knowledgeFolder, "golden", "accepted-run.json"));
  } catch (error) {
    if (error instanceof BadInput) return error;
    throw error;
  }
}

interface Figures {
  questions: number;
  ndcg: number;
  answered: number;
  falseAnswers: number | null;
}

const figures = ({ questions, ndcg, answered, falseAnswers }: Figures): string =>
  `${questions} golden questions: nDCG@10 ${ndcg.toFixed(3)}, ${Math.round(100 * answered)} % answered${
    falseAnswers === null ? "" : `, ${Math.round(100 * falseAnswers)} % of the unanswerable ones wrongly`
  }`;

/** Asks the golden questions now, over the playbooks of the settings, in a database of its own in memory. */
export async function checkQuality(config: Config, onProgress: (words: string) => void): Promise<Check> {
  const [{ openDatabase }, { createLog }, { evaluate }, { readQuestionSet }] = await Promise.all([
    import("#database/connect.ts"),
    import("#log.ts"),
    import("#evals/evaluate.ts"),
    import("#evals/question-set.ts"),
  ]);
  try {
    const golden = join(config.knowledgeFolder, "golden", "playbooks");
    const set = await readQuestionSet(golden, join(config.knowledgeFolder, "playbooks"));
    const embedder = chooseEmbedder(config.embedding);
    const { database, close } = await openDatabase({ url: null, folder: "memory", log: createLog("silent") });
    try {
      const began = performance.now();
      const { questions, unanswerable } = await evaluate({ database, embedder, set, onProgress });
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      const says = figures({
        questions: questions.length,
        ndcg: mean(questions.map(({ ndcg }) => ndcg)),
        answered: mean(questions.map(({ answered }) => Number(answered))),
        falseAnswers: unanswerable.length === 0 ? null : mean(unanswerable.map(({ answered }) => Number(answered))),
      });
      return ok(AREA, `${says}, now, with ${embedder.name}, in ${seconds} s`);
    } finally {
      await close();
    }
  } catch (error) {
    if (error instanceof BadInput) return broken(AREA, error.message);
    throw error;
  }
}
