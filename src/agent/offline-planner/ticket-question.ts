import type { ToolCall } from "#threads/focus.ts";
import type { TicketsInput } from "#tools/tickets-input.ts";
import { WHO_ARE_YOU } from "./asker.ts";
import { takeDetails } from "./details-asked.ts";
import { asksHow, CANNOT } from "./intents.ts";
import { isKnownWord } from "./lexicon.ts";
import { takeLikelyName, takePronoun, takeSureNames } from "./mentions.ts";
import { inHand, type PartState, placed } from "./one-account.ts";
import { Words } from "./question.ts";
import { NUMBER, takeTicketInput } from "./ticket-words.ts";

type Input = Partial<TicketsInput>;

const TICKETS =
  /\b(?:tickets?|resolution times?|time to resolution|(?:open|urgent|support) (?:cases|requests|issues))\b/;
/** Accounts are asked for, and of tickets only how many they have. */
const OF_ACCOUNTS =
  /^who (?:has|have)\b|^(?:which|what|list|show)\b(?!(?: \w+){0,4} (?:tickets?|cases|requests|issues)\b)|\bwhich (?:account|customer|client)\b|\b(?:more than|at least|over) (?:\d+|[a-z]+) (?:\w+ ){0,2}tickets\b|\b(?:accounts|customers|clients|companies)\b.*\btickets\b|\b(?:most|fewest) (?:open |urgent )?tickets\b/;
const ELSEWHERE =
  /\b(?:who|anyone|anybody|somebody|someone|customers?|accounts?|clients?|others?)\b.*\b(?:same|this|that|such an?|the)\b.*\b(?:problems?|issues?|trouble|bugs?|errors?|thing|tickets?)\b/;
const ELSE = /\b(?:else|others?|same)\b/;
const BEFORE =
  /\b(?:has|have|did|was|is|had) (?:this|that|it)\b.*\b(?:before|earlier|already|previously|in the past|first time)\b|\b(?:did|have|had) they (?:have |had |seen? )?(?:this|that|it|the same|such)\b.*\bbefore\b|\bhappened before\b|\bthe first time\b/;
const TROUBLE_WITH =
  /^(?:who|which|what|anyone|anybody|does anyone|is anyone)\b.*\b(?:trouble|problems?|issues?) with\b/;

/** "Which tickets do they have open?", "urgent ones older than 3 days", "who else has this problem?"; null where it is none. */
export function ticketQuestion(part: string, state: PartState, isOurs: (name: string) => boolean): ToolCall[] | null {
  const low = part.toLowerCase();
  const matter = ELSE.test(low) && ELSEWHERE.test(low) ? "elsewhere" : BEFORE.test(low) ? "before" : null;
  if (!matter && !TICKETS.test(low) && !NUMBER.test(low) && !TROUBLE_WITH.test(low))
    return goesOnAbout(part, state, isOurs);
  if ((!matter && asksHow(part)) || CANNOT.some(([pattern]) => pattern.test(low))) return null;
  if (OF_THOSE.test(low) && listsAccounts(state)) return null; // fewer of the accounts just listed
  const words = new Words(part);
  const asked = takeTicketInput(words, state);
  if (!matter && OF_ACCOUNTS.test(low) && !ofTheirOwn(asked)) return null;
  const account = matter ? inHand(state) : accountMeant(words, asked, state, isOurs);
  if (matter && !account) return null;
  if (/\bmy (?:accounts|customers|clients)\b/.test(low) && !state.asker) {
    state.say.push(WHO_ARE_YOU);
    return [];
  }
  if (!account && POINTS.test(low) && asked.ticket === undefined) {
    state.say.push("Which account do you mean? Tell me its name.");
    return [];
  }
  if (account && !matter && Object.keys(asked).length === 0) return null; // just what is open: account_detail tells it
  return planned(
    { ...(account ? { account } : {}), ...asked, ...(matter ? { same_matter: matter } : {}) },
    words,
    state,
  );
}

const OF_THOSE = /\b(?:of|among) (?:them|those|these)\b/;
const listsAccounts = ({ calls }: PartState): boolean => ["portfolio", "renewals"].includes(calls.at(-1)?.tool ?? "");

/** What only tickets have: they are listed for it also where customers are asked for. */
const ofTheirOwn = ({ older_than_days, about, ticket, group_by }: Input): boolean =>
  older_than_days !== undefined ||
  about !== undefined ||
  ticket !== undefined ||
  (group_by !== undefined && group_by !== "account");

const POINTS = /\b(?:they|them|their|he|she|his|her)\b/;
const TO_ALL =
  /\b(?:accounts|customers|clients|companies|everybody|everyone|anybody|anyone|who|we|our|us|list|overall|all|total|average)\b/;

/** Where a name in small letters would stand: "tickets of wintermere", "does quandtner have tickets", "coppermark tickets". */
const NAME_HERE =
  /\b(?:of|for|at|from|with|by) (?!(?:the|a|an|our|my|their|last|this)\b)\S|^(?:does|did|do|has|have|is|are) \S|^\S+(?: \S+)?(?:'s)? (?:has (?:\d+ )?)?(?:open |urgent )?tickets?\b/i;

/** Named, in the list, pointed at, or talked of before; null: the tickets of all. */
function accountMeant(words: Words, asked: Input, state: PartState, isOurs: (name: string) => boolean): string | null {
  const [named] = takeSureNames(words, isOurs);
  if (named) return named;
  const listed = placed(words, state);
  if (listed) return listed;
  const pointed = takePronoun(words);
  const toAll =
    TO_ALL.test(words.text) ||
    /\bdid we\b/i.test(words.original) ||
    asked.filters !== undefined ||
    asked.about !== undefined ||
    asked.ticket !== undefined;
  const guessed = toAll || pointed || !NAME_HERE.test(words.original) ? null : takeLikelyName(words);
  const likely = guessed && !guessed.split(" ").some((word) => OF_SUPPORT.test(word)) ? guessed : null;
  return likely ?? (toAll && !pointed ? null : inHand(state));
}

const GOES_ON =
  /^(?:(?:and|or|only|just|but|what about|how about|which|what|who|show|list|how|are|is|any|the|of|those|these|them|whose|since)\b[ ,]*)*/;
const SAME_AGAIN =
  /\b(?:how long|how many(?! (?:customers|accounts|clients|detractors|promoters|passives))|how old|since when|what (?:is|are) (?:it|that|they|those|these) about|complain(?:s|ed)? about|who (?:has|is|works) (?:it|them|on)|whose)\b/;

/** The tickets that were told last, also where they were told of an account among other things. */
function lastTickets({ calls }: PartState): { input: Input } | null {
  const last = calls.findLast(({ tool }) => tool === "tickets");
  if (last) return last;
  const detail = calls.findLast(
    ({ tool, input }) => tool === "account_detail" && Array.isArray(input.about) && input.about.includes("tickets"),
  );
  return typeof detail?.input.account === "string" ? { input: { account: detail.input.account } } : null;
}

/** After tickets: "which is the oldest?", "only the urgent ones", "and older than a week?", "and Northdale?". */
function goesOnAbout(part: string, state: PartState, isOurs: (name: string) => boolean): ToolCall[] | null {
  const last = lastTickets(state);
  if (!last || asksHow(part)) return null;
  const ofAccount = takeDetails(
    new Words(part.replace(/\bsince when\b(?!.*\b(?:customers?|clients?|with us)\b)/i, "")),
  );
  if (ofAccount.some((each) => each !== "tickets" && each !== "said")) return null; // "who is my contact there?"
  const words = new Words(part);
  const [named] = takeSureNames(words, isOurs);
  const changed = takeTicketInput(words, state);
  const whole = /^(?:show |list )?(?:me )?(?:all|them all|the rest|more|the list)(?: of them)?$/i.test(part);
  const short =
    words.text
      .replace(GOES_ON, "")
      .trim()
      .split(/\s+/)
      .filter((word) => word !== "" && !isKnownWord(word)).length === 0;
  const same = SAME_AGAIN.test(part.toLowerCase());
  if (!named && Object.keys(changed).length === 0 && !whole && !same) return null;
  if (!short && !same) return null;
  if (named && Object.keys(changed).length === 0 && !GOES_ON.exec(part.toLowerCase())?.[0] && part.trim() !== named)
    return null;
  const { account } = last.input;
  const before: Input =
    changed.group_by === "kind" && account ? { account, state: "any" } : { ...last.input, group_by: undefined };
  const input = { ...before, ...changed, ...(named ? { account: named } : {}), ...(whole ? { limit: 100 } : {}) };
  return planned(Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)), words, state);
}

/** The call, and what was not understood of the question. */
function planned(input: Input, words: Words, state: PartState): ToolCall[] {
  if (input.account) state.account = input.account;
  const unread = words
    .rest()
    .filter(({ text }) => /[\p{L}\p{N}]/u.test(text) && !isKnownWord(text) && !OF_SUPPORT.test(text))
    .map(({ text }) => text.replace(/[^\p{L}\p{N}'-]+$/u, ""));
  if (unread.length > 0)
    state.say.push(`I did not understand “${unread.join(" ").slice(0, 80)}”, so the answer does not regard it.`);
  return [{ tool: "tickets", input }];
}

/** What people say about tickets and means nothing more than that they are asked for. */
const OF_SUPPORT =
  /^(?:cases?|requests?|issues?|problems?|trouble|bugs?|errors?|came|come|queue|old|age|older|got|pending|unsolved|unresolved|waiting|exactly|helpdesk|complain(?:s|ed|ing|ts?)?|happened|else|already|ones?|often|mostly)[^\p{L}]*$/iu;
