import { accountLedBy, accountNamedIn } from "#accounts/named-in.ts";
import type { Reading } from "#database/door.ts";
import { evaluate } from "#lifecycle/evaluate.ts";
import { FACTS } from "#lifecycle/facts.ts";
import type { Reason } from "#lifecycle/judgement.ts";
import { sayValue } from "#lifecycle/words.ts";
import { playbookRules } from "#playbooks/rules.ts";
import type { ToolContext } from "./define-tool.ts";
import { type Subject, subjectOf } from "./subject.ts";
import { distance } from "./words.ts";

/** The account that is named apart, else the one that the question itself calls by its whole name, or begins with. */
export async function subjectMeant(
  rows: Reading,
  { said, question, stage }: { said: string | undefined; question: string; stage: string | undefined },
  context: ToolContext,
) {
  const named = said || stage ? null : ((await accountNamedIn(rows, question)) ?? (await accountLedBy(rows, question)));
  const account = said ?? (named?.accounts.length === 1 ? `#${named.accounts[0]!.id}` : null);
  return account === null ? null : subjectWithFired(rows, account, context);
}

/** The account, and in words the facts that fulfil a playbook's condition, by the playbook's id. */
async function subjectWithFired(
  rows: Reading,
  said: string,
  context: ToolContext,
): Promise<Subject & { fired: Map<string, string[]> }> {
  const subject = await subjectOf(rows, said, context);
  const rules = await playbookRules(rows);
  const fired = rules.flatMap(({ id, when }): [string, string[]][] => {
    const asked = when && evaluate(when, subject.facts, context.today);
    if (asked?.held !== "yes") return [];
    const held = asked.reasons.filter((reason) => reason.held === "yes");
    return [[id, [...new Set(held.map((reason) => factWords(reason, subject.facts.currency, context.today)))]]];
  });
  return { ...subject, fired: new Map(fired) };
}

/** "next renewal in 38 days", "seat use 34%", "2 open tickets", "no last meeting known". */
function factWords({ fact, label, value }: Reason, currency: string, today: string): string {
  const { kind } = FACTS[fact];
  if (value === null) return `no ${label} known`;
  if (kind === "date") return `${label} ${distance(String(value), today)}`;
  return kind === "count" ? `${value} ${label}` : `${label} ${sayValue(kind, value, currency)}`;
}
