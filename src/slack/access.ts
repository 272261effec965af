import { WebClient, type WebClientOptions } from "@slack/web-api";
import { z } from "zod";
import { BadInput, Unavailable } from "#errors.ts";
import type { Log } from "#log.ts";
import { boltLog } from "./bolt-log.ts";
import { faultOf, SlackFault } from "./faults.ts";

/** What it takes to speak in a team. */
export interface TeamAccess {
  teamId: string;
  botToken: string;
  botUserId: string;
  botId: string | null;
}

/** Where tokens of several teams are kept. `accessOf` is null for a team without an installation. */
export interface Installations {
  accessOf(teamId: string, enterpriseId: string | null): Promise<TeamAccess | null>;
  /** The team has removed the app. */
  forget(teamId: string): Promise<void>;
}

const REMEMBERED_MS = 60_000;
const OVER_MS = 10 * 60_000; // Slack has refused good tokens by mistake before; one try now and then costs nothing

/** Our access to each team, remembered for a minute. A team whose token Slack refuses is left alone for a while. */
export class Access {
  readonly #find: Installations;
  readonly #log: Log;
  readonly #known = new Map<string, { access: Promise<TeamAccess | null>; until: number }>();
  /** Tokens that Slack has refused, and until when we take that for granted. A new installation brings a new token. */
  readonly #over = new Map<string, number>();

  constructor(find: Installations, log: Log) {
    this.#find = find;
    this.#log = log;
  }

  /** null: this team is not served. */
  async of(teamId: string, enterpriseId: string | null = null): Promise<TeamAccess | null> {
    const known = this.#known.get(teamId);
    const access = known && known.until > Date.now() ? known.access : this.#remember(teamId, enterpriseId);
    const found = await access;
    return found && (this.#over.get(found.botToken) ?? 0) < Date.now() ? found : null;
  }

  /** Slack says that the token is over. Said once in the log. */
  end(access: TeamAccess, code: string): void {
    const isNews = !this.#over.has(access.botToken);
    this.#over.set(access.botToken, Date.now() + OVER_MS);
    if (!isNews) return;
    this.#log.error(
      { team: access.teamId, code },
      "Slack refuses the bot token; this team is not served until it installs again",
    );
  }

  /** The team has removed the app. */
  async forget(teamId: string): Promise<void> {
    this.#known.delete(teamId);
    await this.#find.forget(teamId);
  }

  #remember(teamId: string, enterpriseId: string | null): Promise<TeamAccess | null> {
    const access = this.#find.accessOf(teamId, enterpriseId);
    this.#known.set(teamId, { access, until: Date.now() + REMEMBERED_MS });
    access.catch(() => this.#known.delete(teamId)); // whoever awaits it hears of the failure
    return access;
  }
}

const tested = z.object({ team_id: z.string(), user_id: z.string(), bot_id: z.string().optional() });

/** The one team of a bot token. Throws BadInput for a wrong token, Unavailable when Slack does not answer. */
export async function accessByToken(botToken: string, options: WebClientOptions): Promise<TeamAccess> {
  try {
    const told = tested.parse(await new WebClient(botToken, options).apiCall("auth.test"));
    return { teamId: told.team_id, botToken, botUserId: told.user_id, botId: told.bot_id ?? null };
  } catch (error) {
    const fault = faultOf(error);
    if (!(fault instanceof SlackFault)) throw error;
    if (fault.retry)
      throw new Unavailable(`Slack cannot be reached (${fault.code}). Check the network and SLACK_API_URL.`, {
        cause: error,
      });
    throw new BadInput(
      `Slack refuses SLACK_BOT_TOKEN (${fault.code}). Copy the Bot User OAuth Token of your app (it begins with xoxb-, under “OAuth & Permissions”), and install the app in the workspace.`,
      { cause: error },
    );
  }
}

/** One team, whose token stands in the settings. */
export const onlyTeam = (only: TeamAccess): Installations => ({
  accessOf: async (teamId) => (teamId === only.teamId ? only : null),
  forget: async () => undefined,
});

/** How every client of ours calls Slack: no repetition of its own, because a repeated post is a second answer. */
export const clientOptions = (given: { apiUrl: string; log: Log; timeout: number }): WebClientOptions => ({
  slackApiUrl: given.apiUrl,
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  timeout: given.timeout,
  logger: boltLog(given.log),
});
