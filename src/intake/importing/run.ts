import { z } from "zod";
import type { Reading, Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { AskAgain } from "#errors.ts";
import type { Counts } from "../write.ts";
import { forgetSeen } from "../writing/seen.ts";
import type { Step } from "./plan.ts";

/** How far one file is. */
export interface FileCounts extends Counts {
  /** Rows of the file, those included that the mapping skips. */
  read: number;
  skipped: number;
}

/** A row that was not taken, as it is kept aside. */
export interface Refusal {
  file: string;
  line: number | null;
  kind: string;
  id: string | null;
  /** Heading of the column that is at fault; null where it is the row as a whole. */
  column: string | null;
  reason: string;
  raw: unknown;
}

export interface Progress {
  /** Last line whose batch is committed. */
  line: number;
  done: boolean;
  counts: FileCounts;
}

export interface Run {
  runId: number;
  resumed: boolean;
  progress: Progress[];
}

export const NOTHING_YET: FileCounts = { read: 0, new: 0, changed: 0, same: 0, refused: 0, skipped: 0 };

const runRow = z.object({ runId: z.number() });
const fileRow = z.object({
  step: z.number(),
  file: z.string(),
  kind: z.string(),
  fingerprint: z.string(),
  line: z.number(),
  done: z.boolean(),
  counts: z.object({
    read: z.number(),
    new: z.number(),
    changed: z.number(),
    same: z.number(),
    refused: z.number(),
    skipped: z.number(),
  }),
});

export interface Origin {
  workspaceId: number;
  source: string;
  mappingHash: string;
  folder: string;
}

/** Takes up the last run of the same mapping over the same files where it was killed, or starts a new one. */
export async function openRun(rows: Writing, origin: Origin, steps: readonly Step[]): Promise<Run> {
  const open = await rows.maybe(
    runRow,
    sql`
    select import_run_id as "runId" from import_run
    where workspace_id = ${origin.workspaceId} and source = ${origin.source} and mapping_hash = ${origin.mappingHash} and folder = ${origin.folder} and finished_at is null
    order by import_run_id desc limit 1 for update`,
  );
  const files = open ? await filesOf(rows, open.runId) : [];
  const same =
    files.length === steps.length &&
    steps.every(
      (step, at) =>
        step.fingerprint === files[at]!.fingerprint && step.file === files[at]!.file && step.kind === files[at]!.kind,
    );
  if (open && same) return { runId: open.runId, resumed: true, progress: files };
  await abandonOthers(rows, origin);
  return startRun(rows, origin, steps);
}

const filesOf = (rows: Reading, runId: number) =>
  rows.many(
    fileRow,
    sql`select step, file, kind, fingerprint, line, done, counts from import_file where import_run_id = ${runId} order by step`,
  );

/** Runs whose files or mapping changed meanwhile cannot go on; what they have written stays. */
async function abandonOthers(rows: Writing, { workspaceId, source }: Origin): Promise<void> {
  const others = await rows.many(
    runRow,
    sql`
    update import_run set finished_at = now() where workspace_id = ${workspaceId} and source = ${source} and finished_at is null
    returning import_run_id as "runId"`,
  );
  for (const { runId } of others) await forgetSeen(rows, runId);
}

async function startRun(rows: Writing, origin: Origin, steps: readonly Step[]): Promise<Run> {
  const { runId } = await rows.one(
    runRow,
    sql`
    insert into import_run (workspace_id, source, mapping_hash, folder) values (${origin.workspaceId}, ${origin.source}, ${origin.mappingHash}, ${origin.folder})
    returning import_run_id as "runId"`,
  );
  await rows.run(sql`
    insert into import_file (workspace_id, import_run_id, step, file, kind, fingerprint, counts)
    select ${origin.workspaceId}, ${runId}, g.step, g.file, g.kind, g.fingerprint, ${JSON.stringify(NOTHING_YET)}::jsonb
    from unnest(${steps.map((each) => each.step)}::int[], ${steps.map((each) => each.file)}::text[], ${steps.map((each) => each.kind)}::text[], ${steps.map((each) => each.fingerprint)}::text[])
      g (step, file, kind, fingerprint)`);
  return { runId, resumed: false, progress: steps.map(() => ({ line: 0, done: false, counts: NOTHING_YET })) };
}

/** Moves the mark of how far a file is, in the batch's own transaction. Throws AskAgain when another import has moved it. */
export async function checkpoint(
  rows: Writing,
  runId: number,
  step: number,
  before: Progress,
  after: Progress,
): Promise<void> {
  const moved = await rows.run(sql`
    update import_file set line = ${after.line}, done = ${after.done}, counts = ${JSON.stringify(after.counts)}::jsonb
    where import_run_id = ${runId} and step = ${step} and line = ${before.line} and not done`);
  if (moved === 0) throw new AskAgain("Another import of the same files is running. Let it end, then import again.");
}

/** Keeps rows aside that were not taken. */
export async function keepRefusals(
  rows: Writing,
  workspaceId: number,
  runId: number,
  refusals: readonly Refusal[],
): Promise<void> {
  if (refusals.length === 0) return;
  await rows.run(sql`
    insert into import_refusal (workspace_id, import_run_id, file, line, kind, external_id, column_name, reason, raw)
    select ${workspaceId}, ${runId}, file, line, kind, id, "column", reason, raw
    from jsonb_to_recordset(${JSON.stringify(refusals).replaceAll("\\u0000", "\\ufffd")}::jsonb)
      as g (file text, line int, kind text, id text, "column" text, reason text, raw jsonb)`);
}

export async function finishRun(rows: Writing, runId: number): Promise<void> {
  await rows.run(sql`update import_run set finished_at = now() where import_run_id = ${runId}`);
  await forgetSeen(rows, runId);
}
