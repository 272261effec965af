import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { prepared, sql } from "#database/sql.ts";
import { AskAgain, type Choice } from "#errors.ts";

/** An account as a person tells it from others of a similar name. */
const candidate = z.object({
  id: z.number(),
  name: z.string(),
  owner: z.string().nullable(),
  country: z.string().nullable(),
  domain: z.string().nullable(),
  match: z.enum(["id", "name", "alias", "domain", "same", "begins", "words", "spelling"]),
  /** The words of names that the asked ones were read as; null where the name stands as it was written. */
  read: z.array(z.string()).nullable(),
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
  const read = (await rows.many(byWordsRow, byWords(asked, limit))).filter((each) => isSlip(each, asked));
  if (read.some((each) => each.near)) return read;
  // A slip of the fingers hardly changes how long a word is; a whole name written together does.
  const whole = (await rows.many(candidate, byWholeName(asked, limit))).filter((each) => isSlip(each, asked));
  return whole.length > 0 ? whole : read;
}

const SHORT_WORD = 4; // letters; with two of them wrong it is another word

/** Whether each word is the asked one but for a slip of the fingers. “Norway” shares its beginning with “North” and is no slip of it. */
function isSlip({ match, read }: Candidate, asked: string): boolean {
  if (match !== "spelling" || !read) return true;
  const words = plain(asked).match(/[\p{L}\p{N}]+/gu) ?? [];
  const given = [...words, words.join("")];
  return read.every((word) => given.some((each) => slips(each, plain(word)) <= (each.length > SHORT_WORD ? 2 : 1)));
}

/** How many letters were lost, added, changed or swapped between two words (optimal string alignment). */
function slips(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i, ...Array<number>(b.length).fill(0)]);
  rows[0] = Array.from({ length: b.length + 1 }, (_, j) => j);
  const at = (i: number, j: number): number => rows[i]![j]!; // both within the words
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const changed = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : changed;
      rows[i]![j] = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, changed, swapped);
    }
  }
  return at(a.length, b.length);
}

const plain = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

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
  const id = /^#(\d{1,15})$/.exec(asked)?.[1];
  const domain = /^(?:https?:\/\/)?(?:www\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)\/?$/i.exec(asked)?.[1]?.toLowerCase();
  // Branches that cannot hold are left out: for `= null` PostgreSQL may start parallel workers to find nothing.
  const byId = id
    ? sql`select account_id, 1 as rank, 'id' as match from account where account_id = ${id}::bigint union all`
    : sql``;
  const byDomain = domain
    ? sql`select account_id, 4 as rank, 'domain' as match from account_domain where domain = ${domain} union all`
    : sql``;
  const name = `find_exactly${id ? "_id" : ""}${domain ? "_domain" : ""}`;
  return prepared(
    name,
    sql`
    with hits as (
      ${byId} ${byDomain}
      select account_id, case when lower(name) = lower(${asked}) then 2 else 5 end as rank, case when lower(name) = lower(${asked}) then 'name' else 'same' end as match
        from account where name_norm = normal_name(${asked})
      union all select account_id, case when lower(alias) = lower(${asked}) then 3 else 5 end, case when lower(alias) = lower(${asked}) then 'alias' else 'same' end
        from account_alias where alias_norm = normal_name(${asked})
      union all (select account_id, 6, 'begins' from account
        where name_norm ~>=~ (normal_name(${asked}) || ' ') and name_norm ~<~ (normal_name(${asked}) || '!') order by name_norm limit ${limit})),
    best as (select distinct on (account_id) account_id, rank, match from hits order by account_id, rank)
    select a.account_id as id, a.name, match, null::text[] as read, ${details} from best join account a using (account_id)
    where ${alive} order by rank, a.name, a.account_id limit ${limit}`,
  );
}

const byWordsRow = candidate.extend({ near: z.boolean() });

/**
 * By the words of the name in any order, a misspelt word read as the nearest ones that names here have. The rarest word
 * is looked up first, and only the accounts that have it are asked for the others: “Solutions” alone is in thousands.
 */
function byWords(asked: string, limit: number) {
  return prepared(
    "find_by_words",
    sql`
    with given as (
      select word, at from unnest(string_to_array(normal_name(${asked}), ' ')) with ordinality as words (word, at)
      union all select replace(normal_name(${asked}), ' ', ''), 0 where normal_name(${asked}) like '% %'),
    read as materialized (
      select g.at, w.word, w.likeness, w.accounts, abs(length(w.word) - length(g.word)) <= 2 as near from given g
      cross join lateral (
        select k.word, 1::real as likeness, k.accounts from account_word k where k.word = g.word
        union all select * from words_like(g.word)
          where g.at > 0 and length(g.word) > 2 and not exists (select from account_word k where k.word = g.word)) w),
    rarest as (
      select at from read where at > 0 and (select count(distinct at) from read where at > 0) = (select count(*) from given where at > 0)
      group by at order by sum(accounts), at limit 1),
    begun as materialized (
      select n.account_id, max(r.likeness) as likeness, bool_or(r.near) as near, (array_agg(r.word order by r.likeness desc))[1] as word from read r join account_name_word n on n.word = r.word
      where r.at = (select at from rarest) group by n.account_id),
    matched as (
      select account_id, likeness, near, word from begun
      union all
      -- One probe a candidate and word. As a plain join the planner may read all accounts that have a common word.
      select b.account_id, max(r.likeness), bool_or(r.near), (array_agg(r.word order by r.likeness desc))[1] from begun b
        join read r on r.at > 0 and r.at <> (select at from rarest)
        cross join lateral (select from account_name_word n where n.word = r.word and n.account_id = b.account_id limit 1) n
        group by b.account_id, r.at),
    hits as (
      select account_id, sum(likeness) / count(*) as score, min(likeness) as worst, bool_and(near) as near, string_agg(word, ' ') as read from matched
      group by account_id having count(*) = (select count(*) from given where at > 0)
      union all select n.account_id, 1, 1, true, r.word from read r join account_name_word n on n.word = r.word where r.at = 0),
    best as (select account_id, max(score) as score, max(worst) as worst, bool_or(near) as near, (array_agg(hits.read order by score desc))[1] as read from hits group by account_id)
    select a.account_id as id, a.name, case when worst = 1 then 'words' else 'spelling' end as match, near, string_to_array(best.read, ' ') as read, ${details}
    from best join account a using (account_id)
    -- A clearly better reading stands alone; near-equal ones are offered.
    where ${alive} and score >= (select max(score) from best) - 0.15
    order by score desc, length(a.name), a.name, a.account_id limit ${limit}`,
  );
}

/** By the whole name written together, misspelt: “quietharbour”. */
function byWholeName(asked: string, limit: number) {
  return sql`
    with best as (
      select n.account_id, max(l.likeness) as likeness, (array_agg(l.word order by l.likeness desc))[1] as word from names_like(replace(normal_name(${asked}), ' ', '')) l
      join account_name_word n on n.word = l.word group by n.account_id)
    select a.account_id as id, a.name, 'spelling' as match, array[best.word] as read, ${details} from best join account a using (account_id)
    where ${alive} and likeness >= (select max(likeness) from best) - 0.15
    order by likeness desc, length(a.name), a.name, a.account_id limit ${limit}`;
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
