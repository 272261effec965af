import type { ModelConfig } from "#config.ts";
import type { Log } from "#log.ts";
import { loadPrompt } from "#prompts.ts";
import type { Thread } from "#threads/thread.ts";
import type { Tool, ToolContext } from "#tools/define-tool.ts";
import type { Answer, AskEvent } from "./answer.ts";
import { Asking } from "./asking.ts";
import { createLoop } from "./loop.ts";
import { OfflinePlanner } from "./offline-planner/planner.ts";
import type { Vocabulary } from "./offline-planner/vocabulary.ts";

/** What the agent is made of. */
export interface AgentParts {
  /** null: no model; the offline planner answers. */
  model: ModelConfig | null;
  tools: readonly Tool[];
  /** The workspace's own words, for the offline planner. */
  vocabulary: (context: ToolContext) => Promise<Vocabulary>;
  promptsFolder: string;
  log: Log;
}

export interface Question {
  question: string;
  thread: Pick<Thread, "turns" | "focus"> | null;
  context: ToolContext;
  /** The asker's name as an account owner, for "my accounts"; null where it is not known. */
  asker?: string | null;
  onEvent?: (event: AskEvent) => void;
  signal?: AbortSignal;
}

/** Made once for the whole process. */
export interface AgentHouse {
  /** Answers a question. Rejects only when the signal is aborted or the database is away. */
  ask(question: Question): Promise<Answer>;
}

/** Opens the agent: prompts are read and checked, the loop is built. */
export function createAgentHouse(parts: AgentParts): AgentHouse {
  const prompts = {
    assistant: loadPrompt(parts.promptsFolder, "assistant", ["today", "zone", "currency", "thread"]),
    sayItAgain: loadPrompt(parts.promptsFolder, "say-it-again", ["dropped"]),
  };
  const loop = createLoop(parts.tools, OfflinePlanner.idle());
  return { ask: (question) => new Asking({ parts, prompts, loop, question }).answer() };
}
