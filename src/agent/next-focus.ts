import { type Focus, NO_FOCUS, type ToolCall } from "#threads/focus.ts";
import { choiceOf, type Finding } from "./answer.ts";

type Named = { id: number; name: string };
const LONGEST_LIST = 100;

/** What the next question may refer to, after these findings. Small talk (no finding) leaves it as it was. */
export function nextFocus(before: Focus | null, question: string, findings: readonly Finding[]): Focus {
  const was = before ?? NO_FOCUS;
  const found = findings.filter((finding) => !finding.isError);
  if (found.length === 0) return was;
  const asking = found.filter((finding) => (choiceOf(finding)?.choices.length ?? 0) > 0);
  const answered = found.filter((finding) => choiceOf(finding) === null);
  const list = answered.map(listOf).findLast((accounts) => accounts.length > 0) ?? [];
  const one = answered.map(accountOf).findLast((account) => account !== null) ?? (list.length === 1 ? list[0]! : null);
  return {
    account: one ?? (list.length > 0 ? null : was.account),
    accounts: list.length > 0 ? list.slice(0, LONGEST_LIST) : was.accounts,
    calls: answered.length > 0 ? answered.map(asCall) : was.calls,
    pending: asking.length > 0 ? { choices: choiceOf(asking[0]!)!.choices, question, calls: asking.map(asCall) } : null,
  };
}

const asCall = (finding: Finding): ToolCall => ({
  tool: finding.tool,
  input: isRecord(finding.input) ? finding.input : {},
});

const accountOf = ({ output }: Finding): Named | null =>
  isRecord(output) && isNamed(output.account) ? { id: output.account.id, name: output.account.name } : null;

/** The accounts of a list; what is told of one account is none. */
const listOf = ({ output }: Finding): Named[] =>
  isRecord(output) && !isNamed(output.account) && Array.isArray(output.accounts)
    ? output.accounts.filter(isNamed).map(({ id, name }) => ({ id, name }))
    : [];

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isNamed = (value: unknown): value is Named =>
  isRecord(value) && typeof value.id === "number" && typeof value.name === "string";
