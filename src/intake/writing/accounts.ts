import { z } from "zod";
import type { Writing } from "#database/door.ts";
import { name, sql } from "#database/sql.ts";
import { domainsOf } from "./identity.ts";
import { KEPT } from "./kinds.ts";
import type { Batch, Row } from "./row.ts";
import type { Placed } from "./rows.ts";

const nameRow = z.object({ id: z.number(), name: z.string() });

/** The names of accounts before they change, so that what changed can be told afterwards. */
export async function namesBefore(
  rows: Writing,
  ids: readonly number[],
  batch: Batch,
): Promise<z.infer<typeof nameRow>[]> {
  return ids.length === 0
    ? []
    : rows.many(
        nameRow,
        sql`
    select account_id as id, name from account where workspace_id = ${batch.workspaceId} and account_id = any(${ids}::bigint[])`,
      );
}

/** Keeps what accounts are found by: name as people mean it, aliases, domains, and the words of names and aliases. */
export async function keepFindable(
  rows: Writing,
  placed: readonly Placed[],
  before: z.infer<typeof nameRow>[],
  batch: Batch,
): Promise<void> {
  const changed = before.map((each) => each.id);
  if (changed.length > 0) {
    await rows.run(sql`
      update account set name_norm = normal_name(name), updated_at = ${batch.now}
      where workspace_id = ${batch.workspaceId} and account_id = any(${changed}::bigint[])`);
  }
  await keepAliases(rows, placed, before, batch);
  await keepDomains(rows, placed, batch);
  await indexNames(
    rows,
    placed.map((each) => each.localId),
  );
}

const indexNames = (rows: Writing, ids: readonly number[]): Promise<number> =>
  rows.run(sql`select index_account_names(${ids}::bigint[])`);

/** Aliases that the record gives, the name that another source uses, and the name that the account had before. */
async function keepAliases(
  rows: Writing,
  placed: readonly Placed[],
  before: z.infer<typeof nameRow>[],
  batch: Batch,
): Promise<void> {
  const given = placed.flatMap(({ row, localId }) =>
    [...aliasesOf(row), String(row.fields.name)].map((alias) => ({ id: localId, alias })),
  );
  const former = before.map((each) => ({ id: each.id, alias: each.name }));
  const all = [...given, ...former];
  await rows.run(sql`
    insert into account_alias (workspace_id, alias_norm, account_id, alias)
    select distinct on (normal_name(g.alias), g.id) a.workspace_id, normal_name(g.alias), g.id, g.alias
    from unnest(${all.map((each) => each.id)}::bigint[], ${all.map((each) => each.alias)}::text[]) g (id, alias)
    join account a on a.workspace_id = ${batch.workspaceId} and a.account_id = g.id
    where normal_name(g.alias) <> normal_name(a.name)
    on conflict do nothing`);
}

const aliasesOf = (row: Row) =>
  Array.isArray(row.fields.aliases) ? row.fields.aliases.map(String).filter((each) => each.trim() !== "") : [];

async function keepDomains(rows: Writing, placed: readonly Placed[], batch: Batch): Promise<void> {
  const domains = placed.flatMap(({ row, localId }) => domainsOf(row).map((domain) => ({ id: localId, domain })));
  const alone = placed
    .filter((each) => !each.shared && Array.isArray(each.row.fields.domains))
    .map((each) => each.localId);
  // A domain that the only source of an account no longer gives was wrong, or is somebody else's now.
  await rows.run(sql`
    delete from account_domain d where workspace_id = ${batch.workspaceId} and account_id = any(${alone}::bigint[])
      and not exists (select 1 from unnest(${domains.map((each) => each.id)}::bigint[], ${domains.map((each) => each.domain)}::text[]) g (id, domain)
                      where g.id = d.account_id and g.domain = d.domain)`);
  await rows.run(sql`
    insert into account_domain (workspace_id, domain, account_id)
    select ${batch.workspaceId}, g.domain, g.id from unnest(${domains.map((each) => each.id)}::bigint[], ${domains.map((each) => each.domain)}::text[]) g (id, domain)
    on conflict do nothing`);
}

/** Works out what an account's row shows. The name stays that of the source that brought the account first. */
export function prepareAccount(row: Row, named: boolean, batch: Batch): void {
  row.extra.name = named ? String(row.fields.name).trim() : null;
  row.extra.deleted_at = row.fields.deleted ? batch.now : null;
}

const mergedRow = z.object({ id: z.number(), into: z.number() });

/** Everything of an account that was merged moves to the account that it was merged into. */
export async function followMerges(rows: Writing, ids: readonly number[], batch: Batch): Promise<void> {
  const merged = await rows.many(
    mergedRow,
    sql`
    select account_id as id, merged_into as "into" from account
    where workspace_id = ${batch.workspaceId} and account_id = any(${ids}::bigint[]) and merged_into is not null and merged_into <> account_id`,
  );
  if (merged.length === 0) return;
  const moves = sql`unnest(${merged.map((each) => each.id)}::bigint[], ${merged.map((each) => each.into)}::bigint[]) m (old, new)`;
  for (const kept of Object.values(KEPT)) {
    if (kept.hasAccount)
      await rows.run(
        sql`update ${name(kept.table)} t set account_id = m.new from ${moves} where t.workspace_id = ${batch.workspaceId} and t.account_id = m.old`,
      );
  }
  await rows.run(sql`
    insert into account_alias (workspace_id, alias_norm, account_id, alias)
    select a.workspace_id, a.name_norm, m.new, a.name from ${moves} join account a on a.workspace_id = ${batch.workspaceId} and a.account_id = m.old on conflict do nothing`);
  await indexNames(
    rows,
    merged.map((each) => each.into),
  );
  for (const { id, into } of merged) batch.touched.add(id).add(into);
}
