import type { ToolCall } from "#threads/focus.ts";
import type { PortfolioFilters } from "#tools/portfolio-input.ts";
import { takeFilters } from "./filters.ts";
import { MOVE_ABOUT } from "./intents.ts";
import { couldBeName } from "./likely-name.ts";
import { isOnlyPlace, takeLikelyName } from "./mentions.ts";
import { aboutAccount, hasIntent, type PartState, placed, wishOf, withAccount } from "./one-account.ts";
import { portfolioCall } from "./portfolio-question.ts";
import { Words } from "./question.ts";

/** "What about Globex?", "and in Germany?", "how many of those are overdue?": the last question again, changed. */
export function followUp(part: string, names: string[], state: PartState): ToolCall[] | null {
  if (MOVE_ABOUT.test(part)) return null;
  const again =
    isOnlyPlace(part) ||
    /^(?:what|how) about\b|^(?:the )?same (?:for|with|in)\b|^(?:only|just)\b|^(?:in|for|of|from|with|without|on)\b(?!.*\b(?:what|how|which|who)\b)/i.test(
      part,
    );
  const ofThose =
    /\b(?:of|among|from|in) (?:them|those|these)\b|^(?:which|how many) (?:are|have|of(?! (?:my|our|the|all)\b)|in|do)\b(?!.*\b(?:stages?)\b)|\b(?:them|those|these|they|their) (?:together|in total|combined)\b|\b(?:their|its) (?:total|combined|mrr|revenue)\b.*\b(?:together|total|combined)\b|^(?:those|which ones|who of (?:them|those))\b/i.test(
      part,
    );
  const last = state.calls.findLast((call) => call.tool === "portfolio" || call.tool === "renewals");
  const whole =
    /^(?:show (?:me )?|list |give me |see )?(?:all(?: of (?:them|those))?|them all|the rest|more|the others|them|the list|everything|everyone)$/i.test(
      part,
    ) || /^who are (?:they|those)$|^which ones$/i.test(part);
  if (whole && last) return [{ tool: last.tool, input: { ...last.input, limit: 100 } }];
  if (!again && !(ofThose && last)) return null;
  const words = new Words(
    part.replace(/^(?:what|how) about|^(?:the )?same (?:for|with|in)/i, (match) => " ".repeat(match.length)),
  );
  if (names.length === 0) {
    const filters = takeFilters(words, state.vocabulary, state);
    if (last && (Object.keys(filters).length > 0 || ofThose))
      return [merged(/^(?:which|who|list|show)\b/i.test(part) ? ungrouped(last) : last, filters)];
    if (Object.keys(filters).length > 0) return [portfolioCall(words, filters, state.today)];
  }
  if (!again) return null;
  const meant = names.length > 0 ? names : [placed(words, state) ?? likelyName(words)].filter((name) => name !== null);
  const repeat = state.calls.filter(
    (call) =>
      call.tool !== "portfolio" &&
      call.tool !== "renewals" &&
      ("account" in call.input || call.tool === "find_account") &&
      !(call.tool === "search_playbooks" && !("account" in call.input)),
  );
  if (meant.length === 0 && isOnlyPlace(part) && state.focus.accounts.length > 0) {
    state.say.push("The last list is not that long.");
    return [];
  }
  if (meant.length === 0) return null;
  state.account = meant.at(-1)!;
  return meant.flatMap((name) =>
    repeat.length > 0 && !hasIntent(part)
      ? repeat.map((call) => withAccount(call, name))
      : aboutAccount(name, wishOf(new Words(part.replace(/^(?:what|how) about/i, "")))),
  );
}

function likelyName(words: Words): string | null {
  const guess = takeLikelyName(words);
  return guess && couldBeName(guess, { original: words.original, asks: true, talkedOf: false }) ? guess : null;
}

/** "Which of those …?" wants the accounts, even where the last question counted them by group. */
function ungrouped({ tool, input: { group_by: _, ...input } }: ToolCall): ToolCall {
  return { tool, input };
}

function merged(last: ToolCall, filters: PortfolioFilters): ToolCall {
  if (last.tool === "renewals") {
    const simple = Object.keys(filters).every((key) => ["owner", "team", "segment", "country"].includes(key));
    const { renews_from: from, renews_to: to, ...lists } = filters;
    if (simple || from)
      return {
        tool: "renewals",
        input: { ...last.input, ...(from ? { within_days: undefined, from, to } : {}), ...lists },
      };
    const {
      owner,
      team,
      segment,
      country,
      from: first,
      to: until,
    } = last.input as PortfolioFilters & { from?: string; to?: string }; // this planner made it
    return {
      tool: "portfolio",
      input: { filters: { owner, team, segment, country, renews_from: first, renews_to: until, ...filters } },
    };
  }
  const before = (last.input.filters ?? {}) as PortfolioFilters; // a portfolio input
  const all = { ...before, ...filters };
  return { tool: "portfolio", input: { ...last.input, ...(Object.keys(all).length > 0 ? { filters: all } : {}) } };
}
