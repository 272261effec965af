import type { ContextActionsBlock } from "@slack/types";
import { ACTIONS, buttonValue } from "../actions.ts";
import { plain } from "./elements.ts";

/** Whether an answer helped; two thumbs under it. */
export const feedbackButtons = (turn: number): ContextActionsBlock => ({
  type: "context_actions",
  elements: [
    {
      type: "feedback_buttons",
      action_id: ACTIONS.feedback,
      positive_button: {
        text: plain("Helpful", 75),
        accessibility_label: "This answer was helpful",
        value: buttonValue({ turn, feedback: "good" }),
      },
      negative_button: {
        text: plain("Not helpful", 75),
        accessibility_label: "This answer was not helpful",
        value: buttonValue({ turn, feedback: "bad" }),
      },
    },
  ],
});
