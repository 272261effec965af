import { isShared, partner } from "../world/places.ts";
import type { Channel, Message, User } from "../world/shapes.ts";
import type { Call } from "./call.ts";

/** A person as `users.info` shows them to this bot: addresses only with its scope, strangers marked as such. */
export function userPortrait({ world, by }: Call, user: User): Record<string, unknown> {
  const stranger = user.team_id !== by.teamId;
  const bot = user.kind === "bot";
  const [first_name = "", ...rest] = user.real_name.split(" ");
  const email = user.email !== null && by.scopes.includes("users:read.email") && !stranger ? { email: user.email } : {};
  return {
    id: user.id,
    team_id: user.team_id,
    name: user.name,
    deleted: user.deleted,
    color: "4b8f6a",
    real_name: user.real_name,
    tz: user.tz,
    tz_label: user.tz,
    tz_offset: offsetSeconds(user.tz, world.now()),
    profile: {
      title: user.title,
      real_name: user.real_name,
      real_name_normalized: user.real_name,
      display_name: bot ? "" : user.real_name,
      display_name_normalized: bot ? "" : user.real_name,
      first_name,
      last_name: rest.join(" "),
      status_text: "",
      status_emoji: "",
      team: user.team_id,
      ...(bot && { bot_id: user.bot_id, api_app_id: user.app_id }),
      ...email,
    },
    is_admin: user.kind === "admin" || user.kind === "owner",
    is_owner: user.kind === "owner",
    is_primary_owner: user.kind === "owner",
    is_restricted: user.kind === "guest" || user.kind === "single_channel_guest",
    is_ultra_restricted: user.kind === "single_channel_guest",
    is_bot: bot,
    is_app_user: false,
    ...(stranger && { is_stranger: true }),
    updated: 0,
  };
}

function offsetSeconds(zone: string, at: number): number {
  const parts = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" }).formatToParts(at);
  const said = parts.find((part) => part.type === "timeZoneName")?.value ?? "";
  const [, sign = "+", hours = "0", minutes = "0"] = said.match(/GMT([+-])(\d{2}):(\d{2})/) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
}

/** A channel as `conversations.info` shows it. */
export function channelPortrait({ bot }: Call, channel: Channel): Record<string, unknown> {
  const { id, kind, created, is_archived } = channel;
  const shared = isShared(channel);
  const common = {
    id,
    created,
    is_archived,
    is_channel: kind === "channel",
    is_group: kind === "group",
    is_im: kind === "im",
    is_mpim: kind === "mpim",
    is_private: kind !== "channel",
    is_org_shared: false,
    is_shared: shared,
    is_ext_shared: shared,
    context_team_id: channel.team_id,
  };
  if (kind === "im") return { ...common, user: partner(channel, bot.id), is_open: true, priority: 0 };
  return {
    ...common,
    name: channel.name,
    name_normalized: channel.name,
    is_general: false,
    is_member: channel.members.has(bot.id),
    creator: channel.creator,
    shared_team_ids: channel.shared_team_ids,
    connected_team_ids: channel.shared_team_ids.filter((team) => team !== channel.team_id),
    topic: { value: channel.topic, creator: "", last_set: 0 },
    purpose: { value: channel.purpose, creator: "", last_set: 0 },
    num_members: channel.members.size,
  };
}

/** Metadata is shown only to those who ask for it. */
export function messagePortrait(message: Message, withMetadata: boolean): Record<string, unknown> {
  const { metadata, ...rest } = message;
  return withMetadata && metadata !== undefined ? { ...rest, metadata } : rest;
}
