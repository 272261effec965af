import type { ServerResponse } from "node:http";
import type { Team, User } from "../world/shapes.ts";
import type { World } from "../world/world.ts";

/**
 * The install page: who installs the app into which team, and then back to the app with a code.
 * `decide=allow&user=U…` or `decide=deny` in the query answers it without a page.
 */
export function authorize(world: World, url: URL, response: ServerResponse): void {
  const asked = url.searchParams;
  const back = asked.get("redirect_uri") ?? world.app.redirectUrls[0] ?? "";
  if (asked.get("client_id") !== world.app.clientId) sorry(response, "Invalid client_id parameter");
  else if (!URL.canParse(back) || !allowed(world, back)) {
    sorry(response, "redirect_uri did not match any configured URIs");
  } else if (asked.get("decide") === null) show(world, url, response);
  else decide(world, asked, back, response);
}

function decide(world: World, asked: URLSearchParams, back: string, response: ServerResponse): void {
  const user = world.users.get(asked.get("user") ?? "");
  const target = new URL(back);
  if (asked.get("decide") !== "allow" || user === undefined) target.searchParams.set("error", "access_denied");
  else {
    const scopes = (asked.get("scope") ?? "").split(/[ ,]+/).filter((scope) => scope !== "");
    target.searchParams.set("code", world.installations.code(user.team_id, user.id, scopes, asked.get("redirect_uri")));
  }
  const state = asked.get("state");
  if (state !== null) target.searchParams.set("state", state);
  response.writeHead(302, { location: target.href }).end();
}

/** Where no addresses are registered, every one is taken: the playground has no page to register them. */
const allowed = ({ app: { redirectUrls } }: World, back: string): boolean =>
  redirectUrls.length === 0 || redirectUrls.some((registered) => back.startsWith(registered));

function sorry(response: ServerResponse, words: string): void {
  response.writeHead(400, { "content-type": "text/plain; charset=utf-8" }).end(`${words}\n`);
}

function show(world: World, url: URL, response: ServerResponse): void {
  const choices = [...world.teams.values()].map((team) => {
    const people = [...world.users.values()].filter((user) => mayInstall(user, team));
    return `<h2>${escaped(team.name)}</h2><ul>${people.map((user) => `<li>${allowLink(url, user)}</li>`).join("")}</ul>`;
  });
  const scopes = (url.searchParams.get("scope") ?? "").split(",").map((scope) => `<li>${escaped(scope)}</li>`);
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Install ${escaped(world.app.name)}</title>
<h1>${escaped(world.app.name)} asks for permission</h1><ul>${scopes.join("")}</ul>
${choices.join("")}<p><a href="${escaped(withParams(url, { decide: "deny" }))}">Cancel</a></p></html>`;
  response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page);
}

const mayInstall = (user: User, team: Team): boolean =>
  user.team_id === team.id && !user.deleted && !["bot", "guest", "single_channel_guest"].includes(user.kind);

const allowLink = (url: URL, user: User): string =>
  `<a href="${escaped(withParams(url, { decide: "allow", user: user.id }))}">Allow as ${escaped(user.real_name)}</a>`;

function withParams(url: URL, params: Record<string, string>): string {
  const next = new URL(url);
  for (const [name, value] of Object.entries(params)) next.searchParams.set(name, value);
  return `${next.pathname}${next.search}`;
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
