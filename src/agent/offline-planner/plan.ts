import type { Focus, ToolCall } from "#threads/focus.ts";
import { Unclear } from "./dates.ts";
import { ABOUT_WHAT, cannotReword, goesOn, pointsAtNothing } from "./going-on.ts";
import { PLAYBOOK } from "./intents.ts";
import { choicesMeant } from "./mentions.ts";
import { hasIntent, type PartState, withAccount } from "./one-account.ts";
import { cutIntoParts, joinSituations, tidyQuestion } from "./question.ts";
import { isVocabulary, readPart } from "./read-part.ts";
import { smallTalk, WHAT_I_CAN } from "./small-talk.ts";
import { perhapsCovered, toldTrouble } from "./trouble.ts";
import type { Vocabulary } from "./vocabulary.ts";
import { wordsAsked } from "./words-asked.ts";

/** What the planner knows besides the question. */
export interface Given {
  question: string;
  /** ISO day in the workspace's zone. */
  today: string;
  focus: Focus;
  /** The asker as an account owner, for "my accounts". */
  asker: string | null;
  vocabulary: Vocabulary;
}

/** The tools that answer a question, and what is said besides (or instead). */
export interface Plan {
  calls: ToolCall[];
  say: string[];
}

const MOST_CALLS = 8;

/** Reads a question by rules. Never throws for what a person may have typed. */
export function planQuestion(given: Given): Plan {
  const question = tidyQuestion(given.question);
  const talk = smallTalk(question);
  if (talk) return { calls: [], say: [talk] };
  const chosen = answerToChoice(question, given.focus);
  if (chosen) return chosen;
  const state: PartState = { ...given, account: null, calls: given.focus.calls, planned: [], say: [] };
  const refused = cannotReword(question, state);
  if (refused) return { calls: [], say: [refused] };
  if (pointsAtNothing(question, state)) return { calls: [], say: [ABOUT_WHAT] };
  const isOurs = (name: string) => isVocabulary(name, state);
  const worded = wordsAsked(question, state, isOurs);
  if (worded) return { calls: worded, say: [] };
  const told = goesOn(question, state, isOurs) ?? toldTrouble(question, state, isOurs);
  if (told) return { calls: told, say: [] };
  for (const part of joinSituations(cutIntoParts(question), asksHow, asksElse)) {
    try {
      readPart(part, state);
    } catch (unclear) {
      if (!(unclear instanceof Unclear)) throw unclear;
      state.say.push(unclear.message);
    }
  }
  const calls = unique(state.planned).slice(0, MOST_CALLS);
  if (calls.length === 0 && state.say.length === 0) {
    const covered = perhapsCovered(question, state);
    return { calls: covered, say: covered.length > 0 ? [] : [`I did not understand that. ${WHAT_I_CAN}`] };
  }
  return { calls, say: [...new Set(state.say)] };
}

/** "Acme GmbH", "the second", "the German one": the question that waited is asked again with that account. */
function answerToChoice(question: string, { pending }: Focus): Plan | null {
  if (!pending) return null;
  const meant = choicesMeant(question, pending);
  if (!meant || meant.length === 0) return null;
  const [one] = meant;
  if (meant.length > 1 || !one)
    return {
      calls: [],
      say: [`Which one: ${meant.map(({ label, hint }) => `${label}${hint ? ` (${hint})` : ""}`).join(", ")}?`],
    };
  return { calls: pending.calls.map((call) => withChosen(call, one)), say: [] };
}

/** In a list of accounts the one that was unclear is the one whose words stand in the chosen name. */
function withChosen(call: ToolCall, { id, label }: { id: number; label: string }): ToolCall {
  const { accounts } = call.input;
  if (!Array.isArray(accounts)) return withAccount(call, `#${id}`);
  const unclear = (said: unknown) => typeof said === "string" && label.toLowerCase().includes(said.toLowerCase());
  const at = Math.max(0, accounts.findIndex(unclear));
  return { tool: call.tool, input: { ...call.input, accounts: accounts.with(at, `#${id}`) } };
}

const asksHow = (part: string): boolean => PLAYBOOK.test(part.toLowerCase());
const asksElse = (part: string): boolean =>
  hasIntent(part) || /\b(?:accounts|customers|how many|which|list|stages)\b/i.test(part);
const unique = (calls: ToolCall[]): ToolCall[] => [
  ...new Map(calls.map((call) => [JSON.stringify(call), call])).values(),
];
