import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";

const MOST_WORDS = 300; // of a text; who it is about stands before that
const LONGEST_NAME = 5; // words

const hit = z.object({ said: z.string(), accounts: z.array(z.object({ id: z.number(), name: z.string() })) });

/** Words of a text that name an account, and which; several where they name more than one. */
export type NamedAccount = z.infer<typeof hit>;

/**
 * The account that a text is about: the longest run of its words that is a name, a former name or a domain, the first of
 * equals. One word in small letters names nobody ("apex"), because it may be just a word. Null where nothing is named.
 */
export async function accountNamedIn(rows: Reading, text: string): Promise<NamedAccount | null> {
  const runs = wordRuns(text);
  if (runs.length === 0) return null;
  const found = await rows.many(hit, namedBy(runs));
  return found.find(({ said }) => /\s|\./.test(said) || /^[\p{Lu}\d]/u.test(said)) ?? null;
}

/** Runs of words as they stand in the text, longest first. Domains of addresses are runs of their own. */
function wordRuns(text: string): string[] {
  const sentence = text.normalize("NFKC").match(/[\p{L}\p{N}][\p{L}\p{N}&'’.+-]*|&/gu) ?? [];
  const words = sentence.slice(0, MOST_WORDS).map((word) => word.replace(/(?:['’]s|[.'’-])+$/u, ""));
  const runs = Array.from({ length: LONGEST_NAME }, (_, shorter) => LONGEST_NAME - shorter).flatMap((length) =>
    words.slice(0, Math.max(0, words.length - length + 1)).map((_, at) => words.slice(at, at + length).join(" ")),
  );
  return [...new Set(runs)].filter((run) => run.length > 1);
}

const namedBy = (runs: string[]) => sql`
  with said as (select said, at, normal_name(said) as norm from unnest(${runs}::text[]) with ordinality as runs (said, at)),
  hits as (
    select at, account_id from said join account on name_norm = norm
    union select at, account_id from said join account_alias on alias_norm = norm
    union select at, account_id from said join account_domain on domain = lower(said))
  select said, jsonb_agg(jsonb_build_object('id', a.account_id, 'name', a.name) order by a.account_id) as accounts
  from hits join said using (at) join account a using (account_id)
  where a.deleted_at is null and a.merged_into is null
  group by at, said order by at limit 20`;
