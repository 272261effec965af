import { Temporal } from "temporal-polyfill";
import type { ToolCall } from "#threads/focus.ts";
import { GROUPS, type PortfolioFilters, type PortfolioInput, type SORTS } from "#tools/portfolio-input.ts";
import { takeWindow } from "./dates.ts";
import { RENEWING } from "./filters.ts";
import type { Words } from "./question.ts";
import { numberIn } from "./thresholds.ts";

const PLURAL = /\b(?:accounts|customers|clients|companies|logos|renewals|prospects|leads|contracts)\b/;
const ONE_OF_MANY = /\b(?:which|what|our|the|any) (?:\w+ )?(?:\w+ )?(?:account|customer|client|company)\b/;
const SUPERLATIVE =
  /\b(?:biggest|largest|smallest|highest|lowest|best|worst|most|fewest|longest|top|least|healthiest|oldest|nearest|soonest)\b/;
const FRAME =
  /^where\b|\bhow many\b|\btop (?:\d|[a-z])|^(?:list|count|show|name|give)\b|\bwhich\b|\btotal\b|\btogether\b|\bcombined\b|\bsum\b|\baverage\b|\bmean\b|^who\b|\banyone\b|\banybody\b|\beveryone\b|\bthose\b|\bones\b|\bwhat renews\b|\brenew\w*\b|\bmrr\b|\bdetractors?\b|\bpromoters?\b/;
const WHOLE = /\b(?:our|total|overall|average|mean|the whole|all)\b.*\b(?:mrr|revenue|portfolio|book)\b|\bportfolio\b/;
const SUMMING =
  /\bhow (?:many|much)\b|\btotal\b|\btogether\b|\bcombined\b|\bsum\b|\baverage\b|\bmean\b|\bcount\b|\bin all\b/;

/** Whether a question is about several accounts. `named`: it names one account for sure. */
export function isAboutMany(words: Words, filters: PortfolioFilters, named: boolean): boolean {
  const filtered = Object.keys(filters).length > 0;
  if (filtered && !named && SHARE.test(words.text)) return true;
  if (named)
    return (
      PLURAL.test(words.text) &&
      (filtered || SUPERLATIVE.test(words.text)) &&
      !/\b(?:its|their|of|for|at|with)\b/.test(words.text)
    );
  if (filters.renews_from && !/\b(?:it|they|their|its)\b/.test(words.text)) return true;
  if (PLURAL.test(words.text) || GROUP.test(words.text) || GROUP_ASKED.test(words.text) || WHOLE.test(words.text))
    return true;
  if (
    (ONE_OF_MANY.test(words.text) ||
      /^\s*who (?:has|have|pays|owes)\b/.test(words.text) ||
      /^(?:\w+ )?(?:\w+ )?(?:account|customer|client|company)\b/.test(words.text.trim())) &&
    SUPERLATIVE.test(words.text)
  )
    return true;
  if (/\bwhich (?:account|customer|client|company)\b/.test(words.text)) return true;
  return filtered
    ? SUPERLATIVE.test(words.text) || FRAME.test(words.text) || words.rest().every(({ text }) => text.length < 4)
    : /\brenewals?\b/.test(words.text) && !/\b(?:the|their|its|his|her|this|that) renewal\b/.test(words.text);
}

/** "What share of MRR …?" */
export const SHARE =
  /(?:\b(?:share|percentage|percent|proportion|fraction|part)|%) of (?:(?:the|our|all|total|whole)\b ?)*(?:mrr|arr|revenue)\b|\b(?:mrr|arr|revenue) shares?\b|\bhow much of (?:the |our |all (?:the |our )?)(?:mrr|arr|revenue)\b/;

/** The call that answers it. */
export function portfolioCall(words: Words, filters: PortfolioFilters, today: string): ToolCall {
  const { text } = words;
  const share = words.take(SHARE) !== null;
  const group = takeGroup(words);
  const limit = takeLimit(words);
  const sort = takeSort(words, filters);
  const summing = SUMMING.test(words.text);
  if (RENEWING.test(words.text) || filters.renews_from) {
    const renewal = renewalsCall(words, filters, { today, limit, plain: !group && !sort && !summing && !share });
    if ("tool" in renewal) return renewal;
    Object.assign(filters, renewal);
  }
  // The smallest customers are customers: who pays nothing is none.
  if (
    sort?.sort === "mrr" &&
    sort.descending === false &&
    /\b(?:customers?|clients?|pay)\b/.test(text) &&
    filters.paying === undefined
  )
    filters.paying = true;
  const input: Partial<PortfolioInput> = {
    ...(Object.keys(filters).length > 0 ? { filters } : {}),
    ...sort,
    ...(limit ? { limit } : {}),
    ...(share ? { share } : {}),
    ...(group ? { group_by: group, ...measureOf(group, text) } : {}),
  };
  return { tool: "portfolio", input };
}

/** "MRR by stage" is about money, "how many accounts has each team?" is not; what is usual for a group is not said. */
function measureOf(group: (typeof GROUPS)[number], text: string): Pick<PortfolioInput, "measure"> {
  const isMoney = /\b(?:mrr|arr|revenue|money|value)\b/.test(text);
  if (group === "stage" || group === "lapsed") return isMoney ? { measure: "mrr" } : {};
  return !isMoney && COUNTING.test(text) ? { measure: "accounts" } : {};
}
const COUNTING =
  /\b(?:how many|number of|count(?: of)?|most|fewest)\b.*\b(?:accounts|customers|clients|companies|logos)\b/;

const RENEWAL_FILTERS = new Set(["owner", "team", "segment", "country", "renews_from", "renews_to"]);

/** "Which renewals in the next 60 days?" is the renewals tool's question; with other filters or a sum, the portfolio's. */
function renewalsCall(
  words: Words,
  filters: PortfolioFilters,
  given: { today: string; limit: number | null; plain: boolean },
): ToolCall | PortfolioFilters {
  const window =
    filters.renews_from && filters.renews_to
      ? { from: filters.renews_from, to: filters.renews_to }
      : takeWindow(words, given.today);
  const simple = given.plain && Object.keys(filters).every((key) => RENEWAL_FILTERS.has(key));
  if (!simple) {
    const today = Temporal.PlainDate.from(given.today);
    return { renews_from: window?.from ?? given.today, renews_to: window?.to ?? String(today.add({ days: 90 })) };
  }
  const { owner, team, segment, country } = filters;
  const days = window ? Temporal.PlainDate.from(given.today).until(window.to, { largestUnit: "day" }).days : 0;
  const when = !window
    ? {}
    : window.from === given.today && days >= 1 && days <= 730
      ? { within_days: days }
      : { from: window.from, to: window.to };
  const lists = Object.fromEntries(
    Object.entries({ owner, team, segment, country }).filter(([, value]) => value !== undefined),
  );
  return { tool: "renewals", input: { ...when, ...lists, ...(given.limit ? { limit: given.limit } : {}) } };
}

const GROUP_WORDS: Record<string, (typeof GROUPS)[number]> = {
  rep: "owner",
  manager: "owner",
  sector: "industry",
  tier: "plan",
  phase: "stage",
  region: "country",
  countrie: "country",
  industrie: "industry",
};
const GROUP =
  /\b(?:per|by|for each|in each|for every|across(?: the| all)?|grouped by|broken down by|split by|each|every|by each)\s+(?:account )?(stage|phase|owner|rep|manager|team|segment|industr(?:y|ies)|sector|countr(?:y|ies)|region|plan|tier|currenc(?:y|ies))s?\b/;

/** "which team has the most accounts?" */
const GROUP_ASKED =
  /^(?:which|what) (owners?|reps?|managers?|teams?|segments?|industry|industries|sectors?|country|countries|plans?) (?:has|have|is|are|brings?|makes?|pays?|owns?|holds?)\b/;

function takeGroup(words: Words): (typeof GROUPS)[number] | null {
  const said = (words.take(GROUP) ?? words.take(GROUP_ASKED))?.[1]?.replace(/ies$/, "y").replace(/s$/, "");
  if (!said) return null;
  return GROUPS.find((group) => group === said) ?? GROUP_WORDS[said] ?? null;
}

type Sort = Pick<PortfolioInput, "sort" | "descending">;
const SORT_NAMES: [RegExp, (typeof SORTS)[number]][] = [
  [/mrr|arr|revenue|value|size|spend|amount|pay/, "mrr"],
  [/renew|expir/, "renewal"],
  [/health/, "health"],
  [/contact|silence|touch/, "last_contact"],
  [/ticket/, "tickets"],
  [/nps|score/, "nps"],
  [/seat/, "seats"],
  [/overdue|debt|owed/, "overdue"],
  [/name|alphabet/, "name"],
  [/since|stage|long/, "since"],
];
const SUPERLATIVES: [RegExp, Sort][] = [
  [/\bmost (?:open |urgent )?tickets\b/, { sort: "tickets", descending: true }],
  [/\b(?:fewest|least) tickets\b/, { sort: "tickets", descending: false }],
  [
    /\b(?:lowest|worst|poorest) health\b|\bleast healthy\b|\bhealth(?:iest)? from the bottom\b/,
    { sort: "health", descending: false },
  ],
  [/\b(?:highest|best) health\b|\bhealthiest\b/, { sort: "health", descending: true }],
  [/\b(?:lowest|worst) nps\b/, { sort: "nps", descending: false }],
  [/\b(?:highest|best) nps\b/, { sort: "nps", descending: true }],
  [
    /\b(?:longest (?:silent|silence|without contact)|silent (?:the )?longest|not contacted (?:the )?longest)\b/,
    { sort: "last_contact", descending: false },
  ],
  [/\bmost seats\b/, { sort: "seats", descending: true }],
  [/\b(?:most overdue|owes? (?:us )?(?:the )?most)\b/, { sort: "overdue", descending: true }],
  [
    /\b(?:renew(?:s|ing)? (?:the )?(?:soonest|first|next)|(?:nearest|next) renewals?)\b/,
    { sort: "renewal", descending: false },
  ],
  [
    /\b(?:smallest|lowest(?:[ -]paying)?(?: mrr| revenue)?|least (?:mrr|revenue))\b/,
    { sort: "mrr", descending: false },
  ],
  [
    /\b(?:biggest|largest|highest(?:[ -]paying)?(?: mrr| revenue)?|top[ -]paying|most valuable|most (?:mrr|revenue)|pays? (?:us )?(?:the )?most|best)\b/,
    { sort: "mrr", descending: true },
  ],
  [/\blongest in (?:the |their )?stage\b/, { sort: "since", descending: false }],
];

function takeSort(words: Words, filters: PortfolioFilters): Partial<Sort> | null {
  const by = words.take(
    /\b(?:(?:sorted|ordered|ranked) by|by|in order of) (?:the )?((?:lowest|highest|smallest|largest) )?(mrr|arr|revenue|value|size|spend|renewals?(?: date)?|health(?: score)?|last contact|silence|(?:open )?tickets?|nps(?: score)?|seats?|overdue(?: amount)?|name|alphabet)\b/,
  );
  if (by) {
    const sort = SORT_NAMES.find(([pattern]) => pattern.test(by[2]!))![1]; // the pattern lists only these
    const direction = by[1] ?? words.take(/\b(?:lowest|smallest|worst|bottom|ascending)\b/)?.[0];
    if (!direction) return { sort };
    return { sort, descending: /high|larg/.test(direction) };
  }
  const found = SUPERLATIVES.find(([pattern]) => words.take(pattern));
  if (found) return found[1];
  if (filters.tickets) return { sort: "tickets" };
  return filters.overdue ? { sort: "overdue" } : null;
}

const FEW = "\\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|fifty";

function takeLimit(words: Words): number | null {
  if (words.take(/\b(?:all|every(?:one)?)\b(?! (?:stages?|teams?))/) && !/\bhow many\b/.test(words.text)) return 100;
  const said =
    words.take(/\b(?:top|first|bottom) (\d+|[a-z]+(?:-[a-z]+)?)\b/) ??
    words.take(new RegExp(`\\b(${FEW})\\b(?= (?:[a-z-]+ ){0,3}(?:accounts|customers|clients|companies)\\b)`)) ??
    words.take(new RegExp(`(?<=\\b(?:biggest|largest|smallest|best|worst|highest|lowest) )(${FEW})\\b`));
  const number = said ? numberIn(said[1]!) : null;
  if (number) return Math.min(100, Math.max(1, Math.round(number)));
  return /\b(?:account|customer|client|company)\b/.test(words.text) && SUPERLATIVE.test(words.original.toLowerCase())
    ? 1
    : null;
}
