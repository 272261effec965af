import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Database } from "./door.ts";
import { sql } from "./sql.ts";

const server = z.object({
  version: z.string(),
  vector: z.string().nullable(),
  pgTrgm: z.string().nullable(),
  migrated: z.boolean(),
});

/** What a database is: version, extensions, and how far its schema is. */
export interface DatabaseState {
  version: string;
  /** Versions of the extensions; null: not installed (migrations install them). */
  vector: string | null;
  pgTrgm: string | null;
  applied: string[];
  pending: string[];
}

/** Looks without changing anything. Throws Unavailable when the database is away. */
export async function databaseState(database: Database): Promise<DatabaseState> {
  return database.maintain(async (rows) => {
    const { migrated, ...found } = await rows.one(
      server,
      sql`select current_setting('server_version') as version,
            (select extversion from pg_extension where extname = 'vector') as vector,
            (select extversion from pg_extension where extname = 'pg_trgm') as "pgTrgm",
            to_regclass('perennial_migration') is not null as migrated`,
    );
    const done = migrated
      ? await rows.many(z.object({ name: z.string() }), sql`select name from perennial_migration order by id`)
      : [];
    const applied = done.map(({ name }) => name);
    const ours = readdirSync(fileURLToPath(new URL("./migrations", import.meta.url)))
      .filter((file) => file.endsWith(".sql"))
      .map((file) => file.replace(/\.sql$/, ""))
      .sort();
    return { ...found, applied, pending: ours.filter((each) => !applied.includes(each)) };
  });
}
