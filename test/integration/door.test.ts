import { expect, test } from "vitest";
import { z } from "zod";
import { sql } from "#database/sql.ts";
import { freshWorkspace } from "../fixtures/database.ts";

const named = z.object({ name: z.string() });
const addAccount = (workspaceId: number, name: string) =>
  sql`insert into account (workspace_id, name, name_norm, created_on) values (${workspaceId}, ${name}, normal_name(${name}), '2026-01-01')`;

test("a workspace sees its own accounts and nobody else's", async () => {
  const { database, actor: mine } = await freshWorkspace();
  const { actor: theirs } = await freshWorkspace();
  await database.write(mine, (rows) => rows.run(addAccount(mine.workspaceId, "Acme Corp")));
  const query = sql`select name from account`;
  expect(await database.read(mine, (rows) => rows.many(named, query))).toEqual([{ name: "Acme Corp" }]);
  expect(await database.read(theirs, (rows) => rows.many(named, query))).toEqual([]);
  expect(await database.directory((rows) => rows.many(named, sql`select name from team`))).toEqual([]);
});

test("nobody writes a row into another workspace", async () => {
  const { database, actor: mine } = await freshWorkspace();
  const { actor: theirs } = await freshWorkspace();
  await expect(database.write(mine, (rows) => rows.run(addAccount(theirs.workspaceId, "Smuggled")))).rejects.toThrow(
    /row-level security/,
  );
});

test("what reads cannot write, not even after trying to become writable", async () => {
  const { database, actor } = await freshWorkspace();
  await expect(
    database.read(actor, (rows) => rows.many(named, addAccount(actor.workspaceId, "Written"))),
  ).rejects.toThrow(/read-only/);
  await expect(
    database.read(actor, async (rows) => {
      await rows.many(z.unknown(), sql`select set_config('transaction_read_only', 'off', true)`);
      await rows.many(named, addAccount(actor.workspaceId, "Written"));
    }),
  ).rejects.toThrow(/before any query|read-only|permission denied/);
});

test("a failed transaction leaves nothing behind, and the door still opens", async () => {
  const { database, actor } = await freshWorkspace();
  const failing = database.write(actor, async (rows) => {
    await rows.run(addAccount(actor.workspaceId, "Half-done"));
    throw new Error("changed my mind");
  });
  await expect(failing).rejects.toThrow("changed my mind");
  expect(await database.read(actor, (rows) => rows.many(named, sql`select name from account`))).toEqual([]);
});

test("legal forms and punctuation do not tell two names apart", async () => {
  const { database, actor } = await freshWorkspace();
  const normal = async (name: string) =>
    (await database.read(actor, (rows) => rows.one(named, sql`select normal_name(${name}) as name`))).name;
  for (const name of ["Acme Corp", "ACME, Inc.", "acme GmbH & Co. KG", "Acme B.V.", "Acme S.r.l."])
    expect(await normal(name)).toBe("acme");
  expect(await normal("Company_42")).toBe("company 42");
  expect(await normal("Co")).toBe("co");
});
