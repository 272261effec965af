import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { z } from "zod";
import { BadInput } from "#errors.ts";
import { readPlaybooks } from "#playbooks/folder.ts";
import type { Playbook } from "#playbooks/playbook.ts";
import { playbookOf } from "./document.ts";
import { eachOnce, jsonLines, judgementsFile, linesOf, readGrades } from "./set-files.ts";

export type Half = "tuned" | "unseen";

export interface Question {
  id: string;
  text: string;
  stage: string | null;
  /** Whether the search may be tuned on it; null where a set has no halves. */
  half: Half | null;
  /** The account that the asker names: the search looks past its name, as it does where people ask. */
  account: string | null;
  /** Situations and playbooks that the facts of the account show, where the question is about one. */
  situations: string[];
  firedPlaybooks: string[];
  /** Playbook id → grade. */
  grades: ReadonlyMap<string, number>;
}

/** Questions with the playbooks (or documents) that answer them, and questions that none answers. */
export interface QuestionSet {
  name: string;
  folder: string;
  playbooks: Playbook[];
  questions: Question[];
  unanswerable: { id: string; text: string; half: Half | null }[];
  /** Questions that were neither marked as unanswerable nor judged: they measure nothing. */
  unjudged: number;
  /** Judgements of documents that the corpus does not have: no search can find them. */
  missing: number;
}

const words = z.string().transform((text) => text.toWellFormed().replaceAll("\0", " "));
const anyId = z.union([z.string().min(1), z.number()]).transform((id) => String(id).trim().toWellFormed());
const asked = z
  .object({
    id: anyId.nullish(),
    _id: anyId.nullish(),
    text: words,
    stage: z.string().nullish(),
    half: z.enum(["tuned", "unseen"]).nullish(),
    oos: z.boolean().default(false),
    account: z.string().nullish(),
    situations: z.array(z.string()).default([]),
    fires: z.array(z.string()).default([]),
  })
  .transform((given) => ({ ...given, id: given.id ?? given._id ?? "" }));
const document = z
  .object({
    id: anyId.nullish(),
    _id: anyId.nullish(),
    title: words.nullish(),
    text: words,
    stage: z.string().nullish(),
    stages: z.array(z.string()).nullish(),
    triggers: z.array(z.string()).nullish(),
  })
  .transform((given) => ({ ...given, id: given.id ?? given._id ?? "" }));

/** Sets from elsewhere call the id `_id`, and some have both. */
const withId = <T extends { id: string }>(row: z.ZodType<T>) => row.refine(({ id }) => id !== "", "has no id");

/**
 * Reads a set in the simple format: queries.jsonl {id, text, stage?, half?, oos?}, qrels.tsv (question, document, grade),
 * corpus.jsonl {id, title, text, stages?, triggers?}, and unanswerable.txt or .jsonl if there is one; or as BEIR lays it out,
 * with `_id` and qrels/test.tsv. Without a corpus the questions are about the playbooks of `playbookFolder`. Throws
 * BadInput with file, line and cure.
 */
export async function readQuestionSet(folder: string, playbookFolder: string): Promise<QuestionSet> {
  const root = resolve(folder);
  const [corpus, judgements] = [join(root, "corpus.jsonl"), judgementsFile(root)];
  const queries = eachOnce(join(root, "queries.jsonl"), jsonLines(join(root, "queries.jsonl"), withId(asked)));
  const grades = readGrades(judgements);
  const playbooks = existsSync(corpus) ? documentsOf(corpus) : (await readPlaybooks(playbookFolder)).playbooks;
  const judged = queries.filter(({ id, oos }) => grades.has(id) && !oos);
  const oos = queries.filter((each) => each.oos);
  const unanswerable = [...oos, ...listed(root)].map(({ id, text, half }) => ({ id, text, half: half ?? null }));
  const questions = judged.map(({ id, text, stage, half, account, situations, fires }) => ({
    id,
    text,
    stage: stage ?? null,
    half: half ?? null,
    account: account ?? null,
    situations,
    firedPlaybooks: fires,
    grades: grades.get(id)!, // judged
  }));
  return {
    name: basename(root),
    folder: root,
    playbooks,
    questions,
    unanswerable: [...new Map(unanswerable.map((each) => [each.text, each])).values()],
    unjudged: queries.length - judged.length - oos.length,
    missing: missingOf(questions, playbooks, judgements),
  };
}

const documentsOf = (file: string): Playbook[] =>
  eachOnce(file, jsonLines(file, withId(document))).map(({ id, title, text, stage, stages, triggers }) =>
    playbookOf({ id, title: title ?? "", text, stages: stages ?? (stage ? [stage] : []), triggers: triggers ?? [] }),
  );

/** How many judgements name documents that are not there. Throws BadInput where nothing that is there was judged. */
function missingOf(questions: Question[], playbooks: Playbook[], judgements: string): number {
  if (questions.length === 0)
    throw new BadInput(`${judgements} judges none of the questions in queries.jsonl. Check the ids of both.`);
  const known = new Set(playbooks.map(({ id }) => id));
  const judged = questions.flatMap(({ grades }) => [...grades.keys()]);
  const missing = judged.filter((id) => !known.has(id));
  if (missing.length === judged.length)
    throw new BadInput(
      `${judgements} names none of the ${known.size} documents that there are, but such as "${missing[0]}". Check the ids of both.`,
    );
  return missing.length;
}

/** unanswerable.jsonl {text}, or unanswerable.txt with a question a line (what stands before a bar is its kind). */
function listed(root: string): { id: string; text: string; half?: Half | null | undefined }[] {
  const [json, text] = [join(root, "unanswerable.jsonl"), join(root, "unanswerable.txt")];
  if (existsSync(json))
    return jsonLines(json, asked).map(({ row }, at) => ({ ...row, id: row.id === "" ? `none-${at + 1}` : row.id }));
  if (!existsSync(text)) return [];
  return linesOf(text).map((line, at) => ({ id: `none-${at + 1}`, text: line.text.replace(/^\w+\|/, "") }));
}
