import type { Database } from "#database/door.ts";
import type { Embedder } from "#playbooks/embedders/embedder.ts";
import { actorIn, ensureWorkspace } from "#workspaces/workspace.ts";
import { askSet, type Run, type Without } from "./ask-set.ts";
import { withoutTriggers } from "./document.ts";
import { type Ground, indexSet } from "./index-set.ts";
import type { Half, QuestionSet } from "./question-set.ts";

export interface Evaluation {
  database: Database;
  embedder: Embedder;
  set: QuestionSet;
  /** PostgreSQL's dictionary for the language of the set; English by default. */
  stemmer?: string;
  /** Only this half of the questions. */
  half?: Half;
  onProgress?: (words: string) => void;
}

/** Indexes a set into a workspace of its own and asks all its questions. */
export async function evaluate(evaluation: Evaluation): Promise<Run> {
  const ground = await groundFor(evaluation, "eval");
  return ask(evaluation, ground, {}, "Asking");
}

export interface Ablation {
  name: string;
  run: Run;
}

/** The same questions with one part of the search left out at a time; the first row leaves out nothing. */
export async function ablate(evaluation: Evaluation): Promise<Ablation[]> {
  const { set } = evaluation;
  const whole = await groundFor(evaluation, "ablation");
  const rows: Ablation[] = [];
  for (const [name, without] of partsOf(set)) rows.push({ name, run: await ask(evaluation, whole, without, name) });
  if (set.playbooks.some(({ triggers }) => triggers.length > 0)) {
    const bare = { ...evaluation, set: { ...set, playbooks: withoutTriggers(set.playbooks) } };
    const ground = await groundFor(bare, "ablation-triggers");
    rows.push({ name: "without triggers", run: await ask(bare, ground, {}, "without triggers") });
  }
  return rows;
}

/** Only what a set can show: without a stage in any question there is no boost to leave out. */
function partsOf({ questions }: QuestionSet): [string, Without][] {
  const parts: [string, Without, boolean][] = [
    ["everything", {}, true],
    ["without stage boost", { stage: true }, questions.some(({ stage }) => stage !== null)],
    ["without vectors", { wordShare: 1 }, true],
    ["without BM25", { wordShare: 0 }, true],
    [
      "without account facts",
      { facts: true },
      questions.some(({ situations, firedPlaybooks }) => situations.length + firedPlaybooks.length > 0),
    ],
  ];
  return parts.filter(([, , shows]) => shows).map(([name, without]) => [name, without]);
}

async function groundFor(
  { database, embedder, stemmer, set, onProgress }: Evaluation,
  handle: string,
): Promise<Ground> {
  onProgress?.(`Indexing ${set.playbooks.length} playbooks of ${set.name}`);
  const workspace = await ensureWorkspace(database, { handle, name: handle, zone: "UTC", baseCurrency: "USD" });
  const ground = { database, actor: actorIn(workspace), embedder, ...(stemmer ? { stemmer } : {}) };
  await indexSet(ground, set.playbooks);
  return ground;
}

function ask({ set, half, onProgress }: Evaluation, ground: Ground, without: Without, what: string): Promise<Run> {
  const questions = half ? set.questions.filter((each) => each.half === half) : set.questions;
  const unanswerable = half ? set.unanswerable.filter((each) => (each.half ?? half) === half) : set.unanswerable;
  const all = questions.length + unanswerable.length;
  return askSet(ground, { questions, unanswerable }, without, (done) => {
    if (done % 25 === 0) onProgress?.(`${what}: ${done} of ${all}`);
  });
}
