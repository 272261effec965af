import type { ToolCall } from "#threads/focus.ts";
import { pointsAtAccount } from "./details-asked.ts";
import { takePronoun, takeSureNames } from "./mentions.ts";
import { inHand, type PartState } from "./one-account.ts";
import { Words } from "./question.ts";
import { takeNamedFilters } from "./vocabulary.ts";

const WITH_OTHERS =
  /\b(?:compare[ds]?|comparison|versus|vs\.?|against|more than|less than|better than|worse than|above|below)\b.*\b(?:others?|rest|average|similar|peers|usual|typical|most)\b/;
const GROUPED = ["segment", "team", "industry", "country", "plan"] as const;

/** "How does that compare to other enterprise customers?": the account in hand, and what the others come to together. */
export function compareQuestion(part: string, state: PartState, isOurs: (name: string) => boolean): ToolCall[] | null {
  const low = part.toLowerCase();
  if (!WITH_OTHERS.test(low)) return null;
  const words = new Words(part);
  const names = takeSureNames(words, isOurs);
  const account = names[0] ?? (pointsAtAccount(low) || /\b(?:that|this)\b/.test(low) ? inHand(state) : null);
  if (!account || names.length > 1) return null;
  takePronoun(words);
  const filters = takeNamedFilters(words, { ...state.vocabulary, stages: [], owners: [] });
  const group = GROUPED.find((key) => filters[key]) ?? "segment";
  state.account = account;
  return [
    { tool: "account_detail", input: { account, about: ["mrr", "health"] } },
    { tool: "portfolio", input: { ...(Object.keys(filters).length > 0 ? { filters } : {}), group_by: group } },
  ];
}
