import { actorIn, allWorkspaces, ensureWorkspace, type Workspace } from "#workspaces/workspace.ts";
import { administer, type BenchDatabase, databaseName, freshDatabase, openServer, withDatabase } from "../databases.ts";
import type { Options } from "../options.ts";

const TABLES = [
  "playbook",
  "passage",
  "passage_term",
  "passage_corpus",
  "embedding_index",
  "passage_vector",
  "passage_posting",
];

/** A database in which our workspace is one of many of its size; `kept` when it is that of an earlier run. */
export interface Crowd {
  bench: BenchDatabase;
  kept: boolean;
  close(): Promise<void>;
}

/** Opens the crowd's database: that of an earlier run where it is kept, else a fresh one. */
export async function openCrowd({ serverUrl, keep }: Options & { serverUrl: string }): Promise<Crowd> {
  const name = databaseName("crowd");
  const url = withDatabase(serverUrl, name);
  const there = await administer(serverUrl, `select from pg_database where datname = '${name}'`);
  if (keep && there.rowCount === 1) {
    const bench = await openServer(url);
    return { bench, kept: true, close: () => bench.close() };
  }
  const fresh = await freshDatabase(serverUrl, "crowd");
  if (!keep) return { bench: fresh, kept: false, close: () => fresh.close() };
  await fresh.database.close();
  const bench = await openServer(url);
  return { bench, kept: false, close: () => bench.close() };
}

/** Gives the database more workspaces with the rows of the first, until there are so many. As a superuser, whom no policy holds. */
export async function crowd(
  { database }: BenchDatabase,
  first: Workspace,
  workspaces: number,
  tell: (words: string) => void,
): Promise<void> {
  for (let at = (await allWorkspaces(database)).length; at < workspaces; at++) {
    const name = `bench-crowd-${at}`;
    const { id } = await ensureWorkspace(database, { handle: name, name, zone: "UTC", baseCurrency: "EUR" });
    await database.withClient(async (client) => {
      await client.query("begin");
      for (const table of TABLES) await client.query(await copying(client, table), [id, actorIn(first).workspaceId]);
      await client.query("commit");
    });
    if (at % 10 === 0) tell(`${at} of ${workspaces} workspaces`);
  }
}

type Client = Parameters<Parameters<BenchDatabase["database"]["withClient"]>[0]>[0];

/** Every column as it is but the workspace; in the order of the key, so that the indexes grow at their end. */
async function copying(client: Client, table: string): Promise<string> {
  const { rows } = await client.query<{ columns: string; key: string }>(
    `select (select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
        where attrelid = $1::regclass and attnum > 0 and not attisdropped and attname <> 'workspace_id') as columns,
       (select string_agg(quote_ident(attname), ', ' order by at) from pg_index, unnest(indkey::int[]) with ordinality of(attnum, at)
          join pg_attribute using (attnum) where indrelid = $1::regclass and indisprimary and attrelid = indrelid and at <= indnkeyatts) as key`,
    [table],
  );
  const { columns, key } = rows[0]!; // an aggregate always has one
  return `insert into ${table} (workspace_id, ${columns}) select $1, ${columns} from ${table} where workspace_id = $2 order by ${key}`;
}
