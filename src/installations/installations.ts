import { z } from "zod";
import type { Database } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { type Owner, open, type Sealed, seal, type TokenKeys } from "./seal.ts";

export type { TokenKeys } from "./seal.ts";

const teamRow = z.object({
  /** Of an organisation-wide install: the organisation's id. */
  teamId: z.string(),
  teamName: z.string().nullable(),
  enterpriseId: z.string().nullable(),
  /** null until the team's first event. */
  workspaceId: z.number().nullable(),
  appId: z.string().nullable(),
  botId: z.string().nullable(),
  botUserId: z.string(),
  scopes: z.array(z.string()),
  /** The Slack user who installed it. */
  installedBy: z.string().nullable(),
  installedAt: z.string(),
  revokedAt: z.string().nullable(),
});

/** A Slack team that has installed Perennial. */
export type InstalledTeam = z.infer<typeof teamRow>;

/** The same with its tokens, to speak in that team. */
export interface Installation extends InstalledTeam {
  botToken: string;
  userToken: string | null;
}

/** What an install brings. */
export type NewInstallation = Omit<Installation, "installedAt" | "revokedAt">;

const sealed = z.object({ keyId: z.string(), text: z.string() });
const sealedRow = z.object({ teamId: z.string(), bot: sealed.nullable(), user: sealed.nullable() });

const columns = sql`team_id as "teamId", team_name as "teamName", enterprise_id as "enterpriseId", workspace_id as "workspaceId",
  app_id as "appId", bot_id as "botId", bot_user_id as "botUserId", scopes, installed_by as "installedBy",
  installed_at as "installedAt", revoked_at as "revokedAt"`;
const tokens = sql`
  case when bot_token is not null then jsonb_build_object('keyId', bot_token_key, 'text', bot_token) end as bot,
  case when user_token is not null then jsonb_build_object('keyId', user_token_key, 'text', user_token) end as user`;

const botOf = (teamId: string): Owner => ({ teamId, place: "bot" });
const userOf = (teamId: string): Owner => ({ teamId, place: "user" });

/** Keeps what an install brought, its tokens sealed with the newest key; installed again, the new one replaces it. */
export async function keepInstallation(database: Database, keys: TokenKeys, given: NewInstallation): Promise<void> {
  const bot = seal(keys, botOf(given.teamId), given.botToken);
  const user = given.userToken === null ? null : seal(keys, userOf(given.teamId), given.userToken);
  await database.directory((rows) =>
    rows.run(sql`
      insert into slack_installation (team_id, workspace_id, team_name, enterprise_id, app_id, bot_id, bot_user_id, scopes,
        bot_token, bot_token_key, user_token, user_token_key, installed_by)
      values (${given.teamId}, ${given.workspaceId}, ${given.teamName}, ${given.enterpriseId}, ${given.appId}, ${given.botId},
        ${given.botUserId}, ${given.scopes}, ${bot.text}, ${bot.keyId}, ${user?.text ?? null}, ${user?.keyId ?? null}, ${given.installedBy})
      on conflict (team_id) do update set workspace_id = coalesce(excluded.workspace_id, slack_installation.workspace_id),
        team_name = excluded.team_name, enterprise_id = excluded.enterprise_id, app_id = excluded.app_id, bot_id = excluded.bot_id,
        bot_user_id = excluded.bot_user_id, scopes = excluded.scopes, bot_token = excluded.bot_token, bot_token_key = excluded.bot_token_key,
        user_token = excluded.user_token, user_token_key = excluded.user_token_key, installed_by = excluded.installed_by,
        installed_at = now(), revoked_at = null`),
  );
}

/** A team's installation with its tokens; null where it has none, or has taken it back. Throws BadInput where the key is missing. */
export async function installationOf(
  database: Database,
  keys: TokenKeys,
  teamId: string,
): Promise<Installation | null> {
  const found = await database.directory((rows) =>
    rows.maybe(
      teamRow.extend(sealedRow.shape),
      sql`select ${columns}, ${tokens} from slack_installation where team_id = ${teamId} and revoked_at is null`,
    ),
  );
  if (!found?.bot) return null;
  const { bot, user, ...team } = found;
  return { ...team, botToken: open(keys, botOf(teamId), bot), userToken: user && open(keys, userOf(teamId), user) };
}

/** The team took its installation back: its tokens go, and that it was there stays. false: it had none. */
export const forgetInstallation = async (database: Database, teamId: string): Promise<boolean> =>
  (await database.directory((rows) =>
    rows.run(
      sql`update slack_installation set revoked_at = now(), bot_token = null, bot_token_key = null, user_token = null, user_token_key = null
          where team_id = ${teamId} and revoked_at is null`,
    ),
  )) === 1;

/** Every team that has or had an installation, without tokens, in the order in which they came. */
export const allInstallations = (database: Database): Promise<InstalledTeam[]> =>
  database.directory((rows) =>
    rows.many(teamRow, sql`select ${columns} from slack_installation order by installed_at, team_id`),
  );

/**
 * Seals every token with the newest key that another one had sealed, so that the older keys may go. All or none. Returns
 * how many teams that were. Throws BadInput where a key is missing.
 */
export const resealAll = (database: Database, keys: TokenKeys): Promise<number> =>
  database.directory(async (rows) => {
    const newest = keys[0]?.id ?? null;
    const old = await rows.many(
      sealedRow,
      sql`select team_id as "teamId", ${tokens} from slack_installation
          where bot_token_key is distinct from ${newest} and bot_token is not null
            or user_token_key is distinct from ${newest} and user_token is not null
          order by team_id for update`,
    );
    for (const each of old) {
      const bot = resealed(keys, botOf(each.teamId), each.bot);
      const user = resealed(keys, userOf(each.teamId), each.user);
      await rows.run(
        sql`update slack_installation set bot_token = ${bot?.text ?? null}, bot_token_key = ${bot?.keyId ?? null},
              user_token = ${user?.text ?? null}, user_token_key = ${user?.keyId ?? null} where team_id = ${each.teamId}`,
      );
    }
    return old.length;
  });

const resealed = (keys: TokenKeys, owner: Owner, token: Sealed | null): Sealed | null =>
  token && seal(keys, owner, open(keys, owner, token));
