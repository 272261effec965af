import { existsSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { z } from "zod";
import { BadInput } from "#errors.ts";
import { readPlaybooks } from "#playbooks/folder.ts";
import type { Playbook } from "#playbooks/playbook.ts";
import { playbookOf } from "./document.ts";

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
}

const words = z.string().transform((text) => text.replaceAll("\0", " "));
const anyId = z.union([z.string().min(1), z.number().transform(String)]);
const asked = z
  .object({
    id: anyId.optional(),
    _id: anyId.optional(),
    text: words,
    stage: z.string().nullish(),
    half: z.enum(["tuned", "unseen"]).nullish(),
    oos: z.boolean().default(false),
    account: z.string().nullish(),
    situations: z.array(z.string()).default([]),
    fires: z.array(z.string()).default([]),
  })
  .transform(named);
const document = z
  .object({
    id: anyId.optional(),
    _id: anyId.optional(),
    title: words.default(""),
    text: words,
    stage: z.string().nullish(),
    stages: z.array(z.string()).nullish(),
    triggers: z.array(z.string()).default([]),
  })
  .transform(named);

/** Sets from elsewhere call the id `_id`. */
function named<T extends { id?: string | undefined; _id?: string | undefined }>(given: T, context: z.RefinementCtx) {
  const id = given.id ?? given._id;
  if (id === undefined) context.addIssue("has no id");
  return { ...given, id: id ?? "" };
}

/**
 * Reads a set in the simple format: queries.jsonl {id, text, stage?, half?, oos?}, qrels.tsv (question, document, grade),
 * corpus.jsonl {id, title, text, stages?, triggers?}, and unanswerable.txt or .jsonl if there is one. Without a corpus the questions are
 * about the playbooks of `playbookFolder`. Throws BadInput with file, line and cure.
 */
export async function readQuestionSet(folder: string, playbookFolder: string): Promise<QuestionSet> {
  const root = resolve(folder);
  const queries = jsonLines(join(root, "queries.jsonl"), asked);
  const grades = readGrades(join(root, "qrels.tsv"));
  const playbooks = existsSync(join(root, "corpus.jsonl"))
    ? jsonLines(join(root, "corpus.jsonl"), document).map((each) =>
        playbookOf({ ...each, stages: each.stages ?? (each.stage ? [each.stage] : []) }),
      )
    : (await readPlaybooks(playbookFolder)).playbooks;
  refuseDoubles(
    playbooks.map(({ id }) => id),
    join(root, "corpus.jsonl"),
  );
  refuseDoubles(
    queries.map(({ id }) => id),
    join(root, "queries.jsonl"),
  );
  const judged = queries.filter(({ id, oos }) => grades.has(id) && !oos);
  const unanswerable = [...queries.filter(({ oos }) => oos), ...listed(root)].map(({ id, text, half }) => ({
    id,
    text,
    half: half ?? null,
  }));
  if (judged.length === 0)
    throw new BadInput(
      `${join(root, "qrels.tsv")} judges none of the questions in queries.jsonl. Check the ids of both.`,
    );
  return {
    name: basename(root),
    folder: root,
    playbooks,
    questions: judged.map(({ id, text, stage, half, account, situations, fires }) => ({
      id,
      text,
      stage: stage ?? null,
      half: half ?? null,
      account: account ?? null,
      situations,
      firedPlaybooks: fires,
      grades: grades.get(id)!, // judged
    })),
    unanswerable: [...new Map(unanswerable.map((each) => [each.text, each])).values()],
    unjudged: queries.length - judged.length - queries.filter(({ oos }) => oos).length,
  };
}

/** unanswerable.jsonl {id, text}, or unanswerable.txt with a question a line (what stands before a bar is its kind). */
function listed(root: string): { id: string; text: string; half?: Half | null | undefined }[] {
  const [json, text] = [join(root, "unanswerable.jsonl"), join(root, "unanswerable.txt")];
  if (existsSync(json)) return jsonLines(json, asked);
  if (!existsSync(text)) return [];
  return linesOf(text).map((line, at) => ({ id: `none-${at + 1}`, text: line.replace(/^\w+\|/, "") }));
}

function readGrades(file: string): Map<string, Map<string, number>> {
  const grades = new Map<string, Map<string, number>>();
  linesOf(file).forEach((line, at) => {
    const [question, playbook, said] = line.split("\t").map((part) => part.trim());
    const grade = Number(said);
    if (at === 0 && said !== undefined && Number.isNaN(grade)) return; // a line of headings
    if (!question || !playbook || !said || Number.isNaN(grade)) {
      throw new BadInput(`${file}, line ${at + 1}: write question id, document id and grade with tabs between.`);
    }
    const known = grades.get(question) ?? new Map<string, number>();
    grades.set(question, known.set(playbook, grade));
  });
  // What was judged and found wanting only is no question that anything answers.
  return new Map([...grades].filter(([, given]) => [...given.values()].some((grade) => grade > 0)));
}

function jsonLines<T extends z.ZodType>(file: string, row: T): z.infer<T>[] {
  return linesOf(file).map((line, at) => {
    const read = row.safeParse(parsed(line));
    if (read.success) return read.data;
    const [fault] = read.error.issues;
    throw new BadInput(
      `${file}, line ${at + 1}: ${[fault?.path.join("."), fault?.message].filter(Boolean).join(" ")}. Each line is one JSON object.`,
    );
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return null; // refused by the schema, with file and line
    throw error;
  }
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, "utf8")
      .split(/\r?\n/)
      .filter((line) => line.trim() !== "");
  } catch (cause) {
    throw new BadInput(
      `${file} cannot be read. A set is a folder with queries.jsonl and qrels.tsv, and corpus.jsonl unless it is about your playbooks.`,
      { cause },
    );
  }
}

function refuseDoubles(ids: string[], file: string): void {
  const seen = new Set<string>();
  const double = ids.find((id) => seen.size === seen.add(id).size);
  if (double !== undefined)
    throw new BadInput(`${file} has the id "${double}" twice. Give each line an id of its own.`);
}
