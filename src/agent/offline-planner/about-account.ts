import type { ToolCall } from "#threads/focus.ts";
import { takeSince } from "./dates.ts";
import { isKnownWord } from "./lexicon.ts";
import { couldBeName } from "./likely-name.ts";
import { takeLikelyName, takePronoun } from "./mentions.ts";
import { aboutAccount, inHand, type PartState, placed, type Wish, wishOf } from "./one-account.ts";
import type { Words } from "./question.ts";
import { OF_AN_ACCOUNT } from "./small-talk.ts";
import { sayUnread, unreadIn } from "./unread.ts";

const WHICH_ACCOUNT = "Which account do you mean? Tell me its name.";

/** One account, or several by name: everything that the part wants to know of each. */
export function aboutOne(words: Words, names: string[], state: PartState): ToolCall[] {
  const since = takeSince(words, state.today);
  const wish = wishOf(words);
  const asks = wish.intents.length > 0 || wish.risk === true || (wish.details?.length ?? 0) > 0;
  const place = placed(words, state);
  const pronoun = takePronoun(words);
  const guessed = names.length === 0 && place === null ? takeLikelyName(words) : null;
  const talkedOf = pronoun && inHand(state) !== null;
  const likely = guessed && couldBeName(guessed, { original: words.original, asks, talkedOf }) ? guessed : null;
  const unread = [...(likely === null && guessed ? [guessed] : []), ...unreadIn(words)];
  // "Where is our status page?" is asked of the house, not of the account in hand.
  if (names.length === 0 && place === null && !pronoun && unread.length > 0 && /\bour\b/i.test(words.original))
    return [];
  const compared =
    names.length > 0 && pronoun && /\bcompare\b|\b(?:versus|vs)\b/i.test(words.original)
      ? [inHand(state)].filter((name) => name !== null)
      : [];
  const resolved =
    names.length > 0
      ? [...compared, ...names]
      : [place ?? (asks || /^\S+(?: \S+){0,3}$/.test(words.original) ? likely : null) ?? inHand(state)].filter(
          (name) => name !== null,
        );
  if (resolved.length === 0) {
    // "and their owners?" after a list: its lines tell owner, stage, MRR, health and renewal of each.
    const list = state.calls.findLast((call) => call.tool === "portfolio" || call.tool === "renewals");
    if (list && /\b(?:they|their|them)\b/i.test(words.original) && standsInList(wish)) return [list];
    if (asks || pronoun) state.say.push(WHICH_ACCOUNT);
    return [];
  }
  if (!asks && names.length === 0 && place === null && !pronoun && (likely === null || OF_US.test(words.original)))
    return []; // "what is our uptime guarantee?" is for the playbooks
  if (talkedOf && !asks && !since && names.length === 0 && place === null && unread.length > 0) {
    state.say.push(`I did not understand “${unread.join(" ").slice(0, 80)}”. ${OF_AN_ACCOUNT}`);
    return [];
  }
  const strange = words.rest().filter(({ text }) => !isKnownWord(text));
  if (!asks && !since && strange.length > 1) return [];
  if ((asks || names.length > 0) && !wish.intents.includes("next_steps")) sayUnread(unread, state);
  state.account = resolved.at(-1)!;
  return resolved.flatMap((name) => aboutAccount(name, { ...wish, since }));
}

const OF_US = /^(?:what|which|where|how|do|does|is|are|have)\b.*\b(?:our|we|us)\b/i;

/** Whether each line of a list tells it already. */
const standsInList = ({ intents, details = [], risk }: Wish): boolean =>
  !risk &&
  intents.every((tool) => tool === "find_account") &&
  details.every((each) => ["renewal", "mrr", "health", "tickets"].includes(each));
