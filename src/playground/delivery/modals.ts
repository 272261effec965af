import { z } from "zod";
import { viewOf } from "../web-api/methods/views.ts";
import type { Installation, User, View, ViewState } from "../world/shapes.ts";
import { SlackError } from "../world/slack-error.ts";
import type { SubmissionAnswer } from "../world/views.ts";
import { actingUser, type Desk, doing, installedIn, merged, ownView, refusedBy, teamOf } from "./desk.ts";
import { incompleteInputs, stateOf } from "./elements.ts";
import { viewClosed, viewSubmission } from "./payloads.ts";

/** What became of a submitted modal: closed or changed (what is open now), refused field by field, or not answered. */
export type Submitted =
  | { ok: true; stack: readonly View[] }
  | { ok: false; errors: Record<string, string> }
  | { ok: false; failed: string };

/** Somebody submits a modal. Like Slack's own client, it sends nothing while a required field is empty. */
export async function submit(desk: Desk, userId: string, viewId: string, given: ViewState): Promise<Submitted> {
  const { world } = desk;
  const user = actingUser(world, userId);
  const before = ownView(world, user, viewId);
  const values = stateOf(before.blocks, merged(before.state.values, given));
  const view = world.views.setState(viewId, values);
  const errors = incompleteInputs(view.blocks, values);
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  const app = installedIn(world, view.team_id);
  const payload = viewSubmission(
    doing(world, user, user.team_id),
    view,
    teamOf(world, view.team_id),
    world.trigger(user.id),
  );
  const outcome = await desk.wire().send({ kind: "interactive", payload });
  if (outcome.state === "failed") return troubleConnecting(desk, user);
  return answered(desk, user, { app, viewId }, outcome.answer);
}

/** Slack's words for a modal whose submission was not taken. */
const troubleConnecting = ({ world }: Desk, user: User) =>
  refusedBy(world, user, "We had some trouble connecting. Try again?");

function answered(desk: Desk, user: User, to: { app: Installation; viewId: string }, said: unknown): Submitted {
  const { views } = desk.world;
  const answer = readAnswer(said);
  if (answer === null) return troubleConnecting(desk, user);
  if (answer.response_action === "errors") return fieldErrors(desk, user, to.viewId, answer.errors);
  // Meanwhile it may have been closed, by the person or by the bot: then there is nothing left to answer.
  if (views.stack(user.id).some(({ id }) => id === to.viewId)) {
    try {
      views.answer(to.app, to.viewId, answer);
    } catch (refused) {
      if (refused instanceof SlackError) return troubleConnecting(desk, user);
      throw refused;
    }
  }
  return { ok: true, stack: views.stack(user.id) };
}

/** Errors belong to input blocks; where none of them does, Slack does not know what to show. */
function fieldErrors(desk: Desk, user: User, viewId: string, errors: Record<string, string>): Submitted {
  const inputs = new Set(ownView(desk.world, user, viewId).blocks.map(({ block_id }) => block_id));
  const known = Object.entries(errors).filter(([block]) => inputs.has(block));
  return known.length > 0 ? { ok: false, errors: Object.fromEntries(known) } : troubleConnecting(desk, user);
}

const submissionAnswer = z.union([
  z.object({ response_action: z.literal("errors"), errors: z.record(z.string(), z.string()) }),
  z.object({ response_action: z.enum(["update", "push"]), view: z.unknown() }),
  z.object({ response_action: z.literal("clear") }),
]);

/** Null: Slack would not know what to do with it. */
function readAnswer(said: unknown): SubmissionAnswer | null {
  if (said === null || said === "") return {};
  const read = submissionAnswer.safeParse(said);
  if (!read.success) return null;
  if (!("view" in read.data)) return read.data;
  try {
    return { response_action: read.data.response_action, view: viewOf(read.data.view, "modal") };
  } catch (refused) {
    if (refused instanceof SlackError) return null;
    throw refused;
  }
}

/** Somebody closes a modal, or all of them; the app is told of those that ask for it. Nobody waits for the bot here. */
export function closeModal(desk: Desk, userId: string, viewId: string, isCleared: boolean): void {
  const { world } = desk;
  const user = actingUser(world, userId);
  const view = ownView(world, user, viewId);
  const from = isCleared ? (view.root_view_id ?? viewId) : viewId;
  for (const gone of world.views.close(user.id, from)) {
    if (!gone.notify_on_close) continue;
    const payload = viewClosed(doing(world, user, user.team_id), gone, teamOf(world, gone.team_id), isCleared);
    void desk.wire().send({ kind: "interactive", payload });
  }
}
