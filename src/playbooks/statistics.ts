import type { Database } from "#database/door.ts";
import { sql } from "#database/sql.ts";

/** Tells the database how many rows there are now: until it knows, a search right after an ingest can be ten times as slow. */
export const learnSizes = (database: Database): Promise<number> =>
  database.maintain((rows) =>
    rows.run(sql`analyze playbook, passage, passage_posting, passage_term, passage_vector, term_vector`),
  );
