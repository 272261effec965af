import { Temporal } from "temporal-polyfill";
import type { ToolCall } from "#threads/focus.ts";
import { capital } from "#tools/words.ts";
import { WHO_ARE_YOU } from "./asker.ts";
import { pointsAtAccount } from "./details-asked.ts";
import { asksHow } from "./intents.ts";
import { takeSureNames } from "./mentions.ts";
import type { PartState } from "./one-account.ts";
import { Words } from "./question.ts";
import { takeNamedFilters } from "./vocabulary.ts";

const SOON = "today|tomorrow|this week|next week|this morning|right now|first";
/** "Lukas's open tasks". */
const OF_SOMEBODY =
  /\b(?!(?:today|tomorrow|week|what|let)\b)\p{L}+'s? (?:(?:open|overdue|due|next|urgent) )*(?:tasks?|to-?dos?|to-?do list|agenda|priorities)\b/u;
/** "What tasks are overdue?": of the asker, or of everybody. */
const TASKS_DUE =
  /^(?:(?:what|which|any|all|the|show me|list|are there|do we have|open) )*(?:overdue|late|due) (?:tasks?|to-?dos?)\b|\b(?:what|which) (?:tasks|to-?dos) (?:are|is|were) (?:overdue|late|due)\b/;
const AGENDA = [
  new RegExp(
    `\\b(?:what|who|which accounts) (?:should|do|must|can|shall|have|need) (?:i|we)\\b.*\\b(?:do|call|start|work|focus|handle|prepare|contact)\\b.*\\b(?:${SOON})\\b`,
  ),
  new RegExp(`\\b(?:anything|something) (?:that )?(?:i|we) (?:should|must|need|have|can)\\b.*\\b(?:${SOON})\\b`),
  new RegExp(
    `\\b(?:anything|what is|something|tasks?|to-?dos?)\\b.*\\b(?:due|overdue|urgent|open|on)\\b.*\\b(?:for me|on my (?:plate|list|desk)|${SOON})\\b`,
  ),
  /\bmy (?:open |overdue |next )*(?:day|week|agenda|tasks?|to-?dos?|to-?do list|priorities)\b/,
  TASKS_DUE,
  OF_SOMEBODY,
  /\bon (?:my|\w+'s|\w+ \w+'s) (?:plate|list|desk|agenda)\b|\bwho (?:is |are )?(?:still )?wait(?:s|ing) for (?:me|us|an answer|a reply)\b|\bwhere (?:should|do) i (?:start|begin)\b|\b(?:tasks|to-?dos|agenda) (?:of|for)\b/,
];

/** "What should I do today?", "anything due this week?": what the asker, or the colleague who is named, has to do. */
export function agendaQuestion(part: string, state: PartState, isOurs: (name: string) => boolean): ToolCall[] | null {
  const low = part.toLowerCase();
  if (
    !AGENDA.some((pattern) => pattern.test(low)) ||
    pointsAtAccount(low.replace(/^(?:are|is) there\b/, "")) ||
    asksHow(part)
  )
    return null;
  const words = new Words(part.replace(/\b\p{Ll}\p{L}+'s?(?= )/gu, capital)); // a person, whatever the letters
  if (takeSureNames(words, isOurs).length > 0) return null;
  const { owner } = takeNamedFilters(words, { ...state.vocabulary, stages: [], plans: [], teams: [], segments: [] });
  if (!owner && OF_SOMEBODY.test(low)) return null; // an account's
  const owners = owner ?? (state.asker ? [state.asker] : []);
  if (owners.length === 0 && TASKS_DUE.test(low))
    return [{ tool: "agenda", input: { within_days: daysAhead(low, state.today) ?? 0, only: "tasks" } }];
  if (owners.length === 0) {
    state.say.push(WHO_ARE_YOU);
    return [];
  }
  const within = daysAhead(low, state.today);
  return owners.map((each) => ({
    tool: "agenda",
    input: { owner: each, ...(within === null ? {} : { within_days: within }) },
  }));
}

const WORTH_A_WEEK = 3; // days; whoever asks for "this week" at its end means the days to come

/** To the end of the week that is meant; null for the usual days. */
function daysAhead(text: string, todayIso: string): number | null {
  const toSunday = 7 - Temporal.PlainDate.from(todayIso).dayOfWeek;
  if (/\btomorrow\b/.test(text)) return 1;
  if (/\bnext week\b/.test(text)) return toSunday + 7;
  if (/\bthis week\b/.test(text)) return toSunday >= WORTH_A_WEEK ? toSunday : null;
  return /\b(?:today|this morning|right now|overdue|late)\b/.test(text) ? 0 : null;
}
