import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { administer, type BenchDatabase, openServer, withDatabase } from "../databases.ts";
import { EDITION } from "./generate.ts";

const MIGRATIONS = fileURLToPath(new URL("../../../src/database/migrations", import.meta.url));

const made = z.object({
  on: z.string(),
  loadSeconds: z.number(),
  /** Accounts with money, and how long the product took to make their weeks. */
  counted: z.number(),
  rebuildSeconds: z.number(),
  riskSeconds: z.number(),
});
const comment = made.extend({
  edition: z.number(),
  /** How many migrations it was made with, and what they said. Later ones run when it is opened. */
  migrations: z.number(),
  schema: z.string(),
});

/** When a ledger was made, and what that took. */
export type Made = z.infer<typeof made>;

/** What is known of a database that an earlier run has left; null when there is none, or one that this release cannot go on with. */
export async function keptAs(serverUrl: string, name: string): Promise<Made | null> {
  const { rows } = await administer(
    serverUrl,
    `select shobj_description(oid, 'pg_database') as says from pg_database where datname = '${name}'`,
  );
  const says: unknown = rows[0]?.says;
  const told = comment.safeParse(typeof says === "string" && says.startsWith("{") ? JSON.parse(says) : null);
  if (!told.success || told.data.edition !== EDITION) return null;
  return told.data.schema === schemaOf(told.data.migrations) ? told.data : null;
}

/** Makes a database that stays, in place of an older one of that name. */
export async function makeKept(
  serverUrl: string,
  name: string,
  fill: (opened: BenchDatabase) => Promise<Made>,
): Promise<Made> {
  const making = `${name}_new`;
  await administer(serverUrl, `drop database if exists ${making} with (force)`);
  await administer(serverUrl, `create database ${making}`);
  const migrations = migrationFiles().length;
  const schema = { migrations, schema: schemaOf(migrations) };
  const opened = await openServer(withDatabase(serverUrl, making));
  const filled = await fill(opened).finally(() => opened.close());
  const says = JSON.stringify({ ...filled, ...schema, edition: EDITION });
  await administer(serverUrl, `comment on database ${making} is '${says}'`);
  // Under its own name only when it is whole: a run that was stopped leaves nothing that a later one would trust.
  await administer(serverUrl, `drop database if exists ${name} with (force)`);
  await administer(serverUrl, `alter database ${making} rename to ${name}`);
  return filled;
}

const migrationFiles = (): string[] =>
  readdirSync(MIGRATIONS)
    .filter((file) => file.endsWith(".sql"))
    .sort();

/** The first migrations in short: whether a database was made with others. */
function schemaOf(count: number): string {
  const hash = createHash("sha256");
  for (const file of migrationFiles().slice(0, count)) hash.update(file).update(readFileSync(join(MIGRATIONS, file)));
  return hash.digest("hex").slice(0, 16);
}
