import { randomBytes } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { z } from "zod";
import type { Actor } from "#actor.ts";
import type { Database } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { BadInput } from "#errors.ts";
import {
  allInstallations,
  forgetInstallation,
  installationOf,
  keepInstallation,
  type NewInstallation,
  resealAll,
  type TokenKeys,
} from "#installations/installations.ts";
import { bindTeam, workspaceOfTeam } from "#workspaces/teams.ts";
import { freshWorkspace } from "../fixtures/database.ts";

let database: Database;
let actor: Actor;
let teams = 0;

beforeEach(async () => {
  ({ database, actor } = await freshWorkspace());
  await database.directory((rows) => rows.run(sql`delete from slack_installation`));
});

const key = (id: string) => ({ id, key: randomBytes(32) });
const freshTeam = () => `T${process.pid}X${++teams}`;
const installed = (teamId: string, more: Partial<NewInstallation> = {}): NewInstallation => ({
  teamId,
  teamName: "Vendor",
  enterpriseId: null,
  workspaceId: null,
  appId: "A1",
  botId: "B1",
  botUserId: "U0",
  scopes: ["chat:write", "users:read"],
  botToken: "a-bot-token-of-the-test",
  userToken: null,
  installedBy: "U1",
  ...more,
});
const asStored = () =>
  database.directory((rows) =>
    rows.many(
      z.object({ text: z.string(), keys: z.array(z.string().nullable()) }),
      sql`select (to_jsonb(i))::text as text, array[bot_token_key, user_token_key] as keys from slack_installation i order by team_id`,
    ),
  );
const said = (work: Promise<unknown>) =>
  work.then(
    () => "nothing",
    (error: unknown) => (error instanceof BadInput ? error.message : `not for people: ${String(error)}`),
  );

test("an installed team speaks with its own tokens, and none of them lies open in the database", async () => {
  const keys = [key("k1")];
  const [one, two] = [freshTeam(), freshTeam()];
  await keepInstallation(database, keys, installed(one, { userToken: "a-user-token" }));
  await keepInstallation(database, keys, installed(two, { botToken: "another-bot-token", enterpriseId: "E1" }));
  expect(await installationOf(database, keys, one)).toMatchObject({
    ...installed(one, { userToken: "a-user-token" }),
    revokedAt: null,
  });
  expect(await installationOf(database, keys, two)).toMatchObject({ botToken: "another-bot-token", userToken: null });
  expect(await installationOf(database, keys, freshTeam())).toBeNull();
  const stored = (await asStored()).map(({ text }) => text).join();
  for (const secret of ["a-bot-token", "a-user-token", "another-bot-token"]) expect(stored).not.toContain(secret);
});

test("the same token is sealed differently each time", async () => {
  const keys = [key("k1")];
  const team = freshTeam();
  await keepInstallation(database, keys, installed(team));
  const [first] = await asStored();
  await keepInstallation(database, keys, installed(team));
  expect((await asStored())[0]!.text).not.toBe(first!.text);
});

test("installed again, the new tokens count and the workspace stays; taken back, the tokens are gone", async () => {
  const keys = [key("k1")];
  const team = freshTeam();
  await keepInstallation(database, keys, installed(team, { workspaceId: actor.workspaceId, userToken: "u" }));
  await keepInstallation(database, keys, installed(team, { botToken: "second" }));
  expect(await installationOf(database, keys, team)).toMatchObject({
    botToken: "second",
    userToken: null,
    workspaceId: actor.workspaceId,
  });
  expect(await forgetInstallation(database, team)).toBe(true);
  expect(await forgetInstallation(database, team)).toBe(false);
  expect(await installationOf(database, keys, team)).toBeNull();
  expect((await asStored())[0]!.keys).toEqual([null, null]);
  expect(await allInstallations(database)).toMatchObject([{ teamId: team, revokedAt: expect.any(String) }]);
  await keepInstallation(database, keys, installed(team));
  expect(await allInstallations(database)).toMatchObject([{ teamId: team, revokedAt: null }]);
});

test("a token copied to another team, or to another place, does not open", async () => {
  const keys = [key("k1")];
  const [mine, theirs] = [freshTeam(), freshTeam()];
  await keepInstallation(database, keys, installed(mine, { userToken: "u" }));
  await keepInstallation(database, keys, installed(theirs));
  await database.directory((rows) =>
    rows.run(
      sql`update slack_installation set bot_token = (select bot_token from slack_installation where team_id = ${theirs}) where team_id = ${mine}`,
    ),
  );
  expect(await said(installationOf(database, keys, mine))).toContain(`team ${mine} does not open with the key “k1”`);
  await database.directory((rows) =>
    rows.run(sql`update slack_installation set bot_token = user_token where team_id = ${mine}`),
  );
  expect(await said(installationOf(database, keys, mine))).toContain("does not open");
});

test("a stored token of which anything was changed does not open", async () => {
  const keys = [key("k1")];
  const team = freshTeam();
  for (const change of [
    sql`overlay(bot_token placing '____' from 2)`,
    sql`overlay(bot_token placing '____' from 20)`,
    sql`left(bot_token, length(bot_token) - 6) || '____AA'`,
    sql`left(bot_token, 22)`,
    sql`'nonsense'`,
    sql`''`,
  ]) {
    await keepInstallation(database, keys, installed(team));
    await database.directory((rows) => rows.run(sql`update slack_installation set bot_token = ${change}`));
    expect(await said(installationOf(database, keys, team))).toContain("does not open with the key “k1”");
  }
});

test("a new key seals from now on, old ones still open, and once all is sealed anew they may go", async () => {
  const [k1, k2, k3] = [key("k1"), key("k2"), key("k3")];
  const [one, two, gone] = [freshTeam(), freshTeam(), freshTeam()];
  await keepInstallation(database, [k1], installed(one, { userToken: "u1" }));
  await keepInstallation(database, [k2, k1], installed(two, { botToken: "b2" }));
  await keepInstallation(database, [k1], installed(gone));
  await forgetInstallation(database, gone);
  const all: TokenKeys = [k3, k2, k1];
  expect(await installationOf(database, all, one)).toMatchObject({ userToken: "u1" });
  expect(await resealAll(database, all)).toBe(2);
  expect(await resealAll(database, all)).toBe(0);
  expect(await installationOf(database, [k3], one)).toMatchObject({
    botToken: installed(one).botToken,
    userToken: "u1",
  });
  expect(await installationOf(database, [k3], two)).toMatchObject({ botToken: "b2", userToken: null });
});

test("sealing anew is all or none: where one key is missing, nothing changes and the key is named", async () => {
  const [k1, k2, k3] = [key("k1"), key("k2"), key("k3")];
  await keepInstallation(database, [k1], installed("T-A"));
  await keepInstallation(database, [k2], installed("T-B"));
  expect(await said(resealAll(database, [k3, k1]))).toMatch(/team T-B .*key “k2”, which PERENNIAL_TOKEN_KEYS/);
  expect((await asStored()).map(({ keys }) => keys[0])).toEqual(["k1", "k2"]);
});

test("a key that is missing, wrong or too short is named with the setting and the cure", async () => {
  const k1 = key("k1");
  const team = freshTeam();
  await keepInstallation(database, [k1], installed(team));
  expect(await said(installationOf(database, [key("k2")], team))).toMatch(
    /sealed with the key “k1”, which PERENNIAL_TOKEN_KEYS does not have\. Put that key back/,
  );
  expect(await said(installationOf(database, [], team))).toContain("“k1”, which PERENNIAL_TOKEN_KEYS does not have");
  expect(await said(installationOf(database, [key("k1")], team))).toContain("does not open with the key “k1”");
  expect(await said(keepInstallation(database, [], installed(team)))).toContain("PERENNIAL_TOKEN_KEYS is not set");
  const short = [{ id: "k0", key: randomBytes(16) }];
  expect(await said(keepInstallation(database, short, installed(team)))).toContain(
    "“k0” of PERENNIAL_TOKEN_KEYS has 16 bytes",
  );
});

test("from inside a workspace no installation is seen, and who answers questions may not even look", async () => {
  await keepInstallation(database, [key("k1")], installed(freshTeam(), { workspaceId: actor.workspaceId }));
  const look = sql`select team_id as team from slack_installation`;
  const row = z.object({ team: z.string() });
  expect(await database.write(actor, (rows) => rows.many(row, look))).toEqual([]);
  await expect(database.read(actor, (rows) => rows.many(row, look))).rejects.toThrow(/permission denied/);
});

test("a Slack team belongs to one workspace, and a workspace to one team", async () => {
  const { actor: other } = await freshWorkspace();
  const [team, another] = [freshTeam(), freshTeam()];
  expect(await workspaceOfTeam(database, team)).toBeNull();
  await bindTeam(database, actor.workspaceId, team);
  await bindTeam(database, actor.workspaceId, team);
  expect(await workspaceOfTeam(database, team)).toMatchObject({ id: actor.workspaceId });
  const mine = (await workspaceOfTeam(database, team))!.handle;
  expect(await said(bindTeam(database, other.workspaceId, team))).toContain(
    `${team} already belongs to the workspace “${mine}”`,
  );
  expect(await said(bindTeam(database, actor.workspaceId, another))).toContain(
    `“${mine}” already belongs to the Slack team ${team}`,
  );
  expect(await workspaceOfTeam(database, another)).toBeNull();
});
