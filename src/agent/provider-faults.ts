import { parseRetryAfterMs } from "@langchain/core/utils/async_caller";
import { MiddlewareError } from "langchain";
import type { ReplyFault } from "./finalize.ts";
import { Stalled } from "./wire-model.ts";

/** A model could not answer. `words` finish the sentence "The model did not answer (…)". */
export interface ModelFault {
  words: string;
  /** Whether the same model may be asked once more. */
  retry: boolean;
  waitMs: number;
}

/** A reply that the gate refused. */
export class BadReply extends Error {
  override readonly name = "BadReply";
  readonly fault: ReplyFault;
  constructor(fault: ReplyFault) {
    super(`the reply is ${fault}`);
    this.fault = fault;
  }
}

/** A question has used up what it may cost. */
export class BudgetSpent extends Error {
  override readonly name = "BudgetSpent";
}

const FAULTS: Record<ReplyFault, { words: string; retry: boolean }> = {
  empty: { words: "its reply was empty", retry: true },
  refused: { words: "it declined to answer", retry: false },
  filtered: { words: "its content filter held the reply back", retry: false },
  "too long": { words: "its reply did not fit its limit", retry: true },
  "cut off": { words: "its reply was cut off", retry: true },
  "malformed tool call": { words: "it called a tool with broken arguments", retry: true },
  unfinished: { words: "it stopped before an answer", retry: true },
};

const STATUS: [(status: number) => boolean, string, boolean][] = [
  [(status) => status === 429, "too busy", true],
  [(status) => status === 401 || status === 403, "it refused our key; check OPENAI_API_KEY", false],
  [(status) => status === 404, "it does not know this model; check PERENNIAL_MODEL and OPENAI_BASE_URL", false],
  [(status) => status === 413, "the question was too large for it", false],
  [(status) => status === 408, "it took too long", true],
  [(status) => status >= 500, "an error on its side", true],
  [(status) => status >= 400, "it refused the request", false],
];

/** The fault behind an error of a model call; null when the error is ours. */
export function modelFault(thrown: unknown): ModelFault | null {
  const error = rootOf(thrown);
  if (error instanceof BadReply) return { ...FAULTS[error.fault], waitMs: 0 };
  if (error instanceof BudgetSpent) return { words: error.message, retry: false, waitMs: 0 };
  if (error instanceof Stalled) return { words: "its answer stopped half-way", retry: true, waitMs: 0 };
  if (!(error instanceof Error)) return null;
  if (error.name === "TimeoutError") return { words: "it took too long", retry: false, waitMs: 0 };
  if (error.name === "GraphRecursionError") return { words: "it made too many steps", retry: false, waitMs: 0 };
  if (error.name === "ContextOverflowError")
    return { words: "the question was too large for it", retry: false, waitMs: 0 };
  const status = "status" in error && typeof error.status === "number" ? error.status : null;
  if (status !== null) {
    const [, words, retry] = STATUS.find(([matches]) => matches(status)) ?? STATUS.at(-1)!;
    return { words, retry, waitMs: status === 429 ? waitAsked(error) : 0 };
  }
  return isNetwork(error) ? { words: "it cannot be reached", retry: true, waitMs: 0 } : null;
}

/** LangChain wraps what a middleware throws, once per layer. */
export function rootOf(thrown: unknown): unknown {
  let error = thrown;
  while (MiddlewareError.isInstance(error) && error.cause) error = error.cause;
  return error;
}

const DEFAULT_WAIT_MS = 500; // a 429 that names no wait

function waitAsked(error: Error): number {
  const headers = "headers" in error && error.headers instanceof Headers ? error.headers : null;
  return parseRetryAfterMs(headers?.get("retry-after")) ?? DEFAULT_WAIT_MS;
}

function isNetwork(error: Error): boolean {
  const about = `${error.name} ${error.constructor.name} ${error.message} ${error.cause instanceof Error ? error.cause.message : ""}`;
  return /APIConnection|Connection error|fetch failed|terminated|socket|ECONN|ENOTFOUND|EAI_AGAIN|other side closed|Premature close|SSE|JSON/i.test(
    about,
  );
}
