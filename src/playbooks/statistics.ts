import { z } from "zod";
import type { Database, Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";

/** Tells the database how many rows there are now: until it knows, a search right after an ingest can be ten times as slow. */
export const learnSizes = (database: Database): Promise<number> =>
  database.maintain((rows) =>
    rows.run(sql`analyze playbook, passage, passage_posting, passage_term, passage_vector, term_vector`),
  );

const report = z.object({
  playbooks: z.number(),
  passages: z.number(),
  stemmer: z.string(),
  indexes: z.array(
    z.object({
      model: z.string(),
      fingerprint: z.string(),
      dimension: z.number(),
      complete: z.boolean(),
      vectors: z.number(),
      neighbours: z.boolean(),
      /** How many vectors a search keeps in view among neighbours; 0: tried, and it found too little; null: not tried. */
      effort: z.number().nullable(),
    }),
  ),
});

/** What is indexed in a workspace, for people. */
export type IndexReport = z.infer<typeof report>;

/** How the playbooks of a workspace are indexed: how many, in which language, with the vectors of which models. */
export const indexReport = (rows: Reading): Promise<IndexReport> =>
  rows.one(
    report,
    sql`
    select coalesce(max(playbooks), 0) as playbooks, coalesce(max(passages), 0) as passages, coalesce(max(stemmer), '') as stemmer,
      (select coalesce(jsonb_agg(jsonb_build_object('model', model, 'fingerprint', fingerprint, 'dimension', dimension,
         'complete', complete, 'neighbours', neighbours is not null, 'effort', neighbour_effort, 'vectors', (
           select count(*) from passage_vector of where of.model = made.model and of.fingerprint = made.fingerprint))
         order by complete desc, made_at desc), '[]') from embedding_index made) as indexes
    from passage_corpus`,
  );
