import type { ToolCall } from "#threads/focus.ts";
import { given, namesOneAccount, pieces, sayUnread } from "./figure-asked.ts";
import { metricsIn } from "./figure-metrics.ts";
import { HOW_TO, PLAYBOOK } from "./intents.ts";
import { kindsIn } from "./kinds-of-movement.ts";
import type { PartState } from "./one-account.ts";
import { Words } from "./question.ts";

const HEADLINES = ["mrr", "customers", "net_change", "churned_mrr", "nrr"];

/** How the company does, not one account. */
const DOING =
  /^(?:so )?how (?:are|is|were|was|did) (?:we|things|business|the business|it|everything|the numbers|our numbers)(?: (?:doing|going|looking|do|did|perform\w*|all))*\b|\b(?:overview|summary|state|snapshot|recap|health) of (?:the |our )?(?:business|company|portfolio|numbers|figures)\b|\bbusiness (?:overview|summary|recap)\b|\b(?:key|main|headline|top) (?:figures|numbers|metrics|kpis)\b|^(?:our )?kpis\b|\bwhere do we stand\b|^(?:(?:give|tell|show) me |summari[sz]e |sum up |recap (?:of )?|(?:a |the )?(?:summary|recap) of )(?:the )?(?:last|this|past) (?:week|month|quarter|year)(?: (?:in|as) (?:one|a|an?|few|two) (?:short )?(?:paragraph|sentences?|lines?|words|nutshell|summary))?$|\bhow (?:is|was) (?:the |our )?(?:last |this )?(?:week|month|quarter|year)(?: so far| going)?\b/;
const COMPARED = /\b(?:compare[ds]?|versus|vs|against)\b/;
const GROWTH = /\b(?:growth|growing|grown|grow|develop\w*|evol\w*|trend\w*|over time)\b/;
const SUM =
  /^(?:what(?: is| are|'s)? |show(?: me)? |give me |tell me |how much is )?(?:our |the |my )?(?:current )?(?:total |overall |whole )?(?:mrr|arr|(?:monthly |annual )?recurring revenue)(?: in total| right now| now| today| at the moment| overall)?$|\b(?:total|overall) (?:mrr|arr)\b|\bwhat do we (?:make|earn|bring in|bill)(?: (?:a|per|each|every) (month|year))?\b|\bhow much (?:mrr|arr|recurring revenue) do we have\b/;

/** "How are we doing?", "this quarter vs last quarter", "total MRR", "MRR growth": figures of everybody; else null. */
export function headlineQuestion(part: string, state: PartState): ToolCall[] | null {
  const text = part.toLowerCase().replace(/[?.! ]+$/, "");
  if (PLAYBOOK.test(text) || HOW_TO.test(text) || namesOneAccount(part, state)) return null;
  return sumAsked(text, part, state) ?? growthAsked(text, part, state) ?? doingAsked(text, part, state);
}

/** "Total MRR", "ARR": the number, and how many pay it. */
function sumAsked(text: string, part: string, state: PartState): ToolCall[] | null {
  const alone = /^(?:mrr|arr|the mrr|the arr)$/.test(text);
  if (!SUM.test(text) || (alone && (state.account !== null || state.focus.account !== null))) return null;
  const words = new Words(part);
  words.take(/\b(?:total|overall|what do we (?:make|earn|bring in|bill)(?: (?:a|per|each|every) (?:month|year))?)\b/);
  while (words.take(/\b(?:mrr|arr|monthly|annual|recurring|revenue|much)\b/));
  const { windows, group, each, filters } = pieces(words, state);
  if (group || each || windows.length > 0) return null;
  if (
    words
      .rest()
      .some(({ text: word }) => /\b(?:renew\w*|risk|under|over|between|with|who|overdue|by|per)\b|\d/.test(word))
  )
    return null;
  sayUnread(words, state);
  const yearly = /\barr\b|\bannual\b|\byear\b/.test(text);
  return [
    {
      tool: "compare_figures",
      input: { metrics: [yearly ? "arr" : "mrr", "customers"], windows: ["today"], ...given({ filters }) },
    },
  ];
}

/** "MRR growth over the last 6 months": by month, and what changed in each. */
function growthAsked(text: string, part: string, state: PartState): ToolCall[] | null {
  if (
    !GROWTH.test(text) ||
    !/\b(?:mrr|arr|revenue|we|business|company)\b/.test(text) ||
    /\bwhy\b|\bwhat (?:drove|drives|caused)\b/.test(text)
  )
    return null;
  const words = new Words(part);
  const metrics = metricsIn(words);
  if (metrics.some((each) => !["mrr", "arr"].includes(each)) || kindsIn(words.text).length > 0) return null;
  const { windows, group, each, order, filters } = pieces(words, state);
  while (words.take(/\b(?:revenue|fast|much|quickly|has|business|company|grow|growing)\b/));
  sayUnread(words, state);
  const split = group ? { group_by: group, order: order ?? "highest" } : { each: each ?? "month" };
  return [
    {
      tool: "compare_figures",
      input: {
        metrics: [metrics[0] ?? "mrr", "net_change"],
        windows: [windows[0] ?? "last 6 months"],
        ...split,
        ...given({ filters }),
      },
    },
  ];
}

/** The headlines of a window, or of two that are held against each other. */
function doingAsked(text: string, part: string, state: PartState): ToolCall[] | null {
  const words = new Words(part);
  const asked = pieces(words.copy(), state); // "how was last week?" has its window within
  const doing = words.take(DOING) !== null;
  pieces(words, state);
  const compared = COMPARED.test(text) && asked.windows.length > 1 && onlyWindows(text);
  if (!doing && !compared) return null;
  if (metricsIn(words).length > 0 || kindsIn(words.text).length > 0) return null;
  while (words.take(/\b(?:quick|short|brief|me|overview|summary)\b/));
  sayUnread(words, state);
  const windows = asked.windows.length > 1 ? asked.windows.toReversed() : asked.windows;
  return [
    {
      tool: "compare_figures",
      input: {
        metrics: HEADLINES,
        windows: windows.length > 0 ? windows : ["last month", "this month"],
        ...(asked.group ? { group_by: asked.group } : {}),
        ...given({ filters: asked.filters }),
      },
    },
  ];
}

/** "This quarter vs last quarter", without a word of what is compared. */
const onlyWindows = (text: string): boolean =>
  !/\b(?:accounts?|customers?|health|nps|csat|tickets?|renew\w*|stages?|conver\w*)\b/.test(text);
