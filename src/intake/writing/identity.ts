import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { SHARED_DOMAINS } from "../mail-domains.ts";
import type { Batch, Row } from "./row.ts";

const pairRow = z.object({ place: z.number(), id: z.number() });

/**
 * Which new records are rows that another source has brought already, by place in `rows`. One source's two ids stay two
 * customers, so a row that already has an id of this source is never matched.
 */
export async function matchAccounts(reading: Reading, rows: readonly Row[], batch: Batch): Promise<Map<Row, number>> {
  const domains = rows.flatMap((row, place) => domainsOf(row).map((domain) => ({ place, domain })));
  const free = sql`a.merged_into is null and a.deleted_at is null and not exists (
    select 1 from external_id e where e.workspace_id = a.workspace_id and e.object = 'account' and e.local_id = a.account_id and e.source = ${batch.source})`;
  const byDomain = await reading.many(
    pairRow,
    sql`
    select w.place, min(a.account_id) as id
    from unnest(${domains.map((each) => each.place)}::int[], ${domains.map((each) => each.domain)}::text[]) w (place, domain)
    join account_domain d on d.workspace_id = ${batch.workspaceId} and d.domain = w.domain
    join account a on a.workspace_id = d.workspace_id and a.account_id = d.account_id and ${free}
    group by w.place having count(distinct a.account_id) = 1`,
  );
  const taken = assign(rows, byDomain, new Map());
  const names = rows.flatMap((row, place) =>
    taken.has(row) ? [] : [{ place, name: String(row.fields.name), domains: domainsOf(row) }],
  );
  // Equal but for a legal form is the same customer only where one of the two gives none: Acme GmbH is not Acme Corp.
  const byName = await reading.many(
    pairRow,
    sql`
    select w.place, min(a.account_id) as id
    from unnest(${names.map((each) => each.place)}::int[], ${names.map((each) => each.name)}::text[], ${names.map((each) => each.domains.length > 0)}::boolean[]) w (place, name, has_domain)
    join account a on a.workspace_id = ${batch.workspaceId} and a.name_norm = normal_name(w.name) and ${free}
    where (plain_name(a.name) = plain_name(w.name) or a.name_norm in (plain_name(a.name), plain_name(w.name)))
      and not (w.has_domain and exists (select 1 from account_domain d where d.workspace_id = a.workspace_id and d.account_id = a.account_id))
    group by w.place having count(distinct a.account_id) = 1`,
  );
  return assign(rows, byName, taken);
}

/** The account's own domains, as they are compared: lower case, without "www.", and no mail provider's. */
export function domainsOf(row: Row): string[] {
  const given = Array.isArray(row.fields.domains) ? row.fields.domains.map(String) : [];
  const plain = given.map((each) =>
    each
      .trim()
      .toLowerCase()
      .replace(/^www\./, ""),
  );
  return [...new Set(plain)].filter((each) => each !== "" && !SHARED_DOMAINS.has(each));
}

/** People are one by mail address, whatever source they come from. */
export async function matchPeople(reading: Reading, rows: readonly Row[], batch: Batch): Promise<Map<Row, number>> {
  const found = await reading.many(
    pairRow,
    sql`
    select w.place, p.person_id as id
    from unnest(${rows.map((_, place) => place)}::int[], ${rows.map(emailOf)}::text[]) w (place, email)
    join person p on p.workspace_id = ${batch.workspaceId} and lower(p.email) = w.email`,
  );
  return new Map(found.map((each) => [rows[each.place]!, each.id]));
}

export async function matchTeams(reading: Reading, rows: readonly Row[], batch: Batch): Promise<Map<Row, number>> {
  const found = await reading.many(
    pairRow,
    sql`
    select w.place, t.team_id as id
    from unnest(${rows.map((_, place) => place)}::int[], ${rows.map((row) => String(row.fields.name))}::text[]) w (place, name)
    join team t on t.workspace_id = ${batch.workspaceId} and t.name = w.name`,
  );
  return new Map(found.map((each) => [rows[each.place]!, each.id]));
}

/** Contacts of other sources are one with a new one by mail address, if only one contact has it. */
export async function matchContacts(reading: Reading, rows: readonly Row[], batch: Batch): Promise<Map<Row, number>> {
  const found = await reading.many(
    pairRow,
    sql`
    select w.place, min(c.contact_id) as id
    from unnest(${rows.map((_, place) => place)}::int[], ${rows.map(emailOf)}::text[], ${rows.map((row) => row.accountId)}::bigint[]) w (place, email, account_id)
    join contact c on c.workspace_id = ${batch.workspaceId} and lower(c.email) = w.email and (c.account_id = w.account_id or w.account_id is null or c.account_id is null)
    where not exists (
      select 1 from external_id e where e.workspace_id = c.workspace_id and e.object = 'contact' and e.local_id = c.contact_id and e.source = ${batch.source})
    group by w.place having count(*) = 1`,
  );
  return assign(rows, found, new Map());
}

export const emailOf = (row: Row): string | null =>
  typeof row.fields.email === "string" && row.fields.email.trim() !== "" ? row.fields.email.trim().toLowerCase() : null;

/** A row here is given away once only. */
function assign(rows: readonly Row[], pairs: z.infer<typeof pairRow>[], taken: Map<Row, number>): Map<Row, number> {
  const given = new Set(taken.values());
  for (const { place, id } of pairs.toSorted((one, other) => one.place - other.place)) {
    const row = rows[place]!;
    if (given.has(id) || taken.has(row)) continue;
    given.add(id);
    taken.set(row, id);
  }
  return taken;
}
