import { addDays } from "#lifecycle/days.ts";
import type { ToolCall } from "#threads/focus.ts";
import { readWindow } from "#tools/window-words.ts";
import { WHO_ARE_YOU } from "./asker.ts";
import { takeWindow, Unclear } from "./dates.ts";
import { takeGroup, takeWindows } from "./figure-pieces.ts";
import { asksHow } from "./intents.ts";
import { takeSureNames } from "./mentions.ts";
import type { PartState } from "./one-account.ts";
import { Words } from "./question.ts";
import { sayUnread, unreadIn } from "./unread.ts";
import { takeNamedFilters } from "./vocabulary.ts";

const DEALS = /\b(?:sales )?(?:deals?|opportunit(?:y|ies)|opps|pipeline)\b/;
/** Accounts are asked for, and deals are only what they have; or it is told what happens in one. */
const OF_OTHERS =
  /\b(?:accounts|customers|clients|companies)\b|\b(?:with|without|no) (?:an? |any )?(?:open )?(?:deals?|opportunit(?:y|ies))\b|\b(?:compare|nrr|grr|win rate|close rate|success rate|velocity|coverage|weighted|sales cycle|conversion|how long|why)\b|\bwhat (?:should|do|can|shall) (?:i|we)\b|\bdeal with\b/;
const SLIPPED = /\b(?:slipped|slipping|overdue|past due|late|stuck|should have (?:been )?closed)\b/;
const CLOSING = /\b(?:clos(?:e|es|ed|ing)|due|signed?|land(?:s|ing)?|decid(?:e|ed|ing))\b/;
const BIGGEST = /\b(?:biggest|largest|highest|top|most valuable|by (?:amount|value|size))\b/;
const LEAST =
  /\b(?:over|above|more than|at least|bigger than|larger than|worth|of)\s*(?:usd |eur )?[$€£]?(\d[\d.,']*)\s*(k|m|mio|thousand|million)?\b(?: (?:usd|eur|dollars|euros))?/;
const KINDS: [RegExp, string][] = [
  [/\b(?:renewal|renewals)\b/, "renewal"],
  [/\b(?:expansion|upsell|upgrade)s?\b/, "expansion"],
  [/\bnew(?: business| logos?| customers?)?\b/, "new"],
];

const FILTERS = ["owner", "team", "segment", "country"];

/** "Which deals close this month?", "my pipeline", "deals that slipped": deals of everybody; null where it is no such question. */
export function dealQuestion(part: string, state: PartState, isOurs: (name: string) => boolean): ToolCall[] | null {
  const low = part.toLowerCase();
  if (!DEALS.test(low) || OF_OTHERS.test(low) || asksHow(part)) return null;
  const words = new Words(part);
  if (takeSureNames(words, isOurs).length > 0) return null;
  const filters = filtersIn(words, state); // before days: June is a colleague, too
  const group = takeGroup(words);
  if (group)
    state.say.push(
      `Deals are told together, not per ${group}${FILTERS.includes(group) ? `; ask for one ${group}` : ""}.`,
    );
  const averaged = words.take(/\b(?:average|mean|typical)\b/) !== null;
  const isOpen = /\bopen\b|\bpipeline\b/.test(low);
  const won = words.take(/\b(?:closed )?won\b|\bwe won\b/) !== null;
  const lost = !won && words.take(/\b(?:closed )?lost\b|\bdid we lose\b|\blose\b/) !== null;
  const slipped = words.take(SLIPPED) !== null;
  const least = amountIn(words);
  const input = {
    ...(won || (averaged && !lost && !isOpen && !slipped) ? { state: "won" } : lost ? { state: "lost" } : {}),
    ...(slipped ? { slipped } : {}),
    ...(least === null ? {} : { at_least: least }),
    ...(won || lost || (averaged && !isOpen && !slipped) ? closedIn(words, state.today) : closesIn(words, state.today)),
    ...kindIn(words),
    ...filters,
    ...(words.take(BIGGEST) ? { sort: "amount" } : {}),
    ...limitIn(words),
  };
  for (const known of [DEALS, CLOSING, /\b(?:open|total|value|amount|worth|size)\b/]) while (words.take(known));
  sayUnread(unreadIn(words), state);
  return [{ tool: "deals", input }];
}

function amountIn(words: Words): number | null {
  const said = words.take(LEAST);
  if (!said) return null;
  const number = Number(said[1]!.replace(/[,']/g, ""));
  const times = /^k|^thousand/.test(said[2] ?? "") ? 1e3 : said[2] ? 1e6 : 1;
  return Number.isFinite(number) && number > 0 ? number * times : null;
}

function closesIn(words: Words, today: string): Record<string, string> {
  const window = takeWindow(words, today);
  return window ? { closes_from: window.from, closes_to: window.to } : {};
}

/** "Won last quarter" lies behind us; its last day is the one before the window's end. */
function closedIn(words: Words, today: string): Record<string, string> {
  const [said] = takeWindows(words);
  if (!said) return {};
  const { window } = readWindow(said, { today });
  return { closes_from: window.start, closes_to: addDays(window.end, -1) };
}

function kindIn(words: Words): Record<string, string> {
  const kind = KINDS.find(([pattern]) => words.take(pattern))?.[1];
  return kind ? { kind } : {};
}

function filtersIn(words: Words, { vocabulary, asker }: PartState): Record<string, unknown> {
  const { owner, team, segment, country } = takeNamedFilters(words, { ...vocabulary, stages: [], plans: [] });
  const mine = words.take(/\b(?:my|mine|for me|i have|do i have)\b/);
  if (mine && !asker) throw new Unclear(WHO_ARE_YOU);
  const filters = { owner: mine && asker ? [asker] : owner, team, segment, country };
  const given = Object.entries(filters).filter(([, value]) => value !== undefined);
  return given.length > 0 ? { filters: Object.fromEntries(given) } : {};
}

function limitIn(words: Words): Record<string, number> {
  const said = words.take(/\b(?:top|first)? ?(\d{1,3})\b/);
  if (said) return { limit: Math.min(100, Math.max(1, Number(said[1]))) };
  return words.take(/\ball\b/) ? { limit: 100 } : {};
}
