import { Temporal } from "temporal-polyfill";
import type { TicketsInput } from "#tools/tickets-input.ts";
import { daysIn } from "./dates.ts";
import { takeWindows } from "./figure-pieces.ts";
import { isKnownWord } from "./lexicon.ts";
import type { PartState } from "./one-account.ts";
import { escaped } from "./places.ts";
import type { Words } from "./question.ts";
import { DURATION } from "./thresholds.ts";
import { takeNamedFilters } from "./vocabulary.ts";

/** "ticket 1106", "HD-2106". */
export const NUMBER =
  /\btickets? (?:no\.? ?|number )?#?(\d{1,9})\b(?! (?:days?|weeks?|months?)\b)|\b([a-z]{2,5}-\d{2,9})\b/;
const ABOUT =
  /\b(?:about|regarding|concerning|(?:trouble|problems?|issues?) with) (?:the |their |our |an? )?([a-z][\w' /&-]+?)(?= (?:right now|now|today|and|or|that|which|in the|from|since|older|last|this|at|for|of)\b|[?.!,]|$)/;
/** "an outage ticket", "single sign-on tickets": what stands before it says what they are about. */
const MATTER_BEFORE = /((?:[a-z][\w'-]+ )?[a-z][\w'-]+) tickets?\b/;
const TIME_TO_SOLVE =
  /\b(?:time|days|long|hours)\b.{0,30}\b(?:to|until|till)\b.{0,20}\b(?:resol\w*|solv\w*|clos\w*|fix\w*)\b|\b(?:average |mean |median |typical )?(?:resolution|solving|handling) times?\b|\btime to resolution\b|\bhow (?:long|fast|quickly)\b.*\b(?:resolve|solve|close)\b/;
const POINTING = /^(?:tickets?|it|that|this|them|they|those|these|most|mostly|most often)$/;
const AGE = new RegExp(
  `\\b(?:(?:that|which) (?:are|is|have been) )?(?:(?:open|waiting|pending) )?(?:older|longer|more|waiting|open)(?: than|(?<=open|waiting) for|(?<=open|waiting) over)(?: more than| over)?(?: an?(?= \\d))? ${DURATION}(?: old| ago)?`,
);
const PRIORITY = /\b(urgent|high|low|normal|p1|p2)\b(?:[ -]priority\b)?/;
const HELPDESK_CALLS: Record<string, string> = { p1: "urgent", p2: "high" };
const SOLVED = /\bdid (?:we|they) (?:solve|resolve|close)\b|\b(?:closed|solved|resolved)\b/;
const EVER = /\b(?:all|ever|any state|so far|did (?:they|he|she|it|we)|in total|altogether)\b|\bhad\b/;
const SORTS: [RegExp, TicketsInput["sort"]][] = [
  [/\b(?:oldest|longest|first)\b/, "oldest"],
  [/\b(?:newest|latest|most recent)\b/, "newest"],
];
const GROUPS: [RegExp, TicketsInput["group_by"]][] = [
  [/\b(?:by|per|each) (?:priority|urgency)\b/, "priority"],
  [
    /\b(?:by|per|each|which|what) (?:kinds?|types?|categor(?:y|ies)|topics?|causes?)\b(?: of)?|\bmostly\b|\bmost often\b/,
    "kind",
  ],
  [/\b(?:by|per|each|which) teams?\b(?: (?:has|have|gets?))?/, "team"],
  [/\b(?:by|per|each|which) (?:owner|rep|manager|csm)s?\b(?: (?:has|have|gets?))?/, "owner"],
  [
    /\b(?:by|per|each|which) (?:account|customer|client)s?\b(?: (?:has|have))? (?:the )?most\b|\b(?:by|per) (?:account|customer|client)\b/,
    "account",
  ],
];

/** What a question says of the tickets themselves, taken out of the words. */
export function takeTicketInput(words: Words, state: PartState): Partial<TicketsInput> {
  const number = words.take(NUMBER);
  const aged = words.take(AGE);
  const [opened] = takeWindows(words);
  const filters = filtersIn(words, state);
  const taken = <T>(table: [RegExp, T][]): T | undefined => table.find(([pattern]) => words.take(pattern))?.[1];
  const [group, sort] = [taken(GROUPS), taken(SORTS)];
  const timed = words.take(TIME_TO_SOLVE) !== null;
  const about = words.take(ABOUT)?.[1]?.trim() ?? takeMatterBefore(words);
  const priority = priorities(words);
  const held = timed || words.take(SOLVED) ? "solved" : words.take(EVER) ? "any" : null;
  return {
    ...(number ? { ticket: (number[1] ?? number[2])!.toUpperCase() } : {}),
    ...(aged ? { older_than_days: daysIn(aged[1]!, aged[2]!, Temporal.PlainDate.from(state.today), -1) } : {}),
    ...(about && !POINTING.test(about) ? { about } : {}),
    ...(priority.length > 0 ? { priority } : {}),
    ...(held ? { state: held } : {}),
    ...(opened ? { opened } : {}),
    ...(group ? { group_by: group } : {}),
    ...(sort ? { sort } : {}),
    ...(Object.keys(filters).length > 0 ? { filters } : {}),
  };
}

function takeMatterBefore(words: Words): string | undefined {
  const found = MATTER_BEFORE.exec(words.text);
  const said = (found?.[1] ?? "").split(" ").filter(saysMatter);
  if (!found || said.length === 0) return undefined;
  const before = words.text.slice(0, found.index + found[0].length);
  if (!said.every((word) => KIND.test(word)) && !ASKED_FOR.test(before)) return undefined;
  for (const word of said) words.take(new RegExp(`(?<![\\w-])${escaped(word)}(?![\\w-])`));
  return said.join(" ");
}

const saysMatter = (word: string): boolean =>
  word !== "" && (KIND.test(word) || !(isKnownWord(word) || MEANS_NOTHING.test(word)));

/** Elsewhere a word before "tickets" may be an account's name in small letters: "coppermark tickets". */
const ASKED_FOR =
  /\b(?:an?|any|all|which|what|our|the|with|had|have|how many|list|show|about|new)\b(?: \S+){0,3} tickets?$/;
/** What helpdesks sort tickets by; no account's name. */
const KIND =
  /^(?:billing|invoices?|payments?|data|access|login|bugs?|outages?|performance|integration|onboarding|feature|request)$/;
const MEANS_NOTHING =
  /^(?:urgent|high|low|normal|p1|p2|open|solved|closed|resolved|unsolved|unresolved|pending|waiting|old|older|oldest|newest|latest|support|service|helpdesk|more|than|had|ever)$/;

function priorities(words: Words): NonNullable<TicketsInput["priority"]> {
  const found: NonNullable<TicketsInput["priority"]> = [];
  for (let match = words.take(PRIORITY); match; match = words.take(PRIORITY))
    found.push((HELPDESK_CALLS[match[1]!] ?? match[1]) as (typeof found)[number]); // the pattern lists only these
  return [...new Set(found)];
}

/** Whose accounts: "in EMEA", "of my accounts". */
function filtersIn(words: Words, { vocabulary, asker }: PartState): TicketsInput["filters"] {
  const { owner, team, segment, country } = takeNamedFilters(words, {
    ...vocabulary,
    stages: [],
    industries: [],
    plans: [],
  });
  const mine =
    words.take(/\b(?:of |in |for )?(?:my|mine)\b(?: (?:accounts|customers|clients|team))?/) && asker ? [asker] : owner;
  return Object.fromEntries(
    Object.entries({ owner: mine, team, segment, country }).filter(([, value]) => value !== undefined),
  );
}
