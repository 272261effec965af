import { secret } from "./ids.ts";
import type { Installation, User } from "./shapes.ts";
import { SlackError } from "./slack-error.ts";
import { tellInstallation } from "./tell.ts";
import type { World } from "./world.ts";

const CODE_LIVES_MS = 10 * 60_000;

/** Where the app is installed, and the codes by which it gets installed. */
export class Installations {
  readonly #world: World;
  readonly #all: Installation[] = [];
  readonly #codes = new Map<
    string,
    { teamId: string; userId: string; scopes: string[]; back: string | null; at: number }
  >();
  constructor(world: World) {
    this.#world = world;
  }

  /** Installs the app into a team, again where it is: then the bot keeps its user and gets more scopes. */
  install(teamId: string, how: { by: string; scopes?: string[]; botToken?: string }): Installation {
    const before = this.#all.find((each) => each.teamId === teamId);
    const bot = before === undefined ? this.#newBot(teamId) : this.#world.user(before.botUserId);
    bot.deleted = false;
    const installation: Installation = {
      teamId,
      botToken: how.botToken ?? `xoxb-${teamId}-${secret(12)}`,
      botUserId: bot.id,
      botId: bot.bot_id ?? "",
      scopes: [
        ...new Set([...(before?.ended === null ? before.scopes : []), ...(how.scopes ?? this.#world.app.scopes)]),
      ],
      installedBy: how.by,
      ended: null,
    };
    // Slack gives one bot token a team: a new installation answers to the old token no longer than the old one lived.
    if (before !== undefined) this.#all.splice(this.#all.indexOf(before), 1);
    this.#all.push(installation);
    return installation;
  }

  #newBot(teamId: string): User {
    const bot = this.#world.addUser({
      team: teamId,
      name: this.#world.app.name,
      kind: "bot",
      tz: "America/Los_Angeles",
    });
    bot.app_id = this.#world.app.id;
    return bot;
  }

  alive(): Installation[] {
    return this.#all.filter((each) => each.ended === null);
  }

  /** Throws SlackError account_inactive where the app is not installed in the team. */
  ofTeam(teamId: string): Installation {
    const found = this.#all.find((each) => each.teamId === teamId);
    if (found === undefined) throw new SlackError("account_inactive");
    return found;
  }

  /** Throws SlackError invalid_auth, token_revoked, account_inactive. */
  byToken(token: string): Installation {
    const found = this.#all.find((each) => each.botToken === token);
    if (found === undefined) throw new SlackError("invalid_auth");
    if (found.ended !== null) throw new SlackError(found.ended);
    return found;
  }

  /** The token dies: revoked, or with the whole app. The app is told while it still can be. */
  end(teamId: string, how: NonNullable<Installation["ended"]>): void {
    const installation = this.ofTeam(teamId);
    installation.ended = how;
    const tokens = { oauth: [], bot: [installation.botUserId] };
    tellInstallation(this.#world, installation, { type: "tokens_revoked", tokens });
    if (how === "token_revoked") return;
    tellInstallation(this.#world, installation, { type: "app_uninstalled" });
    const bot = this.#world.user(installation.botUserId);
    bot.deleted = true;
    for (const channel of this.#world.channels.values()) if (channel.kind !== "im") channel.members.delete(bot.id);
  }

  /** Somebody agrees on the install page. The code can be exchanged once, for ten minutes. */
  code(teamId: string, userId: string, scopes: string[], back: string | null = null): string {
    const code = `${teamId}.${secret(16)}`;
    this.#codes.set(code, { teamId, userId, scopes, back, at: this.#world.now() });
    return code;
  }

  /** `back`: the redirect_uri, which must be the one that the install page was given. Throws SlackError invalid_code, bad_redirect_uri. */
  exchange(code: string, back?: string): Installation {
    const known = this.#codes.get(code);
    if (known === undefined || this.#world.now() - known.at > CODE_LIVES_MS) throw new SlackError("invalid_code");
    if (known.back !== null && back !== known.back) throw new SlackError("bad_redirect_uri");
    this.#codes.delete(code);
    return this.install(known.teamId, { by: known.userId, scopes: known.scopes });
  }
}
