import { AIMessage, type BaseMessage, type UsageMetadata } from "@langchain/core/messages";
import type { ChatResult } from "@langchain/core/outputs";
import { ChatOpenAICompletions, convertMessagesToCompletionsMessageParams, type OpenAIClient } from "@langchain/openai";
import type { ModelConfig } from "#config.ts";

/** The provider sent nothing for too long. `timeout` of the client does not see a stream that stands still. */
export class Stalled extends Error {
  override readonly name = "Stalled";
}

export interface WireHooks {
  /** Called with each piece of text as it arrives. */
  onText(text: string): void;
  stallMs: number;
}

type Chunk = OpenAIClient.Chat.Completions.ChatCompletionChunk;

/**
 * A chat model behind any OpenAI-compatible endpoint, always streamed, never retried here. The stream is put together
 * here, because LangChain loses its finish reason and its refusal, mends cut tool arguments, and waits for ever when it
 * stalls.
 */
export class WireModel extends ChatOpenAICompletions {
  readonly #hooks: WireHooks;

  constructor(model: ModelConfig, name: string, hooks: WireHooks) {
    super({
      model: name,
      apiKey: model.apiKey,
      configuration: { baseURL: model.baseUrl ?? undefined },
      maxRetries: 0,
      streamUsage: true,
    });
    this.#hooks = hooks;
  }

  override async _generate(messages: BaseMessage[], options: this["ParsedCallOptions"]): Promise<ChatResult> {
    const stall = new AbortController();
    const clock = setTimeout(() => stall.abort(), this.#hooks.stallMs);
    const signal = options.signal ? AbortSignal.any([options.signal, stall.signal]) : stall.signal;
    const reply = new Reply();
    try {
      const request = { ...this.invocationParams(options, { streaming: true }), stream: true as const };
      const stream = await this.completionWithRetry(
        { ...request, messages: convertMessagesToCompletionsMessageParams({ messages, model: this.model }) },
        { signal },
      );
      for await (const chunk of stream) {
        clock.refresh();
        const text = reply.add(chunk);
        if (text) this.#hooks.onText(text);
      }
    } catch (error) {
      throw stall.signal.aborted ? new Stalled("the stream stood still", { cause: error }) : error;
    } finally {
      clearTimeout(clock);
    }
    // An aborted stream of the client ends as if it were finished.
    if (stall.signal.aborted) throw new Stalled("the stream stood still");
    options.signal?.throwIfAborted();
    const message = reply.message();
    return { generations: [{ text: message.text, message }] };
  }
}

/** The pieces of a streamed reply. */
class Reply {
  #text = "";
  #refusal = "";
  #finish: string | null = null;
  #usage: UsageMetadata | undefined;
  readonly #calls: { id: string; name: string; args: string }[] = [];

  /** Takes a piece in and returns its text. */
  add(chunk: Chunk): string {
    if (chunk.usage) {
      const { prompt_tokens: input, completion_tokens: output, total_tokens: total } = chunk.usage;
      this.#usage = { input_tokens: input, output_tokens: output, total_tokens: total };
    }
    const choice = chunk.choices?.[0];
    this.#finish ??= choice?.finish_reason ?? null;
    const delta = choice?.delta;
    this.#refusal += delta?.refusal ?? "";
    for (const piece of delta?.tool_calls ?? []) {
      // Some providers number no calls: a piece with a name begins one, a piece without belongs to the last.
      const at = piece.index ?? (piece.function?.name ? this.#calls.length : Math.max(0, this.#calls.length - 1));
      const call = this.#calls[at] ?? { id: "", name: "", args: "" };
      this.#calls[at] = call;
      call.id ||= piece.id ?? "";
      call.name ||= piece.function?.name ?? "";
      call.args += piece.function?.arguments ?? "";
    }
    const text = typeof delta?.content === "string" ? delta.content : "";
    this.#text += text;
    return text;
  }

  /** The whole reply. Arguments that are no JSON object make an invalid call; nothing is mended. */
  message(): AIMessage {
    const calls = this.#calls
      .filter(Boolean)
      .map((call, at) => ({ ...call, id: call.id || `call-${at}`, read: jsonObject(call.args) }));
    return new AIMessage({
      content: this.#text,
      tool_calls: calls.flatMap(({ id, name, read }) =>
        read ? { type: "tool_call" as const, id, name, args: read } : [],
      ),
      invalid_tool_calls: calls.flatMap(({ id, name, args, read }) =>
        read ? [] : { type: "invalid_tool_call" as const, id, name, args },
      ),
      additional_kwargs: this.#refusal ? { refusal: this.#refusal } : {},
      response_metadata: { finish_reason: this.#finish },
      ...(this.#usage ? { usage_metadata: this.#usage } : {}),
    });
  }
}

function jsonObject(text: string): Record<string, unknown> | null {
  if (text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch (notJson) {
    if (notJson instanceof SyntaxError) return null;
    throw notJson;
  }
}
