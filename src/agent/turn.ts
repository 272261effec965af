import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { AIMessage, BaseMessage } from "@langchain/core/messages";
import type { Log } from "#log.ts";
import type { Tool, ToolContext } from "#tools/define-tool.ts";
import type { AskEvent, Finding } from "./answer.ts";
import { BudgetSpent } from "./provider-faults.ts";
import { runTool } from "./run-tool.ts";
import { Shelf } from "./shelf.ts";

const MAX_TOOL_CALLS = 12; // a person waits; twelve look-ups answer any question that we know
const CHARACTERS_A_TOKEN = 4; // for providers that report no usage

export interface Budget {
  modelCalls: number;
  tokens: number;
}

/** One question on its way: what it has found, what it has cost, and which model answers it now. */
export class Turn {
  readonly tools: readonly Tool[];
  readonly context: ToolContext;
  readonly onEvent: (event: AskEvent) => void;
  readonly log: Log;
  /** What the present model may still cost. */
  budget: Budget;
  model: BaseChatModel;
  /** The messages of the last model call: where a retry goes on. */
  messages: BaseMessage[] = [];
  usage = { modelCalls: 0, tokens: 0 };
  /** The passages that were found, numbered as the present model may cite them. */
  shelf: Shelf;
  #calls: { key: string; finding: Promise<Finding>; found: Finding | null }[] = [];

  constructor(given: {
    tools: readonly Tool[];
    context: ToolContext;
    onEvent: (event: AskEvent) => void;
    log: Log;
    budget: Budget;
    model: BaseChatModel;
  }) {
    this.tools = given.tools;
    this.context = given.context;
    this.onEvent = given.onEvent;
    this.log = given.log;
    this.budget = given.budget;
    this.model = given.model;
    this.shelf = new Shelf(given.tools);
  }

  /** In the order in which the tools were called. */
  get findings(): Finding[] {
    return this.#calls.flatMap((call) => call.found ?? []);
  }

  /** Another model starts anew: with its own budget and without what was found before. */
  startOver(model: BaseChatModel, budget: Budget): void {
    this.model = model;
    this.budget = { ...budget };
    this.#calls = [];
    this.shelf = new Shelf(this.tools);
  }

  /** Whether this must be the last model call, so that it has to answer with what is there. */
  get mustAnswer(): boolean {
    return this.budget.modelCalls <= 1 || this.#calls.length >= MAX_TOOL_CALLS;
  }

  /** Throws BudgetSpent when the question may not be sent to a model once more. */
  beforeModelCall(messages: BaseMessage[]): void {
    this.messages = messages;
    if (this.budget.modelCalls <= 0) throw new BudgetSpent("it needed more steps than a question may take");
    if (estimateTokens(messages) > this.budget.tokens)
      throw new BudgetSpent("the question needed more text than it may read");
  }

  afterModelCall(reply: AIMessage): void {
    const tokens = reply.usage_metadata?.total_tokens ?? estimateTokens([...this.messages, reply]);
    this.budget.modelCalls -= 1;
    this.budget.tokens -= tokens;
    this.usage.modelCalls += 1;
    this.usage.tokens += tokens;
  }

  /** Runs a tool once: the same call again gets the same finding. */
  call(name: string, input: unknown): Promise<Finding> {
    const key = `${name} ${JSON.stringify(input)}`;
    const before = this.#calls.find((call) => call.key === key);
    if (before) return before.finding;
    const title = this.tools.find((tool) => tool.name === name)?.title ?? name;
    this.onEvent({ type: "tool_started", tool: name, title });
    const call = {
      key,
      finding: runTool(this.tools, name, input, this.context, this.log),
      found: null as Finding | null,
    };
    this.#calls.push(call);
    return call.finding.then((finding) => {
      call.found = finding;
      this.shelf.put(finding);
      this.onEvent({ type: "tool_finished", tool: name, title, isError: finding.isError });
      return finding;
    });
  }
}

const estimateTokens = (messages: BaseMessage[]): number =>
  Math.ceil(messages.reduce((sum, message) => sum + message.text.length, 0) / CHARACTERS_A_TOKEN);
