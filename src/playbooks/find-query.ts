import { prepared, type Sql, sql } from "#database/sql.ts";
import { SPEAKS_FOR_OTHERS } from "./documents.ts";
import { type Held, nearestByVector, type SearchVector } from "./find-nearest.ts";
import { STEPS, TO_COLLEAGUES, WORDS_TO_USE } from "./section-kinds.ts";
import { mannerSql, STEMMER, termOf } from "./words.ts";

export type { SearchVector } from "./find-nearest.ts";

export interface Find {
  words: string[];
  vector: SearchVector;
  stages?: string[];
  onlyStages?: boolean;
  forbiddenMoves?: string[];
  situations?: string[];
  playbookIds?: string[];
  /** Playbooks whose condition the account's facts fulfil: they come first. */
  firedPlaybooks?: string[];
  /** The text search dictionary that the passages were indexed with. */
  stemmer?: string;
  /** How much the words count beside the meaning, 0 to 1. */
  wordShare?: number;
  /** Whether words to say are wanted, rather than steps to take. */
  asksForWords?: boolean;
  /** Leaves out the shortcuts for large workspaces, to see what they cost. */
  exact?: boolean;
  limit: number;
}

// Robertson's usual constants, and the mix that did best on six public sets of questions. The boosts, the weight of manner
// and the lift were chosen on three public sets and the tuned half of the golden questions; docs/evaluation.md tells more.
const BM25_K = 1.2;
const BM25_B = 0.75;
const BY_WORDS = 0.7;
const MANNER_WEIGHT = 0.3;
const CANDIDATES = 100;
const MOST_POSTINGS = 50_000; // from the rarest word on; more common ones are looked up for the candidates only
const SHORT_LIST = 2_000; // postings of a word are sooner read in a row than looked up for each candidate
const PROMISING = 300; // passages whose length is looked up for BM25; before, all count as of mean length
const STAGE_BOOST = 1.75;
const SITUATION_BOOST = 1.2;
const FIRED_BOOST = 1.75;
const MOST_OF_ONE_PLAYBOOK = 2;
const AFTER_THE_FIRST = 0.7; // its second passage gives way to another playbook that is nearly as good
const LIFT = 0.3; // of a playbook's standing comes from its best three passages together, the rest from the best one
const LIFTING = 3;
const OTHER_THAN_ASKED = 0.8; // a section with words to use where steps are asked for, and the other way round

/**
 * word → term (with its rarity) → matched (BM25) ∪ near (cosine) → measured → the playbooks' order → their best passages.
 * Words of manner and, in large workspaces, the most common words are looked up for the candidates only: half of all
 * passages have them. What a playbook is and forbids is read for candidates too, unless the question is held to some
 * playbooks. Row security keeps it to the workspace. The vectors are compared one by one, which is exact. `offset 0` makes
 * the planner look rows up by their key, and `in (…) is true` makes it hash, also where it has no statistics (the embedded
 * database gathers none by itself).
 */
export function passagesQuery(ask: Find): Sql {
  const { words, vector, stemmer = STEMMER, wordShare = BY_WORDS, exact = false, limit } = ask;
  const { held, allows, to } = holdTo(ask);
  const asked = wordShare < 1 ? vector : null;
  const [mostPostings, promising] = exact ? [null, null] : [MOST_POSTINGS, PROMISING]; // no limit
  const bm25 = sql`sum(rarity * frequency * (${BM25_K}::float8 + 1) / (frequency + ${BM25_K}::float8 * relative_length))`;
  return prepared(
    `passages, ${to}, ${vectorKind(asked)}`,
    sql`
  with word as materialized (
    select distinct word, term from unnest(${words}::text[]) word, lateral (select ${termOf(sql`word`, stemmer)} as term) looked
    where term is not null
  ), counted as (
    select term, manner, known.passages, sum(known.passages) filter (where not manner) over (order by known.passages, term) as postings
    from (select distinct term, ${mannerSql(sql`term`)} as manner from word) asked cross join lateral (
      select coalesce((select passages from passage_term where passage_term.term = asked.term), 0) as passages offset 0) known
  ), term as materialized (
    select term, manner, counted.passages, counted.passages > 0 as known, share * idf as rarity, share * sqrt(idf / rarest) as telling,
      manner or coalesce(postings > ${mostPostings}::int and postings > counted.passages, false) as late
    from counted cross join passage_corpus corpus cross join lateral (
      select case when manner then ${MANNER_WEIGHT}::float8 else 1 end as share, ln(1 + (corpus.passages + 0.5) / 0.5) as rarest,
        ln(1 + (corpus.passages - counted.passages + 0.5) / (counted.passages + 0.5)) as idf) weighed${held}
  ), posting as materialized (
    select passage_id, rarity, frequency from term cross join lateral (
      select passage_id, frequency from passage_posting where passage_posting.term = term.term offset 0) has
    where not late and ${wordShare}::float8 > 0 and ${allows(sql`passage_id`)}
  ), promising as materialized (
    select passage_id from posting group by passage_id
    order by sum(rarity * frequency / (frequency + ${BM25_K}::float8)) desc, passage_id limit ${promising}::int
  ), matched as materialized (
    select passage_id, ${bm25} as bm25
    from promising cross join lateral (
      select ${RELATIVE_LENGTH} as relative_length from passage where passage.passage_id = promising.passage_id offset 0) long
      join posting using (passage_id)
    group by passage_id order by bm25 desc, passage_id limit ${CANDIDATES}::int
  ), ${nearestByVector({ vector: asked, to, allows, candidates: CANDIDATES, exact })}, candidate as materialized (
    select passage_id, max(bm25) as bm25, max(cosine) as cosine from (
      select passage_id, bm25, null::float8 as cosine from matched
      union all select passage_id, null, cosine from near cross join lateral (
        select passage_id from passage where hash = near.passage_hash offset 0) of) either
    group by passage_id limit ${2 * CANDIDATES}::int -- never more; it tells the planner so
  ), described as materialized (
    select passage_id, bm25, cosine, about.* from candidate cross join lateral (${description(ask)}) about
  ), told as materialized (
    select passage_id, ${bm25} as bm25
    from term cross join lateral (
      select passage_id, frequency from passage_posting known where known.term = term.term and passages <= ${SHORT_LIST}::int
      union all select sought.passage_id, frequency from described sought cross join lateral (
        select frequency from passage_posting known
        where known.term = term.term and known.passage_id = sought.passage_id offset 0) has
      where passages > ${SHORT_LIST}::int offset 0) has join described using (passage_id)
    where late and ${wordShare}::float8 > 0
    group by passage_id
  ), measured as materialized (
    select playbook_id, passage_id, ordinal, preference, for_stage, fired, boost,
      coalesce(described.bm25, 0) + coalesce(told.bm25, 0) as met,
      greatest(nullif(coalesce(described.cosine, compared.cosine), 'NaN'), 0) as cosine
    from described left join told using (passage_id) left join lateral (
      select 1 - (known.embedding <=> asked.embedding) as cosine
      from asked_vector asked cross join passage_vector known
      where described.cosine is null
        and known.model = asked.model and known.fingerprint = asked.fingerprint and known.passage_hash = described.hash offset 0
    ) compared on true
  ), scored as (
    select passage_id, playbook_id, ordinal, preference, for_stage, fired, met, boost * (
      ${wordShare}::float8 * met / coalesce(nullif(max(met) over (), 0), 1)
      + (1 - ${wordShare}::float8) * coalesce(cosine, 0) / coalesce(nullif(max(cosine) over (), 0), 1)) as score
    from measured
  ), ranked as (
    select *, row_number() over (partition by playbook_id order by score desc, ordinal) as strength,
      row_number() over (partition by playbook_id order by score * preference desc, ordinal) as place from scored
  ), chosen as (
    select playbook_id, (1 - ${LIFT}::float8) * max(score) + ${LIFT}::float8 * sum(score) filter (where strength <= ${LIFTING}::int)
      / least(${LIFTING}::int, (select count(*) from passage where passage.playbook_id = ranked.playbook_id)) as standing
    from ranked group by playbook_id
  ), best as materialized (
    select passage_id, for_stage, fired, met, score, standing * power(${AFTER_THE_FIRST}::float8, place - 1) as standing
    from ranked join chosen using (playbook_id)
    where place <= ${MOST_OF_ONE_PLAYBOOK}::int order by standing desc, passage_id limit ${limit}::int
  )
  select coalesce((select passages from passage_corpus), 0) as corpus, (select count(*) from term where not manner) as terms,
coalesce((select sum(telling) from term), 0) as asked,
    coalesce((select sum(telling) filter (where known) / nullif(sum(telling), 0) from term where not manner), 0) as known,
    coalesce((select jsonb_agg(jsonb_build_object('playbookId', playbook_id, 'title', title, 'section', section, 'path', path,
      'text', body, 'score', score, 'coverage', hit.coverage, 'met', hit.met, 'words', hit.words, 'stage', for_stage, 'fired', fired,
      'triggers', triggers, 'file', file, 'anchor', anchor, 'reviewBy', review_by, 'stages', stages, 'moves', moves)
      order by standing desc, passage_id)
    from best join passage using (passage_id) join playbook using (workspace_id, playbook_id) cross join lateral (
      select coalesce(sum(rarity) filter (where not manner) / (select sum(rarity) from term where not manner), 0) as coverage,
        coalesce(sum(telling * frequency / (frequency + ${BM25_K}::float8 * relative_length)), 0) as met,
        coalesce(jsonb_agg(word order by rarity desc, word) filter (where not manner), '[]') as words
      from (select ${RELATIVE_LENGTH} as relative_length) long cross join lateral (
        select distinct on (term) term, word, rarity, telling, manner, frequency from passage_posting join term using (term) join word using (term)
        where passage_posting.passage_id = best.passage_id) has
    ) hit), '[]') as passages`,
  );
}

const RELATIVE_LENGTH = sql`1 - ${BM25_B}::float8 + ${BM25_B}::float8 * length / (select mean_length from passage_corpus)`;

/** The passages that a question is held to, or those that it must not find, and the test of an id or hash against them. */
function holdTo({ stages = [], onlyStages = false, forbiddenMoves = [], playbookIds = [] }: Find): {
  /** Which of the three ways it is, for the name of the query. */
  to: Held;
  held: Sql;
  allows: (key: Sql) => Sql;
} {
  const forbidden = sql`moves && ${forbiddenMoves}::text[]`;
  if (playbookIds.length === 0 && !onlyStages) {
    if (forbiddenMoves.length === 0) return { to: "all", held: sql``, allows: () => sql`true` };
    return {
      to: "not barred",
      held: passagesOf(sql`barred`, forbidden),
      allows: (key) => sql`(${key} in (select ${key} from barred)) is not true`,
    };
  }
  const asked = sql`not ${forbidden} and (${playbookIds.length}::int = 0 or playbook_id = any(${playbookIds}::text[]))
      and (not ${onlyStages}::boolean or stages && ${stages}::text[])`;
  return {
    to: "open",
    held: passagesOf(sql`open`, asked),
    allows: (key) => sql`(${key} in (select ${key} from open)) is true`,
  };
}

const passagesOf = (called: Sql, condition: Sql): Sql => sql`
  ), ${called} as materialized (
    select passage_id, passage_hash from playbook cross join lateral (
      select passage_id, hash as passage_hash from passage where passage.playbook_id = playbook.playbook_id offset 0) its
    where ${condition}`;

/** What a candidate's playbook adds to its score. */
function description({ stages = [], situations = [], firedPlaybooks = [], asksForWords = false }: Find): Sql {
  const other = asksForWords ? STEPS : WORDS_TO_USE;
  return sql`
      select playbook_id, hash, ordinal, for_stage, fired, ${RELATIVE_LENGTH} as relative_length,
        case when lower(path[1]) = any(${other}::text[]) or lower(path[2]) like ${TO_COLLEAGUES} then ${OTHER_THAN_ASKED}::float8
          when weight > ${SPEAKS_FOR_OTHERS}::float8 then weight else 1 end as preference,
        case when weight > ${SPEAKS_FOR_OTHERS}::float8 then 1 else weight end * (case when for_stage then ${STAGE_BOOST}::float8 else 1 end)
        * (case when situations && ${situations}::text[] then ${SITUATION_BOOST}::float8 else 1 end)
        * (case when fired then ${FIRED_BOOST}::float8 else 1 end) as boost
      from (select * from passage where passage.passage_id = candidate.passage_id offset 0) this cross join lateral (
        select situations, stages && ${stages}::text[] as for_stage, playbook_id = any(${firedPlaybooks}::text[]) as fired
        from playbook where playbook.playbook_id = this.playbook_id offset 0) fits`;
}

const vectorKind = (vector: SearchVector): string =>
  vector === null ? "words" : "embedding" in vector ? "vector" : "sum of terms";
