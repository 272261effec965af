import { addDays } from "#lifecycle/days.ts";
import type { ToolCall } from "#threads/focus.ts";
import { inOrder, takeEarlier } from "./earlier-window.ts";
import { type FigureFilters, given, namesOneAccount, pieces, sayUnread } from "./figure-asked.ts";
import { metricsIn } from "./figure-metrics.ts";
import { type Kind, kindsIn, kindsOf, metricsOf } from "./kinds-of-movement.ts";
import { takeTop } from "./movement-question.ts";
import type { PartState } from "./one-account.ts";
import { SHARE } from "./portfolio-question.ts";
import { Words } from "./question.ts";

const OF_A_WINDOW = ["churn_report", "compare_figures", "mrr_movements", "why_mrr_changed"];
const LISTS = ["portfolio", "renewals", "mrr_movements", "churn_risk", "churn_outlook", "stage_regressions"];

const WHO =
  /^(?:(?:and )?(?:who|which ones?|which (?:customers|accounts|clients)|who (?:churned|left|cancelled)|from whom|by whom|whom|of whom|name them|list them|show them|the names|names)\b(?: (?:are|were|was|is|did we|have we|did|has|had) ?(?:they|those|it|that|these|we)?)?(?: (?:lose|lost|gain|gained|win|won))?(?: and (?:why|for what reason))?|(?:and )?why(?: did (?:they|those|these) (?:go|leave|churn|cancel|quit))?|who did we lose.*|why did (?:they|those|these|we).*)$/;
const ROWS =
  /\b(?:rows?|records?|ledger|raw data|line items|numbers behind|data behind|behind (?:that|it|this|those)|proof|prove|evidence|details|underlying)\b/;
const SQL = /\b(?:sql|query|queries)\b/;
const MONEY =
  /^(?:and )?(?:how much (?:(?:money|mrr|revenue) )?(?:is|are|was|were) (?:that|they|those|it|this)|what (?:is|are) (?:that|they|those|it) worth|how much in total|in total|how much is that.*|how many(?: (?:is|are|was|were) (?:that|they|those|it|there))?)$/;
const COMPARED = /\b(?:compare[ds]?|comparison|versus|vs|against|than|relative)\b/;
const OF_THAT = /\b(?:voluntary|involuntary|failed payments?|of that|of those|of them)\b/;

/** What is no movement of MRR: who names it asks for that, whatever was asked before. */
const OWN_SUBJECT =
  /\b(?:nps|promoters?|csat|satisfaction|surveys?|tickets?|health|healthy|renew\w*|deals?|pipeline|opportunit\w+|stages?|conver\w*|funnel|risks?|usage|invoices?|contacts?)\b/;

/** A turn on the figures or the list before: who, the rows, by team, the week before, how much; else null. */
export function figuresFollowUp(part: string, state: PartState): ToolCall[] | null {
  const last = state.calls.at(-1);
  const text = part.toLowerCase().replace(/[?.! ]+$/, "");
  if (!last || namesOneAccount(part, state)) return null;
  const words = new Words(part);
  if (LISTS.includes(last.tool)) {
    const limit =
      /^(?:(?:only|just|and|the|show|me|give)\b ?)*(?:top|first)? ?\d|^(?:(?:only|just|the)\b ?)*(?:top|first) /.test(
        text,
      )
        ? (takeTop(words) ?? bareNumber(text))
        : null;
    if (
      limit &&
      words.text.replace(/\b(?:only|just|show|me|give|the|please|of|them|those|ones?)\b|\d+|[?.!]/g, "").trim() === ""
    )
      return [{ tool: last.tool, input: { ...last.input, limit } }];
    if (SHARE.test(text) && /\b(?:they|them|those|these|that|it|their)\b/.test(text)) return shareOf(last, state);
    if (MONEY.test(text))
      return [
        { tool: last.tool, input: { ...last.input, ...(last.tool === "churn_risk" ? { sort: "expected_loss" } : {}) } },
      ];
  }
  if (!OF_A_WINDOW.includes(last.tool)) return null;
  if (SQL.test(text) && last.tool === "compare_figures")
    return [{ tool: last.tool, input: { ...last.input, proof: true } }];
  if (WHO.test(text)) return moved(last, state, {});
  if (ROWS.test(text) && words.rest().length <= 8) return moved(last, state, { with_rows: true, limit: 50 });
  if (
    OF_THAT.test(text) &&
    kindsOfCall(last).includes("churn") &&
    /\bvoluntary|involuntary|failed payments?\b/.test(text)
  )
    return moved(last, state, {});
  if (OWN_SUBJECT.test(text)) return null;
  return otherWindow(words, last, state) ?? grouped(words, last, state);
}

interface RenewalsAsked extends FigureFilters {
  within_days?: number;
  from?: string;
  to?: string;
  limit?: number;
}
const USUAL_DAYS = 90; // of the renewals tool

/** "What share of MRR do they have?" of the accounts just listed. */
function shareOf({ tool, input }: ToolCall, { say, today }: PartState): ToolCall[] {
  if (tool === "portfolio") return [{ tool, input: { ...input, share: true } }];
  if (tool === "renewals") {
    const { within_days, from, to, limit, ...named } = input as RenewalsAsked; // this planner made it
    const window = { renews_from: from ?? today, renews_to: to ?? addDays(today, within_days ?? USUAL_DAYS) };
    const asked = { ...(limit ? { limit } : {}), sort: "renewal", share: true };
    return [{ tool: "portfolio", input: { filters: { ...named, ...window, paying: true }, ...asked } }];
  }
  say.push(
    "I tell the share of MRR of a list of accounts, such as “what share of MRR do the ten biggest customers have?”.",
  );
  return [];
}

const bareNumber = (text: string): number | null => {
  const number = Number(/\b(\d{1,3})\b/.exec(text)?.[1] ?? 0);
  return number >= 1 && number <= 100 ? number : null;
};

/** The kinds of movement that the last answer told of. */
function kindsOfCall({ tool, input }: ToolCall): Kind[] {
  if (tool === "churn_report") return ["churn"];
  if (tool === "mrr_movements") return input.kinds as Kind[]; // this planner made it
  if (tool === "why_mrr_changed") return metricsKinds(["net_change"]);
  return metricsKinds((input.metrics ?? []) as string[]);
}
const metricsKinds = (metrics: readonly string[]): Kind[] => kindsOf(metrics);

/** The window of the last answer; of several the last. */
function windowOf({ tool, input }: ToolCall): string | undefined {
  const { window, windows } = input as { window?: string; windows?: string[] }; // this planner made it
  if (tool === "compare_figures") return windows?.at(-1) ?? "last quarter";
  return window ?? (tool === "churn_report" ? "last week" : "this month");
}

/** The filters of the last answer as figures take them: a report has one name of a kind, and countries with commas. */
function filtersOf({ tool, input }: ToolCall): FigureFilters {
  if (tool !== "churn_report") return (input.filters ?? {}) as FigureFilters; // this planner made it
  const { window: _, stage: __, ...named } = input as Record<string, string>;
  return Object.fromEntries(Object.entries(named).map(([key, value]) => [key, value.split(", ")]));
}

/** The customers behind the last figures. */
function moved(last: ToolCall, state: PartState, rest: Record<string, unknown>): ToolCall[] | null {
  const kinds = kindsOfCall(last);
  if (kinds.length === 0) return null;
  const before = last.tool === "mrr_movements" ? last.input : {};
  const window = windowOf(last);
  if (window === "today") state.say.push("The figure is of one day; these are the movements of this month.");
  return [
    {
      tool: "mrr_movements",
      input: {
        ...before,
        window: window === "today" ? "this month" : window,
        kinds,
        ...given({ filters: filtersOf(last) }),
        ...rest,
      },
    },
  ];
}

/** "And the week before?", "how does that compare to last month?" */
function otherWindow(said: Words, last: ToolCall, state: PartState): ToolCall[] | null {
  const words = said.copy();
  const base = windowOf(last);
  const compared = COMPARED.test(words.text);
  const earlier = takeEarlier(words, base, state.today);
  const asked = earlier ? null : pieces(words, state);
  const window = earlier ?? (compared ? asked?.windows[0] : undefined);
  if (!window || metricsIn(words.copy()).length > 0) return null;
  while (
    words.take(
      /\b(?:compare[ds]?|comparison|versus|vs|against|than|relative|show|change[ds]?|look|what|how|about|was|it|that)\b/,
    )
  );
  if (kindsIn(words.text).length > 0 && last.tool !== "churn_report") return null;
  const { filters } = asked ?? pieces(words, state);
  sayUnread(words, state);
  const all = { ...filtersOf(last), ...filters };
  if (!compared) return [again(last, window, all)];
  const metrics = last.tool === "compare_figures" ? (last.input.metrics as string[]) : comparable(last); // this planner made it
  const { group_by, order } = last.input;
  return [
    {
      tool: "compare_figures",
      input: {
        metrics,
        windows: asked && asked.windows.length > 1 ? inOrder(asked.windows, state.today) : [window, base],
        ...(group_by ? { group_by, ...(order ? { order } : {}) } : {}),
        ...given({ filters: all }),
      },
    },
  ];
}

const comparable = (last: ToolCall): string[] => [
  ...metricsOf(kindsOfCall(last)),
  ...(last.tool === "churn_report" ? ["net_change", "nrr"] : []),
];

function again({ tool, input }: ToolCall, window: string, filters: FigureFilters): ToolCall {
  if (tool === "churn_report") return { tool, input: { ...input, window } };
  const { windows: _, window: __, filters: ___, ...rest } = input;
  return {
    tool,
    input: { ...rest, ...(tool === "compare_figures" ? { windows: [window] } : { window }), ...given({ filters }) },
  };
}

/** "Which team lost the most?", "by team" after a report or a list of movements: its sums by team. */
function grouped(said: Words, last: ToolCall, state: PartState): ToolCall[] | null {
  if (
    (last.tool === "compare_figures" && kindsIn(said.text).length === 0) ||
    !/\b(?:which|by|per|split|each)\b/.test(said.text)
  )
    return null;
  const words = said.copy();
  const { windows, group, order, each, filters } = pieces(words, state);
  if (!group && !each) return null;
  if (windows.length > 0 || metricsIn(words).length > 0) return null;
  const kinds = kindsIn(words.text).length > 0 ? kindsIn(words.text) : kindsOfCall(last);
  if (kinds.length === 0 || /\b(?:accounts|customers|renew\w*|risk|health)\b/.test(words.text)) return null;
  return [
    {
      tool: "compare_figures",
      input: {
        metrics: metricsOf(kinds),
        windows: [windowOf(last) === "today" ? "this month" : windowOf(last)],
        ...(each ? { each } : {}),
        ...(group ? { group_by: group, order: order ?? "highest" } : {}),
        ...given({ filters: { ...filtersOf(last), ...filters } }),
      },
    },
  ];
}
