import { BaseChatModel, type BindToolsInput } from "@langchain/core/language_models/chat_models";
import { AIMessage, type BaseMessage, ToolMessage } from "@langchain/core/messages";
import type { ChatResult } from "@langchain/core/outputs";
import { NO_FOCUS } from "#threads/focus.ts";
import { type Given, type Plan, planQuestion } from "./plan.ts";

/**
 * A chat model without a model: it picks tools by rules and answers in the tools' own words. The agent loop, its tools,
 * budgets and guards are the same as for any other model.
 */
export class OfflinePlanner extends BaseChatModel {
  readonly #given: Given;
  #plan: Plan | null = null;

  constructor(given: Given) {
    super({});
    this.#given = given;
  }

  /** One that is never asked, for building the loop. */
  static idle(): OfflinePlanner {
    const vocabulary = {
      stages: [],
      teams: [],
      owners: [],
      segments: [],
      industries: [],
      countries: [],
      plans: [],
      campaigns: [],
    };
    return new OfflinePlanner({ question: "", today: "2000-01-01", focus: NO_FOCUS, asker: null, vocabulary });
  }

  override _llmType(): string {
    return "offline-planner";
  }

  /** The planner knows the tools by name; it needs no schemas. */
  override bindTools(_tools: BindToolsInput[]) {
    return this.withConfig({});
  }

  override async _generate(messages: BaseMessage[]): Promise<ChatResult> {
    this.#plan ??= planQuestion(this.#given);
    const found = messages.filter((message) => ToolMessage.isInstance(message));
    const { calls, say } = this.#plan;
    const message = found.length < calls.length ? this.#call(calls) : answer(compose(found, say));
    return { generations: [{ text: message.text, message }] };
  }

  #call(calls: Plan["calls"]): AIMessage {
    return new AIMessage({
      content: "",
      tool_calls: calls.map(({ tool, input }, index) => ({
        type: "tool_call",
        id: `offline-${index}`,
        name: tool,
        args: input,
      })),
      response_metadata: { finish_reason: "tool_calls" },
      usage_metadata: NOTHING_SPENT,
    });
  }
}

const NOTHING_SPENT = { input_tokens: 0, output_tokens: 0, total_tokens: 0 };

const answer = (text: string): AIMessage =>
  new AIMessage({ content: text, response_metadata: { finish_reason: "stop" }, usage_metadata: NOTHING_SPENT });

/** The tools' words, each once, and what the planner itself has to say. */
function compose(found: ToolMessage[], say: string[]): string {
  const words = found.map(({ artifact, text }) => (isFinding(artifact) ? artifact.words : text).trim());
  return [...new Set([...words, ...say])].filter((each) => each !== "").join("\n\n") || "Nothing was found.";
}

const isFinding = (artifact: unknown): artifact is { words: string } =>
  typeof artifact === "object" && artifact !== null && "words" in artifact && typeof artifact.words === "string";
