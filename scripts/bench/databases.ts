import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { openDatabase } from "#database/connect.ts";
import { Database } from "#database/door.ts";
import { startEmbedded } from "#database/embedded.ts";
import { migrate } from "#database/migrate.ts";
import { createLog } from "#log.ts";

export const log = createLog("error");

/** A migrated database of the bench's own. */
export interface BenchDatabase {
  database: Database;
  /** For peers that bring their own client. */
  connection: pg.PoolConfig;
  /** null: embedded. */
  url: string | null;
  close(): Promise<void>;
}

/** A fresh database on the server, or an embedded one in a folder that goes with it. */
export async function freshDatabase(serverUrl: string | null, name: string): Promise<BenchDatabase> {
  if (!serverUrl) return embeddedDatabase();
  const database = databaseName(name);
  await administer(serverUrl, `drop database if exists ${database} with (force)`);
  await administer(serverUrl, `create database ${database}`);
  const opened = await openServer(withDatabase(serverUrl, database));
  const close = async () => {
    await opened.close();
    await administer(serverUrl, `drop database if exists ${database} with (force)`);
  };
  return { ...opened, close };
}

/** Opens a database that is there, and brings it up to date. */
export async function openServer(url: string): Promise<BenchDatabase> {
  const { database, close } = await openDatabase({ url, folder: "unused", log });
  return { database, connection: { connectionString: url }, url, close };
}

async function embeddedDatabase(): Promise<BenchDatabase> {
  const folder = mkdtempSync(join(tmpdir(), "perennial-bench-"));
  const embedded = await startEmbedded({ folder });
  const database = new Database({ connection: embedded.connection, connections: 1, log });
  const close = async () => {
    await database.close();
    await embedded.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  await migrate(database);
  return { database, connection: embedded.connection, url: null, close };
}

export const databaseName = (name: string) => `perennial_bench_${name}`;

/** One statement on a connection of its own. */
export async function administer(url: string, query: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(query);
  } finally {
    await client.end();
  }
}

/** The same server, another database, and perhaps another user. */
export function withDatabase(url: string, database: string, user?: { name: string; password: string }): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  if (user) {
    changed.username = user.name;
    changed.password = user.password;
  }
  return changed.href;
}
