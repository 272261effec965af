import { setReaction } from "../../world/people-side.ts";
import { messageAt } from "../../world/places.ts";
import { SlackError } from "../../world/slack-error.ts";
import { bot, type Call, joinedChannel, type Method, read, word } from "../call.ts";
import { messagePortrait } from "../portraits.ts";

function reacted(call: Call) {
  const { channel: id, timestamp } = read(call.args, { channel: word, timestamp: word });
  const channel = joinedChannel(call, id);
  return { channel, message: messageAt(channel, timestamp) };
}

/** Sets or takes back the bot's own reaction. */
function change(call: Call, wanted: boolean): Record<string, never> {
  const name = read(call.args, { name: word }).name;
  if (!/^[\p{L}\p{N}_+'-]+(::skin-tone-\d)?$/u.test(name)) throw new SlackError("invalid_name");
  const { channel, message } = reacted(call);
  const has = message.reactions?.some((each) => each.name === name && each.users.includes(call.bot.id)) ?? false;
  if (has === wanted) throw new SlackError(wanted ? "already_reacted" : "no_reaction");
  setReaction(call.world, call.bot.id, channel, message, name, wanted);
  return {};
}

export const reactions: Record<string, Method> = {
  "reactions.add": bot(["reactions:write"], (call) => change(call, true)),
  "reactions.remove": bot(["reactions:write"], (call) => change(call, false)),
  "reactions.get": bot(["reactions:read"], (call) => {
    const { channel, message } = reacted(call);
    return { type: "message", channel: channel.id, message: messagePortrait(message, false) };
  }),
};
