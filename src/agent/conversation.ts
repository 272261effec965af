import { AIMessage, type BaseMessage, HumanMessage, SystemMessage } from "@langchain/core/messages";
import type { Focus } from "#threads/focus.ts";
import type { Thread } from "#threads/thread.ts";
import type { ToolContext } from "#tools/define-tool.ts";

const MEMORY_CHARACTERS = 12_000; // about 3,000 tokens of earlier turns
const LONGEST_MEMORY = 2_000; // of one question or answer

/** The messages that a question starts with: the rules, the last turns of the thread, the question. */
export function openingMessages(given: {
  question: string;
  thread: Pick<Thread, "turns" | "focus"> | null;
  asker?: string | null | undefined;
  context: Pick<ToolContext, "today" | "zone" | "baseCurrency">;
  assistant: (values: { today: string; zone: string; currency: string; thread: string }) => string;
}): BaseMessage[] {
  const { question, thread, asker, context, assistant } = given;
  const rules = assistant({
    today: context.today,
    zone: context.zone,
    currency: context.baseCurrency,
    thread: [
      asker && `The person who asks owns accounts as ${JSON.stringify(asker.slice(0, 80))}.`,
      sayFocus(thread?.focus),
    ]
      .filter(Boolean)
      .join("\n"),
  });
  return [new SystemMessage(rules), ...memory(thread?.turns ?? []), new HumanMessage(question)];
}

function memory(turns: Thread["turns"]): BaseMessage[] {
  const shown: BaseMessage[] = [];
  let room = MEMORY_CHARACTERS;
  for (const turn of turns.toReversed()) {
    const question = turn.question.slice(0, LONGEST_MEMORY);
    const answer = turn.answer.slice(0, LONGEST_MEMORY);
    room -= question.length + answer.length;
    if (room < 0) break;
    shown.unshift(new HumanMessage(question), new AIMessage(answer));
  }
  return shown;
}

/** What "they" and "the second one" mean, for the model. Names are other people's words, so they are quoted. */
function sayFocus(focus: Focus | undefined): string {
  if (!focus) return "This is the first question.";
  const name = (account: { id: number; name: string }) => `#${account.id} ${JSON.stringify(account.name.slice(0, 80))}`;
  const lines = [
    focus.account && `The account in hand is ${name(focus.account)}.`,
    focus.accounts.length > 0 && `The last list, in order: ${focus.accounts.slice(0, 20).map(name).join(", ")}.`,
    focus.pending &&
      `You asked which account was meant by ${JSON.stringify(focus.pending.question.slice(0, 200))}: ${focus.pending.choices
        .map((choice) => `#${choice.id} ${JSON.stringify(choice.label)} (${choice.hint})`)
        .join(", ")}.`,
  ].filter((line) => typeof line === "string");
  return lines.length > 0 ? lines.join("\n") : "No account is in hand yet.";
}
