import type { ToolCall } from "#threads/focus.ts";
import { MAY_WE, MOVE_ABOUT, MOVE_WORDS } from "./intents.ts";
import { isKnownWord } from "./lexicon.ts";
import { couldBeName } from "./likely-name.ts";
import { takePronoun } from "./mentions.ts";
import { inHand, type PartState, placed } from "./one-account.ts";
import { escaped } from "./places.ts";
import type { Words } from "./question.ts";
import { stageIn } from "./vocabulary.ts";

/** "What about an upsell?" in a talk about an account; null without one. */
export function aboutMove(part: string, state: PartState): ToolCall[] | null {
  const move = MOVE_ABOUT.exec(part)?.[1]?.toLowerCase();
  const account = inHand(state);
  return move && account ? [{ tool: "check_move", input: { account, move: MOVE_WORDS[move] ?? move } }] : null;
}

/** "May I call them?": a check-in, which is a move like others. */
const MAY_CALL =
  /^(?:may|can|could|should|shall|is it (?:ok|okay|fine) to)(?: (?:i|we))? (?:just |now |also |maybe )?(?:call|phone|ring|visit)\b(?: up)?(.*)$/;

/** Whether a call suits the account now; null where it is said when, why or what for. */
export function mayCall(part: string, names: string[], state: PartState): ToolCall[] | null {
  const whom = MAY_CALL.exec(part.toLowerCase())?.[1];
  if (whom === undefined || names.length > 1) return null;
  const rest = whom.replace(/\b(?:today|now|again|already|tomorrow|this week)\b|[?.! ]+/g, " ").trim();
  const ofTheTalk = /^(?:(?:the|this|that) (?:account|customer|client)|them|him|her|it)?$/.test(rest);
  const account = names[0] ?? (ofTheTalk ? inHand(state) : nameIn(rest));
  if (!account) return null;
  state.account = account;
  return [{ tool: "check_move", input: { account, move: "call" } }];
}

/** "can i call acme": what is said besides in small letters, where it may be a name. */
const nameIn = (rest: string): string | null =>
  rest.split(" ").length <= 3 && !rest.split(" ").some(isKnownWord) && couldBeName(rest, NAMED_ALONE) ? rest : null;
const NAMED_ALONE = { original: "", asks: true, talkedOf: false };

/** Whether a move suits an account; without an account it is a question about the stage. */
export function mayWe(words: Words, names: string[], state: PartState): ToolCall[] | null {
  const asked = MAY_WE.exec(words.original.toLowerCase());
  if (!asked || words.has(/\bplaybooks?\b|\bhow\b|\bwhen\b|\b(?:see|read|find|get|have)\b/)) return null;
  const said = asked[1]!;
  const account =
    names[0] ??
    placed(words, state) ??
    (takePronoun(words) ? inHand(state) : (lowerCaseName(words, said) ?? inHandOf(words, said, state)));
  if (!account) return ofNobody(words, said, state);
  state.account = account;
  return [{ tool: "check_move", input: { account, move: MOVE_WORDS[said] ?? said } }];
}

/** Customers in general are what playbooks are about, a stage has its own rules, and else an account is missing. */
function ofNobody(words: Words, move: string, state: PartState): ToolCall[] | null {
  if (stageIn(words.original.replace(move, ""), state.vocabulary)) return null;
  if (IN_GENERAL.test(words.text)) return [{ tool: "search_playbooks", input: { question: words.original } }];
  state.say.push("Whether it suits depends on the account. Which one do you mean? Tell me its name.");
  return [];
}

const IN_GENERAL = /\b(?:customers?|clients?|accounts?|prospects?|leads?|people|somebody|someone|everyone)\b/;

/** "Can I offer a discount?" in a talk about an account; customers in general, and a stage, are somebody else. */
const inHandOf = (words: Words, move: string, state: PartState): string | null =>
  IN_GENERAL.test(words.text) || stageIn(words.original.replace(move, ""), state.vocabulary) ? null : inHand(state);

/** "may i give acme a discount": the name between the verb and the move. */
function lowerCaseName(words: Words, move: string): string | null {
  const between = new RegExp(
    `\\b(?:give|offer|ask|send|pitch|make|grant|invite|to)\\s+(.{2,60}?)\\s+(?:a|an|the|some|our|for|any|with|about|to)\\b.*${escaped(move)}`,
    "i",
  );
  const name = between.exec(words.original)?.[1];
  return name && !/^(?:a|an|the|them|somebody|someone|customers?|people|prospects?|leads?)\b/i.test(name) ? name : null;
}
