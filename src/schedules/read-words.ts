import { AskAgain } from "#errors.ts";
import { type Cadence, knownZone, WEEKDAYS } from "./cadence.ts";
import { CONDITION_WORDS, CONDITIONS, type Condition } from "./conditions.ts";
import type { Report } from "./schedule.ts";

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
  refuseOtherRhythms(rest);
  const at = timeIn(rest);
  const days = daysIn(rest);
  const conditions = conditionsIn(rest);
  const mine = mineIn(rest);
  const report = reportIn(rest);
  const named = namedIn(rest);
  const missing = [
    report ? null : "what to report (churn, renewals, a digest or alerts)",
    days ? null : "on which days (such as every Monday, every weekday, or the first of the month)",
    at ? null : "at what time (such as at 9 or at 08:30)",
  ].filter((each) => each !== null);
  if (!report || !days || !at) throw new AskAgain(`Tell me ${missing.join(", and ")}. For example: “${EXAMPLE}”.`);
  return { report, cadence: { ...days, at }, zone, place, mine, named, conditions };
}

const RHYTHM =
  /\b(?:every|each|daily|weekly|monthly|mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays|(?:first|last|\d{1,2}(?:st|nd|rd|th)) (?:day )?of (?:the|each|every) month)\b/i;
const SUBJECT = /\b(?:churn|renewals?|digests?|alerts?)\b/i;
const CLOCK = /\bat (?:\d|noon|midnight)|\b\d{1,2}:\d{2}\b|\b\d{1,2} ?[ap]\.?m\b/i;

/** Whether words ask for something to come by itself: a rhythm, a time and a report. A question has no time of day. */
export const readsAsSchedule = (words: string): boolean =>
  RHYTHM.test(words) && SUBJECT.test(words) && CLOCK.test(words) && !/\?\s*$/.test(words);

/** Words of which what was understood is taken away. */
class Words {
  #left: string;
  constructor(words: string) {
    this.#left = words.replace(/\s+/g, " ").trim();
  }
  get left(): string {
    return this.#left;
  }
  /** Takes the first match out; null where there is none. */
  take(pattern: RegExp): RegExpExecArray | null {
    const found = pattern.exec(this.#left);
    if (found) this.#left = `${this.#left.slice(0, found.index)} , ${this.#left.slice(found.index + found[0].length)}`;
    return found;
  }
}

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

/** What is regular and yet cannot be kept. */
function refuseOtherRhythms({ left }: Words): void {
  const other =
    /\b(?:every (?:other|second|third|two|2|three|3|four|4|few) ?\w*|bi-?weekly|fortnightly|every hour|hourly|quarterly|(?:every|each) quarter|yearly|(?:every|each) year|every \d+ (?:minutes|hours|days|weeks|months)|(?:first|second|third|fourth|last) (?:mon|tues|wednes|thurs|fri|satur|sun)day of)\b/i.exec(
      left,
    )?.[0];
  if (other !== undefined)
    throw new AskAgain(
      `“${other}” I cannot keep. I can come on days of the week (every Monday and Thursday), every day, or on a day of the month (the first, the 15th, the last).`,
    );
}

function timeIn(rest: Words): string | null {
  const word = rest.take(/\b(?:at )?(?<word>noon|midday|midnight)\b/i)?.groups?.word;
  if (word !== undefined) return /midnight/i.test(word) ? "00:00" : "12:00";
  const found =
    rest.take(/\b(?:at )?(?<hour>\d{1,2})(?:[:.](?<minute>\d{2}))? ?(?<half>[ap])\.?m\b\.?/i) ??
    rest.take(/\b(?:at )?(?<hour>\d{1,2})[:.h](?<minute>\d{2})(?: ?(?:o'clock|h|uhr))?(?!\d)/i) ??
    rest.take(/\bat (?<hour>\d{1,2})(?: ?(?:o'clock|h|uhr))?(?![\d:.]\d)/i);
  if (!found?.groups) return null;
  const { hour = "", minute = "00", half } = found.groups;
  const isAfternoon = half?.toLowerCase() === "p";
  const said = Number(hour);
  if (half !== undefined ? said < 1 || said > 12 : said > 23) throw noSuchTime(found[0]);
  if (Number(minute) > 59) throw noSuchTime(found[0]);
  const hours = half === undefined ? said : (said % 12) + (isAfternoon ? 12 : 0);
  return `${String(hours).padStart(2, "0")}:${minute}`;
}

const noSuchTime = (said: string): AskAgain =>
  new AskAgain(`There is no time “${said.replace(/^at /i, "")}”. Say it like 09:00 or 4:30 pm.`);

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const DAY = "(?:mon|tue(?:s)?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:days?)?";
const ORDINALS: Record<string, number> = {
  first: 1,
  second: 2,
  third: 3,
  fourth: 4,
  fifth: 5,
  tenth: 10,
  fifteenth: 15,
  last: 31,
};

type OnDays = { days: number[] } | { monthDay: number };

function daysIn(rest: Words): OnDays | null {
  const month = monthDayIn(rest);
  if (month !== null) return { monthDay: month };
  if (rest.take(/\b(?:(?:every|each|on) )?(?:weekdays?|work(?:ing)? ?days?|business days?)\b/i))
    return { days: [...WEEKDAYS] };
  if (rest.take(/\b(?:(?:every|each) (?:day|morning|evening|afternoon)|daily)\b/i))
    return { days: [1, 2, 3, 4, 5, 6, 7] };
  const named = rest.take(
    new RegExp(
      `\\b(?:(?:every|each|on|weekly on) )?${DAY}(?:(?: ?, ?(?:and )?| and | & )(?:(?:every|on) )?${DAY})*\\b(?: mornings?| evenings?)?`,
      "i",
    ),
  );
  if (!named) return null;
  rest.take(/\b(?:weekly|every week)\b/i);
  const days = named[0].toLowerCase().match(new RegExp(DAY, "g")) ?? [];
  return { days: [...new Set(days.map((day) => DAYS.indexOf(day.slice(0, 3)) + 1))].sort() };
}

function monthDayIn(rest: Words): number | null {
  const day = "(?<day>first|second|third|fourth|fifth|tenth|fifteenth|last|\\d{1,2}(?:st|nd|rd|th)?)(?: day)?";
  const found =
    rest.take(new RegExp(`\\b(?:on )?(?:every |the )?${day} (?:of|in) (?:the|each|every|a) month\\b`, "i")) ??
    rest.take(new RegExp(`\\b(?:every|each) month(?: on)?(?: the)? ${day}\\b`, "i")) ??
    rest.take(new RegExp(`\\bmonthly(?: on)?(?: the)? ${day}\\b`, "i"));
  const said = found?.groups?.day?.toLowerCase();
  if (said === undefined) return null;
  const number = ORDINALS[said] ?? Number.parseInt(said, 10);
  if (number < 1 || number > 31)
    throw new AskAgain(`No month has a day ${number}. Say a day from 1 to 31, or the last day of the month.`);
  return number;
}

const conditionsIn = (rest: Words): Condition[] =>
  /\balerts?\b/i.test(rest.left) ? CONDITIONS.filter((each) => rest.take(CONDITION_WORDS[each])) : [];

function mineIn(rest: Words): ReadSchedule["mine"] {
  if (rest.take(/\b(?:(?:for|of|in|about) )?(?:my|our) team(?:['’]s)?(?: accounts| customers)?\b/i)) return "team";
  const accounts =
    /\b(?:(?:for|of|in|about) )?my (?:own )?(?:accounts|customers|book)\b|\bmy (?=(?:next |coming )?(?:renewals|churn|alerts))/i;
  return rest.take(accounts) ? "accounts" : null;
}

function reportIn(rest: Words): Report | null {
  if (rest.take(/\balerts?(?: (?:on|about|of|for|when))?\b/i)) return "alerts";
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
