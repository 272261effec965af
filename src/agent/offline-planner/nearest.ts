import type { ToolCall } from "#threads/focus.ts";
import { isKnownWord } from "./lexicon.ts";
import type { PartState } from "./one-account.ts";
import type { Words } from "./question.ts";

/** What people call a stage that a lifecycle model does not have. */
export const NO_STAGE =
  /\b(?:in|of|through|the) (onboarding|adoption|implementation|trial|evaluation|negotiation|activation)\b/;

/** What was asked for is not kept; what is told instead comes nearest. */
export function sayNearest(text: string, { tool }: ToolCall, { say, vocabulary }: PartState): void {
  if (/\b(?:contract value|acv|deal size)\b/.test(text))
    say.push("The value of contracts is not kept here; what comes nearest is ARPA, what a customer pays in a month.");
  const stage = NO_STAGE.exec(text)?.[1];
  if (tool === "stage_funnel" && stage)
    say.push(`No stage is called “${stage}” in this lifecycle; there are ${vocabulary.stages.join(", ")}.`);
}

/** "NPS trend": a score has one window, so it is asked of each of the last quarters. */
export const quarters = (call: ToolCall): ToolCall[] =>
  [...LAST_QUARTERS].map((window) => ({ tool: call.tool, input: { ...call.input, window } }));
const LAST_QUARTERS = ["3 quarters ago", "2 quarters ago", "last quarter", "this quarter"];

/** "And for smb?" after a figure: no group of that name is known, which is said with those that are. */
export function saysUnknownGroup(words: Words, { say, vocabulary }: PartState): boolean {
  if (!/^(?:for|in|of|only|just)\b/i.test(words.original)) return false;
  const unread = words.rest().filter(({ text }) => /\p{L}/u.test(text) && !isKnownWord(text));
  if (unread.length === 0 || unread.some(({ text }) => /\p{Lu}/u.test(text))) return false;
  const said = unread.map(({ text }) => text.replace(/[^\p{L}\p{N}'-]+$/u, "")).join(" ");
  const known = [...vocabulary.segments, ...vocabulary.teams].slice(0, 10).join(", ");
  say.push(
    `I know no team, owner, segment, industry, country or plan “${said.slice(0, 60)}” here.${known === "" ? "" : ` Segments and teams: ${known}.`}`,
  );
  return true;
}
