import type { Actor } from "#actor.ts";
import type { Database, Writing } from "#database/door.ts";
import { BadInput } from "#errors.ts";
import type { CsvRow } from "../csv.ts";
import { Unfit } from "../mapping/unfit.ts";
import type { Incoming } from "../records.ts";
import { type BatchResult, createWriter } from "../write.ts";
import type { Step } from "./plan.ts";
import { checkpoint, type FileCounts, keepRefusals, type Progress, type Refusal } from "./run.ts";

export interface ImportProgress {
  file: string;
  kind: string;
  line: number;
  bytes: number;
  totalBytes: number;
  counts: FileCounts;
}

export interface StepTask {
  database: Database;
  actor: Actor;
  runId: number;
  batchSize: number;
  signal?: AbortSignal;
  today?: string;
  onProgress: (progress: ImportProgress) => void;
  /** Each batch is one transaction; in a dry run all share one. */
  transact: <T>(work: (rows: Writing) => Promise<T>) => Promise<T>;
  note: (refused: readonly Refusal[]) => void;
}

/** Rows of one file on their way in. */
interface Gathered {
  incoming: Incoming[];
  refused: Refusal[];
  skipped: number;
  read: number;
  lastLine: number;
  /** The rows by line, to keep those aside that the writer refuses. */
  raw: Map<number, unknown>;
}

const GIVE_UP_AFTER = 5_000; // rows without one that fits: the mapping is wrong, not the rows

/** Imports one file as one kind, batch by batch, from where it was left. */
export async function importStep(task: StepTask, step: Step, from: Progress): Promise<Progress> {
  const writer = createWriter({
    database: task.database,
    actor: task.actor,
    source: step.source,
    syncedAt: step.writtenAt,
    rememberRaw: true,
    ...(task.today ? { today: task.today } : {}),
  });
  let progress = from;
  let bytes = 0;
  let gathered = nothing();
  const flush = async (done: boolean) => {
    const { incoming, refused, raw } = gathered;
    progress = await task.transact(async (rows) => {
      const result = await writer.writeIn(rows, incoming, { runId: task.runId, file: step.file });
      const all = [
        ...refused,
        ...result.refused.map((each) => ({
          ...each,
          file: step.file,
          column: step.compiled.columnOf(each.column),
          raw: raw.get(each.line!) ?? null,
        })),
      ].toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0));
      const after = {
        line: Math.max(progress.line, gathered.lastLine),
        done,
        counts: addUp(progress.counts, gathered, result, all.length),
      };
      await keepRefusals(rows, task.actor.workspaceId, task.runId, all);
      await checkpoint(rows, task.runId, step.step, progress, after);
      task.note(all);
      return after;
    });
    gathered = nothing();
    task.onProgress({
      file: step.file,
      kind: step.kind,
      line: progress.line,
      bytes,
      totalBytes: step.csv.bytes,
      counts: progress.counts,
    });
    giveUpOnMisfit(step, progress.counts, refused[0]?.reason);
  };
  for await (const row of step.csv.rows((read) => {
    bytes = read;
  })) {
    if (row.line <= from.line) continue;
    gather(row, step, gathered);
    if (gathered.read < task.batchSize) continue;
    await flush(false);
    if (task.signal?.aborted) return progress;
  }
  await flush(true);
  return progress;
}

const nothing = (): Gathered => ({ incoming: [], refused: [], skipped: 0, read: 0, lastLine: 0, raw: new Map() });

function gather(row: CsvRow, step: Step, into: Gathered): void {
  into.read += 1;
  into.lastLine = row.line;
  const refuse = (column: string | null, reason: string, raw: unknown) =>
    into.refused.push({
      file: step.file,
      line: row.line,
      kind: step.kind,
      id: "fields" in row ? step.compiled.idOf(row.fields) || null : null,
      column,
      reason,
      raw,
    });
  if ("fault" in row) return void refuse(null, row.fault, row.text);
  const raw = Object.fromEntries(step.csv.heading.map((name, at) => [name, row.fields[at]]));
  try {
    const incoming = step.compiled.read(row.fields, row.line);
    if (!incoming) into.skipped += 1;
    else into.incoming.push({ ...incoming, raw });
    into.raw.set(row.line, raw);
  } catch (error) {
    if (!(error instanceof Unfit)) throw error;
    refuse(step.compiled.columnOf(error.field), error.message, raw);
  }
}

function addUp(before: FileCounts, gathered: Gathered, result: BatchResult, refused: number): FileCounts {
  const [written] = Object.values(result.counts);
  return {
    read: before.read + gathered.read,
    new: before.new + (written?.new ?? 0),
    changed: before.changed + (written?.changed ?? 0),
    same: before.same + (written?.same ?? 0),
    refused: before.refused + refused,
    skipped: before.skipped + gathered.skipped,
  };
}

function giveUpOnMisfit(step: Step, counts: FileCounts, reason: string | undefined): void {
  if (counts.refused < GIVE_UP_AFTER || counts.refused < counts.read - counts.skipped) return;
  throw new BadInput(
    `None of the first ${counts.read} rows of ${step.file} could be taken${reason ? ` (${reason})` : ""}. Check the mapping of ${step.kind}, then import again.`,
  );
}
