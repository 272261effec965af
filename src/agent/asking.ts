import { type BaseMessage, HumanMessage } from "@langchain/core/messages";
import type { ModelConfig } from "#config.ts";
import { citedNumbers, type Dropped, SAYS_NO } from "#grounding.ts";
import { NO_FOCUS } from "#threads/focus.ts";
import type { Answer, AskEvent } from "./answer.ts";
import type { AgentParts, Question } from "./ask.ts";
import { openingMessages } from "./conversation.ts";
import { Evidence } from "./evidence.ts";
import type { Loop } from "./loop.ts";
import { nextFocus } from "./next-focus.ts";
import { OfflinePlanner } from "./offline-planner/planner.ts";
import { type ModelFault, modelFault } from "./provider-faults.ts";
import { NOT_BEFORE_STRANGERS } from "./run-tool.ts";
import { SpokenText } from "./spoken-text.ts";
import { type Budget, Turn } from "./turn.ts";
import { WireModel } from "./wire-model.ts";

const LONGEST_QUESTION = 8_000; // characters; four pages
const PLANNER_BUDGET: Budget = { modelCalls: 6, tokens: 10_000_000 };
const LEAST_KEPT = 0.5; // of the sentences; below it the answer has lost its sense
const STALL_SHARE = 0.5; // of the time that a model has

/** What one question is answered with. */
export interface AskingParts {
  parts: AgentParts;
  prompts: {
    assistant: Parameters<typeof openingMessages>[0]["assistant"];
    sayItAgain: (values: { dropped: string }) => string;
  };
  loop: Loop;
  question: Question;
}

type Outcome = { text: string } | { fault: ModelFault };

/** One question being answered: model, then fallback model, then the offline planner. */
export class Asking {
  readonly #given: AskingParts;
  readonly #started = performance.now();
  readonly #turn: Turn;
  readonly #onEvent: (event: AskEvent) => void;
  readonly #question: string;
  readonly #evidence: Evidence;
  #spoken: SpokenText | null = null;

  constructor(given: AskingParts) {
    const { parts, question } = given;
    this.#given = given;
    this.#question = question.question.trim();
    this.#onEvent = question.onEvent ?? (() => undefined);
    this.#turn = new Turn({
      tools: parts.tools,
      context: question.context,
      onEvent: this.#onEvent,
      log: parts.log,
      budget: PLANNER_BUDGET,
      model: OfflinePlanner.idle(),
    });
    const { thread, context } = question;
    this.#evidence = new Evidence({
      question: this.#question,
      thread,
      context,
      tools: parts.tools,
      log: parts.log,
      findings: () => this.#turn.findings,
      shelf: () => this.#turn.shelf,
    });
  }

  async answer(): Promise<Answer> {
    const refusal = questionFault(this.#question);
    if (refusal) return this.#told(refusal, null);
    // The thread may be older than the day on which strangers joined, so it is not read either.
    if (this.#given.question.context.actor.audience === "external") return this.#told(NOT_BEFORE_STRANGERS, null);
    const { model } = this.#given.parts;
    if (!model) return this.#offline("no model", "Offline answer: no model is configured.");
    let fault: ModelFault | null = null;
    for (const name of [model.name, model.fallback].filter((each) => each !== null)) {
      const outcome = await this.#tryModel(model, name, fault === null);
      if ("text" in outcome) return this.#told(outcome.text, null);
      this.#given.parts.log.warn({ model: name, because: outcome.fault.words }, "a model did not answer");
      this.#restart();
      fault = outcome.fault;
    }
    return this.#offline(
      "provider",
      `The model did not answer (${fault?.words ?? "unknown"}); this is the offline answer.`,
    );
  }

  /** Asks one model, at most once more after a fault that may pass, and once more when too much was ungrounded. */
  async #tryModel(model: ModelConfig, name: string, first: boolean): Promise<Outcome> {
    const { signal: stop, thread, context } = this.#given.question;
    const deadline = AbortSignal.timeout(model.timeoutSeconds * 1000);
    const signal = stop ? AbortSignal.any([stop, deadline]) : deadline;
    const endsAt = performance.now() + model.timeoutSeconds * 1000;
    const wire = new WireModel(model, name, {
      stallMs: model.timeoutSeconds * 1000 * STALL_SHARE,
      onText: (text) => this.#spoken?.add(text),
    });
    this.#turn.startOver(wire, { modelCalls: model.maxCalls, tokens: model.maxTokens });
    this.#onEvent({ type: "status", words: first ? "Thinking" : "Asking the second model" });
    let messages = openingMessages({
      question: this.#question,
      thread,
      asker: this.#given.question.asker,
      context,
      assistant: this.#given.prompts.assistant,
    });
    let mayRetry = true;
    let mayCorrect = true;
    for (;;) {
      const result = await this.#attempt(messages, signal);
      stop?.throwIfAborted();
      if ("fault" in result) {
        const { fault } = result;
        if (!mayRetry || !fault.retry || performance.now() + fault.waitMs >= endsAt) return { fault };
        mayRetry = false;
        messages = this.#turn.messages.length > 0 ? this.#turn.messages : messages;
        await pause(fault.waitMs, signal);
        stop?.throwIfAborted();
      } else {
        const checked = await this.#evidence.check(result.text, "model");
        const noes = this.#evidence.honestNoes();
        if (noes.length > 0) return { text: withHonestNo(checked.text, checked.kept, noes) };
        if (checked.kept > 0 && checked.kept >= LEAST_KEPT * checked.of) return { text: checked.text };
        if (!mayCorrect) return this.#ownWords();
        mayCorrect = false;
        messages = [...this.#turn.messages, this.#correction(checked.dropped)];
      }
      this.#restart();
    }
  }

  async #attempt(messages: BaseMessage[], signal: AbortSignal): Promise<Outcome> {
    const { question, parts, loop } = this.#given;
    this.#spoken = question.onEvent
      ? new SpokenText((text) => this.#onEvent({ type: "text", text }), this.#evidence)
      : null;
    try {
      const text = await loop.run(this.#turn, messages, signal);
      await this.#spoken?.end();
      return { text };
    } catch (error) {
      this.#spoken?.stop();
      if (question.signal?.aborted) throw question.signal.reason;
      const fault = modelFault(signal.aborted ? signal.reason : error);
      if (!fault) throw error;
      parts.log.info({ err: error }, "a model call failed");
      return { fault };
    }
  }

  /** The model is reachable but does not keep to the findings: they speak for themselves. Without any, the planner does. */
  #ownWords(): Outcome {
    const words = this.#turn.findings.filter((finding) => !finding.isError).map((finding) => finding.words);
    if (words.length === 0)
      return { fault: { words: "its answer rested on nothing that was looked up", retry: false, waitMs: 0 } };
    return {
      text: ["The model's wording did not keep to what was found, so this is what was found:", ...new Set(words)].join(
        "\n\n",
      ),
    };
  }

  async #offline(because: "no model" | "provider", notice: string): Promise<Answer> {
    const { parts, question, loop } = this.#given;
    this.#spoken = null;
    this.#onEvent({ type: "status", words: "Looking it up" });
    const vocabulary = await parts.vocabulary(question.context);
    const planner = new OfflinePlanner({
      question: this.#question,
      today: question.context.today,
      focus: question.thread?.focus ?? NO_FOCUS,
      asker: question.asker ?? null,
      vocabulary,
    });
    this.#turn.startOver(planner, PLANNER_BUDGET);
    const never = new AbortController();
    const text = await loop.run(this.#turn, [new HumanMessage(this.#question)], question.signal ?? never.signal);
    const checked = await this.#evidence.check(text, "tools");
    return this.#told(`${notice}\n\n${checked.text}`, because);
  }

  #correction(dropped: readonly Dropped[]): HumanMessage {
    const list = dropped
      .slice(0, 20)
      .map(({ sentence, because }) => `- ${JSON.stringify(sentence.slice(0, 300))}: ${because}`);
    return new HumanMessage(this.#given.prompts.sayItAgain({ dropped: list.join("\n") }));
  }

  #restart(): void {
    if (this.#spoken?.said) this.#onEvent({ type: "restart" });
  }

  #told(text: string, offlineBecause: Answer["offlineBecause"]): Answer {
    const { findings, shelf, usage } = this.#turn;
    const cited = offlineBecause === null ? citedNumbers(text) : [];
    const { thread } = this.#given.question;
    return {
      text,
      offline: offlineBecause !== null,
      offlineBecause,
      findings,
      sources: shelf.passages.map((each) => ({ ...each, cited: cited.includes(each.number) })),
      dropped: this.#evidence.dropped,
      keptOut: [...new Set(findings.flatMap((finding) => finding.keptOut ?? []))],
      usage: { ...usage, ms: Math.round(performance.now() - this.#started) },
      focus: nextFocus(thread?.focus ?? null, this.#question, findings),
    };
  }
}

function questionFault(question: string): string | null {
  if (question === "")
    return "Your question is empty. Ask something like “What stage is Acme in, and what should I do next?”";
  if (question.length <= LONGEST_QUESTION) return null;
  return `Your question has ${question.length.toLocaleString("en")} characters; I read at most ${LONGEST_QUESTION.toLocaleString("en")}. Please ask it in a few sentences.`;
}

/** What is left of a model's answer where no playbook covers the question: what it says of the data, and that no. */
function withHonestNo(text: string, kept: number, noes: readonly string[]): string {
  const unsaid = noes.filter(
    (no) => no.includes("\n") || !text.split(/(?<=[.!])\s/).some((each) => SAYS_NO.test(each)),
  );
  return [kept > 0 ? text : "", ...(kept > 0 ? unsaid : noes)].filter(Boolean).join("\n\n");
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(clock);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const clock = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
