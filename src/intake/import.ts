import { resolve } from "node:path";
import { z } from "zod";
import type { Actor } from "#actor.ts";
import type { Database, Reading, Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { BadInput } from "#errors.ts";
import { ageFeeds } from "./importing/age.ts";
import { planImport, type Step } from "./importing/plan.ts";
import {
  type FileCounts,
  finishRun,
  type Origin,
  openRun,
  type Progress,
  type Refusal,
  type Run,
} from "./importing/run.ts";
import { importStep, type StepTask } from "./importing/step.ts";
import type { Mapping } from "./mapping.ts";

export type { Refusal } from "./importing/run.ts";
export type { ImportProgress } from "./importing/step.ts";

export interface ImportTask {
  database: Database;
  actor: Actor;
  folder: string;
  mapping: Mapping;
  /** Do everything, then take it back. */
  dryRun?: boolean;
  onProgress?: StepTask["onProgress"];
  /** Stops after the batch under way; the same call later goes on from there. */
  signal?: AbortSignal;
  /** The day on which "ended" and "trialing" are decided. */
  today?: string;
  batchSize?: number;
}

export interface FileSummary extends FileCounts {
  file: string;
  kind: string;
  source: string;
  encoding: string;
  delimiter: string;
}

export interface ImportSummary {
  /** null for a dry run, which leaves nothing behind. */
  runId: number | null;
  dryRun: boolean;
  resumed: boolean;
  /** The signal stopped it before the end. */
  stopped: boolean;
  files: FileSummary[];
  missing: string[];
  /** The first refused rows; `refusals` reads all of them back. */
  refused: Refusal[];
  /** References to rows that have not come (an owner, a parent account), by kind and field, with some of what they name. */
  waiting: { kind: string; field: string; count: number; named: string[] }[];
  /** Accounts whose facts must be worked out anew. */
  touchedAccounts: number;
}

const BATCH = 4_000; // rows a transaction: large enough for speed, small enough to lose little when killed
export const LISTED_REFUSALS = 1_000;

/**
 * Imports the CSV files of a folder by a mapping. Rows that cannot be taken are kept aside with their reason. The same
 * call again changes nothing; after a kill it goes on where the last batch was committed. Throws BadInput for a folder,
 * file or column that is missing, before anything is written.
 */
export async function importFolder(task: ImportTask): Promise<ImportSummary> {
  const { steps, missing } = await planImport(task.folder, task.mapping);
  const about = { dryRun: task.dryRun ?? false, missing };
  const origin = {
    workspaceId: task.actor.workspaceId,
    source: task.mapping.source,
    mappingHash: task.mapping.hash,
    folder: resolve(task.folder),
  };
  if (!task.dryRun) return { ...about, ...(await realRun(task, origin, steps)) };
  return takenBack(task.database, task.actor, async (rows) => {
    const run = await openRun(rows, { ...origin, folder: `dry run of ${origin.folder}` }, steps);
    const outcome = await runSteps(task, run, steps, (work) => work(rows));
    return { ...about, runId: null, resumed: false, ...outcome, ...(await aftermath(rows)) };
  });
}

async function realRun(
  task: ImportTask,
  origin: Origin,
  steps: readonly Step[],
): Promise<Omit<ImportSummary, "dryRun" | "missing">> {
  const transact: Transact = (work) => task.database.write(task.actor, work);
  const run = await transact((rows) => openRun(rows, origin, steps));
  const finish = () => transact((rows) => finishRun(rows, run.runId));
  try {
    const outcome = await runSteps(task, run, steps, transact);
    if (!outcome.stopped) {
      await finish();
      for (const source of new Set(steps.map((step) => step.source))) await transact((rows) => ageFeeds(rows, source));
      // The embedded database has nobody who does this by and by; without it the planner guesses.
      await task.database.maintain((rows) => rows.run(sql`analyze`));
    }
    return { runId: run.runId, resumed: run.resumed, ...outcome, ...(await transact(aftermath)) };
  } catch (error) {
    // A run that cannot be right is over; one that the database or the process broke off goes on next time.
    if (error instanceof BadInput) await finish();
    throw error;
  }
}

type Transact = StepTask["transact"];

async function runSteps(
  task: ImportTask,
  run: Run,
  steps: readonly Step[],
  transact: Transact,
): Promise<Pick<ImportSummary, "files" | "refused" | "stopped">> {
  const progress: Progress[] = [];
  const refused: Refusal[] = [];
  for (const step of steps) {
    const before = run.progress[step.step]!;
    const note = (rows: readonly Refusal[]) => refused.push(...rows.slice(0, LISTED_REFUSALS - refused.length));
    const stepTask = {
      ...task,
      onProgress: task.onProgress ?? (() => undefined),
      batchSize: task.batchSize ?? BATCH,
      runId: run.runId,
      transact,
      note,
    };
    progress.push(before.done || task.signal?.aborted ? before : await importStep(stepTask, step, before));
  }
  const files = steps.map(({ file, kind, source, csv }, at) => ({
    file,
    kind,
    source,
    encoding: csv.encoding,
    delimiter: csv.delimiter,
    ...progress[at]!.counts,
  }));
  return { files, refused, stopped: progress.some((each) => !each.done) };
}

const waitingRow = z.object({ kind: z.string(), field: z.string(), count: z.number(), named: z.array(z.string()) });

async function aftermath(rows: Reading): Promise<Pick<ImportSummary, "waiting" | "touchedAccounts">> {
  const waiting = await rows.many(
    waitingRow,
    sql`
    select object as kind, field, sum(n)::int as count, (array_agg(name order by n desc, name))[1:3] as named
    from (select object, field, coalesce(wanted ->> 'name', wanted ->> 'email', wanted ->> 'domain', wanted ->> 'id', wanted #>> '{}') as name, count(*) as n
      from waiting_link group by 1, 2, 3) w
    group by 1, 2 order by 1, 2`,
  );
  const { count } = await rows.one(
    z.object({ count: z.number() }),
    sql`select count(*)::int as count from account_facts where dirty`,
  );
  return { waiting, touchedAccounts: count };
}

/** Carries the result of a dry run out of the transaction that is rolled back. */
class TakenBack<T> extends Error {
  readonly result: T;
  constructor(result: T) {
    super("taken back");
    this.result = result;
  }
}

async function takenBack<T>(database: Database, actor: Actor, work: (rows: Writing) => Promise<T>): Promise<T> {
  try {
    return await database.write(actor, async (rows) => {
      throw new TakenBack(await work(rows));
    });
  } catch (error) {
    if (error instanceof TakenBack) return (error as TakenBack<T>).result; // thrown three lines above, with this type
    throw error;
  }
}

const refusalRow = z.object({
  refusalId: z.number(),
  file: z.string(),
  line: z.number().nullable(),
  kind: z.string(),
  id: z.string().nullable(),
  column: z.string().nullable(),
  reason: z.string(),
  raw: z.unknown(),
});

/** The rows that a run refused, in the order of the import, a page at a time: `after` is the last `refusalId` seen. */
export function refusals(
  database: Database,
  actor: Actor,
  runId: number,
  { after = 0, limit = 10_000 } = {},
): Promise<z.infer<typeof refusalRow>[]> {
  return database.read(actor, (rows) =>
    rows.many(
      refusalRow,
      sql`
      select import_refusal_id as "refusalId", file, line, kind, external_id as id, column_name as "column", reason, raw from import_refusal
      where workspace_id = ${actor.workspaceId} and import_run_id = ${runId} and import_refusal_id > ${after} order by import_refusal_id limit ${limit}`,
    ),
  );
}
