import type { Dropped } from "#grounding.ts";
import type { Focus } from "#threads/focus.ts";
import type { Source } from "#tools/define-tool.ts";

/** What a tool found for a question. */
export interface Finding {
  tool: string;
  input: unknown;
  /** The typed finding; `Choice` when the asker must say which; a `Refusal` or `Failure` when `isError`. */
  output: unknown;
  /** The same in words (Markdown). */
  words: string;
  isError: boolean;
  /** What a channel does not see of it, in words: "ticket subjects". */
  keptOut?: string[];
}

/** A passage behind an answer. `cited`: the text names it by its number. */
export interface AnswerSource extends Source {
  number: number;
  cited: boolean;
}

/** The answer to one question. */
export interface Answer {
  /** Markdown. Every figure, day and account name in it stands in a finding. */
  text: string;
  offline: boolean;
  offlineBecause: "no model" | "provider" | null;
  findings: Finding[];
  /** Playbook passages behind it, each with the number that `[1]` in the text means. */
  sources: AnswerSource[];
  /** Sentences of the model that were not shown, and why. */
  dropped: Dropped[];
  /** What was kept out because a channel reads it, in words, each once: "ticket subjects", "names of contacts". */
  keptOut: string[];
  usage: { modelCalls: number; tokens: number; ms: number };
  /** What the next question of the thread may refer to. */
  focus: Focus;
}

/** What happens while a question is answered. `text` holds checked sentences; `restart` makes all text so far void. */
export type AskEvent =
  | { type: "status"; words: string }
  | { type: "tool_started"; tool: string; title: string }
  | { type: "tool_finished"; tool: string; title: string; isError: boolean }
  | { type: "text"; text: string }
  | { type: "restart" };

/** The output of a finding that asks back: which of these was meant. */
export interface ChoiceFinding {
  kind: "choice";
  message: string;
  choices: { id: number; label: string; hint: string }[];
}

/** The choice of a finding that asks back, or null. */
export function choiceOf(finding: Finding): ChoiceFinding | null {
  const output = finding.output;
  return typeof output === "object" && output !== null && "kind" in output && output.kind === "choice"
    ? (output as ChoiceFinding)
    : null; // only run-tool.ts makes this kind
}
