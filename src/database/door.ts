import { AsyncLocalStorage } from "node:async_hooks";
import pg from "pg";
import type { z } from "zod";
import type { Actor } from "../actor.ts";
import { Unavailable } from "../errors.ts";
import type { Log } from "../log.ts";
import { type Sql, toQuery } from "./sql.ts";
import { valueTypes } from "./types.ts";

/** Questions to the database, inside a transaction that knows who asks. */
export interface Reading {
  /** Rows, each checked against the schema. */
  many<T extends z.ZodType>(row: T, query: Sql): Promise<z.infer<T>[]>;
  /** The first row, or null. */
  maybe<T extends z.ZodType>(row: T, query: Sql): Promise<z.infer<T> | null>;
  /** Exactly one row; throws when there is none. */
  one<T extends z.ZodType>(row: T, query: Sql): Promise<z.infer<T>>;
}

/** A transaction that may also change rows. `run` returns how many rows it touched. */
export interface Writing extends Reading {
  run(query: Sql): Promise<number>;
}

export interface DoorSettings {
  connection: pg.PoolConfig;
  log: Log;
  /** The embedded database has one session for all, so it gets one connection. */
  connections: number;
  readTimeoutMs?: number;
  writeTimeoutMs?: number;
}

const READ_TIMEOUT_MS = 5_000; // a person waits for it
const WRITE_TIMEOUT_MS = 120_000; // an import batch, facts of many accounts
const LONG_WRITE_TIMEOUT_MS = 3_600_000; // building an index over a million rows
const GRACE_MS = 2_000; // the server's own timeout speaks first, the client's is for a server that is silent

/**
 * The one door to every table. Each visit is a transaction that carries the actor: row security shows it one workspace,
 * readers come as a role that cannot write and that has a statement timeout.
 */
export class Database {
  readonly #pool: pg.Pool;
  readonly #log: Log;
  readonly #limits: { read: number; write: number };
  readonly #keepsPlans: boolean;
  readonly #inside = new AsyncLocalStorage<true>();
  #closed = false;

  constructor(settings: DoorSettings) {
    this.#log = settings.log;
    this.#limits = {
      read: settings.readTimeoutMs ?? READ_TIMEOUT_MS,
      write: settings.writeTimeoutMs ?? WRITE_TIMEOUT_MS,
    };
    // The embedded database is one session for all connections: a name that an earlier one left would be taken.
    this.#keepsPlans = settings.connections > 1;
    this.#pool = new pg.Pool({
      max: settings.connections,
      connectionTimeoutMillis: settings.connections === 1 ? 60_000 : 10_000,
      query_timeout: this.#limits.write + GRACE_MS,
      idleTimeoutMillis: settings.connections === 1 ? 0 : 30_000,
      keepAlive: true,
      application_name: "perennial",
      types: valueTypes,
      ...settings.connection,
    });
    // Without a listener, a connection that dies while idle ends the process.
    this.#pool.on("error", (error) => this.#log.warn({ err: error }, "an idle database connection was lost"));
  }

  /** Reads as a role that cannot write, inside the actor's workspace. Throws Unavailable when the database is away. */
  read<T>(actor: Actor, work: (rows: Reading) => Promise<T>): Promise<T> {
    return this.#transaction({ role: "perennial_reader", readOnly: true, timeout: this.#limits.read, actor }, work);
  }

  /** Reads and writes inside the actor's workspace; all of it happens, or nothing. */
  write<T>(actor: Actor, work: (rows: Writing) => Promise<T>): Promise<T> {
    return this.#transaction({ role: "perennial_writer", readOnly: false, timeout: this.#limits.write, actor }, work);
  }

  /** The same for one long piece of work whose length grows with the data, such as an index: up to an hour a statement. */
  writeAtLength<T>(actor: Actor, work: (rows: Writing) => Promise<T>): Promise<T> {
    return this.#transaction(
      { role: "perennial_writer", readOnly: false, timeout: LONG_WRITE_TIMEOUT_MS, actor },
      work,
    );
  }

  /** Outside every workspace: the workspace directory and health checks. No customer table shows a row here. */
  directory<T>(work: (rows: Writing) => Promise<T>): Promise<T> {
    return this.#transaction(
      { role: "perennial_writer", readOnly: false, timeout: this.#limits.write, actor: null },
      work,
    );
  }

  /** As the connecting user, who owns the tables: for upkeep (statistics, a first load), never for a question. */
  maintain<T>(work: (rows: Writing) => Promise<T>): Promise<T> {
    return this.#transaction({ role: null, readOnly: false, timeout: this.#limits.write, actor: null }, work);
  }

  /** One connection for a library that brings its own SQL (migrations). Released afterwards, whatever happens. */
  async withClient<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    try {
      return await work(client);
    } finally {
      client.release();
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#pool.end();
  }

  async #transaction<T>(visit: Visit, work: (rows: Writing) => Promise<T>): Promise<T> {
    if (this.#inside.getStore())
      throw new Error("a transaction inside a transaction: pass the rows of the outer one on");
    const client = await this.#connect();
    let lost: Error | null = null;
    const onError = (error: Error) => {
      lost = error;
    };
    client.on("error", onError);
    try {
      await client.query("begin");
      await client.query(prologue(visit));
      const result = await this.#inside.run(true, () => work(new Rows(client, this.#keepsPlans, visit.timeout)));
      await client.query("commit");
      return result;
    } catch (error) {
      const away = awayReason(error) ?? (lost ? "the connection was lost" : null);
      if (!away) await client.query("rollback").catch((late: Error) => onError(late));
      else lost ??= error as Error;
      throw away
        ? new Unavailable(
            away === TOOK_TOO_LONG && visit.readOnly
              ? `That took too long and was stopped. Ask for less at once (a shorter window, one segment, country, plan, owner or team), or ask again when the database has less to do.`
              : `The database went away (${away}). Nothing was half-done; ask again in a moment.`,
            { cause: error },
          )
        : error;
    } finally {
      client.off("error", onError);
      client.release(lost ?? undefined);
    }
  }

  async #connect(): Promise<pg.PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (cause) {
      throw new Unavailable(
        `The database cannot be reached (${shortReason(cause)}). Check DATABASE_URL and that the server runs; \`perennial doctor\` tells more.`,
        { cause },
      );
    }
  }
}

interface Visit {
  role: "perennial_reader" | "perennial_writer" | null;
  readOnly: boolean;
  timeout: number;
  actor: Actor | null;
}

/** Everything is local to the transaction: on the embedded database a plain `set` would leak to the next visitor. */
function prologue({ role, readOnly, timeout, actor }: Visit): { text: string; values: unknown[] } {
  const context = {
    "app.workspace": actor?.workspaceId ?? "",
    "app.person": actor?.personId ?? "",
    "app.audience": actor?.audience ?? "",
  };
  const pairs: [string, string][] = [
    ...(role ? ([["role", role]] as [string, string][]) : []),
    ...Object.entries(context).map(([key, value]): [string, string] => [key, String(value)]),
    ["timezone", actor?.zone ?? "UTC"],
    ["statement_timeout", String(timeout)],
    // The last one: nothing may be changed after it.
    ...(readOnly ? ([["transaction_read_only", "on"]] as [string, string][]) : []),
  ];
  const calls = pairs.map((_, index) => `set_config($${index * 2 + 1}, $${index * 2 + 2}, true)`);
  return { text: `select ${calls.join(", ")}`, values: pairs.flat() };
}

class Rows implements Writing {
  readonly #client: pg.PoolClient;
  readonly #keepsPlans: boolean;
  readonly #patience: { query_timeout?: number };
  constructor(client: pg.PoolClient, keepsPlans: boolean, timeout: number) {
    this.#client = client;
    this.#keepsPlans = keepsPlans;
    this.#patience = timeout === LONG_WRITE_TIMEOUT_MS ? { query_timeout: timeout + GRACE_MS } : {};
  }
  #ask(query: Sql): Promise<pg.QueryResult> {
    const name = this.#keepsPlans && query.name ? { name: query.name } : {};
    return this.#client.query({ ...toQuery(query), ...name, ...this.#patience });
  }
  async many<T extends z.ZodType>(row: T, query: Sql): Promise<z.infer<T>[]> {
    const { rows } = await this.#ask(query);
    return rows.map((each) => row.parse(each));
  }
  async maybe<T extends z.ZodType>(row: T, query: Sql): Promise<z.infer<T> | null> {
    const { rows } = await this.#ask(query);
    return rows.length === 0 ? null : row.parse(rows[0]);
  }
  async one<T extends z.ZodType>(row: T, query: Sql): Promise<z.infer<T>> {
    const found = await this.maybe(row, query);
    if (found === null) throw new Error("a query that always has a row returned none");
    return found;
  }
  async run(query: Sql): Promise<number> {
    return (await this.#ask(query)).rowCount ?? 0;
  }
}

const AWAY_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ENOTFOUND",
  "ETIMEDOUT",
  "ENOENT",
  "57P01",
  "57P02",
  "57P03",
  "08006",
  "08003",
  "08001",
  "53300",
]);
const TOO_LONG = "57014";
const TOOK_TOO_LONG = "the query took too long";

/** Why the database is away, in words; null when the error is a query's own. */
function awayReason(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const code = "code" in error ? String(error.code) : "";
  if (code === TOO_LONG) return TOOK_TOO_LONG;
  if (AWAY_CODES.has(code)) return shortReason(error);
  return /Connection terminated|Query read timeout|Client has encountered a connection error/.test(error.message)
    ? "the connection was lost"
    : null;
}

function shortReason(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const code = "code" in error ? String(error.code) : "";
  const words: Record<string, string> = {
    ECONNREFUSED: "connection refused",
    ENOTFOUND: "host not found",
    ETIMEDOUT: "no answer",
    "28P01": "user or password refused",
    "28000": "login refused",
    "3D000": "no such database",
    "53300": "too many connections",
  };
  return words[code] ?? (/timeout/i.test(error.message) ? "no answer in time" : code || "connection lost");
}
