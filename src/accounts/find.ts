import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { AskAgain, type Choice } from "#errors.ts";

/** An account as a person tells it from others of a similar name. */
const candidate = z.object({
  id: z.number(),
  name: z.string(),
  owner: z.string().nullable(),
  country: z.string().nullable(),
  domain: z.string().nullable(),
  match: z.enum(["id", "name", "alias", "domain", "same", "begins", "words", "spelling"]),
});
export type Candidate = z.infer<typeof candidate>;

/** What was found for a name. `spelling` is set when the name was read in another spelling than it was written. */
export interface Found {
  id: number;
  name: string;
  spelling: string | null;
}

const MAX_CHOICES = 6; // as many as a person reads before they type a better name

/** The one account that is meant. Throws AskAgain with the candidates when there are several, or when there is none. */
export async function findAccount(rows: Reading, said: string): Promise<Found> {
  const asked = tidy(said);
  if (asked === "") throw new AskAgain("Which account do you mean? Tell me its name.");
  const found = await candidates(rows, asked);
  const sure = theOne(found, asked);
  if (sure) return { id: sure.id, name: sure.name, spelling: sure.match === "spelling" ? asked : null };
  if (found.length === 0)
    throw new AskAgain(`I know no account called “${short(asked)}”. Check the spelling, or ask by its domain.`);
  const choices = found.slice(0, MAX_CHOICES).map(choice);
  throw new AskAgain(`Which one do you mean by “${short(asked)}”: ${inWords(choices)}?`, choices);
}

/** Accounts that the words may mean, best first; several kinds of match are never mixed with worse ones. */
export async function candidates(rows: Reading, said: string, limit = MAX_CHOICES + 1): Promise<Candidate[]> {
  const asked = tidy(said);
  const exact = await rows.many(candidate, exactly(asked, limit));
  if (exact.length > 0) return exact;
  return rows.many(candidate, byWords(asked, limit));
}

function theOne(found: Candidate[], asked: string): Candidate | null {
  const whole = found.filter((each) => ["id", "name", "alias", "domain"].includes(each.match));
  if (whole.length === 1) return whole[0]!;
  if (whole.length > 1) return null;
  const same = found.filter((each) => each.match === "same");
  // "Acme" alone may be short for any Acme; "Acme Holdings" names one, whatever subsidiaries begin like it.
  if (same.length === 1 && (found.length === 1 || asked.includes(" "))) return same[0]!;
  return found.length === 1 ? found[0]! : null;
}

function choice({ id, name, country, owner, domain }: Candidate): Choice {
  return { id, label: name, hint: [country, domain, owner && `owner ${owner}`].filter(Boolean).join(", ") };
}

function inWords(choices: Choice[]): string {
  const each = choices.map(({ id, label, hint }) => (hint ? `${label} (${hint})` : `${label} (#${id})`));
  return each.length === 1 ? each[0]! : `${each.slice(0, -1).join("; ")} or ${each.at(-1)}`;
}

const details = sql`
  (select p.full_name from person p where p.workspace_id = a.workspace_id and p.person_id = a.owner_id) as owner, a.country,
  (select min(d.domain) from account_domain d where d.workspace_id = a.workspace_id and d.account_id = a.account_id) as domain`;
const alive = sql`a.deleted_at is null and a.merged_into is null`;

/** By id ("#12"), full name, former name, domain, name without legal form, or the beginning of one. */
function exactly(asked: string, limit: number) {
  const id = /^#(\d{1,15})$/.exec(asked)?.[1] ?? null;
  const domain =
    /^(?:https?:\/\/)?(?:www\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)\/?$/i.exec(asked)?.[1]?.toLowerCase() ?? null;
  return sql`
    with hits as (
      select account_id, 1 as rank, 'id' as match from account where account_id = ${id}::bigint
      union all select account_id, 4, 'domain' from account_domain where domain = ${domain}
      union all select account_id, case when lower(name) = lower(${asked}) then 2 else 5 end, case when lower(name) = lower(${asked}) then 'name' else 'same' end
        from account where name_norm = normal_name(${asked})
      union all select account_id, case when lower(alias) = lower(${asked}) then 3 else 5 end, case when lower(alias) = lower(${asked}) then 'alias' else 'same' end
        from account_alias where alias_norm = normal_name(${asked})
      union all (select account_id, 6, 'begins' from account
        where name_norm ~>=~ (normal_name(${asked}) || ' ') and name_norm ~<~ (normal_name(${asked}) || '!') order by name_norm limit ${limit})),
    best as (select distinct on (account_id) account_id, rank, match from hits order by account_id, rank)
    select a.account_id as id, a.name, match, ${details} from best join account a using (account_id)
    where ${alive} order by rank, a.name, a.account_id limit ${limit}`;
}

/** By the words of the name in any order, a misspelt word read as the nearest one that names here have. */
function byWords(asked: string, limit: number) {
  return sql`
    with given as (
      select word, at from unnest(string_to_array(normal_name(${asked}), ' ')) with ordinality as words (word, at)
      union all select replace(normal_name(${asked}), ' ', ''), 0 where normal_name(${asked}) like '% %'),
    read as (
      select g.at, w.word, w.likeness from given g
      cross join lateral (
        select g.word as word, 1::real as likeness where exists (select from account_word k where k.word = g.word)
        union all select * from words_like(g.word)
          where length(g.word) > 2 and not exists (select from account_word k where k.word = g.word)) w),
    hits as (
      select n.account_id, sum(best.likeness) as score, count(*) as words, min(best.likeness) as worst from (
        select distinct on (n.account_id, r.at) n.account_id, r.likeness from read r join account_name_word n on n.word = r.word
        where r.at > 0 order by n.account_id, r.at, r.likeness desc) best
      join lateral (select best.account_id) n on true
      group by n.account_id having count(*) = (select count(*) from given where at > 0)
      union all
      select n.account_id, r.likeness, 1, r.likeness from read r join account_name_word n on n.word = r.word where r.at = 0),
    best as (select account_id, max(score / words) as score, max(worst) as worst from hits group by account_id)
    select a.account_id as id, a.name, case when worst = 1 then 'words' else 'spelling' end as match, ${details}
    from best join account a using (account_id)
    -- A clearly better reading stands alone; near-equal ones are offered.
    where ${alive} and score >= (select max(score) from best) - 0.15
    order by score desc, length(a.name), a.name, a.account_id limit ${limit}`;
}

/** Without quotes, a question mark, or a possessive: “Acme's” → Acme. */
function tidy(said: string): string {
  return said
    .normalize("NFKC")
    .trim()
    .replace(/^["'“”‘’`*_]+|["'“”‘’`*_?!.,;:]+$/gu, "")
    .replace(/['’]s$/u, "")
    .trim();
}

const short = (text: string) => (text.length > 60 ? `${text.slice(0, 57)}…` : text);
