import { randomUUID } from "node:crypto";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, type BaseMessage, ToolMessage } from "@langchain/core/messages";
import { DynamicStructuredTool } from "@langchain/core/tools";
import { createAgent, createMiddleware } from "langchain";
import { z } from "zod";
import type { Tool } from "#tools/define-tool.ts";
import type { Finding } from "./answer.ts";
import { finalize } from "./finalize.ts";
import { BadReply } from "./provider-faults.ts";
import { Turn } from "./turn.ts";

/** The agent loop, made once: any model, any thread, any number of questions at a time. */
export interface Loop {
  /** Runs the model and its tools to the last reply. Throws what the model or the gate throws (see `modelFault`). */
  run(turn: Turn, messages: BaseMessage[], signal: AbortSignal): Promise<string>;
}

const LONGEST_FINDING = 16_000; // characters; a longer one would push the question out of the model's sight

/** LangChain's agent around our tools. The turn in hand travels in `configurable`, out of the model's reach. */
export function createLoop(tools: readonly Tool[], anyModel: BaseChatModel): Loop {
  const agent = createAgent({ model: anyModel, tools: tools.map(described), middleware: [guard] });
  return {
    async run(turn, messages, signal) {
      const recursionLimit = 2 * turn.budget.modelCalls + 4; // the budget speaks first; this is only the net below it
      const state = await agent.invoke({ messages }, { configurable: { turn }, recursionLimit, signal });
      const last = state.messages.at(-1);
      const fault = finalize(last, true);
      if (fault || !last) throw new BadReply(fault ?? "unfinished");
      return last.text;
    },
  };
}

const guard = createMiddleware({
  name: "Guard",
  async wrapModelCall(request, handler) {
    const turn = turnOf(request.runtime.configurable);
    turn.beforeModelCall(request.messages);
    const reply = await handler({
      ...request,
      model: turn.model,
      ...(turn.mustAnswer ? { toolChoice: "none" as const } : {}),
    });
    if (!AIMessage.isInstance(reply)) throw new BadReply("unfinished");
    turn.afterModelCall(reply);
    const fault = finalize(reply, false);
    if (fault) throw new BadReply(fault);
    reply.id = randomUUID(); // some providers give every reply the same id, and equal ids overwrite each other
    return reply;
  },
  async wrapToolCall(request) {
    const { name, args, id } = request.toolCall;
    const turn = turnOf(request.runtime.configurable);
    const finding = await turn.call(name, args);
    return new ToolMessage({
      name,
      tool_call_id: id ?? "",
      content: [fenced(finding), turn.shelf.citing(finding)].filter(Boolean).join("\n"),
      artifact: finding,
      status: finding.isError ? "error" : "success",
    });
  },
});

function turnOf(configurable: Record<string, unknown> | undefined): Turn {
  if (!(configurable?.turn instanceof Turn)) throw new Error("the agent runs without a turn");
  return configurable.turn;
}

/** What tools say may hold other people's words (notes, tickets), so it is fenced and named. */
function fenced({ tool, words }: Finding): string {
  const cut = words.length > LONGEST_FINDING ? `${words.slice(0, LONGEST_FINDING)}\n… (cut)` : words;
  return `<finding tool="${tool}">\n${cut.replace(/<(\/?)finding/gi, "<$1 finding")}\n</finding>`;
}

/** A tool as the model sees it. The guard runs it; LangChain only shows it. */
function described(tool: Tool): DynamicStructuredTool {
  return new DynamicStructuredTool({
    name: tool.name,
    description: tool.description,
    schema: z.toJSONSchema(tool.input, { io: "input", unrepresentable: "any" }) as Record<string, unknown>, // a JSON schema object
    func: () => Promise.reject(new Error("tools run through the guard")),
  });
}
