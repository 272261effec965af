import { z } from "zod";
import type { Reading, Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { KEPT, type Reference, type Target } from "./kinds.ts";
import type { Batch, Found, Row } from "./row.ts";

/** A reference taken apart: every way that the record gives to the other row. */
interface Wanted {
  source: string;
  id: string | null;
  domain: string | null;
  email: string | null;
  name: string | null;
}

type Way = "id" | "domain" | "email" | "name";
/** The ways to each target, surest first. */
const WAYS: Record<Target, readonly Way[]> = {
  account: ["id", "domain", "name"],
  person: ["id", "email", "name"],
  contact: ["id", "email"],
  opportunity: ["id"],
  subscription: ["id"],
  team: ["id", "name"],
};

/**
 * Follows the references of rows of one kind, a query a target and way. A row whose reference leads nowhere is refused
 * with the column, unless the reference may wait. Returns the rows that stand.
 */
export async function followReferences(rows: Reading, standing: Row[], batch: Batch): Promise<Row[]> {
  const kind = standing[0]?.kind;
  if (!kind || kind === "exchange_rate") return standing;
  for (const reference of KEPT[kind].references) await follow(rows, standing, reference, batch);
  return standing.filter((row) => settleAccount(row, batch) && !lost(row, KEPT[kind].references, batch));
}

async function follow(rows: Reading, standing: Row[], reference: Reference, batch: Batch): Promise<void> {
  let open = standing.flatMap((row) => {
    const wanted = wantedBy(row.fields[reference.field], batch.source);
    return wanted ? [{ row, wanted }] : [];
  });
  for (const way of WAYS[reference.to]) {
    const asked = open.filter(({ wanted }) => wanted[way] !== null);
    if (asked.length === 0) continue;
    const found = await look(
      rows,
      reference.to,
      way,
      asked.map(({ wanted }) => wanted),
    );
    for (const { row, wanted } of asked) row.found[reference.field] = found.get(keyOf(wanted, way));
    open = open.filter(({ row }) => !row.found[reference.field]);
  }
}

/** A row's account is the one it names, or that of the subscription or contact it names. */
function settleAccount(row: Row, batch: Batch): boolean {
  if (row.kind === "account" || row.kind === "team" || row.kind === "person") return true;
  const found = row.found;
  row.accountId =
    found.account?.id ??
    (row.fields.account ? null : (found.subscription ?? found.opportunity ?? found.contact)?.accountId) ??
    null;
  if (row.kind === "usage" && row.accountId === null && !row.fields.account && !row.fields.subscription) {
    batch.refuse(row, "account", "names neither an account nor a subscription");
    return false;
  }
  return true;
}

function lost(row: Row, references: readonly Reference[], batch: Batch): boolean {
  const missing = references.find((each) => {
    const waiting = each.mayWait || row.mayWait.includes(each.field);
    return wantedBy(row.fields[each.field], batch.source) && !row.found[each.field] && !waiting;
  });
  if (missing)
    batch.refuse(
      row,
      missing.field,
      `${missing.to} ${describe(row.fields[missing.field])} is not known here${cure(missing.to)}`,
    );
  return missing !== undefined;
}

const cure = (target: Target) =>
  target === "account"
    ? ", or is not the only one of that name"
    : target === "person"
      ? "; import the people first"
      : "";

/** The reference in words: `"A-1"`, `domain acme.com`. */
export function describe(given: unknown): string {
  if (typeof given !== "object" || given === null) return JSON.stringify(given);
  return Object.entries(given)
    .filter(([, value]) => value)
    .map(([way, value]) => `${way} ${JSON.stringify(value)}`)
    .join(", ");
}

function wantedBy(given: unknown, source: string): Wanted | null {
  if (given === null || given === undefined || given === "") return null;
  const nothing = { source, id: null, domain: null, email: null, name: null };
  if (typeof given === "string") return { ...nothing, id: given };
  // The record's schema lets only text, or an object of texts, through as a reference.
  const ways = Object.entries(given as Record<string, string | undefined>).filter(([, value]) => value);
  return ways.length > 0 ? { ...nothing, ...Object.fromEntries(ways) } : null;
}

const keyOf = (wanted: Wanted, way: Way) =>
  way === "id" ? `${wanted.source}\u0001${wanted.id}` : way === "name" ? wanted.name! : wanted[way]!.toLowerCase();

const foundRow = z.object({ key: z.string(), id: z.number(), accountId: z.number().nullable() });

async function look(rows: Reading, to: Target, way: Way, wanted: Wanted[]): Promise<Map<string, Found>> {
  const keys = [...new Map(wanted.map((each) => [keyOf(each, way), each])).entries()];
  const texts = keys.map(([key]) => key);
  const query =
    way === "id"
      ? byId(
          to,
          keys.map(([, each]) => each),
        )
      : BY[`${to}.${way}`]!(texts);
  const found = await rows.many(foundRow, query);
  return new Map(found.map((each) => [each.key, each]));
}

const byId = (to: Target, wanted: Wanted[]) => {
  const owner = {
    account: sql`coalesce(o.merged_into, o.account_id)`,
    contact: sql`o.account_id`,
    opportunity: sql`o.account_id`,
    subscription: sql`o.account_id`,
    person: sql`null::bigint`,
    team: sql`null::bigint`,
  }[to];
  const table = {
    account: sql`join account o on o.workspace_id = e.workspace_id and o.account_id = e.local_id`,
    contact: sql`join contact o on o.workspace_id = e.workspace_id and o.contact_id = e.local_id`,
    opportunity: sql`join opportunity o on o.workspace_id = e.workspace_id and o.opportunity_id = e.local_id`,
    subscription: sql`join subscription o on o.workspace_id = e.workspace_id and o.subscription_id = e.local_id`,
    person: sql``,
    team: sql``,
  }[to];
  const id = to === "account" ? owner : sql`e.local_id`;
  return sql`
    select w.source || e'\x01' || w.id as key, ${id} as id, ${owner} as "accountId"
    from unnest(${wanted.map((each) => each.source)}::text[], ${wanted.map((each) => each.id)}::text[]) w (source, id)
    join external_id e on e.workspace_id = current_workspace() and e.source = w.source and e.object = ${to} and e.external_id = w.id
    ${table}`;
};

/** Ways other than by id give a row only where it is the only one. */
const BY: Record<string, (texts: string[]) => ReturnType<typeof sql>> = {
  "account.domain": (texts) => sql`
    select w.key, min(a.account_id) as id, min(a.account_id) as "accountId"
    from unnest(${texts}::text[]) w (key)
    join account_domain d on d.workspace_id = current_workspace() and d.domain = w.key
    join account a on a.workspace_id = d.workspace_id and a.account_id = d.account_id and a.merged_into is null and a.deleted_at is null
    group by w.key having count(*) = 1`,
  "account.name": (texts) => sql`
    select w.key, min(a.account_id) as id, min(a.account_id) as "accountId"
    from unnest(${texts}::text[]) w (key)
    cross join lateral (
      select account_id from account where workspace_id = current_workspace() and name_norm = normal_name(w.key) and merged_into is null and deleted_at is null
      union
      select l.account_id from account_alias l join account o using (workspace_id, account_id)
      where l.workspace_id = current_workspace() and l.alias_norm = normal_name(w.key) and o.merged_into is null and o.deleted_at is null) a
    group by w.key having count(*) = 1`,
  "person.email": (texts) => sql`
    select w.key, p.person_id as id, null::bigint as "accountId"
    from unnest(${texts}::text[]) w (key) join person p on p.workspace_id = current_workspace() and lower(p.email) = w.key`,
  "person.name": (texts) => sql`
    select w.key, min(p.person_id) as id, null::bigint as "accountId"
    from unnest(${texts}::text[]) w (key) join person p on p.workspace_id = current_workspace() and lower(p.full_name) = lower(btrim(w.key))
    group by w.key having count(*) = 1`,
  "contact.email": (texts) => sql`
    select w.key, min(c.contact_id) as id, min(c.account_id) as "accountId"
    from unnest(${texts}::text[]) w (key) join contact c on c.workspace_id = current_workspace() and lower(c.email) = w.key
    group by w.key having count(*) = 1`,
  "team.name": (texts) => sql`
    select w.key, t.team_id as id, null::bigint as "accountId"
    from unnest(${texts}::text[]) w (key) join team t on t.workspace_id = current_workspace() and t.name = w.key`,
};

/** Teams that people name and nobody has brought: a name is all that a team needs. */
export async function createNamedTeams(rows: Writing, people: readonly Row[], batch: Batch): Promise<void> {
  const named = people.filter((row) => typeof row.fields.team === "string" && row.fields.team && !row.found.team);
  if (named.length === 0) return;
  const names = [...new Set(named.map((row) => String(row.fields.team)))].sort();
  const made = await rows.many(
    z.object({ id: z.number(), name: z.string() }),
    sql`with new as (
          insert into team (workspace_id, name) select ${batch.workspaceId}, unnest(${names}::text[]) on conflict (workspace_id, name) do nothing
          returning team_id, name)
        select team_id as id, name from new union select team_id, name from team where workspace_id = ${batch.workspaceId} and name = any(${names}::text[])`,
  );
  const byName = new Map(made.map((each) => [each.name, each.id]));
  for (const row of named) row.found.team = { id: byName.get(String(row.fields.team))!, accountId: null };
}
