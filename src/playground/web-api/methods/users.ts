import { SlackError } from "../../world/slack-error.ts";
import { bot, type Call, count, type Method, paged, read, word } from "../call.ts";
import { userPortrait } from "../portraits.ts";
import { listedChannels } from "./conversations.ts";

/** Somebody of the team, or somebody whom a shared channel brings together with it. Throws SlackError user_not_found. */
function visibleUser({ world, by }: Call, id: string) {
  const user = world.user(id);
  const together = [...world.channels.values()].some(
    (channel) => channel.members.has(user.id) && channel.shared_team_ids.includes(by.teamId),
  );
  if (user.team_id !== by.teamId && !together) throw new SlackError("user_not_found");
  return user;
}

export const users: Record<string, Method> = {
  "users.info": bot(["users:read"], (call) => {
    return { user: userPortrait(call, visibleUser(call, read(call.args, { user: word }).user)) };
  }),

  "users.list": bot(["users:read"], (call) => {
    const { cursor, limit = 1000 } = read(call.args, { cursor: word.optional(), limit: count.max(1000).optional() });
    const all = [...call.world.users.values()].filter(({ team_id }) => team_id === call.by.teamId);
    const { items, response_metadata } = paged(all, { cursor, limit });
    const cache_ts = Math.floor(call.world.now() / 1000);
    return { members: items.map((user) => userPortrait(call, user)), cache_ts, response_metadata };
  }),

  "users.lookupByEmail": bot(["users:read.email"], (call) => {
    const email = read(call.args, { email: word }).email.toLowerCase();
    const found = call.world.users
      .values()
      .find((user) => user.email?.toLowerCase() === email && user.team_id === call.by.teamId && !user.deleted);
    if (found === undefined) throw new SlackError("users_not_found");
    return { user: userPortrait(call, found) };
  }),

  "users.conversations": bot(["channels:read", "groups:read", "im:read", "mpim:read"], (call) => {
    const { user = call.bot.id } = read(call.args, { user: word.optional() });
    return listedChannels(call, visibleUser(call, user).id);
  }),
};
