import { fileURLToPath } from "node:url";
import { runner } from "node-pg-migrate";
import type pg from "pg";
import { BadInput } from "../errors.ts";
import type { Database } from "./door.ts";

const folder = fileURLToPath(new URL("./migrations", import.meta.url));
const MIGRATION_LOCK = 7_265_711; // any number, the same for every Perennial on one database

/**
 * Brings the schema up to date, forward only, and returns the names of what ran. Two starters at once: the second waits
 * for the first. Throws BadInput when the server is too old, or lacks `vector` or `pg_trgm`.
 */
export function migrate(database: Database): Promise<string[]> {
  return database.withClient(async (client) => {
    // A crowd at the door: the embedded database is alone by its folder lock, a server sees this lock.
    await client.query("select pg_advisory_lock($1)", [MIGRATION_LOCK]);
    try {
      await checkServer(client);
      return await bringUpToDate(client);
    } catch (error) {
      await client.query("rollback");
      throw inOurWords(error);
    } finally {
      await client.query("select pg_advisory_unlock($1)", [MIGRATION_LOCK]);
    }
  });
}

async function bringUpToDate(client: pg.PoolClient): Promise<string[]> {
  const ran = await runner({
    dbClient: client,
    dir: folder,
    direction: "up",
    migrationsTable: "perennial_migration",
    checkOrder: true,
    noLock: true,
    log: () => undefined,
  });
  return ran.map((each) => each.name);
}

const MAY_NOT = "42501";
const RAISED = "P0001"; // by a migration, with the cure in its message

/** What the person who installs can put right is said as such; the rest is our bug. */
function inOurWords(error: unknown): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error;
  if (error.code === RAISED) return new BadInput(error.message, { cause: error });
  if (error.code !== MAY_NOT) return error;
  return new BadInput(
    `The database user of DATABASE_URL may not make what Perennial needs (${error.message}). Let an administrator run once in that database: create extension if not exists vector; create extension if not exists pg_trgm; and let the user own the database.`,
    { cause: error },
  );
}

async function checkServer(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ version: number; lacking: string[] }>(`
    select current_setting('server_version_num')::int as version,
      array(select wanted from unnest(array['vector', 'pg_trgm']) wanted
            where not exists (select from pg_available_extensions where name = wanted)) as lacking`);
  const { version, lacking } = rows[0]!;
  if (version < 150_000)
    throw new BadInput(
      `The PostgreSQL behind DATABASE_URL is version ${Math.floor(version / 10_000)}; Perennial needs 15 or newer.`,
    );
  if (lacking.length > 0) {
    throw new BadInput(
      `The PostgreSQL behind DATABASE_URL lacks the extension ${lacking.join(" and ")}. Install pgvector (and postgresql-contrib) on that server, or use compose.yaml, which brings both.`,
    );
  }
}
