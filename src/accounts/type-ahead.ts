import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { candidates } from "./find.ts";

const row = z.object({
  id: z.number(),
  name: z.string(),
  owner: z.string().nullable(),
  country: z.string().nullable(),
  domain: z.string().nullable(),
});

/** An account among those that a half-typed name may mean. */
export type TypedAccount = z.infer<typeof row>;

const FEW = 3; // fewer than this, and the name may be misspelt

/** Accounts whose name, former name, domain or a word of the name begins as typed; where few do, those spelt alike too. Best first. */
export async function accountsTyped(rows: Reading, typed: string, limit: number): Promise<TypedAccount[]> {
  const asked = typed.normalize("NFKC").trim();
  if (asked === "") return [];
  const begun = await beginning(rows, asked, limit);
  if (begun.length >= FEW) return begun;
  const alike = (await candidates(rows, asked, limit)).map((each) => row.parse(each));
  const known = new Set(begun.map(({ id }) => id));
  return [...begun, ...alike.filter(({ id }) => !known.has(id))].slice(0, limit);
}

/**
 * The last word may be half-typed, the words before it are whole; of a half-typed legal form ("Acme Gm") only the name as it
 * is written tells. `|| chr(1114111)` is after everything that begins alike.
 */
function beginning(rows: Reading, asked: string, limit: number): Promise<TypedAccount[]> {
  const whole = asked.split(/\s+/).slice(0, -1).join(" ");
  return rows.many(
    row,
    sql`
    with asked as (
      select normal_name(${asked}) as norm, normal_name(${asked}) || chr(1114111) as beyond, lower(${asked}) as lower, normal_name(${whole}) as whole),
    given as (
      select word, at, at = max(at) over () as is_last
      from asked, unnest(string_to_array(norm, ' ')) with ordinality as words (word, at)),
    hits as (
      select account_id, 1 as rank from asked join account on name_norm ~>=~ norm and name_norm ~<~ beyond
      union all select account_id, 1 from asked join account on ${whole} <> '' and name_norm ~>=~ whole and name_norm ~<~ (whole || chr(1114111))
        and starts_with(lower(name), lower)
      union all select account_id, 2 from asked join account_alias on alias_norm ~>=~ norm and alias_norm ~<~ beyond
      union all select account_id, 3 from asked join account_domain on domain ~>=~ lower and domain ~<~ (lower || chr(1114111))
      union all (
        select n.account_id, 4 from given g join account_name_word n on n.word = g.word or (g.is_last and starts_with(n.word, g.word))
        group by n.account_id having count(distinct g.at) = (select count(*) from given))),
    best as (select account_id, min(rank) as rank from hits group by account_id)
    select a.account_id as id, a.name, a.country,
      (select p.full_name from person p where p.workspace_id = a.workspace_id and p.person_id = a.owner_id) as owner,
      (select min(d.domain) from account_domain d where d.workspace_id = a.workspace_id and d.account_id = a.account_id) as domain
    from best join account a using (account_id)
    where a.deleted_at is null and a.merged_into is null
    order by rank, length(a.name), a.name, a.account_id limit ${limit}`,
  );
}
