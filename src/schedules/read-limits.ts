import type { Condition } from "./conditions.ts";
import { LIMITS, type LimitName, limitsFrom, type SomeLimits } from "./limits.ts";

export const LIMITS_EXAMPLE = "45 days before a renewal without contact";

interface Pattern {
  pattern: RegExp;
  /** Which limit each named group of it sets. */
  sets: Record<string, LimitName>;
  /** Makes the number that was said into the limit: "below 5" is 4 or less. */
  from?: (said: number) => number;
}

const CONTACT = String.raw`(?: (?:and )?(?:without|with no|no)(?: any)? contact(?: (?:for|in|within|since)(?: the last)? (?<contact>\d{1,3}) days?)?)?`;
const RENEWAL = { days: "renewalDays", contact: "contactDays" } as const;

const PATTERNS: Pattern[] = [
  {
    pattern: new RegExp(
      String.raw`\b(?:if |when )?(?<days>\d{1,3}) days? (?:before|ahead of) (?:a |an |the |any |each |every |their )?(?:contract )?renewals?${CONTACT}`,
      "i",
    ),
    sets: RENEWAL,
  },
  {
    pattern: new RegExp(
      String.raw`\brenewals? (?:within|in)(?: the next)? (?<days>\d{1,3}) days?(?! before| after)${CONTACT}`,
      "i",
    ),
    sets: RENEWAL,
  },
  {
    pattern: /\brenewals? without(?: any)? contact,? (?<days>\d{1,3}) days? (?:before|ahead)(?: of (?:it|them))?/i,
    sets: RENEWAL,
  },
  {
    pattern: /\b(?:renewals? )?(?:without|with no|no)(?: any)? contact for (?<contact>\d{1,3}) days?/i,
    sets: RENEWAL,
  },
  {
    pattern: /\b(?<tickets>\d{1,4})(?: or more)? tickets? (?:in|within) (?<days>\d{1,3}) days?/i,
    sets: { tickets: "stormTickets", days: "stormDays" },
  },
  {
    pattern:
      /\b(?:(?:a |the )?silent )?champions? (?:(?:who (?:is|are|has been|have been) |has |have )?(?:gone |been )?(?:silent|quiet) )?(?:for |after )?(?<days>\d{1,3}) days?(?: of silence)?/i,
    sets: { days: "silentDays" },
  },
  {
    pattern:
      /\b(?:detractors?|nps)(?: (?:scores?|answers?))?(?: (?:of|at|is|with|from))?(?: nps)? (?:(?<score>\d{1,2}) (?:or|and) (?:less|lower|below|under|fewer|worse)|(?:up to|at most) (?<most>\d{1,2}))\b/i,
    sets: { score: "detractorScore", most: "detractorScore" },
  },
  {
    pattern:
      /\b(?:detractors?|nps)(?: (?:scores?|answers?))?(?: (?:of|at|is|with))? (?:below|under|less than) (?<below>\d{1,2})\b/i,
    sets: { below: "detractorScore" },
    from: (said) => said - 1,
  },
  {
    pattern: /\bhealth(?: scores?| bands?)? good from (?<good>\d{1,3}),? (?:and )?poor below (?<poor>\d{1,3})\b/i,
    sets: { good: "goodFrom", poor: "watchFrom" },
  },
];
const HEALTH =
  /\bhealth(?: scores?)?(?: (?:falls?|drops?|goes|is|that (?:falls|drops)))? (?:below|under) (?<edge>\d{1,3})\b/i;

/**
 * Limits said in words: "45 days before a renewal without contact", "5 tickets in 3 days", "champions silent for 45 days",
 * "NPS 4 or less", "health below 60". `take` takes a match out of the words. Returns which conditions are meant by it, too.
 */
export function readLimits(take: (pattern: RegExp) => RegExpExecArray | null): {
  limits: SomeLimits;
  conditions: Condition[];
} {
  const limits: SomeLimits = {};
  for (const { pattern, sets, from = Number } of PATTERNS) {
    const said = take(pattern)?.groups ?? {};
    for (const [group, name] of Object.entries(sets))
      if (said[group] !== undefined) limits[name] = from(Number(said[group]));
  }
  const edge = Number(take(HEALTH)?.groups?.edge ?? Number.NaN);
  // Below the edge of "poor" it is that edge which is meant.
  if (!Number.isNaN(edge)) limits[edge > limitsFrom(limits).watchFrom ? "goodFrom" : "watchFrom"] = edge;
  const names = Object.keys(limits) as LimitName[]; // set above, by these names
  return { limits, conditions: [...new Set(names.map((name) => LIMITS[name].condition))] };
}
