import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { type Sql, sql } from "#database/sql.ts";
import { asVector } from "./vectors.ts";
import { STEMMER, wordsOf } from "./words.ts";

const row = z.object({
  playbookId: z.string(),
  title: z.string(),
  section: z.string(),
  path: z.array(z.string()),
  text: z.string(),
  score: z.number(),
  coverage: z.number(),
  words: z.array(z.string()),
  stage: z.boolean(),
  triggers: z.array(z.string()),
  file: z.string(),
  anchor: z.string(),
  reviewBy: z.string(),
  stages: z.array(z.string()),
  moves: z.array(z.string()),
});
const found = z.object({ corpus: z.number(), terms: z.number(), passages: z.array(row) });

/** A passage that a search found, and why. */
export interface FoundPassage {
  playbookId: string;
  title: string;
  section: string;
  path: string[];
  text: string;
  score: number;
  /** Share of the question's weight that the passage contains, 0 to 1. */
  coverage: number;
  /** The question's words that it has, the trigger that is nearest to the question, whether it is for the stage. */
  why: { words: string[]; trigger: string | null; stage: boolean };
  /** Where it stands: `knowledge/playbooks/retention/x.md#steps`. */
  source: string;
  reviewBy: string;
  stages: string[];
  moves: string[];
}

/** How to search by meaning: a question's vector, or the sum of a fitted model's stems; null: by words only. */
export type SearchVector =
  | { model: string; fingerprint: string; embedding: number[] }
  | { model: string; sumOfTerms: true }
  | null;

export interface Find {
  words: string[];
  vector: SearchVector;
  stages?: string[];
  onlyStages?: boolean;
  forbiddenMoves?: string[];
  situations?: string[];
  playbookIds?: string[];
  limit: number;
}

/** The passages for a question's words and vector, best first: BM25 and cosine, both exact, in one statement. */
export async function findPassages(
  rows: Reading,
  ask: Find,
): Promise<{ corpus: number; terms: number; passages: FoundPassage[] }> {
  const { corpus, terms, passages } = await rows.one(found, query(ask));
  return { corpus, terms, passages: passages.map(asFound) };
}

function asFound({ words, stage, triggers, file, anchor, ...same }: z.infer<typeof row>): FoundPassage {
  return {
    ...same,
    why: { words, trigger: nearestTrigger(triggers, words), stage },
    source: anchor ? `${file}#${anchor}` : file,
  };
}

const FEWEST_SHARED = 2; // one word in common may be chance

/** The trigger that shares most words with what matched, with word forms folded by their beginning. */
function nearestTrigger(triggers: string[], matched: string[]): string | null {
  const asked = new Set(matched.map(beginning));
  const sharedBy = (trigger: string) =>
    new Set(
      wordsOf(trigger)
        .map(beginning)
        .filter((word) => asked.has(word)),
    ).size;
  const shared = triggers.map((trigger) => ({ trigger, count: sharedBy(trigger) }));
  const best = shared.reduce((one, other) => (other.count > one.count ? other : one), { trigger: "", count: 0 });
  return best.count >= Math.min(FEWEST_SHARED, asked.size) && best.count > 0 ? best.trigger : null;
}

const beginning = (word: string): string => word.slice(0, 5);

// Robertson's usual constants, and the mix that did best on six public sets of questions.
const BM25_K = 1.2;
const BM25_B = 0.75;
const BY_WORDS = 0.7;
const BY_MEANING = 0.3;
const CANDIDATES = 100;
const STAGE_BOOST = 1.5;
const SITUATION_BOOST = 1.2;
const MOST_OF_ONE_PLAYBOOK = 2;
const AFTER_THE_FIRST = 0.7; // its second passage gives way to another playbook that is nearly as good

/**
 * word → term (with its rarity) → matched (BM25) ∪ near (cosine) → scored → ranked. Row security keeps it to the
 * workspace. The vectors are compared one by one: exact, and fast enough at thousands of passages. `offset 0` makes the
 * planner look rows up by their key also where it has no statistics (the embedded database gathers none by itself).
 */
function query(ask: Find): Sql {
  const {
    words,
    vector,
    stages = [],
    onlyStages = false,
    forbiddenMoves = [],
    situations = [],
    playbookIds = [],
    limit,
  } = ask;
  return sql`
  with word as materialized (
    select distinct word, term from unnest(${words}::text[]) word, unnest(ts_lexize(${STEMMER}, word)) term
  ), term as materialized (
    select term, ln(1 + (corpus.passages - known.passages + 0.5) / (known.passages + 0.5)) as rarity
    from (select distinct term from word) asked cross join passage_corpus corpus cross join lateral (
      select coalesce((select passages from passage_term where passage_term.term = asked.term), 0) as passages) known
  ), open as materialized (
    select passage_id, playbook_id, passage.hash, ordinal, stages && ${stages}::text[] as for_stage,
      1 - ${BM25_B}::float8 + ${BM25_B}::float8 * length / (select mean_length from passage_corpus) as relative_length,
      weight * (case when stages && ${stages}::text[] then ${STAGE_BOOST}::float8 else 1 end)
      * (case when situations && ${situations}::text[] then ${SITUATION_BOOST}::float8 else 1 end) as boost
    from passage join playbook using (workspace_id, playbook_id)
    where not moves && ${forbiddenMoves}::text[]
      and (${playbookIds.length}::int = 0 or playbook_id = any(${playbookIds}::text[]))
      and (not ${onlyStages}::boolean or stages && ${stages}::text[])
  ), matched as materialized (
    select passage_id, sum(rarity * frequency * (${BM25_K}::float8 + 1) / (frequency + ${BM25_K}::float8 * relative_length)) as bm25
    from term cross join lateral (
      select passage_id, frequency from passage_posting where passage_posting.term = term.term offset 0) posting
      join open using (passage_id)
    group by passage_id order by bm25 desc limit ${CANDIDATES}::int
  ), asked_vector as materialized (${askedVector(vector)}
  ), compared as materialized (
    select passage_id, nullif(1 - (stored.embedding <=> asked.embedding), 'NaN') as cosine
    from asked_vector asked cross join open cross join lateral (
      select embedding from passage_vector known
      where known.model = asked.model and known.fingerprint = asked.fingerprint and known.passage_hash = open.hash offset 0) stored
  ), candidate as materialized (
    select passage_id from matched
    union (select passage_id from compared order by cosine desc limit ${CANDIDATES}::int)
  ), scored as (
    select open.*, boost * (${BY_WORDS}::float8 * bm25 / coalesce(nullif(max(bm25) over (), 0), 1)
      + ${BY_MEANING}::float8 * cosine / coalesce(nullif(max(cosine) over (), 0), 1)) as score
    from open join (
      select passage_id, coalesce(bm25, 0) as bm25, greatest(cosine, 0) as cosine
      from candidate left join matched using (passage_id) left join compared using (passage_id)) measured using (passage_id)
  ), ranked as (
    select *, row_number() over (partition by playbook_id order by score desc, ordinal) as place from scored
  ), best as materialized (
    select passage_id, for_stage, score, score * power(${AFTER_THE_FIRST}::float8, place - 1) as standing
    from ranked where place <= ${MOST_OF_ONE_PLAYBOOK}::int order by standing desc, passage_id limit ${limit}::int
  )
  select coalesce((select passages from passage_corpus), 0) as corpus, (select count(*) from term) as terms,
    coalesce((select jsonb_agg(jsonb_build_object('playbookId', playbook_id, 'title', title, 'section', section, 'path', path,
      'text', body, 'score', score, 'coverage', hit.coverage, 'words', hit.words, 'stage', for_stage, 'triggers', triggers,
      'file', file, 'anchor', anchor, 'reviewBy', review_by, 'stages', stages, 'moves', moves) order by standing desc, passage_id)
    from best join passage using (passage_id) join playbook using (workspace_id, playbook_id) cross join lateral (
      select coalesce(sum(rarity) / (select sum(rarity) from term), 0) as coverage,
        coalesce(jsonb_agg(word order by rarity desc, word), '[]') as words
      from (select distinct on (term) term, word, rarity from passage_posting join term using (term) join word using (term)
        where passage_posting.passage_id = best.passage_id) has
    ) hit), '[]') as passages`;
}

/** One row, or none when there is nothing to compare with: no vector, no complete index, no known word. */
function askedVector(vector: SearchVector): Sql {
  if (vector === null)
    return sql`select null::text as model, null::text as fingerprint, null::vector as embedding where false`;
  const complete = sql`from embedding_index where complete and model = ${vector.model}`;
  if ("embedding" in vector) {
    return sql`select model, fingerprint, ${asVector(vector.embedding)}::vector as embedding ${complete}
      and fingerprint = ${vector.fingerprint} and dimension = ${vector.embedding.length}`;
  }
  return sql`select model, fingerprint, sum(embedding) as embedding
    from (select model, fingerprint ${complete}) fitted cross join term cross join lateral (
      select embedding from term_vector known
      where known.model = fitted.model and known.fingerprint = fitted.fingerprint and known.term = term.term offset 0) known
    group by model, fingerprint`;
}
