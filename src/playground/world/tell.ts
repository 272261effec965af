import type { AppEvent } from "./changes.ts";
import { isShared } from "./places.ts";
import type { Channel, Installation, Message } from "./shapes.ts";
import type { World } from "./world.ts";

export const channelType = (channel: Channel): string => channel.kind;

/** Subscriptions to messages are told apart by the kind of channel. */
const SUBSCRIPTION = { channel: "message.channels", group: "message.groups", im: "message.im", mpim: "message.mpim" };

type Inner = { type: string; [field: string]: unknown };

/** Tells one installation of the app, if it has subscribed to events of this kind. */
export function tellInstallation(
  world: World,
  to: Installation,
  inner: Inner,
  where: { channel?: Channel | undefined; byTeam?: string | undefined } = {},
): void {
  const subscription = inner.type === "message" && where.channel ? SUBSCRIPTION[where.channel.kind] : inner.type;
  if (world.app.events !== null && !world.app.events.includes(subscription)) return;
  const told: AppEvent = {
    teamId: where.byTeam ?? to.teamId,
    contextTeamId: to.teamId,
    event: { event_ts: world.ids.ts(), ...inner },
    shared: where.channel !== undefined && isShared(where.channel),
    authorizations: [
      { enterprise_id: null, team_id: to.teamId, user_id: to.botUserId, is_bot: true, is_enterprise_install: false },
    ],
  };
  world.emit("app", told);
}

/** Tells every installation whose bot is in the channel. `by`: who did it; their team is the envelope's outer one. */
export function tellChannel(world: World, channel: Channel, by: string, inner: Inner): void {
  const byTeam = world.users.get(by)?.team_id;
  for (const installation of world.installations.alive()) {
    if (channel.members.has(installation.botUserId)) tellInstallation(world, installation, inner, { channel, byTeam });
  }
}

/** The `message` event, and its twin `app_mention` where the bot is named outside of its direct messages. */
export function tellMessage(world: World, channel: Channel, message: Message): void {
  const author = world.users.get(message.user);
  const team = author === undefined ? {} : { user_team: author.team_id, source_team: author.team_id };
  const event = {
    ...message,
    ...(isShared(channel) ? team : {}),
    channel: channel.id,
    event_ts: message.ts,
  };
  const mentioned = world.installations
    .alive()
    .filter(({ botUserId }) => channel.members.has(botUserId) && message.text.includes(`<@${botUserId}>`));
  if (channel.kind !== "im" && message.subtype === undefined) {
    for (const installation of mentioned) {
      if (installation.botUserId === message.user) continue;
      tellInstallation(world, installation, { ...event, type: "app_mention" }, { channel, byTeam: author?.team_id });
    }
  }
  tellChannel(world, channel, message.user, { ...event, channel_type: channelType(channel) });
}

export function tellChanged(world: World, channel: Channel, previous: Message, message: Message): void {
  const ts = world.ids.ts();
  tellChannel(world, channel, message.user, {
    type: "message",
    subtype: "message_changed",
    hidden: true,
    channel: channel.id,
    channel_type: channelType(channel),
    ts,
    event_ts: ts,
    message: { ...message, source_team: message.team, user_team: message.team },
    previous_message: previous,
  });
}

export function tellDeleted(world: World, channel: Channel, previous: Message): void {
  const ts = world.ids.ts();
  tellChannel(world, channel, previous.user, {
    type: "message",
    subtype: "message_deleted",
    hidden: true,
    channel: channel.id,
    channel_type: channelType(channel),
    ts,
    event_ts: ts,
    deleted_ts: previous.ts,
    previous_message: previous,
  });
}
