import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { z } from "zod";
import type { Window } from "#metrics/figure.ts";
import { fetchedPackage } from "../fetched.ts";
import { timed } from "../measure.ts";
import { byHand, type Figures, figuresIn } from "./by-hand.ts";

// Some of its platform packages cannot be locked, so it is no dependency: the bench fetches this version when it is asked.
const DUCKDB = { name: "@duckdb/node-api", version: "1.5.6-r.1", entry: "@duckdb/node-api" };

interface Connection {
  run(query: string): Promise<unknown>;
  runAndReadAll(query: string): Promise<{ getRowObjects(): unknown[] }>;
  closeSync(): void;
}
const library = z.object({
  DuckDBInstance: z.custom<{ create(path: string): Promise<{ connect(): Promise<Connection>; closeSync(): void }> }>(
    (given) => typeof given === "function",
  ),
});

/** A ledger in DuckDB, in memory. */
export interface DuckDb {
  /** Milliseconds: COPY out of PostgreSQL into a CSV file, and that file into a table. */
  exportMs: number;
  loadMs: number;
  figures(window: Window): Promise<Figures>;
  close(): void;
}

/** DuckDB with the ledger of a PostgreSQL; what keeps it from being measured, in words, where it cannot be fetched. */
export async function duckDb(connection: pg.PoolConfig, tell: (words: string) => void): Promise<DuckDb | string> {
  const fetched = await fetchedPackage(DUCKDB, tell);
  if (typeof fetched === "string") return fetched;
  const found = library.parse(fetched);
  const folder = mkdtempSync(join(tmpdir(), "perennial-bench-duckdb-"));
  try {
    const file = join(folder, "ledger.csv");
    const exported = await timed(() => exportLedger(connection, file));
    const instance = await found.DuckDBInstance.create(":memory:");
    const duck = await instance.connect();
    const loaded = await timed(() =>
      duck.run(
        `create table mrr_event as select * from read_csv('${file}', header = false, columns = {'account_id': 'bigint', 'effective_at': 'timestamp', 'base_delta_minor': 'bigint'})`,
      ),
    );
    return {
      exportMs: exported.ms,
      loadMs: loaded.ms,
      figures: async (window) => figuresIn((await duck.runAndReadAll(byHand(window, "timestamp"))).getRowObjects()[0]),
      close: () => {
        duck.closeSync();
        instance.closeSync();
      },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function exportLedger(connection: pg.PoolConfig, file: string): Promise<void> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    const rows = "select account_id, effective_at at time zone 'UTC', base_delta_minor from mrr_event";
    await pipeline(client.query(copyTo(`copy (${rows}) to stdout with (format csv)`)), createWriteStream(file));
  } finally {
    await client.end();
  }
}
