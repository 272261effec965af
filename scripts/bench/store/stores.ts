import type pg from "pg";
import type { Database } from "#database/door.ts";
import { administer, databaseName, freshDatabase, openServer, withDatabase } from "../databases.ts";
import type { Options } from "../options.ts";
import { generateStore } from "./generate.ts";

/** A store full of accounts, and as whom it is asked. */
export interface Store {
  who: string;
  database: Database;
  connection: pg.PoolConfig;
  workspaceId: number;
  close(): Promise<void>;
}

const OWNER = { name: "perennial_bench_owner", password: "perennial_bench" };

/**
 * On a server two stores with the same rows: one whose tables belong to a plain user, whom row security holds back, and
 * one of a superuser, whom it does not. Users of either kind meet it as reader; the difference is in what runs as owner.
 */
export async function openStores(options: Options, tell: (words: string) => void): Promise<Store[]> {
  const { serverUrl, accounts } = options;
  if (!serverUrl) return [await embeddedStore(accounts, tell)];
  const plain = databaseName(`store_${accounts}_owner`);
  const full = databaseName(`store_${accounts}_super`);
  if (!(await exists(serverUrl, plain))) await makePlain(serverUrl, plain, accounts, tell);
  if (!(await exists(serverUrl, full))) await makeFull(serverUrl, plain, full, tell);
  return [
    await open(serverUrl, withDatabase(serverUrl, plain, OWNER), "plain owner", options.keep),
    await open(serverUrl, withDatabase(serverUrl, full), "superuser", options.keep),
  ];
}

async function makePlain(
  serverUrl: string,
  name: string,
  accounts: number,
  tell: (words: string) => void,
): Promise<void> {
  const url = withDatabase(serverUrl, name);
  await administer(serverUrl, `drop database if exists ${name}_new with (force)`);
  await administer(
    serverUrl,
    `do $$ begin if not exists (select from pg_roles where rolname = '${OWNER.name}') then create role ${OWNER.name} login password '${OWNER.password}'; end if; end $$`,
  );
  await administer(serverUrl, `create database ${name}_new owner ${OWNER.name}`);
  const making = withDatabase(serverUrl, `${name}_new`);
  await administer(making, "create extension if not exists vector; create extension if not exists pg_trgm");
  await administer(
    making,
    `do $$ declare wanted text; begin
    foreach wanted in array array['perennial_reader', 'perennial_writer'] loop
      if not exists (select from pg_roles where rolname = wanted) then execute format('create role %I nologin', wanted); end if;
      execute format('grant %I to ${OWNER.name}', wanted);
    end loop; end $$`,
  );
  const asOwner = await openServer(withDatabase(serverUrl, `${name}_new`, OWNER));
  await asOwner.close();
  await generateStore({ connectionString: making }, accounts, tell);
  // Under its own name only when it is whole: a run that was stopped leaves nothing that a later one would trust.
  await administer(serverUrl, `alter database ${name}_new rename to ${name}`);
  tell(`made ${url.replace(/\/\/.*@/, "//")}`);
}

async function makeFull(serverUrl: string, plain: string, full: string, tell: (words: string) => void): Promise<void> {
  tell("copying it for a superuser");
  await administer(serverUrl, `create database ${full} template ${plain} strategy file_copy`);
  await administer(withDatabase(serverUrl, full), `reassign owned by ${OWNER.name} to current_user`);
  // That took everything of the owner on this server, the other database with it.
  await administer(serverUrl, `alter database ${plain} owner to ${OWNER.name}`);
}

async function open(serverUrl: string, url: string, who: string, keep: boolean): Promise<Store> {
  const { database, connection, close } = await openServer(url);
  const { rows } = await administer(
    withDatabase(serverUrl, new URL(url).pathname.slice(1)),
    "select workspace_id as id from workspace where handle = 'bench'",
  );
  const name = new URL(url).pathname.slice(1);
  return {
    who,
    database,
    connection,
    workspaceId: Number(rows[0].id),
    close: async () => {
      await close();
      if (!keep) await administer(serverUrl, `drop database if exists ${name} with (force)`);
    },
  };
}

/** Closes the stores; where they do not stay, their owner goes with them. */
export async function closeStores(stores: readonly Store[], { serverUrl, keep }: Options): Promise<void> {
  for (const store of stores) await store.close();
  if (!serverUrl || keep) return;
  const { rows } = await administer(serverUrl, "select from pg_database where datname like 'perennial_bench_store_%'");
  if (rows.length === 0) await administer(serverUrl, `drop role if exists ${OWNER.name}`);
}

async function embeddedStore(accounts: number, tell: (words: string) => void): Promise<Store> {
  const { database, connection, close } = await freshDatabase(null, "store");
  return { who: "embedded", database, connection, workspaceId: await generateStore(connection, accounts, tell), close };
}

const exists = async (serverUrl: string, name: string): Promise<boolean> =>
  (await administer(serverUrl, `select from pg_database where datname = '${name}'`)).rows.length > 0;
