import type { Database } from "#database/door.ts";
import type { Claimed } from "#inbox/inbox.ts";
import { extendLease, stopAsked } from "#inbox/inbox.ts";
import type { Log } from "#log.ts";
import { JobEnded } from "../faults.ts";
import { talkLane } from "../receive/arrival-of.ts";
import { originOf, readBody } from "../receive/body.ts";
import type { Timing } from "../timing.ts";

/** A job that is being worked on: it says that it lives, and hears when it shall end. */
export class Running {
  readonly claimed: Claimed;
  /** The thread in which it answers, as a lane; a press has a lane of its own. */
  readonly talk: string | null;
  /** What the job's own work listens to: every end. */
  readonly #work = new AbortController();
  /** What its posts listen to: the ends after which nothing more may be said. The stop button is none of them. */
  readonly #posts = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #given: { database: Database; log: Log; timing: Timing };
  #lastSign = Date.now();
  /** Resolves when the job is over, however. */
  over: Promise<void> = Promise.resolve();

  constructor(claimed: Claimed, given: { database: Database; log: Log; timing: Timing }) {
    this.claimed = claimed;
    this.talk = talkOf(claimed);
    this.#given = given;
    this.#timer = setInterval(() => void this.#sign(), given.timing.extend);
  }

  get work(): AbortSignal {
    return this.#work.signal;
  }
  get posts(): AbortSignal {
    return this.#posts.signal;
  }

  end(why: JobEnded["why"]): void {
    const ended = new JobEnded(why);
    this.#work.abort(ended);
    if (why !== "stopped") this.#posts.abort(ended);
  }

  /** No more signs of life. */
  rest(): void {
    clearInterval(this.#timer);
  }

  /** Asks for more time. Where the database is away for too long, the job is another's. */
  async #sign(): Promise<void> {
    const { database, log, timing } = this.#given;
    try {
      if (!(await extendLease(database, this.claimed, timing.lease / 1000))) return this.end("lost");
      this.#lastSign = Date.now();
      if (!this.#work.signal.aborted && (await stopAsked(database, this.claimed))) this.end("stopped");
    } catch (error) {
      log.warn({ err: error }, "the lease of a job could not be extended");
      if (Date.now() - this.#lastSign > timing.lease - timing.extend) this.end("lost");
    }
  }
}

function talkOf(claimed: Claimed): string | null {
  const body = readBody(claimed.body);
  const { channel, thread } = body ? originOf(body) : { channel: null, thread: null };
  return channel && thread ? talkLane(channel, thread) : null;
}
