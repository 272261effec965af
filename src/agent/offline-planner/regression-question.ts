import type { ToolCall } from "#threads/focus.ts";
import { namesOneAccount, one, pieces, sayUnread } from "./figure-asked.ts";
import { HOW_TO, PLAYBOOK } from "./intents.ts";
import type { PartState } from "./one-account.ts";
import { Words } from "./question.ts";

const BACK =
  /\b(?:regress(?:ed|es|ing|ions?)?|(?:move[ds]?|moving|went|gone|go|fell|fallen|slid|slipped|dropped|stepped) (?:back(?:wards?)?|down)(?: (?:a|one) (?:stage|step|phase))?|back (?:a|one) (?:stage|step|phase)|setbacks?)\b/;
const OF_STAGES = /\b(?:stages?|phases?|lifecycle|journey|funnel|regress\w*)\b/;

/** "Which accounts regressed a stage this month?"; else null. */
export function regressionQuestion(part: string, state: PartState): ToolCall[] | null {
  const text = part.toLowerCase();
  if (
    !BACK.test(text) ||
    !OF_STAGES.test(text) ||
    PLAYBOOK.test(text) ||
    HOW_TO.test(text) ||
    namesOneAccount(part, state)
  )
    return null;
  const words = new Words(part);
  while (words.take(BACK));
  while (words.take(OF_STAGES));
  const { windows, filters } = pieces(words, state);
  sayUnread(words, state);
  return [{ tool: "stage_regressions", input: one(windows, { filters }) }];
}
