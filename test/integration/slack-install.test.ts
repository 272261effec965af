import { randomBytes, randomInt } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { WebClient } from "@slack/web-api";
import { createEmulator, type Emulator } from "emulate";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import type { Database } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { forgetInstallation, installationOf } from "#installations/installations.ts";
import { createLog } from "#log.ts";
import { installerFor } from "#slack/install/installer.ts";
import { serveRoutes } from "#slack/install/serve.ts";
import { InstallRefused, installationStore } from "#slack/install/store.ts";
import { manifest } from "#slack/manifest.ts";
import { bindTeam, workspaceOfTeam } from "#workspaces/teams.ts";
import type { Workspace } from "#workspaces/workspace.ts";
import { freshWorkspace, testDatabase } from "../fixtures/database.ts";

// The other end is a Slack that others wrote, with the whole OAuth flow; nothing of it is ours.
const CLIENT = { clientId: "12345.67890", clientSecret: "a-client-secret" };
const keys = [{ id: "k1", key: randomBytes(32) }];
const TEAM = "T000000001"; // the only one that the emulator has

let database: Database;
let slack: Emulator;
let pages: Server;
let base: string;
const made: { id: string; name: string }[] = [];
beforeAll(async () => {
  database = await testDatabase();
  const port = await freePort();
  base = `http://127.0.0.1:${port}`;
  slack = await emulator(`${base}/slack/oauth_redirect`);
  pages = await openPages(slack.url, port);
});
afterAll(async () => {
  await close(pages);
  await slack.close();
});
beforeEach(() => forgetInstallation(database, TEAM));

test("a team installs in its browser: one button, Slack's consent, and the bot's token works", async () => {
  const { page, authorize } = await begin();
  expect(page.match(/<a /g)).toHaveLength(1);
  expect(new URL(authorize).searchParams.get("scope")?.split(",")).toEqual(manifest({}).oauth_config.scopes.bot);
  const { status, body } = await comeBack(await install());
  expect(status).toBe(200);
  expect(body).toContain("Perennial is in Larkspur now");
  const kept = await installationOf(database, keys, TEAM);
  expect(kept).toMatchObject({ teamName: "Larkspur", scopes: manifest({}).oauth_config.scopes.bot, userToken: null });
  const who = await new WebClient(kept!.botToken, { slackApiUrl: `${slack.url}/api/` }).auth.test();
  expect(who).toMatchObject({ ok: true, team_id: TEAM, user_id: kept!.botUserId });
});

test("the team gets a workspace of its own, once", async () => {
  await comeBack(await install());
  const first = await workspaceOfTeam(database, TEAM);
  await comeBack(await install());
  expect(made.filter(({ id }) => id === TEAM)).toEqual([{ id: TEAM, name: "Larkspur" }]);
  expect((await installationOf(database, keys, TEAM))!.workspaceId).toBe(first!.id);
});

test("the token stands nowhere in the database as it is", async () => {
  await comeBack(await install());
  const { botToken, botUserId, workspaceId } = (await installationOf(database, keys, TEAM))!;
  const names = await database.directory((rows) =>
    rows.many(z.object({ name: z.string() }), sql`select tablename as name from pg_tables where schemaname = 'public'`),
  );
  expect(names.map(({ name }) => name)).toContain("slack_installation");
  const actor = { workspaceId: workspaceId!, personId: null, audience: "private" as const };
  const dump = z.object({ whole: z.string().nullable() });
  const everything = (name: string) =>
    sql`select query_to_xml(${`select * from "${name}"`}, true, false, '')::text as whole`;
  let seen = "";
  for (const { name } of names) {
    seen += await database
      .read(actor, async (rows) => (await rows.maybe(dump, everything(name)))?.whole ?? "")
      .catch(() => "");
    seen += await database
      .directory(async (rows) => (await rows.maybe(dump, everything(name)))?.whole ?? "")
      .catch(() => "");
  }
  expect(seen).toContain(botUserId); // so the look was not blind
  expect(seen).not.toContain(botToken);
  expect(seen).not.toContain(Buffer.from(botToken).toString("base64").slice(0, 20));
});

test("a second team that installs has its own token and its own workspace", async () => {
  const port = await freePort();
  const other = await emulator(`http://127.0.0.1:${port}/slack/oauth_redirect`);
  const renamed = await asTeam(other.url, "T000000002");
  const otherPages = await openPages(renamed.url, port);
  await comeBack(await install());
  const { status } = await comeBack(await install(`http://127.0.0.1:${port}`, other.url));
  expect(status).toBe(200);
  const [first, second] = await Promise.all([TEAM, "T000000002"].map((team) => installationOf(database, keys, team)));
  expect(second!.botToken).not.toBe(first!.botToken);
  expect(second!.workspaceId).not.toBe(first!.workspaceId);
  await Promise.all([close(otherPages), close(renamed.server), other.close()]);
});

test.each([
  { what: "another browser", change: (back: Back) => ({ ...back, cookie: "" }) },
  {
    what: "a state that was made up",
    change: (back: Back) => ({ ...back, url: swap(back.url, "state", "made.up.state") }),
  },
  { what: "a state without a signature of ours", change: forged },
])("$what cannot finish an install", async ({ change }) => {
  const { status, body } = await comeBack(change(await install()));
  expect(status).toBe(400);
  expect(body).toContain("begun in another browser");
  expect(await installationOf(database, keys, TEAM)).toBeNull();
});

test("whoever says no in Slack is told so, and may begin again", async () => {
  const { cookie, url } = await install();
  const denied = swap(swap(url, "error", "access_denied"), "code", null);
  const { status, body } = await comeBack({ cookie, url: denied });
  expect(status).toBe(400);
  expect(body).toContain("You did not agree in Slack");
  expect(body).toContain(`${base}/slack/install`);
});

test("a code works once", async () => {
  const first = await install();
  await comeBack(first);
  await forgetInstallation(database, TEAM);
  const again = await install();
  const code = new URL(first.url).searchParams.get("code");
  const { status, body } = await comeBack({ cookie: again.cookie, url: swap(again.url, "code", code) });
  expect(status).toBe(400);
  expect(body).toContain("used already");
  expect(await installationOf(database, keys, TEAM)).toBeNull();
});

test("a fault of ours shows a reference, and neither a stack nor Slack's words", async () => {
  const port = await freePort();
  const wrong = await openPages(
    slack.url,
    port,
    { ...CLIENT, clientSecret: "PRIVATE-other" },
    `${base}/slack/oauth_redirect`,
  );
  const { status, body } = await comeBack(await install(`http://127.0.0.1:${port}`), `http://127.0.0.1:${port}`);
  expect(status).toBe(500);
  expect(body).toMatch(/ref [0-9a-f]{6}/);
  expect(body).not.toMatch(/PRIVATE|invalid_client|at .*\.js/);
  await close(wrong);
});

test("an install for a whole organisation, or without a bot, is refused", async () => {
  const { storeInstallation } = installationStore({ database, keys, workspaceForTeam });
  const user = { id: "U1", token: undefined, scopes: undefined };
  const whole = {
    team: undefined,
    enterprise: { id: "E1" },
    user,
    isEnterpriseInstall: true,
    authVersion: "v2" as const,
  };
  await expect(storeInstallation(whole)).rejects.toThrow(InstallRefused);
  const botless = {
    team: { id: "T9" },
    enterprise: undefined,
    user,
    isEnterpriseInstall: false,
    authVersion: "v2" as const,
  };
  await expect(storeInstallation(botless)).rejects.toThrow("Slack gave no bot");
});

test("other paths and methods are answered and harm nothing", async () => {
  expect((await fetch(`${base}/etc/passwd`)).status).toBe(404);
  expect((await fetch(`${base}/slack/install`, { method: "POST" })).status).toBe(404);
  expect((await fetch(`${base}/slack/oauth_redirect`)).status).toBe(400);
});

interface Back {
  cookie: string;
  url: string;
}

/** The browser opens the install page. */
async function begin(at = base): Promise<{ page: string; authorize: string; cookie: string }> {
  const response = await fetch(`${at}/slack/install`);
  const page = await response.text();
  const cookie = response.headers.get("set-cookie")?.split(";")[0] ?? "";
  const authorize = /href="([^"]+)"/.exec(page)![1]!.replaceAll("&amp;", "&");
  return { page, authorize, cookie };
}

/** … presses the button, agrees in Slack, and is sent back with a code. */
async function install(at = base, slackUrl = slack.url): Promise<Back> {
  const { authorize, cookie } = await begin(at);
  const asked = new URL(authorize);
  const consent = await (await fetch(new URL(`/oauth/v2/authorize${asked.search}`, slackUrl))).text();
  const fields = [...consent.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [
    name!,
    value!.replaceAll("&amp;", "&"),
  ]);
  const first = fields.slice(0, 6); // the buttons of the other people hold the same fields
  const agreed = await fetch(`${slackUrl}/oauth/v2/authorize/callback`, {
    method: "POST",
    body: new URLSearchParams(first as [string, string][]),
    redirect: "manual",
  });
  return { cookie, url: agreed.headers.get("location")! };
}

/** … and shows that to us. */
async function comeBack({ cookie, url }: Back, at?: string): Promise<{ status: number; body: string }> {
  const target = at ? new URL(new URL(url).pathname + new URL(url).search, at) : url;
  const response = await fetch(target, { headers: { cookie } });
  return { status: response.status, body: await response.text() };
}

function swap(url: string, name: string, value: string | null): string {
  const changed = new URL(url);
  if (value === null) changed.searchParams.delete(name);
  else changed.searchParams.set(name, value);
  return changed.href;
}

/** Both the cookie and the address carry the same state, which somebody else signed. */
function forged({ cookie, url }: Back): Back {
  const state = new URL(url).searchParams.get("state")!;
  const other = `${state.slice(0, state.lastIndexOf("."))}.${"A".repeat(43)}`;
  return { cookie: cookie.replace(state, other), url: swap(url, "state", other) };
}

const emulator = (redirectUri: string): Promise<Emulator> =>
  createEmulator({
    service: "slack",
    port: 0,
    seed: {
      slack: {
        team: { name: "Larkspur", domain: "larkspur" },
        users: [{ name: "ida", real_name: "Ida Berg", email: "ida@larkspur.example" }],
        oauth_apps: [
          {
            client_id: CLIENT.clientId,
            client_secret: CLIENT.clientSecret,
            name: "Perennial",
            redirect_uris: [redirectUri],
          },
        ],
      },
    },
  });

const workspaceForTeam = async (team: { id: string; name: string }): Promise<Workspace | null> => {
  const known = await workspaceOfTeam(database, team.id);
  if (known) return known;
  made.push(team);
  const { actor } = await freshWorkspace();
  await bindTeam(database, actor.workspaceId, team.id);
  return workspaceOfTeam(database, team.id);
};

function openPages(slackUrl: string, port: number, client = CLIENT, redirect?: string): Promise<Server> {
  const publicUrl = redirect ? new URL(redirect).origin : `http://127.0.0.1:${port}`;
  const team = {
    kind: "oauth" as const,
    ...client,
    stateSecret: "a state secret of the tests",
    publicUrl,
    port,
    host: "127.0.0.1",
  };
  const settings = { team, apiUrl: `${slackUrl}/api/`, crmLinks: [], tokenKeys: keys };
  const { routes } = installerFor({ settings, database, workspaceForTeam, log: createLog("silent") });
  return serveRoutes(routes, { port, host: "127.0.0.1" });
}

/** The emulator under the name of another team: it has only one. */
async function asTeam(target: string, teamId: string): Promise<{ server: Server; url: string }> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { authorization, "content-type": type } = request.headers;
    const answer = await fetch(`${target}${request.url}`, {
      method: request.method ?? "POST",
      headers: { ...(authorization ? { authorization } : {}), ...(type ? { "content-type": type } : {}) },
      ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
    });
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "text/plain" });
    response.end((await answer.text()).replaceAll(TEAM, teamId));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Not one that the system gives to whoever asks for any: it would be somebody else's before we listen there. */
async function freePort(): Promise<number> {
  const port = randomInt(15_000, 30_000);
  const server = createServer();
  const isFree = await new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => resolve(true));
  });
  if (!isFree) return freePort();
  await close(server);
  return port;
}

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.closeAllConnections();
    server.close(() => resolve());
  });
