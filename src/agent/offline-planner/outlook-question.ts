import type { ToolCall } from "#threads/focus.ts";
import { takeWindow } from "./dates.ts";
import { type FigureFilters, given, namesOneAccount, pieces } from "./figure-asked.ts";
import { HOW_TO, PLAYBOOK } from "./intents.ts";
import { takeTop } from "./movement-question.ts";
import type { PartState } from "./one-account.ts";
import { Words } from "./question.ts";

const AHEAD =
  /\b(?:forecast\w*|predict\w*|projection|projected|outlook|expected|expect|anticipate\w*)\b.*\b(?:churn\w*|loss(?:es)?|los[et]\w*|leav\w*|cancel\w*)\b|\bchurn(?:ed)? (?:forecast|prediction|projection|outlook)s?\b|\b(?:how much|what|how many)\b.*\b(?:could|might|may|will|would|are we going to|do we expect to) (?:we )?(?:lose|churn)\b|\b(?:churn|losses)\b(?!.*\brenew).*\b(?:next|coming|upcoming) (?:week|month|quarter|year|\d+)/;
const RENEWALS_WITH_RISK =
  /\b(?:renew\w*|contracts? (?:up|ending|expiring)|expir\w*)\b.*\b(?:risk\w*|at risk|likely to churn|likelihood)\b|\b(?:risk\w*|risky)\b.*\b(?:renew\w*)\b/;
const BANDS: [RegExp, string[]][] = [
  [/\b(?:high[- ]risk|at high risk|high risk|risky|high and critical|highest risk)\b/, ["critical", "high"]],
  [/\b(?:medium|watch|moderate)(?:[- ]risk)?\b/, ["watch"]],
  [/\blow[- ]risk\b/, ["low"]],
];

/** "Forecast churn next month", "renewals in January, riskiest first": what is known of it; else null. */
export function outlookQuestion(part: string, state: PartState): ToolCall[] | null {
  const text = part.toLowerCase();
  if (PLAYBOOK.test(text) || HOW_TO.test(text) || namesOneAccount(part, state)) return null;
  const last = state.calls.at(-1);
  const words = new Words(part);
  // Who will leave is asked of the risk of each.
  if (RENEWALS_WITH_RISK.test(text) || (AHEAD.test(text) && !/^(?:who|which)\b/.test(text))) {
    const window = takeWindow(words, state.today);
    const limit = takeTop(words) ?? undefined;
    const { filters } = pieces(words, state);
    return [outlook({ window, limit, filters, bands: wantsBands(text) })];
  }
  if (!last || !["churn_outlook", "renewals"].includes(last.tool)) return null;
  return changed(words, last, state);
}

/** "Riskiest first" orders; "only the high-risk ones" filters. */
const wantsBands = (text: string): string[] | undefined =>
  /\briskiest|most at risk|by risk|with (?:their |the )?risk|and (?:their |the )?risk\b/.test(text)
    ? undefined
    : BANDS.find(([said]) => said.test(text))?.[1];

interface Wanted {
  window: { from: string; to: string } | null;
  limit: number | undefined;
  bands: string[] | undefined;
  filters: FigureFilters;
}

const outlook = ({ window, limit, bands, filters }: Wanted): ToolCall => ({
  tool: "churn_outlook",
  input: { ...(window ?? {}), ...(bands ? { bands } : {}), ...(limit ? { limit } : {}), ...given({ filters }) },
});

/** "Only the high risk ones", "and in Q1?", "for EMEA?" after renewals with their risk. */
function changed(words: Words, last: ToolCall, state: PartState): ToolCall[] | null {
  const { text } = words;
  const bands = wantsBands(text);
  if (last.tool === "renewals") {
    if (!bands && !/\brisks?\b|\briskiest\b/.test(text)) return null;
    const { within_days, from, to, limit: _, ...filters } = last.input;
    const days = from ? { from, to } : { within_days: within_days ?? 90 };
    return [{ tool: "churn_outlook", input: { ...days, ...(bands ? { bands } : {}), ...given({ filters }) } }];
  }
  const short =
    /^(?:(?:and|what about|how about|same for|only|just|in|for|of|with)\b)/.test(text) || text.split(" ").length <= 4;
  if (!short) return null;
  const window = takeWindow(words, state.today);
  const { filters } = pieces(words, state);
  if (!bands && !window && Object.keys(filters).length === 0) return null;
  const { within_days: __, ...input } = last.input;
  const before = (last.input.filters ?? {}) as FigureFilters; // this planner made it
  return [
    {
      tool: last.tool,
      input: {
        ...(window ? { ...input, ...window } : last.input),
        ...(bands ? { bands } : {}),
        ...given({ filters: { ...before, ...filters } }),
      },
    },
  ];
}
