import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { BadInput } from "#errors.ts";
import { type Difference, pairedBootstrap } from "#metrics/retrieval.ts";
import type { Run } from "./ask-set.ts";

const accepted = z.object({
  embedder: z.string(),
  questions: z.record(z.string(), z.object({ ndcg: z.number(), answered: z.boolean() })),
  unanswerable: z.record(z.string(), z.boolean()),
});

/** The run that later ones are held against, question by question. */
export type AcceptedRun = z.infer<typeof accepted>;

/** The accepted run of a set; null where there is none. Throws BadInput when the file is broken. */
export function readAccepted(file: string): AcceptedRun | null {
  if (!existsSync(file)) return null;
  try {
    return accepted.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    throw new BadInput(`${file} is no accepted run. Delete it and run with --accept.`, { cause });
  }
}

/** Keeps a run, a question a line, so that a diff shows which ones changed. Throws BadInput when the file cannot be written. */
export function writeAccepted(file: string, run: Run, embedder: string): void {
  const lines = (pairs: [string, unknown][]) =>
    pairs.map(([id, value]) => `    ${JSON.stringify(id)}: ${JSON.stringify(value)}`).join(",\n");
  const questions = run.questions.map(({ id, ndcg, answered }): [string, unknown] => [
    id,
    { ndcg: rounded(ndcg), answered },
  ]);
  const unanswerable = run.unanswerable.map(({ id, answered }): [string, unknown] => [id, answered]);
  const text = `{\n  "embedder": ${JSON.stringify(embedder)},\n  "questions": {\n${lines(questions)}\n  },\n  "unanswerable": {\n${lines(unanswerable)}\n  }\n}\n`;
  try {
    writeFileSync(file, text);
  } catch (cause) {
    throw new BadInput(`The accepted run cannot be written to ${file}. Name another file with --accepted.`, { cause });
  }
}

const rounded = (value: number): number => Number(value.toFixed(4));

/** One figure now against the accepted run. */
export interface Change {
  what: string;
  questions: number;
  difference: Difference;
  /** Worse, and by more than chance: the whole interval lies on the wrong side. */
  dropped: boolean;
}

/** What changed since the accepted run, over the questions that both have; halves apart. */
export function changesSince(before: AcceptedRun, { questions, unanswerable }: Run): Change[] {
  const known = questions.filter(({ id }) => before.questions[id]);
  const byHalf = [...Map.groupBy(known, ({ half }) => half)];
  const ranking = byHalf.map(([half, asked]) =>
    change(
      half ? `nDCG@10, ${half}` : "nDCG@10",
      asked.map(({ id, ndcg }) => [rounded(ndcg), before.questions[id]!.ndcg]),
      1,
    ),
  );
  const answers = known.map(({ id, answered }): Pair => [Number(answered), Number(before.questions[id]!.answered)]);
  const refused = unanswerable.filter(({ id }) => before.unanswerable[id] !== undefined);
  const refusals = [...Map.groupBy(refused, ({ half }) => half)].map(([half, asked]) =>
    change(
      half ? `false answers, ${half}` : "false answers",
      asked.map(({ id, answered }) => [Number(answered), Number(before.unanswerable[id])]),
      -1,
    ),
  );
  return [...ranking, change("answered", answers, 1), ...refusals];
}

type Pair = [now: number, before: number];

function change(what: string, pairs: Pair[], better: 1 | -1): Change {
  const difference = pairedBootstrap(
    pairs.map(([now]) => now),
    pairs.map(([, before]) => before),
  );
  const dropped = better === 1 ? difference.high < 0 : difference.low > 0;
  return { what, questions: pairs.length, difference, dropped };
}
