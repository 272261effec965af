import { z } from "zod";
import type { BotAnswer, Container, OptionsAnswer } from "../page-api/types.ts";
import type { User, ViewState } from "../world/shapes.ts";
import { SlackError } from "../world/slack-error.ts";
import { actingUser, type Desk, doing, lateAnswers, refusedBy, surfaceOf, told, unfurlAround } from "./desk.ts";
import { actionOf, type Placed, placedElements } from "./elements.ts";
import { blockActions, blockSuggestion, type Surface } from "./payloads.ts";

export interface Press {
  container: Container;
  /** The element, and what was chosen in it. What a button says comes from the button. */
  action: { action_id: string; block_id?: string; [choice: string]: unknown };
  state?: ViewState | undefined;
}

/** Somebody presses a button, or chooses something. */
export async function press(desk: Desk, userId: string, { container, action, state = {} }: Press): Promise<BotAnswer> {
  const { world } = desk;
  const user = actingUser(world, userId);
  const found = surfaceOf(world, user, container, state);
  const placed = elementOf(found.blocks, action);
  const chosen = actionOf(placed, action, world.ids.ts());
  if (chosen === null) throw new SlackError("invalid_option");
  const surface = withUnfurl(found.surface, placed);
  const outcome = await desk.wire().send({
    kind: "interactive",
    payload: blockActions(doing(world, user, found.teamId), surface, {
      action: chosen,
      trigger: world.trigger(user.id),
      responseUrl: surface.kind === "message" ? responseUrl(desk, surface, user, found.teamId) : null,
    }),
  });
  return told(desk, user, outcome);
}

const MOST_OPTIONS = 100;
const text = z.looseObject({ type: z.string(), text: z.string().min(1).max(75) });
const option = z.looseObject({ text, value: z.string().max(150) });
const group = z.looseObject({ label: text, options: z.array(option).max(MOST_OPTIONS) });
const suggestions = z.union([
  z.object({ options: z.array(option).max(MOST_OPTIONS) }),
  z.object({ option_groups: z.array(group).max(MOST_OPTIONS) }),
]);

/** Somebody types into a select whose options come from the bot. */
export async function suggest(
  desk: Desk,
  userId: string,
  asked: { container: Container; block_id?: string; action_id: string; value: string },
): Promise<OptionsAnswer> {
  const { world } = desk;
  const user = actingUser(world, userId);
  const found = surfaceOf(world, user, asked.container, {});
  const placed = elementOf(found.blocks, asked);
  const { blockId: block_id, actionId: action_id } = placed;
  const outcome = await desk.wire().send({
    kind: "interactive",
    payload: blockSuggestion(doing(world, user, found.teamId), withUnfurl(found.surface, placed), {
      ...{ block_id, action_id, value: asked.value },
    }),
  });
  const answer = told(desk, user, outcome);
  if (!answer.ok || outcome.state === "failed")
    return answer.ok ? { ok: true, options: [], option_groups: [] } : answer;
  const read = suggestions.safeParse(outcome.answer);
  // Slack shows an empty list where the answer cannot be read, and tells nobody why; the page says it.
  if (!read.success) return refusedBy(world, user, `${world.app.name} sent options that Slack would refuse.`);
  return { ok: true, options: [], option_groups: [], ...read.data };
}

/** The element that is meant. A redraw gives blocks new ids; a press that was on its way still means the only one of its action. */
function elementOf(blocks: Parameters<typeof placedElements>[0], at: { action_id: string; block_id?: string }): Placed {
  const alike = placedElements(blocks).filter(({ actionId }) => actionId === at.action_id);
  const named = alike.find(({ blockId }) => !at.block_id || blockId === at.block_id);
  const found = named ?? (alike.length === 1 ? alike[0] : undefined);
  if (found === undefined) throw new SlackError("action_not_found");
  return found;
}

function withUnfurl(surface: Surface, { blockId, actionId }: Placed): Surface {
  return surface.kind === "view" ? surface : { ...surface, unfurl: unfurlAround(surface.message, blockId, actionId) };
}

function responseUrl(desk: Desk, surface: Extract<Surface, { kind: "message" }>, user: User, teamId: string): string {
  const { channel, message } = surface;
  return lateAnswers(desk, {
    ...{ teamId, user: user.id, channel: channel.id, message_ts: message.ts },
    thread_ts: message.thread_ts ?? null,
    is_ephemeral: "is_ephemeral" in message,
  });
}
