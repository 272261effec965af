import type { ToolCall } from "#threads/focus.ts";
import { WHO_ARE_YOU } from "./asker.ts";
import { Unclear } from "./dates.ts";
import { takeWindows } from "./figure-pieces.ts";
import { HOW_TO, PLAYBOOK } from "./intents.ts";
import { isKnownWord } from "./lexicon.ts";
import { takeSureNames } from "./mentions.ts";
import type { PartState } from "./one-account.ts";
import { Words } from "./question.ts";
import { takeNamedFilters } from "./vocabulary.ts";

const LOSS =
  /\b(?:churn(?:ed|s|ing)?|lost|lose|losing|loss(?:es)?|(?:left|leave|leaving) us|went away|cancell?ed on us)\b/;
const MONEY_LOST =
  /\bhow much\b.*\b(?:lost|lose|losing|churn(?:ed)?)\b|\b(?:mrr|arr|revenue|money)\b.*\b(?:did we lose|have we lost|was lost|we lost)\b/;
/** "Churn", "the weekly churn report for EMEA": the report itself is asked for. */
const REPORT =
  /\bchurn report\b|^(?:(?:show|give)(?: me)? )?(?:the |our |my )?(?:(?:weekly|monthly|quarterly|latest) )?churn(?= for\b| of\b| in\b|$)/;
/** Other things are lost too. */
const ELSE = /\b(?:deals?|opportunit(?:y|ies)|tickets?|contacts?|champions?|track|time|password|invoices?)\b/;
const AGAIN = /^(?:what about|how about|same (?:for|in)|only|just|in|for|of|with)\b/i;
const USUAL: [RegExp, string][] = [
  [/\bmonthly\b/, "last month"],
  [/\bquarterly\b/, "last quarter"],
];

/** "Churn last week for EMEA", "how much MRR did we lose in October?"; null where it is no such question. */
export function churnQuestion(part: string, state: PartState, isOurs: (name: string) => boolean): ToolCall[] | null {
  const text = part.toLowerCase();
  const words = new Words(part);
  const last = state.calls.at(-1);
  if (PLAYBOOK.test(text) || HOW_TO.test(text) || ELSE.test(text)) return null;
  if (takeSureNames(words, isOurs).length > 0) return null;
  const windows = takeWindows(words);
  const window = windows[0] ?? USUAL.find(([pattern]) => pattern.test(text))?.[1];
  const asked = REPORT.test(text) || MONEY_LOST.test(text) || (window !== undefined && LOSS.test(text));
  if (!asked) return last?.tool === "churn_report" ? again(words, { part, window, last, state }) : null;
  // "Who churned in October and how much did we lose?": one report tells both.
  if (!window && state.planned.some(({ tool }) => tool === "churn_report")) return [];
  const filters = filtersIn(words, state);
  sayUnread(words, state);
  return filters.map((filter) => ({ tool: "churn_report", input: { ...(window ? { window } : {}), ...filter } }));
}

const SINGLE = ["team", "owner", "segment", "plan", "industry", "stage"] as const;
type Filter = Partial<Record<(typeof SINGLE)[number] | "country", string>>;

/** A report is over one team, owner, segment, plan, industry and stage; two teams are two reports. Countries go together. */
function filtersIn(words: Words, { vocabulary, asker }: PartState): Filter[] {
  // "Retention" and "support" are words of churn questions too: a stage is meant where that is said.
  const stages = words.has(/\b(?:stage|phase)s?\b/) ? vocabulary.stages : [];
  const lists = takeNamedFilters(words, { ...vocabulary, stages });
  if (words.has(/\bmy (?:team|region|people)\b/)) throw new Unclear("Which team? Ask again with its name.");
  const mine = words.take(/\b(?:my|mine)\b/);
  if (mine && !asker) throw new Unclear(WHO_ARE_YOU);
  if (mine && asker) lists.owner = [asker];
  const country = lists.country ? { country: lists.country.join(", ") } : {};
  let filters: Filter[] = [country];
  for (const what of SINGLE) {
    const values = lists[what];
    if (values) filters = filters.flatMap((filter) => values.map((value) => ({ ...filter, [what]: value })));
  }
  return filters;
}

function sayUnread(words: Words, state: PartState): void {
  for (const pattern of [
    LOSS,
    /\b(?:reports?|weekly|monthly|quarterly|much|money|sorted|ordered|mrr|industry|sector|stage|phase)\b/,
  ])
    while (words.take(pattern));
  const unread = words.rest().filter(({ text }) => /[\p{L}\p{N}]/u.test(text) && !isKnownWord(text));
  if (unread.length > 0)
    state.say.push(
      `I did not understand “${unread
        .map(({ text }) => text)
        .join(" ")
        .slice(
          0,
          80,
        )}”, so the report does not regard it. It goes by team, owner, segment, industry, country, plan and stage.`,
    );
}

/** "And for DACH?", "what about October?": the same report again, changed. */
function again(
  words: Words,
  { part, window, last, state }: { part: string; window: string | undefined; last: ToolCall; state: PartState },
): ToolCall[] | null {
  if (/\brenew/.test(words.text)) return null;
  const filters = filtersIn(words, state);
  const nothing = !window && filters.every((filter) => Object.keys(filter).length === 0);
  if (nothing || !(AGAIN.test(part) || words.rest().every(({ text }) => isKnownWord(text)))) return null;
  return filters.map((filter) => ({
    tool: "churn_report",
    input: { ...last.input, ...(window ? { window } : {}), ...filter },
  }));
}
