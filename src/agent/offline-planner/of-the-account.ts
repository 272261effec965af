import type { ToolCall } from "#threads/focus.ts";
import { AT_RISK, asksRisk, isOfTheAccount, pointsAtAccount, takeDetails } from "./details-asked.ts";
import { HOW_TO, PLAYBOOK } from "./intents.ts";
import { takePlace, takePronoun, takeSureNames } from "./mentions.ts";
import { aboutAccount, inHand, intentsOf, type PartState, placed } from "./one-account.ts";
import { Words } from "./question.ts";
import { sayUnread, unreadIn } from "./unread.ts";
import { takeNamedFilters } from "./vocabulary.ts";

/**
 * "Any open tickets?", "when is their renewal?" in a talk about one account, "is the first one at risk?" after a list: just
 * that, of that account. Null where another account is named, where it goes to everybody, or where words are left that say more.
 */
export function ofTheAccount(part: string, state: PartState, isOurs: (name: string) => boolean): ToolCall[] | null {
  const text = part.toLowerCase();
  if (PLAYBOOK.test(text) || (HOW_TO.test(text) && !/^how did\b/.test(text))) return null;
  const words = new Words(part);
  if (takeSureNames(words, isOurs).length > 0) return null;
  const place = placed(words, state);
  const account = place ?? (isOfTheAccount(text) && takePlace(words) === null ? inHand(state) : null);
  if (!account) return null;
  if (Object.keys(takeNamedFilters(words, { ...state.vocabulary, stages: [], plans: [] })).length > 0) return null;
  const risk = asksRisk(words.text);
  while (words.take(AT_RISK));
  const details = takeDetails(words);
  if (!risk && details.length === 0) return null;
  const points = place !== null || pointsAtAccount(text);
  takePronoun(words);
  const others = intentsOf(words).filter((tool) => tool !== "account_overview");
  const unread = unreadIn(words);
  if (unread.length > 0 && !points) return null;
  if (others.includes("next_steps") || others.includes("what_changed")) return null;
  sayUnread(unread, state);
  state.account = account;
  return aboutAccount(account, { intents: [], details, risk });
}
