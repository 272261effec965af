import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Actor } from "#actor.ts";
import type { Database } from "#database/door.ts";
import { BadInput } from "#errors.ts";
import { type ImportSummary, type Refusal, refusals } from "#intake/import.ts";

const HEAD = ["file", "line", "kind", "id", "column", "reason", "row"];

/** Writes the refused rows of an import to a CSV file; of a dry run, those that it listed. Returns the file. */
export async function keepRefused(
  file: string,
  summary: ImportSummary,
  store: { database: Database; actor: Actor },
): Promise<string> {
  try {
    await pipeline(Readable.from(linesOf(summary, store)), createWriteStream(file));
  } catch (cause) {
    const isFile = cause instanceof Error && "syscall" in cause && cause.syscall === "open";
    if (!isFile) throw cause;
    throw new BadInput(
      `The import is done, but ${file} cannot be written. Choose another place for --refused, and import again: nothing will be doubled.`,
      { cause },
    );
  }
  return file;
}

async function* linesOf(
  { runId, refused }: ImportSummary,
  { database, actor }: { database: Database; actor: Actor },
): AsyncGenerator<string> {
  yield line(HEAD);
  if (runId === null) {
    for (const each of refused) yield lineOf(each);
    return;
  }
  for (let after = 0; ; ) {
    const page = await refusals(database, actor, runId, { after });
    for (const each of page) yield lineOf(each);
    const last = page.at(-1);
    if (!last) return;
    after = last.refusalId;
  }
}

const lineOf = ({ file, line: at, kind, id, column, reason, raw }: Refusal): string =>
  line([file, at, kind, id, column, reason, typeof raw === "string" ? raw : JSON.stringify(raw)]);

const line = (cells: readonly (string | number | null)[]): string =>
  `${cells.map((cell) => `"${String(cell ?? "").replaceAll('"', '""')}"`).join(",")}\r\n`;
