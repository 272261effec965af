import { type Sql, sql } from "#database/sql.ts";
import { asVector } from "./vectors.ts";

/** How to search by meaning: a question's vector, or the sum of a fitted model's stems; null: by words only. */
export type SearchVector =
  | { model: string; fingerprint: string; embedding: number[] }
  | { model: string; sumOfTerms: true }
  | null;

/** Which passages a search may find: all of them, all but those of `barred`, or those of `open`. */
export type Held = "all" | "not barred" | "open";

export interface Nearest {
  vector: SearchVector;
  to: Held;
  /** The test of a hash against those that it is held to. */
  allows: (hash: Sql) => Sql;
  candidates: number;
  /** Compares all vectors, whatever there is, to see what an index of neighbours costs. */
  exact: boolean;
}

// Beyond so many neighbours, the vectors of the few passages that are open are sooner compared one by one.
const MOST_NEIGHBOURS = 5_000;
const SPARE = 1.5; // the passages that are open may lie a little further off than the others

/**
 * The common table expressions `asked_vector` (model, fingerprint, embedding: one row or none) and `near` (passage_hash,
 * cosine) with the nearest passages. `term` stands before them, and `open` or `barred` where a search is held to some.
 *
 * Every vector is compared, in the order in which they lie. In a large workspace a table of its own gives the neighbours
 * (migration 0021), more of them where some are not allowed, and in no order but their own: their cosine is null, and the
 * caller compares them exactly. Where fewer come than there are, every vector is compared after all.
 */
export function nearestByVector({ vector, to, allows, candidates, exact }: Nearest): Sql {
  const passages = sql`(select passages from passage_corpus)`;
  const allowed = {
    all: passages,
    "not barred": sql`(${passages} - (select count(*) from barred))`,
    open: sql`(select count(*) from open)`,
  }[to];
  return sql`asked_vector as materialized (${askedVector(vector)}
  ), way as materialized (
    select asked.*, least(${candidates}::int, ${allowed}) as enough,
      case when neighbours is null or ${exact}::boolean or ${allowed} = 0 then null else ceil(case when ${to} = 'all' then ${candidates}::int
        else ${SPARE}::float8 * ${candidates}::int * ${passages} / ${allowed} end)::int end as wanted
    from asked_vector asked
  ), neighbour as materialized (
    select passage_hash from way cross join lateral nearest_passages(model, fingerprint, embedding, wanted)
      with ordinality found(passage_hash, place)
    where wanted <= ${MOST_NEIGHBOURS}::int and ${allows(sql`passage_hash`)} order by place limit ${candidates}::int
  ), near as materialized (
    select passage_hash, null::float8 as cosine from neighbour where (select count(*) from neighbour) = (select enough from way)
    union all select passage_hash, 1 - distance from way cross join lateral (${compared({ allows, candidates })}
    ) nearest where ${to === "open" ? sql`(wanted is null or wanted <= ${MOST_NEIGHBOURS}::int) and` : sql``}
      (select count(*) from neighbour) < enough${
        to === "open"
          ? sql`
    union all select passage_hash, 1 - distance from way cross join lateral (${comparedByKey(candidates)}
    ) nearest where wanted > ${MOST_NEIGHBOURS}::int`
          : sql``
      }
  )`;
}

/** Every vector of the workspace, each compared once. NaN, of a vector without length, comes last; `+ 0` keeps any index of neighbours out. */
const compared = ({ allows, candidates }: Pick<Nearest, "allows" | "candidates">): Sql => sql`
      select passage_hash, (known.embedding <=> way.embedding) + 0 as distance from passage_vector known
      where known.model = way.model and known.fingerprint = way.fingerprint and ${allows(sql`passage_hash`)}
      order by distance limit ${candidates}::int`;

/** The vectors of the passages that are open, by their key. */
const comparedByKey = (candidates: number): Sql => sql`
      select passage_hash, distance from open cross join lateral (
        select known.embedding <=> way.embedding as distance from passage_vector known
        where known.model = way.model and known.fingerprint = way.fingerprint and known.passage_hash = open.passage_hash offset 0) its
      order by distance limit ${candidates}::int`;

/** One row, or none when there is nothing to compare with: no vector, no complete index, no known word. */
function askedVector(vector: SearchVector): Sql {
  if (vector === null)
    return sql`select null::text as model, null::text as fingerprint, null::text as neighbours, null::vector as embedding where false`;
  const complete = sql`from embedding_index where complete and model = ${vector.model}`;
  if ("embedding" in vector) {
    return sql`select model, fingerprint, neighbours, ${asVector(vector.embedding)}::vector as embedding ${complete}
      and fingerprint = ${vector.fingerprint} and dimension = ${vector.embedding.length}`;
  }
  return sql`select model, fingerprint, neighbours, sum(embedding) as embedding
    from (select model, fingerprint, neighbours ${complete}) fitted cross join term cross join lateral (
      select embedding from term_vector known
      where known.model = fitted.model and known.fingerprint = fitted.fingerprint and known.term = term.term offset 0) known
    group by model, fingerprint, neighbours`;
}
