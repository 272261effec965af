import { type Talk, talkOf } from "#threads/talk.ts";
import type { Job } from "../job.ts";
import type { Heard } from "./heard.ts";

/** The key of a thread's memory. */
export const threadKey = (channel: string, thread: string): string => `slack:${channel}:${thread}`;

/** Who talks in the thread of a message; null where nothing has been answered in it. */
export const talkIn = ({ house, workspace }: Job, { where, thread }: Heard): Promise<Talk | null> =>
  house.database.read({ workspaceId: workspace.id, personId: null, audience: "channel" }, (rows) =>
    talkOf(rows, threadKey(where.channel, thread)),
  );

/** What to do with a message of a thread that does not name us. */
export type Turned =
  /** It goes on asking. */
  | "asked"
  /** Nothing was asked ("thanks!"); the next question may be. */
  | "nothing"
  /** People talk among themselves from here on. */
  | "people";

/**
 * Whether words in a thread go on asking, though they do not name us. They do when all of this holds:
 * - who writes has asked in this thread before (others name us once),
 * - nobody else is called, neither by mention nor by first name at the start ("Tasha, …"),
 * - since the last answer nobody else was called, and nobody who has not asked here has joined the talk,
 * - it reads as a question or a request, or it may say which account was meant.
 */
export function turnOf(words: string, given: { personId: number; talk: Talk; callsOthers: boolean }): Turned {
  const { personId, talk, callsOthers } = given;
  if (callsOthers || talk.leftToPeople) return "people";
  if (!talk.askers.includes(personId)) return isRemark(words) ? "nothing" : "people";
  return talk.waits || readsAsQuestion(words) ? "asked" : "nothing";
}

const REMARK_WORDS = 3; // "nice, thanks!"

const isRemark = (words: string): boolean => !readsAsQuestion(words) && words.split(/\s+/).length <= REMARK_WORDS;

const ASKS = new RegExp(
  `^(?:(?:and|but|so|ok|okay|also|then|please|now|well|hm+|great|thanks|thank you)[,;:!.]*\\s+)*(?:${[
    "what|who|whom|whose|when|where|which|why|how|any",
    "is|are|was|were|do|does|did|has|have|had|can|could|should|would|will",
    "show|list|tell|give|find|compare|explain|check|draft|look up|count|sort|only|just|same|the same|without|with",
  ].join("|")})\\b`,
  "i",
);

/** A question mark anywhere, or a beginning that asks or bids. */
export const readsAsQuestion = (words: string): boolean => /[?？؟]/.test(words) || ASKS.test(words);

/** The first name that a message begins by calling: "Tasha, can you …", "hey Tasha — …", "Tasha could you"; null where it calls nobody. */
export const calledFirst = (words: string): string | null => CALLS.exec(words)?.groups?.name ?? null;

// Written out: `(?i:…)` was once seen not to ignore case in a long test run, and nobody could say why.
const CALLS =
  /^(?:(?:[Hh]ey|[Hh]i|[Hh]ello|OK|[Oo]k|[Oo]kay|[Tt]hanks|[Tt]hank you|[Yy]es|[Nn]o|[Aa]nd|[Bb]ut|[Ss]o)[,!]?\s+)?@?(?<name>\p{Lu}[\p{L}'’-]{1,30})(?:\s+\p{Lu}[\p{L}'’-]*)?(?:\s*[,:!–—]|\s+(?:can|could|would|will|do|did|are|have|should)\s+you\b)/u;
