import type { BaseMessage } from "@langchain/core/messages";
import { tool as langchainTool } from "@langchain/core/tools";
import { ChatOpenAI } from "@langchain/openai";
import { createAgent } from "langchain";
import OpenAI from "openai";
import { z } from "zod";
import { createAgentHouse } from "#agent/ask.ts";
import type { ModelConfig } from "#config.ts";
import { loadPrompt } from "#prompts.ts";
import type { Tool, ToolContext } from "#tools/define-tool.ts";
import { vocabulary } from "#tools/index.ts";
import { log } from "../databases.ts";
import type { Company } from "./company.ts";

/** Answers a question, and tells how many tools it called. */
export type Answerer = (question: string) => Promise<{ text: string; toolCalls: number }>;

interface Ground {
  company: Company;
  tools: readonly Tool[];
  url: string;
}

const MODEL = "scripted";

/** Our agent, as the terminal runs it: with the words of the answer shown as they are checked. */
export function ours({ company, tools, url }: Ground): Answerer {
  const model: ModelConfig = {
    name: MODEL,
    fallback: null,
    baseUrl: url,
    apiKey: "none",
    timeoutSeconds: 60,
    maxCalls: 8,
    maxTokens: 1_000_000,
  };
  const house = createAgentHouse({ model, tools, vocabulary, promptsFolder: company.promptsFolder, log });
  return async (question) => {
    const { text, offline, dropped, findings } = await house.ask({
      question,
      thread: null,
      context: company.context,
      onEvent: () => undefined,
    });
    if (offline || dropped.length > 0)
      throw new Error(`the scripted turn went wrong: ${JSON.stringify({ text, dropped })}`);
    return { text, toolCalls: findings.length };
  };
}

/** LangChain's createAgent with the same tools and rules, and nothing else: no budgets, no checks. */
export function bareAgent({ company, tools, url }: Ground, { streaming }: { streaming: boolean }): Answerer {
  const model = new ChatOpenAI({
    model: MODEL,
    apiKey: "none",
    configuration: { baseURL: url },
    useResponsesApi: false,
  });
  const wrapped = tools.map(({ name, description, input, run, say }) =>
    langchainTool(async (given: unknown) => say(await run(given, company.context)), {
      name,
      description,
      schema: jsonSchema(input),
    }),
  );
  const agent = createAgent({ model, tools: wrapped, systemPrompt: rules(company) });
  return async (question) => {
    const asked = { messages: [{ role: "user", content: question }] };
    const { messages } = streaming
      ? await lastState(agent.stream(asked, { streamMode: ["messages", "values"] }))
      : await agent.invoke(asked);
    return {
      text: messages.at(-1)?.text ?? "",
      toolCalls: messages.filter((message) => message.type === "tool").length,
    };
  };
}

interface State {
  messages: BaseMessage[];
}

/** Reads a stream of pieces to its end; the state that comes last holds the whole conversation. */
async function lastState(stream: Promise<AsyncIterable<[string, unknown]>>): Promise<State> {
  let last: State = { messages: [] };
  for await (const [mode, piece] of await stream) if (mode === "values") last = piece as State; // what this mode gives
  return last;
}

/** The least that a turn can be: the provider's own package in a loop. */
export function handLoop({ company, tools, url }: Ground): Answerer {
  const client = new OpenAI({ apiKey: "none", baseURL: url, maxRetries: 0 });
  const system = { role: "system" as const, content: rules(company) };
  const offered = tools.map(({ name, description, input }) => ({
    type: "function" as const,
    function: { name, description, parameters: jsonSchema(input) },
  }));
  return async (question) => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [system, { role: "user", content: question }];
    for (let toolCalls = 0; ; ) {
      const stream = await client.chat.completions.create({
        model: MODEL,
        messages,
        tools: offered,
        stream: true,
        stream_options: { include_usage: true },
      });
      const { text, calls } = await gathered(stream);
      if (calls.length === 0) return { text, toolCalls };
      messages.push({ role: "assistant", content: text || null, tool_calls: calls });
      for (const { id, function: called } of calls)
        messages.push({ role: "tool", tool_call_id: id, content: await runByName(tools, called, company.context) });
      toolCalls += calls.length;
    }
  };
}

async function gathered(
  stream: AsyncIterable<OpenAI.ChatCompletionChunk>,
): Promise<{ text: string; calls: OpenAI.ChatCompletionMessageFunctionToolCall[] }> {
  let text = "";
  const calls: OpenAI.ChatCompletionMessageFunctionToolCall[] = [];
  for await (const chunk of stream) {
    const delta = chunk.choices[0]?.delta;
    text += delta?.content ?? "";
    for (const piece of delta?.tool_calls ?? []) {
      calls[piece.index] ??= { id: piece.id ?? "", type: "function", function: { name: "", arguments: "" } };
      const call = calls[piece.index]!; // made in the line above
      call.function.name += piece.function?.name ?? "";
      call.function.arguments += piece.function?.arguments ?? "";
    }
  }
  return { text, calls };
}

async function runByName(
  tools: readonly Tool[],
  called: { name: string; arguments: string },
  context: ToolContext,
): Promise<string> {
  const tool = tools.find((each) => each.name === called.name);
  if (!tool) throw new Error(`the scripted model called ${called.name}, which is no tool`);
  return tool.say(await tool.run(tool.input.parse(JSON.parse(called.arguments)), context));
}

/** Our rules, so that all send the same text. */
function rules({ promptsFolder, context }: Company): string {
  const assistant = loadPrompt(promptsFolder, "assistant", ["today", "zone", "currency", "thread"]);
  return assistant({
    today: context.today,
    zone: context.zone,
    currency: context.baseCurrency,
    thread: "This is the first question.",
  });
}

const jsonSchema = (input: z.ZodType) =>
  z.toJSONSchema(input, { io: "input", unrepresentable: "any" }) as Record<string, unknown>; // a JSON schema object
