import { setTimeout as wait } from "node:timers/promises";
import { type WebAPICallResult, WebAPIRateLimitedError, type WebClient } from "@slack/web-api";
import { z } from "zod";
import { faultOf, rateLimited, SlackFault } from "../faults.ts";

type Given = Record<string, unknown>;

/** Who may not be asked before when, for one method in one channel of one team. Shared by all jobs of the process. */
export class RateLimits {
  readonly #until = new Map<string, number>();

  note(key: string, seconds: number): void {
    const now = Date.now();
    for (const [each, until] of this.#until) if (until <= now) this.#until.delete(each);
    this.#until.set(key, now + seconds * 1000);
  }

  left(key: string): number {
    return Math.max(0, (this.#until.get(key) ?? 0) - Date.now());
  }
}

export interface CallsOptions {
  client: WebClient;
  teamId: string;
  limits: RateLimits;
  /** Aborted at shutdown and when the job was lost; then nothing more goes out. */
  signal: AbortSignal;
  /** A call waits at most that long for rate limits, in milliseconds. */
  patience: number;
}

const REPEATS = 3;
const PAUSE_MS = 300;

/** Slack's Web API for one job: waits where Slack says so, for that method and channel alone. Throws SlackFault. */
export class Calls {
  readonly #options: CallsOptions;
  constructor(options: CallsOptions) {
    this.#options = options;
  }

  /**
   * A call that shows something new. Where its reply is lost it is not repeated: the fault says `unsure`.
   * `before` runs each time right before the call goes out, however long it waited.
   */
  once(method: string, given: Given, before?: () => Promise<void>): Promise<WebAPICallResult> {
    return this.#patient(method, given, { deadline: Date.now() + this.#options.patience, before });
  }

  /** A call that is only worth making now: where Slack asks to wait, it is not made. */
  now(method: string, given: Given): Promise<WebAPICallResult> {
    return this.#patient(method, given, { deadline: Date.now() });
  }

  get signal(): AbortSignal {
    return this.#options.signal;
  }

  /** A call that may be repeated without harm, such as reading and redrawing. */
  async again(method: string, given: Given): Promise<WebAPICallResult> {
    for (let time = 1; ; time++) {
      try {
        return await this.once(method, given);
      } catch (error) {
        const passing = error instanceof SlackFault && error.unsure && time < REPEATS;
        if (!passing) throw error;
        await this.pause(PAUSE_MS * time);
      }
    }
  }

  /** Waits; rejects with the job's end when that comes first. */
  async pause(ms: number): Promise<void> {
    const { signal } = this.#options;
    try {
      await wait(ms, undefined, { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  }

  async #patient(
    method: string,
    given: Given,
    { deadline, before }: { deadline: number; before?: (() => Promise<void>) | undefined },
  ): Promise<WebAPICallResult> {
    const { limits, teamId, client, signal } = this.#options;
    const key = `${teamId} ${method} ${String(given.channel ?? given.channel_id ?? "")}`;
    for (;;) {
      const left = limits.left(key);
      if (Date.now() + left > deadline + 50) throw rateLimited(Math.ceil(left / 1000));
      if (left > 0) await this.pause(left);
      await before?.();
      signal.throwIfAborted();
      try {
        return await client.apiCall(method, given);
      } catch (error) {
        if (!(error instanceof WebAPIRateLimitedError)) throw faultOf(error);
        limits.note(key, error.retryAfter);
      }
    }
  }
}

const withTs = z.object({ ts: z.string() });

/** The ts in an answer of Slack's. */
export const tsOf = (result: WebAPICallResult): string => withTs.parse(result).ts;
