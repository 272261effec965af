import { Temporal } from "temporal-polyfill";
import { readFigures } from "#grounding/figures.ts";
import { NUMBER_WORDS } from "#grounding/number-words.ts";
import type { PortfolioFilters } from "#tools/portfolio-input.ts";
import { daysIn, Unclear } from "./dates.ts";
import type { Words } from "./question.ts";

const POOR_HEALTH = 69; // "at risk" without a number: below it a whole part of the score has failed, or two are weak
const GOOD_HEALTH = 70;
const CENT = 0.01; // "more than 1,000" is 1,000.01 and up

type Filters = PortfolioFilters;
const MORE = "(?:more than|over|above|greater than|higher than|exceeding|bigger than|>)";
const LESS = "(?:less than|under|below|fewer than|lower than|smaller than|<)";
const LEAST = "(?:at least|no less than|minimum(?: of)?|from|>=|≥)";
const MOST = "(?:at most|no more than|up to|maximum(?: of)?|<=|≤)";
const FIGURE =
  "((?:(?:us)?[$€£]|usd |eur )?(?:\\d[\\d.,']*(?: ?(?:k|m|mio|thousand|million))?\\b|[a-z]+(?:-[a-z]+)?)(?: ?(?:usd|eur|dollars|euros|[$€£]))?)";
/** "two weeks": a count and a unit. */
export const DURATION = "((?:\\d{1,4}|an?|[a-z]+(?:-[a-z]+)?)) (days?|weeks?|months?|quarters?|years?)";

const TICKET_WORDS = `with|have|has|having|had|got|that|more|than|over|above|at|least|fewer|less|under|exactly|or|and|any|an?|low|normal|high|urgent|priority|open|unsolved|unresolved|pending|solved|closed|\\d+|${NUMBER_WORDS.source.replaceAll("\\b", "")}|one`;
const TICKETS = new RegExp(
  `((?:\\b(?:${TICKET_WORDS})\\b[\\s,-]*)*)(?:\\b(?:support|service) )?\\btickets?\\b(?: (?:of|with) (low|normal|high|urgent)(?: priority)?)?(?: (?:(?:that )?(?:are|is) )?(?:still )?(?:open|solved|closed|unsolved)\\b)?`,
);

/** "more than five high-priority tickets in the last 30 days", "with open urgent tickets". "high" means high exactly. */
export function takeTickets(words: Words, today: string): Filters {
  if (words.has(/\b(?:by|most|fewest) (?:open |urgent )?tickets?\b/)) return {};
  const found = words.take(TICKETS);
  if (!found) return {};
  const [all, before = ""] = found;
  if (
    /\b(?:fewer|less|under)\b/.test(before) ||
    /\b(?:no|without|zero)(?: any)? *$/.test(words.text.slice(0, found.index)) ||
    /\bzero\b/.test(before)
  )
    throw new Unclear("I can list accounts with more than a number of tickets, not with fewer.");
  const amount = numberIn(before);
  const priorities = [
    ...new Set(
      [...all.matchAll(/\b(low|normal|high|urgent)\b/g)].map(
        (match) => match[1] as "low" | "normal" | "high" | "urgent",
      ),
    ),
  ]; // just matched
  const within = words.take(new RegExp(`\\b(?:(?:with)?in|over|during|for) (?:the )?(?:last|past) ${DURATION}\\b`));
  // Who "has tickets", no matter how many, has them open.
  const has = amount === null && !within && /\b(?:have|has|having|with|got)\b/.test(before);
  const state = /\b(?:solved|closed)\b/.test(all)
    ? "solved"
    : has || /\b(?:open|unsolved|unresolved|pending)\b/.test(all)
      ? "open"
      : "any";
  return {
    tickets: {
      ...(priorities.length > 0 ? { priority: priorities } : {}),
      state,
      ...(within ? { within_days: daysIn(within[1]!, within[2]!, Temporal.PlainDate.from(today), -1) } : {}),
      more_than: amount === null ? 0 : /\b(?:more than|over|above)\b/.test(before) ? amount : Math.max(0, amount - 1),
    },
  };
}

/** MRR, ARR, health and NPS with a threshold. */
export function takeRanges(words: Words): Filters {
  const mrr = takeRange(
    words,
    "(?:mrr|monthly revenue|revenue|spend(?:ing)?|pay(?:ing)?|worth|contracts?|arr|annual revenue)",
    "(?: ?(?:a|per) month| ?monthly| ?(?:in |of )?(?:mrr|arr|revenue))?",
    CENT,
  );
  const health = takeRange(words, "health(?: score)?", "(?: health(?: score)?)", 1);
  const nps = takeRange(words, "nps(?: score)?", "(?: nps(?: score)?)", 1);
  const filters: Filters = { ...(mrr ? { mrr } : {}), ...(health ? { health } : {}), ...(nps ? { nps } : {}) };
  if (
    !health &&
    words.take(
      /\b(?:poor|bad|low|weak) health\b|\bunhealthy\b|\bat[- ]risk\b|\bneeds? attention\b|\bin trouble\b|\bin danger\b/,
    )
  )
    filters.health = { at_most: POOR_HEALTH };
  if (!health && words.take(/\b(?:good|great|high|strong) health\b|(?<!how )\bhealthy\b(?! is)/))
    filters.health = { at_least: GOOD_HEALTH };
  if (words.take(/\bdetractors?\b/)) filters.nps = { at_most: 6 };
  if (words.take(/\bpromoters?\b/)) filters.nps = { at_least: 9 };
  if (words.take(/\bpassives?\b/)) filters.nps = { at_least: 7, at_most: 8 };
  return filters;
}

function takeRange(
  words: Words,
  subject: string,
  after: string,
  step: number,
): { at_least?: number; at_most?: number } | null {
  const before = `\\b${subject} (?:score )?(?:is |are |of |that is )?`;
  const yearly = /\b(?:arr|annual)/.test(words.text) ? 12 : 1;
  const value = (said: string | undefined): number => Number(((numberIn(said ?? "") ?? 0) / yearly).toFixed(2));
  const between =
    words.take(new RegExp(`${before}(?:between|from) ${FIGURE} (?:and|to|-) ${FIGURE}(?:${after})?`)) ??
    words.take(new RegExp(`\\bbetween ${FIGURE} (?:and|to) ${FIGURE}${after}`));
  if (between && numberIn(between[1]!) !== null) return { at_least: value(between[1]), at_most: value(between[2]) };
  const shapes: [string, (limit: number) => { at_least?: number; at_most?: number }][] = [
    [MORE, (limit) => ({ at_least: limit + step })],
    [LEAST, (limit) => ({ at_least: limit })],
    [LESS, (limit) => ({ at_most: limit - step })],
    [MOST, (limit) => ({ at_most: limit })],
  ];
  for (const [comparison, range] of shapes) {
    for (const pattern of [
      `${before}${comparison} ${FIGURE}(?:${after})?`,
      `(?<!\\w)${comparison} ?${FIGURE}${after}${after.endsWith("?") ? "(?<=month|monthly|mrr|arr|revenue)" : ""}`,
    ]) {
      const match = new RegExp(pattern).exec(words.text);
      if (!match || numberIn(match[1]!) === null) continue;
      words.cut(match.index, match.index + match[0].length);
      return range(value(match[1]));
    }
  }
  return null;
}

/** The first number in a phrase, in digits or words. */
export function numberIn(phrase: string): number | null {
  if (/\bone\b/.test(phrase)) return 1;
  return readFigures(phrase.replace(/\bmio\b/, "million"))[0]?.values[0] ?? null;
}
