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

/** "clearforge is furious": what a told situation begins with, right before its verb. */
const TOLD_OF =
  /^\s*([\p{L}\p{N}][\p{L}\p{N}-]{3,})(?:['’]s)? (?:is|are|was|were|has|have|had|just|wants?|says?|said|called|wrote|cannot|can't)\b/iu;
const SOMEBODY =
  /^(?:(?:customer|client|user|team|contact|champion|sponsor|buyer|admin|manager|owner|boss|people|person|vendor|competitor|prospect|lead|ticket|invoice|payment|support)s?|procurement|finance|legal|sales|management|everybody|everyone|somebody|someone|nobody|this|that|they|there|what|which|when)$/i;

/** The one account whose name begins with the word that a told situation begins with; null for several, and for a role. */
export async function accountLedBy(rows: Reading, text: string): Promise<NamedAccount | null> {
  const said = TOLD_OF.exec(text.normalize("NFKC"))?.[1];
  if (said === undefined || SOMEBODY.test(said)) return null;
  const accounts = await rows.many(
    hit.shape.accounts.element,
    sql`select account_id as id, name from account
        where name_norm >= normal_name(${said}) || ' ' and name_norm < normal_name(${said}) || '!'
          and deleted_at is null and merged_into is null order by account_id limit 2`,
  );
  return accounts.length === 1 ? { said, accounts } : null;
}
