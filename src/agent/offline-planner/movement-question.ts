import type { ToolCall } from "#threads/focus.ts";
import { inOrder } from "./earlier-window.ts";
import { type Asked, type FigureFilters, given, pieces, sayUnread } from "./figure-asked.ts";
import { metricsIn } from "./figure-metrics.ts";
import { HOW_TO, PLAYBOOK, SITUATION } from "./intents.ts";
import { KINDS, type Kind, kindsIn, metricsOf } from "./kinds-of-movement.ts";
import type { PartState } from "./one-account.ts";
import { Words } from "./question.ts";
import { numberIn } from "./thresholds.ts";

/** Other things that are new, lost or expanded, and questions that other tools answer. */
const ELSE =
  /\b(?:deals?|opportunit(?:y|ies)|tickets?|contacts?|champions?|features?|password|invoices?|cohorts?|sooner|faster|earlier|longer|likely|risk|risky|riskiest|forecast|predict\w*|expected|price increases?|net new|net change|cancell?ed but|pending|what if|rates?|report)\b|\bwill\b|\bmight\b|\bcould\b|\bhow do (?:i|we|you)\b/;
const REASONS =
  /\breasons?\b|\bwhy (?:is|was|has|did|does) (?:the |our )?(?:\w+ )?churn\b|\bwhy (?:do|did|are|have|has|is|does) (?:\w+ ){0,3}?(?:customers|clients|people|accounts|they|we|anyone|anybody)\b.*\b(?:leav\w*|left|churn\w*|cancel\w*|quit\w*|los[et]\w*|go)\b|\bwhat (?:makes|drives|made)\b.*\b(?:leave|churn|cancel|quit)\b/;
const BECAUSE =
  /\b(?:because of|due to|over|for reasons? of|citing|on account of|(?:with|for) the reason) (?:the |their |our |a |an )?["“]?([a-z][a-z -]{2,40}?)["”]?(?= (?:last|this|in|since|during|so)\b|$)/;

/** "How many new customers this month?", "who downgraded?", "reasons for churn", "which team lost the most?"; else null. */
export function movementQuestion(part: string, state: PartState): ToolCall[] | null {
  const text = part.toLowerCase();
  if (PLAYBOOK.test(text) || HOW_TO.test(text) || SITUATION.test(text) || ELSE.test(text)) return null;
  const words = new Words(part);
  const reason = /\b(?:churn\w*|left|leave|lost|lose|cancel\w*|quit)\b/.test(text)
    ? words.take(BECAUSE)?.[1]
    : undefined;
  const kinds = kindsIn(words.text);
  const reasons = REASONS.test(text) && (kinds.includes("churn") || /\b(?:leav\w*|cancel\w*|go)\b/.test(text));
  if ((kinds.length === 0 && !reasons) || namesRate(words)) return null;
  for (const { said } of KINDS) while (words.take(said)); // "new business" is no plan of that name
  const limit = takeTop(words);
  const { windows, group: by, order, each, filters } = pieces(words, state);
  const sides = /\bcompare[ds]?\b|\bversus\b|\bvs\b|\bagainst\b/.test(text) ? sidesOf(filters) : [];
  if (sides.length > 1 && kinds.length > 0)
    return sides.map((side) =>
      sums(
        [...metricsOf(kinds), ...(kinds.includes("churn") ? ["logo_churn"] : [])],
        [windows[0] ?? "last quarter"],
        side,
      ),
    );
  if (windows.length === 1 && MORE_THAN.test(text))
    return [sums(metricsOf(kinds), [windows[0]!, nowOf(windows[0]!)], filters)]; // one, just asked
  if (windows.length > 1 && !by && !each && !reasons)
    return sides.length === 0 && /\b(?:who|which|list|names?)\b/.test(text)
      ? windows.map((window) => movements(kinds, { windows: [window], filters }, { reason, limit, reasons }))
      : [sums(metricsOf(kinds), inOrder(windows, state.today), filters)];
  // Lists of who was lost in a time are the churn report's.
  const report = kinds.length === 1 && kinds[0] === "churn" && !reasons && !reason && !by && !each;
  if (report || (!by && !each && !asksForWho(text, kinds, reasons))) return null;
  for (const own of OWN) while (words.take(own));
  sayUnread(words, state);
  const all: Kind[] = reasons || kinds.length === 0 ? ["churn"] : kinds;
  if (by || each) return [figures(all, { windows, group: by, each, order, filters })];
  const asked = movements(all, { windows, filters }, { reason, limit, reasons });
  return /\bwhy\b.*\bchurn\b/.test(text) && reasons ? [...comparison(windows, filters), asked] : [asked];
}

/** "EMEA with North America": a team and some countries are two sides, not what both must hold of. */
function sidesOf(filters: FigureFilters): FigureFilters[] {
  const keys = Object.keys(filters) as (keyof FigureFilters)[]; // its own keys
  if (keys.length > 1) return keys.map((key) => ({ [key]: filters[key] }));
  const [only] = keys;
  return only && only !== "country" ? (filters[only] ?? []).map((value) => ({ [only]: [value] })) : [];
}

const sums = (metrics: string[], windows: string[], filters: FigureFilters): ToolCall => ({
  tool: "compare_figures",
  input: { metrics, windows, ...given({ filters }) },
});

/** "Why is churn up?": whether it is, before what the reasons are. */
const comparison = (windows: string[], filters: FigureFilters): ToolCall[] =>
  windows.length > 0
    ? []
    : [
        {
          tool: "compare_figures",
          input: { metrics: metricsOf(["churn"]), windows: ["last month", "this month"], ...given({ filters }) },
        },
      ];

function movements(
  kinds: readonly Kind[],
  { windows, filters }: Pick<Asked, "windows" | "filters">,
  { reason, limit, reasons }: { reason: string | undefined; limit: number | null; reasons: boolean },
): ToolCall {
  return {
    tool: "mrr_movements",
    input: {
      window: windows[0] ?? (reasons || reason ? "last 12 months" : "this month"),
      kinds,
      ...(reason ? { reason } : {}),
      ...(limit ? { limit } : {}),
      ...given({ filters }),
    },
  };
}

const OWN = [
  /\b(?:reasons?|why|main|common|frequent|expansions?|upsells?|mrr|arr|revenue|money|much|names?|list|sorted|show|new|joined|signed|people|won|win|did|gains?|got|gain(?:ed)?|added|monthly|weekly|quarterly)\b/,
];

const MORE_THAN = /\b(?:more|less|fewer|worse|better|higher|lower) than\b/;
/** The window of today that is held against one before: "last year" and this one. */
const nowOf = (window: string): string => `this ${/\b(week|month|quarter|year)\b/i.exec(window)?.[1] ?? "month"}`;

const RATES = [
  "nrr",
  "grr",
  "net_mrr_churn",
  "gross_mrr_churn",
  "logo_churn",
  "retention_rate",
  "quick_ratio",
  "clv",
  "net_change",
];
/** A rate is a figure of its own, though "churn" is in its name. */
const namesRate = (words: Words): boolean => metricsIn(words.copy()).some((each) => RATES.includes(each));

/** Names or a sum of movements are wanted, rather than a figure by their name or a sentence about a customer. */
const asksForWho = (text: string, kinds: readonly Kind[], reasons: boolean): boolean =>
  reasons ||
  kinds.length > 1 ||
  (/\b(?:who|which|how many|how much|list|show|names?|any|anyone|did|customers|logos|clients|accounts|top|what)\b/.test(
    text,
  ) &&
    !/\b(?:should|ready|can|may)\b/.test(text)) ||
  /^(?:(?:the|our|all)\s+)?(?:\w+\s+)?(?:upsells|upgrades|downgrades|expansions?|contractions?|reactivations|win-?backs|new (?:customers|logos|clients|business|mrr))\b/.test(
    text,
  );

function figures(
  kinds: readonly Kind[],
  { windows, group, each, order, filters }: Pick<Asked, "windows" | "group" | "each" | "order" | "filters">,
): ToolCall {
  const window = windows[0] ?? (each ? "this year" : "last quarter");
  return {
    tool: "compare_figures",
    input: {
      metrics: metricsOf(kinds),
      windows: [window],
      ...(each ? { each } : {}),
      ...(group ? { group_by: group, order: order ?? "highest" } : {}),
      ...given({ filters }),
    },
  };
}

/** "Top 5 reasons", "the 3 biggest". */
export function takeTop(words: Words): number | null {
  const said =
    words.take(
      /\b(?:the )?(?:top|first|biggest|largest) (\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|twenty)\b/,
    ) ?? words.take(/\b(\d{1,3}) (?:biggest|largest|main|most common)\b/);
  const number = said ? numberIn(said[1]!) : null;
  return number ? Math.min(50, Math.max(1, Math.round(number))) : null;
}
