import type { ToolCall } from "#threads/focus.ts";
import { takeSince } from "./dates.ts";
import { pointsAtAccount } from "./details-asked.ts";
import { takeLikelyName, takePronoun, takeSureNames } from "./mentions.ts";
import { inHand, type PartState } from "./one-account.ts";
import { Words } from "./question.ts";
import { unreadIn } from "./unread.ts";

const SPOKE =
  "(?:contact|call|phon|e?mail|talk|reach|visit)(?:ed|e)?|sp[eo]a?ke?n?|met|meet|wr[io]te|written|hear|heard|been in (?:touch|contact)|in touch|reach(?:ed)? out";
const ASKED = new RegExp(
  `^(?:and |so |but )?(?:(?:did|has|have|was|were) (?:anyone|anybody|someone|somebody|we|i|you|they|any of us|nobody)|who(?: has| have| of us)?(?: last)?) (?:\\w+ )?(?:${SPOKE})(?: up)?(?: (?:to|with|from))?\\b(?: us\\b)?`,
);
const NOT_LONG_AGO = /\b(?:lately|recently|yet|already|of late|last)\b/;

/** "Did anyone contact Acme GmbH this month?": the contacts since then; without a time, the last ones. */
export function contactsQuestion(part: string, state: PartState, isOurs: (name: string) => boolean): ToolCall[] | null {
  const words = new Words(part);
  if (!words.take(ASKED)) return null;
  const names = takeSureNames(words, isOurs);
  const since = takeSince(words, state.today);
  while (words.take(NOT_LONG_AGO));
  const points = pointsAtAccount(part.toLowerCase());
  takePronoun(words);
  const account = names[0] ?? (points ? inHand(state) : takeLikelyName(words));
  if (
    !account ||
    names.length > 1 ||
    unreadIn(words).length > 0 ||
    /\b(?:about|why|customers|accounts)\b/.test(words.text)
  )
    return null;
  state.account = account;
  return since
    ? [{ tool: "account_timeline", input: { account, since, only: "contacts" } }]
    : [{ tool: "account_detail", input: { account, about: ["last_contact"] } }];
}
