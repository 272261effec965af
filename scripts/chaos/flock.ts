import { setTimeout as wait } from "node:timers/promises";
import type { SlackDoorState } from "#slack/door.ts";
import type { Bot } from "./bots.ts";

const MOST_STARTS = 5;

export interface FlockOptions {
  replicas: number;
  /** Starts one. `dead`: those that were killed. */
  start(dead: readonly number[]): Bot;
  /** Where bots can be reached by HTTP. */
  balancer: { add(port: number): void; remove(port: number): Promise<void> } | null;
}

/** So many bots, each replaced at once when it ends. */
export class Flock {
  readonly #options: FlockOptions;
  readonly #bots: Bot[] = [];
  readonly #dead: number[] = [];
  /** Those that end because they were told to. */
  readonly #expected = new WeakSet<Bot>();
  #closing = false;
  kills = 0;
  /** Processes that ended though nobody told them to, by what they said last. */
  readonly crashes: string[] = [];
  /** How long SIGTERM took, ms. */
  readonly drains: number[] = [];

  constructor(options: FlockOptions) {
    this.#options = options;
  }

  async open(): Promise<void> {
    for (let slot = 0; slot < this.#options.replicas; slot++) await this.#fill(slot);
  }

  get size(): number {
    return this.#options.replicas;
  }

  /** The bot in a slot, once it is ready. */
  async at(slot: number): Promise<Bot> {
    for (;;) {
      const bot = this.#bots[slot];
      if (bot && (await bot.ready) && !bot.isOver) return bot;
      await wait(5); // its successor is on the way
    }
  }

  /** Kills what is in a slot and starts another at once; resolves when that is ready. */
  async kill(slot: number): Promise<void> {
    const bot = await this.at(slot);
    void this.#leave(bot);
    this.#dead.push(bot.pid);
    this.kills += 1;
    await bot.kill();
    await this.#fill(slot);
  }

  /** Ends what is in a slot, and then starts another. */
  async restart(slot: number): Promise<void> {
    const bot = await this.at(slot);
    await this.#leave(bot); // what stands before it sends it nothing more, and then it is told
    this.drains.push(await bot.end());
    await this.#fill(slot);
  }

  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all(
      this.#bots.map(async (bot) => {
        if (bot.isOver) return;
        if (await bot.ready) this.drains.push(await bot.end());
      }),
    );
  }

  /** How the inbox stands, from whichever bot is there. */
  async state(): Promise<SlackDoorState | null> {
    for (const bot of this.#bots) {
      const state = !bot.isOver && (await bot.ready) ? await bot.state() : null;
      if (state) return state;
    }
    return null;
  }

  /** Starts until one is ready: a start may fail where a reply of Slack's is lost. */
  async #fill(slot: number): Promise<void> {
    const { start, balancer } = this.#options;
    for (let time = 1; !this.#closing; time++) {
      const bot = start(this.#dead);
      this.#bots[slot] = bot;
      if (!(await bot.ready)) {
        this.crashes.push(`at its start: ${bot.lastWords}`);
        if (time === MOST_STARTS) throw new Error(`a bot does not start: ${bot.lastWords}`);
        continue;
      }
      if (bot.port !== null) balancer?.add(bot.port);
      void this.#watch(slot, bot);
      return;
    }
  }

  async #leave(bot: Bot): Promise<void> {
    this.#expected.add(bot);
    if (bot.port !== null) await this.#options.balancer?.remove(bot.port);
  }

  async #watch(slot: number, bot: Bot): Promise<void> {
    await bot.gone;
    if (this.#closing || this.#expected.has(bot)) return;
    this.crashes.push(bot.lastWords);
    void this.#leave(bot);
    await this.#fill(slot);
  }
}
