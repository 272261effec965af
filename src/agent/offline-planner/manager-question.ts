import type { ToolCall } from "#threads/focus.ts";
import { definitionQuestion } from "./definition-question.ts";
import { figuresFollowUp } from "./figures-follow-up.ts";
import { headlineQuestion } from "./headline-question.ts";
import { movementQuestion } from "./movement-question.ts";
import { notHere } from "./not-here.ts";
import type { PartState } from "./one-account.ts";
import { otherThreshold } from "./other-threshold.ts";
import { outlookQuestion } from "./outlook-question.ts";
import { rankingQuestion } from "./ranking-question.ts";
import { regressionQuestion } from "./regression-question.ts";

/** What a manager asks of all customers: definitions, headlines, who moved and why, what is ahead, and turns on those; else null. */
export const managerQuestion = (part: string, state: PartState): ToolCall[] | null =>
  notHere(part, state) ??
  definitionQuestion(part, state) ??
  otherThreshold(part, state) ??
  figuresFollowUp(part, state) ??
  outlookQuestion(part, state) ??
  headlineQuestion(part, state) ??
  rankingQuestion(part, state) ??
  regressionQuestion(part, state) ??
  movementQuestion(part, state);
