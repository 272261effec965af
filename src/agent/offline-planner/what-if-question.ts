import { NUMBER_WORDS, numberFromWords } from "#grounding/number-words.ts";
import type { ToolCall } from "#threads/focus.ts";
import { takeWindows } from "./figure-pieces.ts";
import { byId, takeLikelyName, takeSureNames } from "./mentions.ts";
import type { PartState } from "./one-account.ts";
import { Words } from "./question.ts";

const SUPPOSING =
  /^(?:and )?(?:what (?:if|happens if|would happen if)|suppose(?: that)?|assume(?: that)?|imagine(?: that)?)\b/;

const VERBS: [RegExp, "renew" | "churn" | "grow" | "shrink"][] = [
  [
    /\b(?:do not|don't|does not|doesn't|did not|fail to|refuse to) renew\w*|\b(?:churn\w*|leav\w+|left|cancel\w*|quit\w*|lose|lost|losing|go(?:es)? away)\b/,
    "churn",
  ],
  [/\b(?:renew\w*|stay\w*|extend\w*|are saved|is saved)\b/, "renew"],
  [/\b(?:grow\w*|expand\w*|upgrade\w*|increase\w*)\b/, "grow"],
  [/\b(?:shrink\w*|contract\w*|downgrade\w*|decrease\w*|reduce\w*|cut\w*)\b/, "shrink"],
];
const COUNT = `(\\d{1,2}|${NUMBER_WORDS.source.replaceAll("\\b", "")})`;
const THOSE = new RegExp(
  `\\b(?:(?:these|those|they|them|all of (?:them|these|those))(?: ${COUNT})?|the (?:first |top )?${COUNT})\\b`,
);

/** "What if these five renew?", "what if Acme GmbH churns?": a supposition on the accounts named, or on the list in hand. */
export function whatIf(part: string, state: PartState): ToolCall[] | null {
  const words = new Words(part);
  if (!words.take(SUPPOSING)) return null;
  const percent = Number(words.take(/\bby (\d{1,3}) ?(?:%|percent|per cent)/)?.[1] ?? Number.NaN);
  const windows = takeWindows(words);
  const suppose = VERBS.find(([pattern]) => words.take(pattern))?.[1];
  if (!suppose) return null;
  const accounts = accountsMeant(words, state);
  if (accounts.length === 0) {
    state.say.push("Which accounts do you mean? Name them, or ask for a list first.");
    return [];
  }
  const shares = Number.isNaN(percent) || suppose === "renew" || suppose === "churn" ? {} : { percent };
  return [{ tool: "what_if", input: { accounts, suppose, ...shares, ...(windows[0] ? { window: windows[0] } : {}) } }];
}

const MOST = 20;

function accountsMeant(words: Words, { focus, account }: PartState): string[] {
  const names = takeSureNames(words, () => false);
  if (names.length > 0) return names.flatMap((name) => name.split(/ and |, /)).slice(0, MOST);
  const those = words.take(THOSE);
  if (those && focus.accounts.length > 0) {
    const said = those[1] ?? those[2];
    const count = !said ? MOST : /^\d/.test(said) ? Number(said) : numberFromWords(said);
    return focus.accounts.slice(0, Math.min(count, MOST)).map(byId);
  }
  const likely = takeLikelyName(words);
  if (likely) return [likely];
  const inHand = account ?? (focus.account ? byId(focus.account) : null);
  return inHand ? [inHand] : [];
}
