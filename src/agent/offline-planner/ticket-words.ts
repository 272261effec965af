import { Temporal } from "temporal-polyfill";
import type { TicketsInput } from "#tools/tickets-input.ts";
import { daysIn } from "./dates.ts";
import { takeWindows } from "./figure-pieces.ts";
import type { PartState } from "./one-account.ts";
import type { Words } from "./question.ts";
import { DURATION } from "./thresholds.ts";
import { takeNamedFilters } from "./vocabulary.ts";

/** "ticket 1106", "HD-2106". */
export const NUMBER =
  /\btickets? (?:no\.? ?|number )?#?(\d{1,9})\b(?! (?:days?|weeks?|months?)\b)|\b([a-z]{2,5}-\d{2,9})\b/;
const ABOUT =
  /\b(?:about|regarding|concerning|(?:trouble|problems?|issues?) with) (?:the |their |our |an? )?([a-z][\w' /&-]+?)(?= (?:right now|now|today|and|or|that|which|in the|from|since|older|last|this|at|for|of)\b|[?.!,]|$)/;
const POINTING = /^(?:tickets?|it|that|this|them|they|those|these|most|mostly|most often)$/;
const AGE = new RegExp(
  `\\b(?:(?:that|which) (?:are|is|have been) )?(?:(?:open|waiting|pending) )?(?:older|longer|more|waiting|open)(?: than|(?<=open|waiting) for|(?<=open|waiting) over)(?: more than| over)?(?: an?(?= \\d))? ${DURATION}(?: old| ago)?`,
);
const PRIORITY = /\b(urgent|high|low|normal)\b(?:[ -]priority\b)?/;
const SOLVED = /\b(?:closed|solved|resolved)\b/;
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
  const about = words.take(ABOUT)?.[1]?.trim();
  const priority = priorities(words);
  const held = words.take(SOLVED) ? "solved" : words.take(EVER) ? "any" : null;
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

function priorities(words: Words): NonNullable<TicketsInput["priority"]> {
  const found: NonNullable<TicketsInput["priority"]> = [];
  for (let match = words.take(PRIORITY); match; match = words.take(PRIORITY))
    found.push(match[1] as (typeof found)[number]); // the pattern lists only these
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
