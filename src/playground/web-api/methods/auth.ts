import { SlackError } from "../../world/slack-error.ts";
import { bot, type Method, own, read, word } from "../call.ts";

export const auth: Record<string, Method> = {
  "api.test": own(({ args }) => ({ args })),

  "auth.test": bot([], ({ world, by, bot: { id, name }, at }) => ({
    url: `${at.origin()}/`,
    team: world.teams.get(by.teamId)?.name,
    user: name,
    team_id: by.teamId,
    user_id: id,
    bot_id: by.botId,
    is_enterprise_install: false,
  })),

  "auth.revoke": bot([], ({ world, by, args }) => {
    const { test } = read(args, { test: word.optional() });
    if (test === undefined || test === "false") world.revoke(by.teamId);
    return { revoked: test === undefined || test === "false" };
  }),

  "apps.uninstall": bot([], ({ world, by, args }) => {
    const { client_id, client_secret } = read(args, { client_id: word, client_secret: word });
    if (client_id !== world.app.clientId) throw new SlackError("invalid_client_id");
    if (client_secret !== world.app.clientSecret) throw new SlackError("bad_client_secret");
    world.uninstall(by.teamId);
    return {};
  }),

  "apps.connections.open": own(({ world, token, at }) => {
    if (token === null) throw new SlackError("not_authed");
    if (token.startsWith("xoxb-")) throw new SlackError("not_allowed_token_type");
    if (token !== world.app.appToken) throw new SlackError("invalid_auth");
    return { url: at.socketAddress() };
  }),

  "oauth.v2.access": own(({ world, args }) => {
    const { code, client_id, client_secret, redirect_uri } = read(args, {
      code: word,
      client_id: word.optional(),
      client_secret: word.optional(),
      redirect_uri: word.optional(),
    });
    if (client_id !== world.app.clientId) throw new SlackError("invalid_client_id");
    if (client_secret !== world.app.clientSecret) throw new SlackError("bad_client_secret");
    const { teamId, botToken, scopes, botUserId, installedBy } = world.installations.exchange(code, redirect_uri);
    return {
      access_token: botToken,
      token_type: "bot",
      scope: scopes.join(","),
      bot_user_id: botUserId,
      app_id: world.app.id,
      team: { id: teamId, name: world.teams.get(teamId)?.name },
      enterprise: null,
      authed_user: { id: installedBy },
      is_enterprise_install: false,
    };
  }),

  "team.info": bot(["team:read"], ({ world, by }) => {
    const team = world.teams.get(by.teamId);
    return { team: { id: team?.id, name: team?.name, domain: team?.domain, email_domain: "", icon: {} } };
  }),

  "bots.info": bot(["users:read"], ({ world, args, by }) => {
    const { bot: wanted = by.botId } = read(args, { bot: word.optional() });
    const user = world.users.values().find(({ bot_id, team_id }) => bot_id === wanted && team_id === by.teamId);
    if (user === undefined) throw new SlackError("bot_not_found");
    return {
      bot: {
        id: wanted,
        deleted: user.deleted,
        name: user.real_name,
        app_id: user.app_id,
        user_id: user.id,
        icons: {},
      },
    };
  }),
};
