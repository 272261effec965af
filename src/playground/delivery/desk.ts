import type { BotAnswer, Container } from "../page-api/types.ts";
import { canSee, messageAt } from "../world/places.ts";
import type { Attachment, Block, Ephemeral, Installation, Message, Team, User, ViewState } from "../world/shapes.ts";
import { SlackError } from "../world/slack-error.ts";
import type { ResponseTarget } from "../world/triggers.ts";
import type { World } from "../world/world.ts";
import { placedElements, stateOf } from "./elements.ts";
import type { Doing, Surface } from "./payloads.ts";
import type { Outcome, Wire } from "./wire.ts";

/** What every interaction takes: the world it happens in, the wire to the bot, the address for late answers. */
export interface Desk {
  world: World;
  wire: () => Wire;
  /** The full address of a response URL. */
  responseUrl: (id: string) => string;
}

/** Somebody who can act: not deactivated, no bot. Throws SlackError. */
export function actingUser(world: World, userId: string): User {
  const user = world.user(userId);
  if (user.deleted) throw new SlackError("account_inactive");
  if (user.kind === "bot") throw new SlackError("user_is_bot");
  return user;
}

export function teamOf(world: World, teamId: string): Team {
  const team = world.teams.get(teamId);
  if (team === undefined) throw new SlackError("team_not_found");
  return team;
}

export const doing = (world: World, user: User, teamId: string): Doing => ({
  app: world.app,
  team: teamOf(world, teamId),
  user,
});

/** The app in a team. Throws SlackError app_not_installed where it is not, or no longer. */
export function installedIn(world: World, teamId: string): Installation {
  const found = world.installations.alive().find((each) => each.teamId === teamId);
  if (found === undefined) throw new SlackError("app_not_installed");
  return found;
}

/** A message as one person sees it: of the history, or for their eyes only. Throws SlackError. */
export function seenMessage(world: World, user: User, channelId: string, ts: string): Message | Ephemeral {
  const channel = world.channel(channelId);
  if (!canSee(channel, user)) throw new SlackError("channel_not_found");
  return world.messages.ephemerals(user.id, channelId).find((each) => each.ts === ts) ?? messageAt(channel, ts);
}

/**
 * Where the pressed element stands, and in which team the app answers for it. `given`: what else is filled in there;
 * it is kept, as a modal keeps it. Throws SlackError where the person does not see such a thing.
 */
export function surfaceOf(
  world: World,
  user: User,
  container: Container,
  given: ViewState,
): { surface: Surface; teamId: string; blocks: Block[] } {
  if (!("view_id" in container)) return messageSurface(world, user, container, given);
  const view = ownView(world, user, container.view_id);
  const kept = world.views.setState(view.id, stateOf(view.blocks, merged(view.state.values, given)));
  const { team_id: teamId, blocks } = kept;
  return { surface: { kind: "view", view: kept, installedIn: teamOf(world, teamId) }, teamId, blocks };
}

/** A modal or Home tab of this very person. Throws SlackError not_found. */
export function ownView(world: World, user: User, viewId: string) {
  const home = world.views.home(user.id);
  if (home?.id === viewId) return home;
  const { user: owner, view } = world.views.find({ view_id: viewId });
  if (owner !== user.id) throw new SlackError("not_found");
  return view;
}

function messageSurface(
  world: World,
  user: User,
  { channel: channelId, message_ts: ts }: Extract<Container, { channel: string }>,
  given: ViewState,
): { surface: Surface; teamId: string; blocks: Block[] } {
  const channel = world.channel(channelId);
  const message = seenMessage(world, user, channelId, ts);
  const own = message.blocks ?? [];
  const blocks = [...own, ...(message.attachments ?? []).flatMap((each) => each.blocks ?? [])];
  const state = stateOf(blocks, given);
  const author = world.installations.alive().find(({ botId }) => botId === message.bot_id);
  const teamId = author?.teamId ?? installedIn(world, channel.team_id).teamId;
  return { surface: { kind: "message", channel, message, state, unfurl: null }, teamId, blocks };
}

/** The unfurled link that holds an element, null where the message itself does. */
export function unfurlAround(message: Message | Ephemeral, blockId: string, actionId: string): Attachment | null {
  const holds = ({ blocks }: { blocks?: Block[] }) =>
    placedElements(blocks ?? []).some((each) => each.blockId === blockId && each.actionId === actionId);
  return holds(message) ? null : (message.attachments?.find(holds) ?? null);
}

/** `given` over `kept`, element by element. */
export const merged = (kept: ViewState, given: ViewState): ViewState => {
  const both = { ...kept };
  for (const [block, elements] of Object.entries(given)) both[block] = { ...both[block], ...elements };
  return both;
};

export const lateAnswers = ({ world, responseUrl }: Desk, target: ResponseTarget): string =>
  responseUrl(world.responseUrls.make(target));

/** What the person is told of a press: nothing when the bot took it. A failure shows on the page as well. */
export function told({ world }: Desk, user: User, outcome: Outcome): BotAnswer {
  if (outcome.state === "acked") return { ok: true };
  return refusedBy(world, user, failureWords(world.app.name, outcome));
}

export function refusedBy(world: World, user: User, words: string): { ok: false; failed: string } {
  world.page({ type: "toast", user: user.id, text: words });
  return { ok: false, failed: words };
}

function failureWords(app: string, { reason, detail }: Extract<Outcome, { state: "failed" }>): string {
  if (reason === "http_timeout") return `${app} did not respond in time.`;
  if (reason === "connection_failed") return `${app} cannot be reached: it is not connected.`;
  return `${app} answered with an error (${detail}).`;
}
