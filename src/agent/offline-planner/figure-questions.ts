import type { ToolCall } from "#threads/focus.ts";
import { Unclear } from "./dates.ts";
import { inOrder } from "./earlier-window.ts";
import { type Asked, type FigureFilters, given, namesOneAccount, one, pieces, sayUnread } from "./figure-asked.ts";
import { metricsIn } from "./figure-metrics.ts";
import { kindsIn } from "./kinds-of-movement.ts";
import { isKnownWord } from "./lexicon.ts";
import { couldBeName } from "./likely-name.ts";
import { NO_STAGE, quarters, sayNearest, saysUnknownGroup } from "./nearest.ts";
import type { PartState } from "./one-account.ts";
import { Words } from "./question.ts";
import { unreadIn } from "./unread.ts";
import { whatIf } from "./what-if-question.ts";

/** A question for a figure, what it is read from, and the words that are its own. */
interface FigureQuestion {
  pattern: RegExp;
  /** null: it is no such question after all. */
  call(asked: Asked): ToolCall | null;
}

const FELL =
  /\b(?:fall|fell|falls|falling|drop\w*|decreas\w*|shr[aiu]nk|declin\w*|(?:go|went|going|is|was) down|lower|lose|lost)\b/;
const ROSE = /\b(?:rise|rose|rises|rising|grow|grew|growth|increas\w*|(?:go|went|going|is|was) up|higher|jump\w*)\b/;
/** "How many moved from consideration to purchase?" */
const MOVED =
  /\b(?:move[ds]?|moving|went|go|gone|got|get|progress\w*|advanced?|made it|reached) from (?:the )?[a-z]+ (?:stage )?(?:in)?to\b/;
const MONEY = "(?:mrr|arr|revenue|recurring revenue)";

/** The first that fits is read. */
const QUESTIONS: FigureQuestion[] = [
  {
    pattern:
      /\b(?:churn\w*|left|leave|cancel\w*|lost|lose)\b.*\b(?:price|pricing)\b.*\b(?:increase|rise|raise|change|uplift|adjustment)\w*|\bafter (?:a|the|our|last) (?:price|pricing) \w+/,
    call: ({ windows, filters }) => ({ tool: "churned_after_price_increase", input: one(windows, { filters }) }),
  },
  {
    pattern: new RegExp(
      `\\bwhy\\b.*\\b${MONEY}\\b.*|\\b(?:what|who) (?:drove|drives|explains?|caused?|made|moved|is behind)\\b.*\\b(?:${MONEY}|growth)\\b|\\breasons? (?:for|behind)\\b.*\\b${MONEY}\\b`,
    ),
    call: ({ text, windows, filters }) => {
      const direction = FELL.test(text) ? "fell" : ROSE.test(text) ? "rose" : null;
      if (!direction && !/\bchang\w*|\bmov\w*|\bbehind\b/.test(text)) return null;
      return { tool: "why_mrr_changed", input: one(windows, { ...(direction ? { direction } : {}), filters }) };
    },
  },
  {
    pattern:
      /\b(?:lifecycle|journey|customer journey|touch-?point) maps?\b|\bmap of (?:the |our )?(?:customer )?(?:lifecycle|journey)\b|\btouch-?points?\b|\bpain points?\b|\bwhat hurts\b|\bwhere do we meet\b/,
    call: ({ windows, filters }) => ({ tool: "lifecycle_map", input: one(windows, { filters }) }),
  },
  {
    pattern:
      /\bconver(?:sions?|t|ts|ted|ting)\b|\bfunnel\b|\b(?:move[ds]?|moving|went|go|gone|got|get|progress\w*|advanced?|made it|reached) from (?:the )?[a-z]+ (?:stage )?(?:in)?to\b|\b(?:get|gets|getting|are|is) stuck\b|\b(?:average|mean|median|typical) (?:time|days|stay) in\b|\bbottlenecks?\b|\btime in (?:each |the |every )?stages?\b|\bhow long do (?:accounts|customers|they|we) (?:\w+ )?(?:stay|spend|remain|sit)\b/,
    call: ({ text, windows, filters, stages }) => {
      if (MOVED.test(text) && stages.length < 2) return null;
      const pair =
        (MOVED.test(text) || /\bconver/.test(text)) && stages.length > 0
          ? { ...(stages.length > 1 ? { from: stages[0] } : {}), to: stages.at(-1) }
          : {};
      const strict = /\bstrict|every stage in order|in order\b/.test(text) ? { mode: "strict" } : {};
      return { tool: "stage_funnel", input: one(windows, { ...pair, ...strict, filters }) };
    },
  },
  {
    pattern:
      /\b(?:leav\w*|churn\w*|cancel\w*|stay\w*|go(?:es)?)\b(?: \w+){0,2} (?:sooner|earlier|faster|quicker|longer|longest|fastest|soonest)\b|\bwho (?:stays|leaves) (?:the )?(?:longest|soonest|first)\b|\bsurvival (?:curves?|analysis)\b|\bchurn speed\b/,
    call: paceCall,
  },
  {
    pattern:
      /\b(?:health|stages?)\b.*\b(?:develop\w*|evolv\w*|over time|week by week|by week|per week|each week|over the (?:last|past))\b|\b(?:trend|history|development) of (?:the |our )?(?:health|stages)\b|\b(?:health|stage) (?:trend|history)\b/,
    call: ({ text }) => {
      const weeks = Number(/\b(\d{1,3}) weeks\b/.exec(text)?.[1] ?? 0);
      const asked = weeks >= 2 && weeks <= 104 ? { weeks } : {};
      return { tool: "past_weeks", input: { of: /\bhealth\b/.test(text) ? "health" : "stages", ...asked } };
    },
  },
  {
    pattern:
      /\brepeat (?:customers?|buyers?|purchases?|business)\b|\b(?:who|which customers) (?:will|would|is going to|are going to) (?:buy|purchase|order) again\b/,
    call: ({ filters }) => ({ tool: "repeat_value", input: given({ filters }) }),
  },
  {
    pattern: /\bcohorts?\b/,
    call: ({ text, windows, filters }) => {
      const by = /\bquarterly\b|\bby quarter\b/.test(text)
        ? { by: "quarter" }
        : /\bweekly\b|\bby week\b/.test(text)
          ? { by: "week" }
          : {};
      return {
        tool: "cohort_retention",
        input: { ...(windows[0] ? { cohort: windows[0] } : {}), ...by, ...given({ filters }) },
      };
    },
  },
  {
    pattern: /\b(?:nps|net promoter(?: score)?|csat|customer satisfaction|satisfaction score)\b/,
    call: scoresCall,
  },
];

/** A question for figures of a window, or null. Throws Unclear for what no figure can be split by. */
export function figureQuestion(part: string, state: PartState): ToolCall[] | null {
  const supposed = whatIf(part, state);
  if (supposed) return supposed;
  const words = new Words(part);
  if (namesOneAccount(part, state)) return null;
  const text = words.original.toLowerCase();
  const question = QUESTIONS.find(({ pattern }) => pattern.test(text));
  const metrics = question ? [] : metricsIn(words);
  if (!question && metrics.length === 0) return again(part, state);
  const asked = { text, ...pieces(words, state) };
  const call = question ? question.call(asked) : figuresCall(metrics, asked);
  if (!call || (call.tool === "scores" && ofOneInSmallLetters(words))) return null;
  sayNearest(text, call, state);
  words.take(NO_STAGE);
  sayUnread(words, state);
  if (asked.stages.length > 0 && !["stage_funnel", "lifecycle_map", "scores", "past_weeks"].includes(call.tool))
    throw new Unclear(
      "Figures of a window go by owner, team, segment, industry, country or plan, not by stage. For stages ask for the funnel, or for NPS by stage.",
    );
  if (call.tool !== "scores") return [call];
  if (asked.each) return quarters(call);
  // A score has one window: of two that are compared, each is told.
  const windows = asked.windows.length > 1 ? inOrder(asked.windows, state.today) : [call.input.window];
  return windows.map((window) => (window ? { ...call, input: { ...call.input, window } } : call));
}

/** "Do enterprise customers leave sooner than mid-market ones?" names its groups; one alone is held against all others. */
function paceCall({ text, group: said, filters }: Asked): ToolCall {
  const group = said ?? /\b(?:which|what) (segment|plan|country|industry|owner|team)s?\b/.exec(text)?.[1] ?? null;
  const named = (Object.keys(filters) as (keyof FigureFilters)[]).find((key) => !group || key === group); // its own keys
  const alone = named && !group && filters[named]?.length === 1;
  const { [named ?? "segment"]: values, ...others } = filters;
  const kept = alone || !values || !named ? others : { ...others, [named]: values };
  const by = group ?? named;
  return { tool: "leaving_pace", input: { ...(by ? { group_by: by } : {}), ...given({ filters: kept }) } };
}

/** "CSAT of clearforge": what is left over is whose score it is. */
function ofOneInSmallLetters(words: Words): boolean {
  const [word, ...others] = unreadIn(words);
  if (word === undefined || others.length > 1) return false;
  const said = { original: words.original.toLowerCase(), asks: true, talkedOf: true };
  return couldBeName(word.toLowerCase().replace(/'s$/, ""), said);
}

/** "NPS below 5" and "accounts by NPS" ask for accounts; the portfolio tells them. */
function scoresCall({ text, windows, group, filters, stages }: Asked): ToolCall | null {
  const accounts = /\b(?:accounts|customers|clients|companies|who|which)\b/.test(
    text.replace(/customer satisfaction/g, ""),
  );
  if (
    accounts ||
    /\b(?:below|above|under|over|at least|less than|more than|between|highest|lowest|worst|best)\b/.test(text)
  )
    return null;
  const csat = /\bcsat\b|satisfaction/.test(text);
  const score = !csat ? "nps" : /\bsurveys?\b/.test(text) ? "survey_csat" : "support_csat";
  const by = group ?? (stages.length > 0 && !csat ? "stage" : null);
  const comments = /\bcomments?\b|\bwhat (?:do|did) (?:they|people|customers) (?:say|write)\b|\bwhy\b/.test(text)
    ? { comments: true }
    : {};
  return {
    tool: "scores",
    input: { score, ...one(windows, { ...(by ? { group_by: by } : {}), ...comments, filters }) },
  };
}

const AS_OF: readonly string[] = ["mrr", "customers", "arpa"];

function figuresCall(metrics: string[], { text, windows, group, order, each, filters }: Asked): ToolCall | null {
  const plainMoney = metrics.every((metric) => metric === "mrr" || metric === "customers");
  // "How much MRR renews this month?" and "MRR by segment" are the portfolio's; a past window or a comparison is not.
  if (
    plainMoney &&
    !each &&
    (windows.length === 0 ||
      (LISTED.test(text) && !/\bcompare|\bversus\b|\bvs\b|\bwas\b|\bat the end of\b|\bagainst\b/.test(text)))
  )
    return null;
  if (group === "stage")
    throw new Unclear("Figures of a window go by owner, team, segment, industry, country or plan, not by stage.");
  const usual = metrics.includes("clv")
    ? ["last 12 months"]
    : metrics.every((metric) => AS_OF.includes(metric))
      ? ["today"]
      : [];
  const asked = windows.length > 0 ? windows : each ? ["this year"] : usual;
  return {
    tool: "compare_figures",
    input: {
      metrics,
      ...(asked.length > 0 ? { windows: asked } : {}),
      ...(each ? { each } : {}),
      ...(group ? { group_by: group, ...(order ? { order } : {}) } : {}),
      ...given({ filters }),
    },
  };
}

const LISTED =
  /\b(?:renew\w*|expir\w*|due|which|who|top|biggest|largest|smallest|list|with|without|over|under|above|below|los[et]\w*|churn\w*|left)\b/;

const FIGURE_TOOLS = [
  "compare_figures",
  "why_mrr_changed",
  "stage_funnel",
  "cohort_retention",
  "leaving_pace",
  "scores",
  "churned_after_price_increase",
  "lifecycle_map",
  "mrr_movements",
  "stage_regressions",
];
const AGAIN = /^(?:what about|how about|same (?:for|in|by)|only|just|in|for|by|per|of|split by)\b/i;

/** "And for EMEA?", "what about Q1?", "by segment", "last month": the last figure again, changed. */
function again(part: string, state: PartState): ToolCall[] | null {
  const last = state.calls.at(-1);
  if (!last || !FIGURE_TOOLS.includes(last.tool)) return null;
  // "Churn last week" is a question of its own, whatever was asked before.
  if (!AGAIN.test(part) && (kindsIn(part.toLowerCase()).length > 0 || /\brenew|\brisk/i.test(part))) return null;
  const words = new Words(part.replace(/^(?:what|how) about|^same (?=for|in|by)/i, (said) => " ".repeat(said.length)));
  const { windows, group, order, each, filters } = pieces(words, state);
  const nothing = windows.length === 0 && !group && !each && Object.keys(filters).length === 0;
  if (nothing && saysUnknownGroup(words, state)) return [];
  if (nothing || !(AGAIN.test(part) || words.rest().every(({ text }) => isKnownWord(text)))) return null;
  const all = { ...((last.input.filters ?? {}) as FigureFilters), ...filters }; // this planner made it
  const splits =
    ["compare_figures", "scores"].includes(last.tool) && !(group === "stage" && last.tool === "compare_figures");
  return [
    {
      tool: last.tool,
      input: {
        ...last.input,
        ...windowsFor(last.tool, windows),
        ...(each && last.tool === "compare_figures" ? { each } : {}),
        ...(group && splits ? { group_by: group, ...(order ? { order } : {}) } : {}),
        ...(Object.keys(all).length > 0 ? { filters: all } : {}),
      },
    },
  ];
}

function windowsFor(tool: string, windows: string[]): Record<string, unknown> {
  if (windows.length === 0) return {};
  if (tool === "compare_figures") return { windows };
  return { [tool === "cohort_retention" ? "cohort" : "window"]: windows[0] };
}
