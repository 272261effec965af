import { z } from "zod";
import type { Writing } from "#database/door.ts";
import { name, sql } from "#database/sql.ts";
import type { RecordKind } from "../records.ts";
import { followMerges } from "./accounts.ts";
import { KEPT, type Reference } from "./kinds.ts";
import { followReferences } from "./references.ts";
import type { Batch, Row } from "./row.ts";
import type { Placed } from "./rows.ts";

type Linked = Exclude<RecordKind, "exchange_rate">;

/** Remembers references of written rows that lead nowhere yet. */
export async function rememberWaiting(
  rows: Writing,
  kind: Linked,
  placed: readonly Placed[],
  batch: Batch,
): Promise<void> {
  const open = placed.flatMap(({ row, localId }) =>
    KEPT[kind].references.flatMap((each) =>
      waits(row, each) ? [{ object: kind, local_id: localId, field: each.field, wanted: row.fields[each.field] }] : [],
    ),
  );
  if (open.length === 0) return;
  await rows.run(sql`
    insert into waiting_link (workspace_id, source, object, local_id, field, wanted)
    select ${batch.workspaceId}, ${batch.source}, object, local_id, field, wanted
    from jsonb_to_recordset(${JSON.stringify(open)}::jsonb) as g (object text, local_id bigint, field text, wanted jsonb)
    on conflict (workspace_id, object, local_id, field) do update set wanted = excluded.wanted, source = excluded.source`);
}

const waits = (row: Row, reference: Reference) =>
  row.fields[reference.field] != null && reference.column !== null && !row.found[reference.field];

const waitingRow = z.object({
  linkId: z.number(),
  object: z.enum(Object.keys(KEPT) as [Linked, ...Linked[]]),
  localId: z.number(),
  field: z.string(),
  wanted: z.unknown(),
});
const AT_ONCE = 5_000;

/** Makes the links whose other row has come meanwhile. Returns how many still wait. */
export async function settleWaiting(rows: Writing, batch: Batch): Promise<number> {
  const waiting = await rows.many(
    waitingRow,
    sql`
    select waiting_link_id as "linkId", object, local_id as "localId", field, wanted from waiting_link
    where workspace_id = ${batch.workspaceId} and source = ${batch.source} order by waiting_link_id limit ${AT_ONCE}`,
  );
  const groups = Map.groupBy(waiting, (each) => `${each.object} ${each.field}`);
  let settled = 0;
  for (const group of groups.values()) settled += await settleGroup(rows, group, batch);
  return waiting.length - settled;
}

async function settleGroup(rows: Writing, group: z.infer<typeof waitingRow>[], batch: Batch): Promise<number> {
  const { object, field } = group[0]!;
  const reference = KEPT[object].references.find((each) => each.field === field);
  if (!reference?.column) return 0;
  const asked = group.map((each) => ({ link: each, row: standIn(object, field, each.wanted) }));
  await followReferences(
    rows,
    asked.map((each) => each.row),
    { ...batch, refuse: () => undefined },
  );
  const made = asked.flatMap(({ link, row }) => (row.found[field] ? [{ ...link, id: row.found[field].id }] : []));
  if (made.length === 0) return 0;
  await rows.run(sql`
    update ${name(KEPT[object].table)} t set ${name(reference.column)} = g.id
    from unnest(${made.map((each) => each.localId)}::bigint[], ${made.map((each) => each.id)}::bigint[]) g (local_id, id)
    where t.workspace_id = ${batch.workspaceId} and t.${name(KEPT[object].key)} = g.local_id`);
  await rows.run(
    sql`delete from waiting_link where workspace_id = ${batch.workspaceId} and waiting_link_id = any(${made.map((each) => each.linkId)}::bigint[])`,
  );
  if (object === "account") for (const { localId } of made) batch.touched.add(localId);
  if (field === "mergedInto")
    await followMerges(
      rows,
      made.map((each) => each.localId),
      batch,
    );
  return made.length;
}

const standIn = (kind: Linked, field: string, wanted: unknown): Row => ({
  kind,
  id: "",
  line: null,
  fields: { [field]: wanted },
  hash: "",
  raw: null,
  mayWait: [field],
  found: {},
  accountId: null,
  extra: {},
});
