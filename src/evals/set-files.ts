import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { BadInput } from "#errors.ts";

/** A line of a file that means something, and where it stands. */
interface Line {
  text: string;
  number: number;
}

/** The lines of a file, whatever ends them; empty ones and a byte order mark are left out. Throws BadInput where it cannot be read. */
export function linesOf(file: string): Line[] {
  try {
    return readFileSync(file, "utf8")
      .replace(/^\uFEFF/, "")
      .split(/\r\n|\n|\r/)
      .map((text, at) => ({ text, number: at + 1 }))
      .filter(({ text }) => text.trim() !== "");
  } catch (cause) {
    throw new BadInput(
      `${file} cannot be read. A set is a folder with queries.jsonl and qrels.tsv (or qrels/test.tsv), and corpus.jsonl unless it is about your playbooks.`,
      { cause },
    );
  }
}

/** One JSON object a line. Throws BadInput with file, line and what is wrong with it. */
export function jsonLines<T extends z.ZodType>(file: string, row: T): { row: z.infer<T>; line: number }[] {
  return linesOf(file).map(({ text, number }) => {
    const read = row.safeParse(parsed(text));
    if (read.success) return { row: read.data, line: number };
    const [fault] = read.error.issues;
    const place = fault?.path.length ? `"${fault.path.join(".")}" is missing or wrong: ` : "";
    throw new BadInput(`${file}, line ${number}: ${place}${fault?.message ?? "cannot be read"}. ${JSON_LINE}`);
  });
}

const JSON_LINE = 'Each line is one JSON object, such as {"id": "d1", "text": "…"}.';

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return null; // refused by the schema, with file and line
    throw error;
  }
}

/** The rows, when each has an id of its own. Throws BadInput with both lines of an id that two have. */
export function eachOnce<T extends { id: string }>(file: string, rows: { row: T; line: number }[]): T[] {
  const seen = new Map<string, number>();
  for (const { row, line } of rows) {
    const before = seen.get(row.id);
    if (before !== undefined)
      throw new BadInput(
        `${file}, lines ${before} and ${line}: the id "${row.id}" twice. Give each line an id of its own.`,
      );
    seen.set(row.id, line);
  }
  return rows.map(({ row }) => row);
}

// As sets lie about: beside the questions, or in a folder with a file for each split. The test split is what is reported.
const JUDGEMENTS = ["qrels.tsv", "qrels.txt", "qrels/test.tsv", "qrels/dev.tsv", "qrels/train.tsv"];

/** The file of a set that holds its judgements; qrels.tsv where there is none. */
export const judgementsFile = (root: string): string =>
  join(root, JUDGEMENTS.find((each) => existsSync(join(root, each))) ?? "qrels.tsv");

/**
 * Question → document → grade. A line is question, document, grade, or as in TREC with another column after the question;
 * tabs between, or blanks. Grades from 1 on are kept: what was judged and found wanting answers nothing. Throws BadInput.
 */
export function readGrades(file: string): Map<string, Map<string, number>> {
  const grades = new Map<string, Map<string, number>>();
  for (const [at, { text, number }] of linesOf(file).entries()) {
    const [question, document, said] = columnsOf(text);
    const grade = said ? Number(said) : Number.NaN;
    if (at === 0 && said && Number.isNaN(grade)) continue; // a line of headings
    if (!question || !document || Number.isNaN(grade)) {
      throw new BadInput(
        `${file}, line ${number}: write question id, document id and grade (a number) with tabs between, or question id, 0, document id and grade as in TREC.`,
      );
    }
    if (grade <= 0) continue;
    const known = grades.get(question) ?? new Map<string, number>();
    grades.set(question, known.set(document, Math.max(grade, known.get(document) ?? 0)));
  }
  return grades;
}

function columnsOf(line: string): (string | undefined)[] {
  const parts = line
    .split(line.includes("\t") ? "\t" : /\s+/)
    .map((part) => part.trim().toWellFormed())
    .filter((part, at, all) => part !== "" || at < all.length - 1);
  return parts.length >= 4 ? [parts[0], parts[2], parts[3]] : parts;
}
