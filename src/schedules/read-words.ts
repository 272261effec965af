import { AskAgain } from "#errors.ts";
import { type Cadence, knownZone, WEEKDAYS } from "./cadence.ts";
import { CONDITION_WORDS, CONDITIONS, type Condition } from "./conditions.ts";
import type { SomeLimits } from "./limits.ts";
import { readLimits } from "./read-limits.ts";
import { daysIn, refuseOtherRhythms, timeIn } from "./read-times.ts";
import type { Report } from "./schedule.ts";
import { Words } from "./words-left.ts";

/** What somebody has said of a schedule, before names are looked up. */
export interface ReadSchedule {
  report: Report;
  cadence: Cadence;
  /** null: they named none. */
  zone: string | null;
  /** A channel's id, the person's direct messages, or null where they named no place. */
  place: { channel: string; name: string } | "person" | null;
  mine: "team" | "accounts" | null;
  /** "DACH": a team, person, segment, country or plan, as it was said. */
  named: string | null;
  conditions: Condition[];
  /** Of alerts, as far as they were said. */
  limits: SomeLimits;
}

export const EXAMPLE = "Every Monday at 9 in #cs-leads, churn for my team";

/**
 * Reads "Every Monday at 9 in #cs-leads, churn for my team", in any order; channels stand as Slack writes them
 * (<#C1|cs-leads>). Throws AskAgain that names what is missing, what cannot be, or what was not understood.
 */
export function readSchedule(words: string): ReadSchedule {
  const rest = new Words(words);
  const place = placeIn(rest);
  const zone = zoneIn(rest);
  const alerts = alertsIn(rest);
  refuseOtherRhythms(rest);
  const isAlert = ALERT.test(rest.left);
  const at = timeIn(rest) ?? (isAlert ? ALERTS_AT : null);
  const days = daysIn(rest) ?? (isAlert ? { days: [...WEEKDAYS] } : null);
  const mine = mineIn(rest);
  const report = reportIn(rest);
  const named = namedIn(rest);
  const missing = [
    report ? null : "what to report (churn, renewals, a digest or alerts)",
    days ? null : "on which days (such as every Monday, every weekday, or the first of the month)",
    at ? null : "at what time (such as at 9 or at 08:30)",
  ].filter((each) => each !== null);
  if (!report || !days || !at) throw new AskAgain(`Tell me ${missing.join(", and ")}. For example: “${EXAMPLE}”.`);
  return { report, cadence: { ...days, at }, zone, place, mine, named, ...alerts };
}

const RHYTHM =
  /\b(?:every|each|daily|weekly|monthly|mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays|(?:first|last|\d{1,2}(?:st|nd|rd|th)) (?:day )?of (?:the|each|every) month)\b/i;
const SUBJECT = /\b(?:churn|renewals?|digests?|alerts?|warn (?:me|us))\b/i;
const CLOCK = /\bat (?:\d|noon|midnight)|\b\d{1,2}:\d{2}\b|\b\d{1,2} ?[ap]\.?m\b/i;

const WARN = /^\s*(?:please |can you |could you )?(?:warn|alert) (?:me|us)\b/i;

/**
 * Whether words ask for something to come by itself: a rhythm, a time and a report, or a warning with its condition. A
 * question has no time of day.
 */
export const readsAsSchedule = (words: string): boolean =>
  !/\?\s*$/.test(words) &&
  ((RHYTHM.test(words) && SUBJECT.test(words) && CLOCK.test(words)) ||
    (WARN.test(words) && alertsIn(new Words(words)).conditions.length > 0));

function placeIn(rest: Words): ReadSchedule["place"] {
  const channel =
    rest.take(/\b(?:(?:in|into|to|on) )?<#(?<id>[CG][A-Z0-9]+)(?:\|(?<name>[^>]*))?>/i)?.groups ??
    rest.take(/<#(?<id>[CG][A-Z0-9]+)(?:\|(?<name>[^>]*))?>/i)?.groups;
  if (channel?.id) return { channel: channel.id, name: channel.name ?? "" };
  const unknown = /(?<![&\w])#(?<name>[\p{L}\p{N}_-]+)/u.exec(rest.left)?.groups?.name;
  if (unknown !== undefined)
    throw new AskAgain(
      `I cannot tell which channel #${unknown} is. Pick it from the list that Slack offers as you type, or say it in that channel without naming it.`,
    );
  if (/\b(?:warn|alert) me\b/i.test(rest.left)) return "person";
  const person = rest.take(
    /\b(?:(?:in|by|as|via|through) )?(?:a |my )?(?:dms?|direct messages?)\b|\b(?:just |only )?(?:to|for) me(?: alone| only)?\b|\bprivately\b|\b(?:send|give|tell|show|bring) me\b/i,
  );
  return person ? "person" : null;
}

function zoneIn(rest: Words): string | null {
  const zone = rest.take(
    /\b(?:in |by )?(?:the )?(?:time ?zone )?(?<zone>[A-Z][A-Za-z]+\/[A-Z][A-Za-z_+-]+(?:\/[A-Z][A-Za-z_]+)?|UTC|GMT)(?: time)?(?![\w/])/,
  )?.groups?.zone;
  if (zone !== undefined) return knownZone(zone);
  const strange = /\b(?:time ?zone) (?<zone>\S+)|\b(?<short>CES?T|EDT|EST|P[DS]T|C[DS]T|BST|IST)\b/.exec(
    rest.left,
  )?.groups;
  const said = strange?.zone ?? strange?.short;
  if (said === undefined) return null;
  if (strange?.zone !== undefined) return knownZone(said);
  throw new AskAgain(
    `“${said}” is not the name of a time zone that knows summer and winter. Name it by a city, such as Europe/Berlin.`,
  );
}

const ALERT = /\b(?:alerts?|warn(?:ings?)?)\b/i;
const ALERTS_AT = "09:00"; // on weekdays, where neither was said: in time for the day's work, and together

/** What to be alerted of, and from where on; a limit says its condition by itself. */
function alertsIn(rest: Words): { conditions: Condition[]; limits: SomeLimits } {
  if (!ALERT.test(rest.left)) return { conditions: [], limits: {} };
  const { limits, conditions } = readLimits((pattern) => rest.take(pattern));
  const said = CONDITIONS.filter((each) => rest.take(CONDITION_WORDS[each]) || conditions.includes(each));
  return { conditions: said, limits };
}

function mineIn(rest: Words): ReadSchedule["mine"] {
  if (rest.take(/\b(?:(?:for|of|in|about) )?(?:my|our) team(?:['’]s)?(?: accounts| customers)?\b/i)) return "team";
  const accounts =
    /\b(?:(?:for|of|in|about) )?my (?:own )?(?:accounts|customers|book)\b|\bmy (?=(?:next |coming )?(?:renewals|churn|alerts))/i;
  return rest.take(accounts) ? "accounts" : null;
}

function reportIn(rest: Words): Report | null {
  if (rest.take(/\b(?:alerts?|warn(?:ings?)?)(?: (?:me|us))?(?: (?:on|about|of|for|when|if))?\b/i)) return "alerts";
  if (rest.take(/\b(?:the |a |an )?(?:weekly |monthly )?(?:(?:mrr |customer )?churn|lost customers)(?: reports?)?\b/i))
    return "churn";
  if (rest.take(/\b(?:the |all )?(?:next |coming )?renewals?(?: reports?| list)?\b/i)) return "renewals";
  return rest.take(/\b(?:a |the |my )?(?:daily |weekly )?digests?\b|\bwhat needs me\b/i) ? "digest" : null;
}

const FILLERS =
  /^(?:and|please|can you|could you|would you|i want|i would like|i'd like|we want|schedule|set up|send|post|give|show|tell|share|bring|me|us|it|a|an|the|report|reports|list|with|all accounts|all customers|everybody|everyone|here|in here|this channel|in this channel|to this channel|for|of|in|about|on|at|by|to|from|weekly|every week|new|add|create|make|accounts|customers)\b\s*/i;

/** What is left is whom it is about, in one piece. */
function namedIn(rest: Words): string | null {
  const pieces = rest.left
    .split(/[,;.:]+(?=\s|$)/)
    .map(withoutFillers)
    .filter((each) => each !== "");
  if (pieces.length > 1)
    throw new AskAgain(`I did not understand “${pieces.join("” and “")}”. Say it like: “${EXAMPLE}”.`);
  return pieces[0] ?? null;
}

function withoutFillers(piece: string): string {
  let left = piece.trim();
  while (FILLERS.test(left)) left = left.replace(FILLERS, "").trim();
  return left.replace(/[\s!]+$/, "");
}
