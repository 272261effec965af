import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, inject, test } from "vitest";
import { z } from "zod";
import { readConfig } from "#config.ts";
import { openDatabase } from "#database/connect.ts";
import { Database } from "#database/door.ts";
import { startEmbedded } from "#database/embedded.ts";
import { lockFolder } from "#database/folder-lock.ts";
import { migrate } from "#database/migrate.ts";
import { sql } from "#database/sql.ts";
import { BadInput, Unavailable } from "#errors.ts";
import { createLog } from "#log.ts";
import { administer, withDatabase } from "../fixtures/global-setup.ts";

const log = createLog("silent");
const actor = { workspaceId: 1, personId: null, audience: "private" as const };
const one = z.object({ n: z.number() });
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "perennial-folder-"));
  cleanups.push(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const embeddedOnly = () => inject("template").kind === "embedded";

test("a second process on the same folder is refused and told who has it", async () => {
  const taken = folder();
  const lock = lockFolder(taken);
  cleanups.push(() => lock.release());
  const refused = await startEmbedded({ folder: taken }).then(
    () => null,
    (error: unknown) => error,
  );
  expect(refused).toBeInstanceOf(Unavailable);
  expect((refused as Error).message).toContain(`process ${process.pid}`);
  expect((refused as Error).message).toContain("PERENNIAL_DATA");
});

test("a place in which no folder can be made is named with its setting, and nobody else is said to hold it", () => {
  const file = join(folder(), "a-file");
  writeFileSync(file, "");
  expect(() => lockFolder(join(file, "data"))).toThrow(/cannot be made or written.*PERENNIAL_DATA/);
});

test("a process that was killed leaves no lock behind", async () => {
  const taken = folder();
  const code = `import { lockFolder } from "#database/folder-lock.ts"; lockFolder(process.argv[1]); process.kill(process.pid, "SIGKILL");`;
  const { spawnSync } = await import("node:child_process");
  const killed = spawnSync(process.execPath, ["--input-type=module", "-e", code, taken], { encoding: "utf8" });
  expect(killed.signal).toBe("SIGKILL");
  lockFolder(taken).release();
});

test.runIf(embeddedOnly())("what was written is there after the embedded database is opened again", async () => {
  const place = folder();
  const first = await openDatabase({ url: null, folder: place, log });
  await first.database.directory((rows) => rows.run(sql`insert into workspace (handle, name) values ('kept', 'Kept')`));
  await first.close();
  const second = await openDatabase({ url: null, folder: place, log });
  cleanups.push(() => second.close());
  expect(second.migrated).toEqual([]);
  expect(
    await second.database.directory((rows) =>
      rows.one(one, sql`select count(*)::int as n from workspace where handle = 'kept'`),
    ),
  ).toEqual({ n: 1 });
});

test("two starters at once migrate one database once", async () => {
  const template = inject("template");
  if (template.kind === "embedded") {
    const embedded = await startEmbedded({ folder: "memory" });
    cleanups.push(() => embedded.stop());
    const database = new Database({ connection: embedded.connection, connections: 1, log });
    cleanups.push(() => database.close());
    const ran = await Promise.all([migrate(database), migrate(database)]);
    expect(ran.filter((names) => names.length > 0)).toHaveLength(1);
    return;
  }
  const name = `${template.name}_twice`;
  await administer(template.url, `create database ${name}`);
  const opened = await Promise.all(
    [1, 2, 3].map(() => openDatabase({ url: withDatabase(template.url, name), folder: "", log })),
  );
  cleanups.push(() => Promise.all(opened.map((each) => each.close())));
  expect(opened.filter(({ migrated }) => migrated.length > 0)).toHaveLength(1);
});

test("a database that nobody answers for is said in a sentence with the cure", async () => {
  await expect(openDatabase({ url: "postgres://nobody:secret@127.0.0.1:9/none", folder: "", log })).rejects.toThrow(
    /cannot be reached \(connection refused\)\. Check DATABASE_URL/,
  );
});

test("a database that goes away in the middle of an answer is said, and is used again when it is back", async () => {
  const template = inject("template");
  const upstream = template.kind === "server" ? new URL(template.url) : null;
  const embedded = upstream ? null : await startEmbedded({ folder: "memory" });
  if (embedded) cleanups.push(() => embedded.stop());
  const target = upstream
    ? { host: upstream.hostname, port: Number(upstream.port) }
    : { path: `${embedded!.connection.host}/.s.PGSQL.5432` };
  const sockets = new Set<net.Socket>();
  const wire = net.createServer((client) => {
    const server = net.connect(target as net.NetConnectOpts);
    for (const socket of [client, server]) sockets.add(socket.on("error", () => socket.destroy()));
    client.pipe(server).pipe(client);
  });
  await new Promise<void>((listening) => wire.listen(0, "127.0.0.1", listening));
  cleanups.push(() => wire.close());
  const { port } = wire.address() as net.AddressInfo;
  const login = upstream
    ? { user: upstream.username || "postgres", database: upstream.pathname.slice(1) }
    : { user: "postgres", database: "postgres" };
  const database = new Database({ connection: { ...login, host: "127.0.0.1", port }, connections: 1, log });
  cleanups.push(() => database.close());

  const ask = () => database.maintain((rows) => rows.one(one, sql`select 1 as n`));
  expect(await ask()).toEqual({ n: 1 });
  const cut = database.maintain(async (rows) => {
    for (const socket of sockets) socket.destroy();
    return rows.one(one, sql`select 1 as n`);
  });
  await expect(cut).rejects.toThrow(/The database went away/);
  expect(await ask()).toEqual({ n: 1 });
});

test.skipIf(embeddedOnly())("a read that takes too long is stopped by the server", async () => {
  const template = inject("template") as { url: string; name: string };
  const database = new Database({
    connection: { connectionString: withDatabase(template.url, template.name) },
    connections: 1,
    log,
    readTimeoutMs: 100,
  });
  cleanups.push(() => database.close());
  await expect(database.read(actor, (rows) => rows.many(z.unknown(), sql`select pg_sleep(5)`))).rejects.toThrow(
    /took too long/,
  );
});

test("every table is fenced by forced row security and carries its workspace", async () => {
  const { testDatabase } = await import("../fixtures/database.ts");
  const database = await testDatabase();
  const open = await database.maintain((rows) =>
    rows.many(
      z.object({ name: z.string() }),
      sql`
      select c.relname as name from pg_class c join pg_namespace s on s.oid = c.relnamespace
      where s.nspname = 'public' and c.relkind in ('r', 'p') and c.relname <> 'perennial_migration' and (not c.relrowsecurity or not c.relforcerowsecurity
        or not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'workspace_id'))`,
    ),
  );
  expect(open).toEqual([]);
});

test("a wrong setting stops the start and names itself and the cure", () => {
  const fault = (settings: Record<string, string>) => {
    try {
      readConfig(settings);
      return null;
    } catch (error) {
      return error;
    }
  };
  for (const [settings, named] of [
    [{ DATABASE_URL: "mysql://x" }, "DATABASE_URL: must look like postgres://"],
    [{ PERENNIAL_TODAY: "2026-02-31" }, "PERENNIAL_TODAY: must be a day"],
    [{ PERENNIAL_ZONE: "Berlin" }, "PERENNIAL_ZONE: must be a time zone"],
    [{ PERENNIAL_MODEL: "some-model" }, "neither OPENAI_API_KEY nor OPENAI_BASE_URL"],
    [{ PERENNIAL_MAX_MODEL_CALLS: "many" }, "PERENNIAL_MAX_MODEL_CALLS: must be a whole number from 1 to 30"],
    [{ PERENNIAL_PORT: "99999" }, "PERENNIAL_PORT: must be a whole number from 0 to 65535"],
    [{ PERENNIAL_LOG: "loud" }, "PERENNIAL_LOG: must be silent, error"],
  ] as const) {
    expect(fault(settings)).toBeInstanceOf(BadInput);
    expect((fault(settings) as Error).message).toContain(named);
  }
  expect(readConfig({ OPENAI_API_KEY: "", PERENNIAL_MODEL: " " }).model).toBeNull();
});

test.runIf(embeddedOnly())(
  "a long query in the embedded database does not stop the process that has to answer Slack",
  async () => {
    const embedded = await startEmbedded({ folder: "memory" });
    cleanups.push(() => embedded.stop());
    const database = new Database({ connection: embedded.connection, connections: 1, log });
    cleanups.push(() => database.close());
    let ticks = 0;
    const clock = setInterval(() => ticks++, 5);
    cleanups.push(() => clearInterval(clock));
    await database.maintain((rows) => rows.one(one, sql`select count(*)::int as n from generate_series(1, 3000000)`));
    expect(ticks).toBeGreaterThan(3);
  },
);

test.skipIf(embeddedOnly())(
  "a user who may not make extensions or roles is told what an administrator has to run, and then it works",
  async () => {
    const { url, name } = inject("template") as { url: string; name: string };
    const [user, place] = [`${name}_plain`, `${name}_plain_db`];
    await administer(url, `create role ${user} login`);
    await administer(url, `create database ${place} owner ${user}`);
    cleanups.push(() => administer(url, `drop role ${user}`));
    cleanups.push(() => administer(url, `drop database ${place} with (force)`));
    const asUser = new URL(withDatabase(url, place));
    asUser.username = user;
    const start = () => openDatabase({ url: asUser.href, folder: "", log });
    await expect(start()).rejects.toThrow(/create extension if not exists vector/);
    await administer(withDatabase(url, place), "create extension vector");
    await expect(start()).rejects.toThrow(/grant perennial_reader, perennial_writer to/);
    await administer(url, `grant perennial_reader, perennial_writer to ${user}`);
    const open = await start();
    expect(open.migrated.length).toBeGreaterThan(3);
    await open.database.directory((rows) =>
      rows.run(sql`insert into workspace (handle, name) values ('mine', 'Mine')`),
    );
    await open.close();
  },
);
