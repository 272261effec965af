import { z } from "zod";
import type { Reading, Writing } from "#database/door.ts";
import { join, name, type Sql, sql } from "#database/sql.ts";
import type { Kept } from "./kinds.ts";
import type { Batch, Row } from "./row.ts";

/** A row that its source has brought before. */
export interface Known {
  localId: number;
  hash: string | null;
  madeIt: boolean;
}

const knownRow = z.object({ id: z.string(), localId: z.number(), hash: z.string().nullable(), madeIt: z.boolean() });

/** Which of the ids the source has brought before, and what with. */
export async function known(
  rows: Reading,
  object: string,
  ids: readonly string[],
  batch: Batch,
): Promise<Map<string, Known>> {
  const found = await rows.many(
    knownRow,
    sql`
    select external_id as id, local_id as "localId", hash, made_it as "madeIt" from external_id
    where workspace_id = ${batch.workspaceId} and source = ${batch.source} and object = ${object} and external_id = any(${ids}::text[])`,
  );
  return new Map(found.map((each) => [each.id, each]));
}

/** Ids for rows that are not there yet, so that everything that names them can be written in the same go. */
export async function newIds(rows: Writing, kept: Kept, count: number): Promise<number[]> {
  const made = await rows.many(
    z.object({ id: z.number() }),
    sql`
    select nextval((select pg_get_serial_sequence(${kept.table}, ${kept.key}))::regclass) as id from generate_series(1, ${count})`,
  );
  return made.map((each) => each.id);
}

/** A row with the id it has here. */
export interface Placed {
  row: Row;
  localId: number;
  /** Other sources feed the row too: nothing of theirs is erased. */
  shared: boolean;
  madeIt: boolean;
}

/** Puts new rows into their table. */
export async function insertRows(rows: Writing, kept: Kept, placed: readonly Placed[], batch: Batch): Promise<void> {
  const columns = columnsOf(kept);
  const listed = join(
    columns.map((each) => name(each.column)),
    ", ",
  );
  const given = placed.map((each) => ({ [kept.key]: each.localId, ...valuesOf(kept, each.row, batch) }));
  const computed = kept.computed ?? { columns: sql``, values: sql`` };
  // Two sources may tell of the same step of an opportunity; the one that is there stays.
  const conflict = kept.table === "opportunity_stage" ? sql`on conflict do nothing` : sql``;
  await rows.run(sql`
    insert into ${name(kept.table)} (workspace_id, ${name(kept.key)}, ${listed}${computed.columns})
    select ${batch.workspaceId}, ${name(kept.key)}, ${listed}${computed.values} from ${recordset(kept, given)} ${conflict}`);
}

/** Brings rows up to date that are there already. */
export async function updateRows(rows: Writing, kept: Kept, placed: readonly Placed[], batch: Batch): Promise<void> {
  // Two ids of one person may come together: the later one speaks.
  const last = [...new Map(placed.map((each) => [each.localId, each])).values()];
  const given = last.map(({ row, localId, shared }) => ({
    [kept.key]: localId,
    shared,
    ...valuesOf(kept, row, null),
  }));
  const set = columnsOf(kept).map(({ column, keeps }) => {
    const ours = name(column);
    return keeps
      ? sql`${ours} = coalesce(g.${ours}, t.${ours})`
      : sql`${ours} = case when g.shared then coalesce(g.${ours}, t.${ours}) else g.${ours} end`;
  });
  await rows.run(sql`
    update ${name(kept.table)} t set ${join(set, ", ")} from ${recordset(kept, given, sql`g`)}
    where t.workspace_id = ${batch.workspaceId} and t.${name(kept.key)} = g.${name(kept.key)}`);
}

/** Remembers which row of the source became which row here, and its hash. */
export async function rememberIds(
  rows: Writing,
  object: string,
  placed: readonly Placed[],
  batch: Batch,
): Promise<void> {
  const raw = batch.rememberRaw ? placed.map((each) => JSON.stringify(each.row.raw)) : placed.map(() => null);
  await rows.run(sql`
    insert into external_id (workspace_id, source, object, external_id, local_id, hash, raw, synced_at, made_it)
    select ${batch.workspaceId}, ${batch.source}, ${object}, g.id, g.local_id, g.hash, g.raw::jsonb, ${batch.syncedAt}, g.made_it
    from unnest(${placed.map((each) => each.row.id)}::text[], ${placed.map((each) => each.localId)}::bigint[], ${placed.map((each) => each.row.hash)}::text[],
                ${raw}::text[], ${placed.map((each) => each.madeIt)}::boolean[]) g (id, local_id, hash, raw, made_it)
    on conflict (workspace_id, source, object, external_id) do update
    set local_id = excluded.local_id, hash = excluded.hash, raw = excluded.raw, synced_at = excluded.synced_at`);
}

/** Which rows other sources feed too. */
export async function sharedRows(
  rows: Reading,
  object: string,
  localIds: readonly number[],
  batch: Batch,
): Promise<Set<number>> {
  if (localIds.length === 0 || !SHARED_KINDS.has(object)) return new Set();
  const found = await rows.many(
    z.object({ id: z.number() }),
    sql`
    select distinct local_id as id from external_id
    where workspace_id = ${batch.workspaceId} and object = ${object} and local_id = any(${localIds}::bigint[]) and source <> ${batch.source}`,
  );
  return new Set(found.map((each) => each.id));
}

const SHARED_KINDS = new Set(["account", "person", "team", "contact"]);

/** The accounts that rows belonged to before they change: a row that moves changes two accounts. */
export async function accountsBefore(
  rows: Reading,
  kept: Kept,
  localIds: readonly number[],
  batch: Batch,
): Promise<number[]> {
  if (localIds.length === 0 || !kept.hasAccount) return [];
  const found = await rows.many(
    z.object({ id: z.number() }),
    sql`
    select distinct account_id as id from ${name(kept.table)}
    where workspace_id = ${batch.workspaceId} and ${name(kept.key)} = any(${localIds}::bigint[]) and account_id is not null`,
  );
  return found.map((each) => each.id);
}

interface Written {
  column: string;
  type: Sql;
  keeps: boolean;
}

function columnsOf(kept: Kept): Written[] {
  const links = kept.references.filter((each) => each.column !== null);
  return [...links.map((each) => ({ column: each.column!, type: sql`bigint`, keeps: each.mayWait })), ...kept.columns];
}

/** What a row puts into each column. `fresh` is the batch where the row is new: what is unknown then gets its default. */
function valuesOf(kept: Kept, row: Row, fresh: Batch | null): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const each of kept.references)
    if (each.column)
      values[each.column] = each.column === "account_id" ? row.accountId : (row.found[each.field]?.id ?? null);
  for (const each of kept.columns)
    values[each.column] = each.value(row) ?? (fresh ? defaultOf(each.fresh, fresh) : null);
  return values;
}

function defaultOf(given: unknown, batch: Batch): unknown {
  if (given === "today") return batch.today;
  return given === "now" ? batch.now : given;
}

function recordset(kept: Kept, given: readonly object[], alias: Sql = sql`g`): Sql {
  const columns = columnsOf(kept).map((each) => sql`${name(each.column)} ${each.type}`);
  return sql`jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as ${alias} (${name(kept.key)} bigint, shared boolean, ${join(columns, ", ")})`;
}
