import type { Installation, InstallationStore } from "@slack/oauth";
import type { Database } from "#database/door.ts";
import { keepInstallation, type TokenKeys } from "#installations/installations.ts";
import type { Workspace } from "#workspaces/workspace.ts";

/** Where installations are kept, and which workspace a team has. */
export interface InstallDesk {
  database: Database;
  keys: TokenKeys;
  /** The workspace of a team, made for it where it has none; null: this team is not served. */
  workspaceForTeam(team: { id: string; name: string }): Promise<Workspace | null>;
}

/** The install cannot be kept; the message is for the person who installs. */
export class InstallRefused extends Error {
  override readonly name = "InstallRefused";
}

/** Where Slack's own installer puts what an install brought: sealed, one a team, each with its workspace. */
export const installationStore = (desk: InstallDesk): InstallationStore => ({
  storeInstallation: (installation) => keep(desk, installation),
  fetchInstallation: () => Promise.reject(new Error("tokens are read by the door, not by the installer")),
});

async function keep(desk: InstallDesk, given: Installation): Promise<void> {
  const { team, bot } = given;
  if (given.isEnterpriseInstall || !team)
    throw new InstallRefused(
      "Perennial installs in one workspace at a time. Choose a workspace, not the organisation.",
    );
  if (!bot)
    throw new InstallRefused("Slack gave no bot with this install. Check that the app was made from manifest.json.");
  const workspace = await desk.workspaceForTeam({ id: team.id, name: team.name ?? team.id });
  if (!workspace) throw new InstallRefused(`Perennial does not serve ${team.name ?? team.id}.`);
  await keepInstallation(desk.database, desk.keys, {
    teamId: team.id,
    teamName: team.name ?? null,
    enterpriseId: given.enterprise?.id ?? null,
    workspaceId: workspace.id,
    appId: given.appId ?? null,
    botId: bot.id,
    botUserId: bot.userId,
    scopes: bot.scopes,
    botToken: bot.token,
    userToken: null, // nothing is done on a person's behalf
    installedBy: given.user.id,
  });
}
