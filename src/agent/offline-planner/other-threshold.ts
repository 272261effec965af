import type { ToolCall } from "#threads/focus.ts";
import type { PortfolioFilters } from "#tools/portfolio-input.ts";
import type { PartState } from "./one-account.ts";
import { Words } from "./question.ts";
import { takeRanges } from "./thresholds.ts";

const ONLY_A_THRESHOLD =
  /^(?:(?:what|how) about |only |just |those |the ones |with )*((?:more than|over|above|at least|less than|fewer than|under|below|at most|up to|between|[<>]) ?[$€£]?\d[\d.,]*(?: ?(?:k|m|thousand|million))?(?: and [$€£]?\d[\d.,]*)?)[?.! ]*$/;
const RANGES = ["mrr", "health", "nps"] as const;
const LISTS = ["portfolio", "renewals", "churn_risk"];

/** "And less than 100?" after a list: the same list with the threshold on the other side; else null. Asks back where it could be of several things. */
export function otherThreshold(part: string, state: PartState): ToolCall[] | null {
  const last = state.calls.at(-1);
  const said = ONLY_A_THRESHOLD.exec(part.toLowerCase())?.[1];
  if (!said || !last || !LISTS.includes(last.tool)) return null;
  const before = (last.input.filters ?? {}) as PortfolioFilters; // this planner made it
  const held = last.tool === "portfolio" ? RANGES.filter((key) => before[key]) : [];
  const [key] = held;
  const range = key && held.length === 1 ? takeRanges(new Words(`${key} ${said}`)) : {};
  if (Object.keys(range).length > 0)
    return [{ tool: last.tool, input: { ...last.input, filters: { ...before, ...range } } }];
  state.say.push(
    `${said[0]!.toUpperCase()}${said.slice(1)} of what? Ask again with MRR, health or NPS, such as “MRR ${said}”.`,
  );
  return [];
}
