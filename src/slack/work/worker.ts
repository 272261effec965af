import { hostname } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import type { Database } from "#database/door.ts";
import { type Claimed, claim, forget, giveBack } from "#inbox/inbox.ts";
import type { Log } from "#log.ts";
import { stoppedTalk } from "../receive/arrival-of.ts";
import type { Timing } from "../timing.ts";
import { Running } from "./running.ts";

const AT_ONCE = 8;
const UPKEEP_MS = 3_600_000;
const KEPT_DAYS = 3; // Slack redelivers for an hour; the rest is for looking back
const UNWIND_MS = 2_000;

export interface WorkerOptions {
  database: Database;
  log: Log;
  timing: Timing;
  /** Does one job and settles its row. Rejects never, but for a database that is away: then the lease runs out. */
  perform: (running: Running) => Promise<void>;
}

/** Takes rows from the inbox and works on several at once, one at a time in each lane. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #name = `${hostname()}-${process.pid}`;
  readonly #running = new Set<Running>();
  #nudged: (() => void) | null = null;
  #wasNudged = false;
  #closing = false;
  #loop: Promise<void> = Promise.resolve();
  #upkeep: NodeJS.Timeout | null = null;

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  get working(): number {
    return this.#running.size;
  }

  start(): void {
    this.#loop = this.#work();
    this.#upkeep = setInterval(() => void this.#forget(), UPKEEP_MS);
    this.#upkeep.unref();
  }

  /** There may be something to do. */
  nudge(): void {
    this.#wasNudged = true;
    this.#nudged?.();
  }

  /** Somebody pressed stop: ends what this process works on in that thread. */
  stopTalk(at: { workspaceId: number; talk: string }): void {
    for (const each of this.#running) {
      if (each.claimed.workspaceId === at.workspaceId && each.talk === at.talk && !isStop(each)) each.end("stopped");
    }
  }

  /** Takes nothing new, lets jobs finish for a while, and gives the rest back to other processes. */
  async drain(): Promise<void> {
    this.#closing = true;
    if (this.#upkeep) clearInterval(this.#upkeep);
    this.nudge();
    await this.#loop;
    await this.#settled(this.#options.timing.drain);
    const left = [...this.#running];
    for (const each of left) each.end("shutdown");
    await this.#settled(UNWIND_MS);
    for (const each of this.#running) await this.#giveBack(each);
  }

  async #work(): Promise<void> {
    while (!this.#closing) {
      this.#wasNudged = false;
      const taken = await this.#take(AT_ONCE - this.#running.size);
      for (const each of taken) this.#begin(each);
      if (taken.length === 0) await this.#rest();
    }
  }

  async #take(limit: number): Promise<Claimed[]> {
    if (limit < 1) return [];
    const { database, timing, log } = this.#options;
    try {
      return await claim(database, { worker: this.#name, leaseSeconds: timing.lease / 1000, limit });
    } catch (error) {
      log.error({ err: error }, "the inbox could not be read; it is tried again");
      return [];
    }
  }

  #begin(claimed: Claimed): void {
    const running = new Running(claimed, this.#options);
    this.#running.add(running);
    running.over = this.#perform(running).finally(() => {
      running.rest();
      this.#running.delete(running);
      this.nudge(); // a hand is free, and the next of its lane may begin
    });
  }

  async #perform(running: Running): Promise<void> {
    try {
      await this.#options.perform(running);
    } catch (error) {
      this.#options.log.error(
        { err: error, job: running.claimed.inboxId },
        "a job could not be settled; its lease runs out",
      );
    }
  }

  /** Until a nudge, or the next look. */
  async #rest(): Promise<void> {
    if (this.#wasNudged) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#nudged = resolve;
    const timer = setTimeout(resolve, this.#options.timing.poll);
    await promise;
    clearTimeout(timer);
    this.#nudged = null;
  }

  async #settled(ms: number): Promise<void> {
    const all = Promise.all([...this.#running].map((each) => each.over));
    await Promise.race([all, wait(ms, undefined, { ref: false })]);
  }

  async #giveBack(running: Running): Promise<void> {
    running.rest();
    try {
      await giveBack(this.#options.database, running.claimed);
    } catch (error) {
      this.#options.log.warn({ err: error }, "a job could not be given back; its lease runs out");
    }
  }

  async #forget(): Promise<void> {
    try {
      await forget(this.#options.database, KEPT_DAYS);
    } catch (error) {
      this.#options.log.warn({ err: error }, "old inbox rows could not be deleted");
    }
  }
}

const isStop = ({ claimed }: Running): boolean => stoppedTalk(claimed.lane) !== null;
