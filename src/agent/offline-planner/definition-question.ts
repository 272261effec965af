import type { ToolCall } from "#threads/focus.ts";
import { namesOneAccount, pieces } from "./figure-asked.ts";
import { metricsIn } from "./figure-metrics.ts";
import { kindsIn, metricsOf } from "./kinds-of-movement.ts";
import type { PartState } from "./one-account.ts";
import { Words } from "./question.ts";

/** How something is worked out, or what its name means. */
const DEFINE =
  /\bhow (?:do|does|is|are|did|was|were)\b.*\b(?:compute[ds]?|calculate[ds]?|define[ds]?|measure[ds]?|work(?:ed)? out|count(?:ed)?|computed)\b|\b(?:definition|meaning|formula) (?:of|for|behind)\b|\bdefine\b|\bwhat (?:does|do|is meant by|exactly is|counts? as)\b.*\b(?:mean|stand for|count as|cover|include|churn|new|lost)\b|\bwhat counts? as\b|\bdifference between\b|\bexplain\b|\bwhat is (?:a |an )?(?:good|healthy|normal|bad|typical)\b|\bhow does\b.*\bwork\b/;
/** "What is NRR?": its meaning, and its value. */
const WHAT_IS = /^what (?:is|are) (?:an? )?["“]?[\w -]{2,30}?["”]?$/;
const GOOD = /\bwhat (?:is|are) (?:a |an )?(?:good|healthy|normal|bad|typical)\b/;
const OTHERS: [RegExp, string][] = [
  [/\b(?:nps|net promoter)\b/, "nps"],
  [/\b(?:csat|customer satisfaction)\b/, "csat"],
  [/\bcohorts?\b/, "cohort"],
  [/\b(?:churn )?risk\b/, "churn_risk"],
  [/\bhealth(?: score)?\b/, "health"],
  [/\btime in stage\b/, "time_in_stage"],
];

const NO_BENCHMARK =
  "What is a good value I cannot say: I know no other companies. Hold yours against your own past, such as “NRR by quarter this year”.";

/** "How do you compute NRR?", "difference between GRR and NRR": what the words mean here; else null. */
export function definitionQuestion(part: string, state: PartState): ToolCall[] | null {
  const text = part.toLowerCase().replace(/[?.! ]+$/, "");
  const isOf = WHAT_IS.test(text);
  if (
    !(isOf || DEFINE.test(text)) ||
    /\b(?:our|my|their|stages?|phases?|playbooks?)\b/.test(text) ||
    namesOneAccount(part, state)
  )
    return null;
  const words = new Words(part);
  const figures = metricsIn(words);
  const names = [...figures, ...OTHERS.filter(([said]) => words.has(said)).map(([, name]) => name)];
  if (names.length === 0 && !words.has(/\bcustomers?\b.*\b(?:has|have|is|are|in|at)\b/))
    names.push(...metricsOf(kindsIn(words.text)), ...(words.has(/\bchurn\b/) ? ["logo_churn"] : []));
  const { windows, group, filters } = pieces(words, state);
  if (names.length === 0 || windows.length > 0 || group || Object.keys(filters).length > 0) return null;
  // "What is the churn rate?" asks for its value.
  if (
    isOf &&
    !GOOD.test(text) &&
    !/^what is (?:an? )?(?:nrr|grr|mrr|arr|arpa|arpu|clv|ltv|cltv|nps|csat|churn|contraction|expansion|reactivation|logo churn|net churn|gross churn|quick ratio|health|churn risk|nrr and grr|grr and nrr)$/.test(
      text,
    )
  )
    return null;
  if (GOOD.test(text)) state.say.push(NO_BENCHMARK);
  const value = isOf && !GOOD.test(text) && figures.length > 0;
  return [
    { tool: "figure_definition", input: { names: [...new Set(names)].slice(0, 8) } },
    ...(value ? [{ tool: "compare_figures", input: { metrics: figures, ...usualWindow(figures) } }] : []),
  ];
}

const usualWindow = (metrics: readonly string[]): { windows?: string[] } =>
  metrics.includes("clv")
    ? { windows: ["last 12 months"] }
    : metrics.every((each) => ["mrr", "arr", "customers", "arpa"].includes(each))
      ? { windows: ["today"] }
      : {};
