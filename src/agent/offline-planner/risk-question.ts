import type { ToolCall } from "#threads/focus.ts";
import type { PortfolioFilters } from "#tools/portfolio-input.ts";
import { takeGroup, takeMost } from "./figure-pieces.ts";
import { HOW_TO, PLAYBOOK } from "./intents.ts";
import { couldBeName } from "./likely-name.ts";
import { byId, takeLikelyName, takePronoun, takeSureNames } from "./mentions.ts";
import { aboutAccount, type PartState, placed } from "./one-account.ts";
import { Words } from "./question.ts";
import { takeSign } from "./sign-asked.ts";
import { numberIn } from "./thresholds.ts";
import { sayUnread, unreadIn } from "./unread.ts";
import { takeNamedFilters } from "./vocabulary.ts";

const LEAVE = "(?:churn\\w*|leav\\w+|cancel\\w*|quit\\w*|go(?:ing)? away)";

/** A question who may leave. "Accounts at risk" alone means poor health, and who has cancelled is no guess. */
const RISK = [
  /\bchurn[ -]risks?\b|\brisks? (?:score|ranking|list|report|bands?)\b/,
  new RegExp(`\\brisk (?:of|that|to)\\b.*\\b${LEAVE}`),
  new RegExp(`\\bat[- ]risk (?:of|to) ${LEAVE}`),
  /\b(?:the )?most(?: mrr| money| revenue)? (?:is |are )?at[- ]risk\b|\briskiest\b|\btop (?:\d+|three|five|ten)(?: accounts| customers)? at[- ]risk\b|\b(?:highest|biggest|greatest|largest|most) (?:churn )?risks?\b/,
  /\b(?:how much )?(?:mrr|arr|money|revenue)(?: is| are)? (?:most )?at[- ]risk\b/,
  new RegExp(`\\b(?:how )?(?:likely|likeliest|liable|bound) (?:(?:is|are) .{1,60}? )?to ${LEAVE}`),
  new RegExp(`\\bhow likely\\b.*\\b${LEAVE}`),
  new RegExp(`\\b(?:might|may|could|will|would) (?:.{2,40} )?${LEAVE}(?: us)?(?: next| soon)?`),
  new RegExp(`\\b(?:probability|chances?|likelihood|odds)\\b.*\\b${LEAVE}`),
  new RegExp(
    `\\b(?:forecast|predict\\w*)\\b.*\\b${LEAVE}|\\bchurn (?:prediction|forecast|probability|likelihood|score)s?\\b`,
  ),
  /\b(?:by|sorted by|ranked by|order of) (?:their |churn )?risk\b/,
  /\bwho(?:m)? (?:should|do|must) (?:i|we) (?:be )?(?:worr(?:y|ied)|concerned)\b|\bwho(?:m)? (?:to|needs? to be) (?:worry about|worried about|saved)\b|\bwho is in trouble\b|\bwhat keeps me up\b/,
  /\b(?:which|what) (?:team|owner|rep|csm|segment|industry|country|plan|region)s?\b.*\b(?:accounts|customers) at[- ]risk\b|\b(?:accounts|customers) at[- ]risk (?:by|per) (?:team|owner|rep|csm|segment|industry|country|plan|region)\b/,
];
const MANY =
  /\b(?:accounts|customers|clients|companies|logos|who|which|most|top|highest|biggest|list|all|everyone|everybody|mrr|money|revenue|we|us|our|my)\b/;
const BY_MONEY = /\b(?:mrr|arr|money|revenue|expected loss|biggest loss(?:es)?|worth)\b/;
const AGAIN = /^(?:what about|how about|same (?:for|in)|only|just|in|for|of|by|per|split by)\b/i;
const MOST = 50;

/** "Why the first one?" after those at risk asks for the signs. */
const WHY = /^(?:and |but )?why\b|\bwhy(?: (?:is that|so))?[?.! ]*$/;
const tellsRisk = ({ tool, input }: ToolCall): boolean =>
  tool === "churn_risk" ||
  (tool === "portfolio" && (input.filters as PortfolioFilters | undefined)?.health?.at_most !== undefined); // this planner made it

/** "Which accounts are most at risk?", "how likely is Acme GmbH to churn?"; null where it is no such question. */
export function riskQuestion(part: string, state: PartState, isOurs: (name: string) => boolean): ToolCall[] | null {
  const text = part.toLowerCase();
  const last = state.calls.at(-1);
  // The reasons come with the risk.
  if (/^(?:and )?why(?: (?:is that|so|are they|is it|them|those))?$/.test(text) && last?.tool === "churn_risk")
    return state.planned.length > 0 ? [] : [last];
  const words = new Words(part);
  if (WHY.test(text) && state.calls.some(tellsRisk) && !/\b(?:stages?|phases?)\b/.test(text)) {
    const account = placed(words.copy(), state);
    if (account) {
      state.account = account;
      return aboutAccount(account, { intents: [], risk: true });
    }
  }
  const sign = takeSign(words);
  if (sign && takeSureNames(words, isOurs).length === 0) {
    const filters = filtersIn(words, state);
    const input = asked(words);
    sayUnread(unreadIn(words), state);
    return [{ tool: "churn_risk", input: { sign, ...input, ...(isEmpty(filters) ? {} : { filters }) } }];
  }
  if (!RISK.some((pattern) => pattern.test(text))) return again(words, last, state);
  if (PLAYBOOK.test(text) || HOW_TO.test(text)) return null;
  const names = takeSureNames(words, isOurs);
  const filters = filtersIn(words, state);
  const account = names.length > 0 ? names : oneMeant(words, filters, state);
  if (account) {
    state.account = account.at(-1) ?? null;
    return account.map((name) => ({ tool: "churn_risk", input: { account: name } }));
  }
  return [{ tool: "churn_risk", input: { ...asked(words), ...(isEmpty(filters) ? {} : { filters }) } }];
}

type Filters = Pick<PortfolioFilters, "owner" | "team" | "segment" | "industry" | "country" | "plan">;
const isEmpty = (filters: Filters): boolean => Object.keys(filters).length === 0;

function filtersIn(words: Words, { vocabulary, asker }: PartState): Filters {
  const { stage: _, ...filters } = takeNamedFilters(words, { ...vocabulary, stages: [] });
  if (words.take(/\b(?:my|mine)\b/) && asker) return { ...filters, owner: [asker] };
  return filters;
}

/** One account without a capital, or the one in hand; null when it is about many. */
function oneMeant(words: Words, filters: Filters, state: PartState): string[] | null {
  if (!isEmpty(filters) || MANY.test(words.text)) return null;
  const inHand = state.account ?? (state.focus.account ? byId(state.focus.account) : null);
  if (takePronoun(words)) return inHand ? [inHand] : null;
  for (const word of [
    new RegExp(`\\b${LEAVE}`),
    /\b(?:likely|probability|chances?|likelihood|odds|risks?|score|predict\w*|forecast\w*)\b/,
  ])
    while (words.take(word));
  const likely = takeLikelyName(words);
  return likely && couldBeName(likely, { original: words.original, asks: true, talkedOf: false }) ? [likely] : null;
}

function asked(words: Words): { sort?: "expected_loss"; limit?: number; group_by?: string } {
  const group = takeMost(words)?.group ?? takeGroup(words);
  const said =
    words.take(/\b(?:top|first) (\d{1,3}|[a-z]+)\b/) ??
    words.take(/\b(\d{1,3})(?= (?:\w+ ){0,3}(?:accounts|customers|clients))/);
  const limit = said ? numberIn(said[1]!) : null;
  return {
    ...(group && group !== "stage" ? { group_by: group } : {}),
    ...(BY_MONEY.test(words.text) ? { sort: "expected_loss" } : {}),
    ...(limit ? { limit: Math.min(MOST, Math.max(1, Math.round(limit))) } : {}),
  };
}

/** "And for EMEA?": the same ranking of other accounts. */
function again(words: Words, last: ToolCall | undefined, state: PartState): ToolCall[] | null {
  if (last?.tool !== "churn_risk" || !AGAIN.test(words.original)) return null;
  const filters = filtersIn(words, state);
  const group = takeGroup(words);
  if (isEmpty(filters) && (!group || group === "stage")) return null;
  const { account: _, ...input } = last.input;
  const before = (input.filters ?? {}) as Filters; // this planner made it
  return [
    {
      tool: "churn_risk",
      input: {
        ...input,
        ...(group ? { group_by: group } : {}),
        ...(isEmpty({ ...before, ...filters }) ? {} : { filters: { ...before, ...filters } }),
      },
    },
  ];
}
