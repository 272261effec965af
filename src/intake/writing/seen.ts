import { z } from "zod";
import type { Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import type { RecordKind } from "../records.ts";
import { duplicate } from "./check.ts";
import type { Batch, Row } from "./row.ts";

/** Remembers the ids of a whole run, so that a duplicate is found however far down it stands. */
export interface SeenIn {
  runId: number;
  file: string;
}

const seenRow = z.object({ id: z.string(), file: z.string(), line: z.number().nullable() });

/** Drops rows whose id an earlier batch of the same run has brought. */
export async function notSeen(
  rows: Writing,
  kind: RecordKind,
  standing: Row[],
  batch: Batch,
  seen: SeenIn,
): Promise<Row[]> {
  const newly = await rows.many(
    z.object({ id: z.string() }),
    sql`
    insert into import_seen (workspace_id, import_run_id, source, object, external_id, file, line)
    select ${batch.workspaceId}, ${seen.runId}, ${batch.source}, ${kind}, g.id, ${seen.file}, g.line
    from unnest(${standing.map((row) => row.id)}::text[], ${standing.map((row) => row.line)}::int[]) g (id, line)
    on conflict do nothing returning external_id as id`,
  );
  if (newly.length === standing.length) return standing;
  const first = new Set(newly.map((each) => each.id));
  const again = standing.filter((row) => !first.has(row.id));
  const before = await rows.many(
    seenRow,
    sql`
    select external_id as id, file, line from import_seen
    where workspace_id = ${batch.workspaceId} and import_run_id = ${seen.runId} and source = ${batch.source} and object = ${kind}
      and external_id = any(${again.map((row) => row.id)}::text[])`,
  );
  const places = new Map(before.map((each) => [each.id, each]));
  for (const row of again) {
    const { file, line } = places.get(row.id)!;
    batch.refuse(row, "id", duplicate(line, file === seen.file ? undefined : file));
  }
  return standing.filter((row) => first.has(row.id));
}

/** Forgets a run's ids when it is over. */
export const forgetSeen = (rows: Writing, runId: number) =>
  rows.run(sql`delete from import_seen where workspace_id = current_workspace() and import_run_id = ${runId}`);
