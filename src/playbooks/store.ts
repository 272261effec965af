import { z } from "zod";
import type { Reading, Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { conditionSchema } from "#lifecycle/condition.ts";
import { type PassageDocument, weightOf } from "./documents.ts";
import type { Playbook } from "./playbook.ts";
import { STEMMER } from "./words.ts";

const known = z.object({ id: z.string(), file: z.string(), hash: z.string() });
export type KnownPlaybook = z.infer<typeof known>;

/** Which playbooks are indexed, and from which content. */
export const knownPlaybooks = (rows: Reading): Promise<KnownPlaybook[]> =>
  rows.many(known, sql`select playbook_id as id, file, hash from playbook order by playbook_id`);

/** The dictionary that the passages were indexed with; null before the first ingest. */
export const indexedWith = async (rows: Reading): Promise<string | null> =>
  (await rows.maybe(z.object({ stemmer: z.string() }), sql`select stemmer from passage_corpus`))?.stemmer ?? null;

const passage = z.object({
  section: z.string(),
  path: z.array(z.string()),
  anchor: z.string(),
  text: z.string(),
  hash: z.string(),
});

const stored = z.object({
  id: z.string(),
  title: z.string(),
  stages: z.array(z.string()),
  situations: z.array(z.string()),
  personas: z.array(z.string()),
  triggers: z.array(z.string()),
  when: conditionSchema.nullable(),
  moves: z.array(z.string()),
  effort: z.object({ level: z.enum(["low", "medium", "high"]), minutes: z.number() }),
  ownerRole: z.string(),
  dueInDays: z.number(),
  reviewBy: z.string(),
  success: z.string(),
  file: z.string(),
  hash: z.string(),
  passages: z.array(passage),
});

/** Playbooks as they were indexed, by id; all of them where `ids` is null. */
export const loadPlaybooks = (rows: Reading, ids: string[] | null = null): Promise<Playbook[]> =>
  rows.many(
    stored,
    sql`
    select playbook_id as id, title, stages, situations, personas, triggers, fires_when as "when", moves,
      jsonb_build_object('level', effort_level, 'minutes', effort_minutes) as effort, owner_role as "ownerRole",
      due_in_days as "dueInDays", review_by as "reviewBy", success, file, hash,
      (select coalesce(jsonb_agg(jsonb_build_object('section', section, 'path', path, 'anchor', anchor, 'text', body, 'hash', passage.hash) order by ordinal), '[]')
       from passage where passage.playbook_id = playbook.playbook_id) as passages
    from playbook
    where ${ids}::text[] is null or playbook_id = any(${ids}::text[])
    order by playbook_id`,
  );

const ALL_ONE_AFTER_THE_OTHER = 7_265_712; // any number, the same for every ingest on one database

/** Lets one ingest of a workspace in at a time. */
export const lockPlaybooks = (rows: Writing): Promise<number> =>
  rows.run(sql`select pg_advisory_xact_lock(${ALL_ONE_AFTER_THE_OTHER}, current_workspace())`);

/** Takes playbooks away, with their passages and postings. */
export async function removePlaybooks(rows: Writing, ids: string[]): Promise<void> {
  await rows.run(sql`
    delete from passage_posting where passage_id in (select passage_id from passage where playbook_id = any(${ids}::text[]))`);
  await rows.run(sql`delete from playbook where playbook_id = any(${ids}::text[])`);
}

/** Writes playbooks whole. Passages that did not change keep their row; the others are indexed from `documents`. */
export async function putPlaybooks(
  rows: Writing,
  playbooks: Playbook[],
  documents: Map<string, PassageDocument>,
): Promise<void> {
  await putHeads(rows, playbooks);
  await removeOldPassages(rows, playbooks);
  const fresh = await putPassages(rows, playbooks, documents);
  await putPostings(rows, fresh, documents);
}

function putHeads(rows: Writing, playbooks: Playbook[]): Promise<number> {
  const heads = playbooks.map(({ passages, ...head }) => head);
  return rows.run(sql`
    insert into playbook (workspace_id, playbook_id, title, stages, situations, personas, triggers, fires_when, moves,
      effort_level, effort_minutes, owner_role, due_in_days, review_by, success, file, hash)
    select current_workspace(), id, title, stages, situations, personas, triggers, nullif("when", 'null'), moves,
      effort->>'level', (effort->>'minutes')::int, "ownerRole", "dueInDays", "reviewBy", success, file, hash
    from jsonb_to_recordset(${JSON.stringify(heads)}::jsonb) as head(id text, title text, stages text[], situations text[],
      personas text[], triggers text[], "when" jsonb, moves text[], effort jsonb, "ownerRole" text, "dueInDays" int,
      "reviewBy" date, success text, file text, hash text)
    on conflict (workspace_id, playbook_id) do update set title = excluded.title, stages = excluded.stages,
      situations = excluded.situations, personas = excluded.personas, triggers = excluded.triggers,
      fires_when = excluded.fires_when, moves = excluded.moves, effort_level = excluded.effort_level,
      effort_minutes = excluded.effort_minutes, owner_role = excluded.owner_role, due_in_days = excluded.due_in_days,
      review_by = excluded.review_by, success = excluded.success, file = excluded.file, hash = excluded.hash, loaded_at = now()`);
}

async function removeOldPassages(rows: Writing, playbooks: Playbook[]): Promise<void> {
  const old = sql`passage_id in (select passage_id from passage where playbook_id = any(${playbooks.map((each) => each.id)}::text[])
    and hash <> all(${playbooks.flatMap((each) => each.passages.map(({ hash }) => hash))}::text[]))`;
  await rows.run(sql`delete from passage_posting where ${old}`);
  await rows.run(sql`delete from passage where ${old}`);
}

const written = z.object({ passageId: z.number(), hash: z.string(), fresh: z.boolean() });
type Written = z.infer<typeof written>;

async function putPassages(
  rows: Writing,
  playbooks: Playbook[],
  documents: Map<string, PassageDocument>,
): Promise<Written[]> {
  const given = playbooks.flatMap((playbook) =>
    playbook.passages.map((each, ordinal) => ({
      ...each,
      playbookId: playbook.id,
      ordinal,
      length: documents.get(each.hash)!.length, // made of these passages
      weight: weightOf(each),
    })),
  );
  const all = await rows.many(
    written,
    sql`
    insert into passage (workspace_id, playbook_id, ordinal, section, path, anchor, body, hash, length, weight)
    select current_workspace(), "playbookId", ordinal, section, path, anchor, text, hash, length, weight
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as given("playbookId" text, ordinal int, section text, path text[],
      anchor text, text text, hash text, length real, weight real)
    on conflict (workspace_id, hash) do update set ordinal = excluded.ordinal
    returning passage_id as "passageId", hash, xmax = 0 as fresh`,
  );
  return all.filter(({ fresh }) => fresh);
}

function putPostings(rows: Writing, passages: Written[], documents: Map<string, PassageDocument>): Promise<number> {
  const postings = passages.flatMap(({ passageId, hash }) =>
    [...documents.get(hash)!.frequencies].map(([term, frequency]) => ({ term, passageId, frequency })),
  );
  return rows.run(sql`
    insert into passage_posting (workspace_id, term, passage_id, frequency)
    select current_workspace(), * from unnest(${postings.map(({ term }) => term)}::text[],
      ${postings.map(({ passageId }) => passageId)}::bigint[], ${postings.map(({ frequency }) => frequency)}::real[])`);
}

/** Counts anew in how many passages and playbooks each word stem stands. */
export async function countTerms(rows: Writing, stemmer = STEMMER): Promise<void> {
  await rows.run(sql`delete from passage_term`);
  await rows.run(sql`
    insert into passage_term (workspace_id, term, passages, playbooks)
    select current_workspace(), term, count(*), count(distinct playbook_id)
    from passage_posting join passage using (workspace_id, passage_id) group by term`);
  await rows.run(sql`
    insert into passage_corpus (workspace_id, passages, playbooks, mean_length, stemmer)
    select current_workspace(), count(*), count(distinct playbook_id), coalesce(avg(length), 1), ${stemmer} from passage
    on conflict (workspace_id) do update set passages = excluded.passages, playbooks = excluded.playbooks,
      mean_length = excluded.mean_length, stemmer = excluded.stemmer, ingested_at = now()`);
}
