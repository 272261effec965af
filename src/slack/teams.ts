import type { WebClientOptions } from "@slack/web-api";
import type { Database } from "#database/door.ts";
import { allInstallations, forgetInstallation, installationOf } from "#installations/installations.ts";
import { accessByToken, type Installations, onlyTeam } from "./access.ts";
import type { SlackSettings } from "./settings.ts";

/** Installations, and which teams have one. */
export interface Teams extends Installations {
  all(): Promise<string[]>;
}

/** Where the tokens are: in the settings, or in the store. */
export async function teamsOf(settings: SlackSettings, database: Database, calling: WebClientOptions): Promise<Teams> {
  if (settings.team.kind === "token") {
    const only = await accessByToken(settings.team.botToken, calling);
    return { ...onlyTeam(only), all: async () => [only.teamId] };
  }
  return {
    accessOf: (teamId) => installationOf(database, settings.tokenKeys, teamId),
    forget: async (teamId) => void (await forgetInstallation(database, teamId)),
    all: async () =>
      (await allInstallations(database)).filter((each) => each.revokedAt === null).map((each) => each.teamId),
  };
}
