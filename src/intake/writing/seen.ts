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

const seenRow = z.object({
  id: z.string(),
  file: z.string(),
  line: z.number().nullable(),
  hash: z.string().nullable(),
});

/** Drops rows whose id an earlier batch of the same run has brought; those that say something else are refused. */
export async function notSeen(
  rows: Writing,
  kind: RecordKind,
  standing: Row[],
  batch: Batch,
  seen: SeenIn,
): Promise<{ standing: Row[]; repeated: number }> {
  const newly = await rows.many(
    z.object({ id: z.string() }),
    sql`
    insert into import_seen (workspace_id, import_run_id, source, object, external_id, file, line)
    select ${batch.workspaceId}, ${seen.runId}, ${batch.source}, ${kind}, g.id, ${seen.file}, g.line
    from unnest(${standing.map((row) => row.id)}::text[], ${standing.map((row) => row.line)}::int[]) g (id, line)
    on conflict do nothing returning external_id as id`,
  );
  if (newly.length === standing.length) return { standing, repeated: 0 };
  const first = new Set(newly.map((each) => each.id));
  const again = standing.filter((row) => !first.has(row.id));
  const before = await rows.many(
    seenRow,
    sql`
    select s.external_id as id, s.file, s.line, e.hash from import_seen s left join external_id e using (workspace_id, source, object, external_id)
    where s.workspace_id = ${batch.workspaceId} and s.import_run_id = ${seen.runId} and s.source = ${batch.source} and s.object = ${kind}
      and s.external_id = any(${again.map((row) => row.id)}::text[])`,
  );
  const places = new Map(before.map((each) => [each.id, each]));
  let repeated = 0;
  for (const row of again) {
    const { file, line, hash } = places.get(row.id)!;
    if (hash === row.hash) repeated += 1;
    else batch.refuse(row, "id", duplicate(line, file === seen.file ? undefined : file));
  }
  return { standing: standing.filter((row) => first.has(row.id)), repeated };
}

/** Forgets a run's ids when it is over. */
export const forgetSeen = (rows: Writing, runId: number) =>
  rows.run(sql`delete from import_seen where workspace_id = current_workspace() and import_run_id = ${runId}`);
