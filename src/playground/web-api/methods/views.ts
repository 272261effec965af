import type { ViewBody } from "../../world/shapes.ts";
import { SlackError } from "../../world/slack-error.ts";
import { validateView } from "../../world/validate-blocks.ts";
import { bot, json, type Method, read, word } from "../call.ts";

const LARGEST_VIEW = 250_000;

/** A view as Slack takes it. Throws SlackError invalid_arguments with what is wrong where, view_too_large. */
export function viewOf(given: unknown, kind: "modal" | "home"): ViewBody {
  if (JSON.stringify(given ?? null).length > LARGEST_VIEW) throw new SlackError("view_too_large");
  const messages = validateView(given, kind);
  if (messages.length > 0) throw new SlackError("invalid_arguments", { response_metadata: { messages } });
  const view = given as Partial<ViewBody> & Pick<ViewBody, "type" | "blocks">; // validated above
  return {
    callback_id: "",
    private_metadata: "",
    external_id: "",
    clear_on_close: false,
    notify_on_close: false,
    ...view,
  };
}

export const views: Record<string, Method> = {
  "views.open": bot([], ({ world, by, args }) => {
    const { trigger_id, view } = read(args, { trigger_id: word, view: json });
    return { view: world.views.open(by, trigger_id, viewOf(view, "modal")) };
  }),

  "views.push": bot([], ({ world, by, args }) => {
    const { trigger_id, view } = read(args, { trigger_id: word, view: json });
    return { view: world.views.push(by, trigger_id, viewOf(view, "modal")) };
  }),

  "views.update": bot([], ({ world, by, args }) => {
    const { view, view_id, external_id, hash } = read(args, {
      view: json,
      view_id: word.optional(),
      external_id: word.optional(),
      hash: word.optional(),
    });
    return { view: world.views.update(by, { view_id, external_id, hash }, viewOf(view, "modal")) };
  }),

  "views.publish": bot([], ({ world, by, args }) => {
    const { user_id, view, hash } = read(args, { user_id: word, view: json, hash: word.optional() });
    const user = world.user(user_id);
    if (user.team_id !== by.teamId) throw new SlackError("user_not_found");
    return { view: world.views.publish(by, user.id, viewOf(view, "home"), hash) };
  }),
};
