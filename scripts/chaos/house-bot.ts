import type { Database } from "#database/door.ts";
import { createLog } from "#log.ts";
import { openSlackDoor, type SlackDoor, type SlackDoorState } from "#slack/door.ts";
import type { BotTask } from "./bot.ts";
import type { Bot } from "./bots.ts";
import { numberedHouse } from "./house.ts";

/** The bot inside this process, on a database that is open. It can be ended well, and not be killed. */
export class HouseBot implements Bot {
  readonly pid = process.pid;
  readonly lastWords = "";
  readonly ready: Promise<boolean>;
  readonly gone: Promise<void>;
  readonly #end = Promise.withResolvers<void>();
  #door: SlackDoor | null = null;

  constructor(task: Pick<BotTask, "settings" | "timing" | "thinks" | "logLevel"> & { database: Database }) {
    this.gone = this.#end.promise;
    this.ready = this.#open(task);
  }

  get port(): number | null {
    return this.#door?.port ?? null;
  }
  get isOver(): boolean {
    return this.#door === null;
  }

  kill(): Promise<void> {
    return Promise.reject(new Error("a bot inside this process cannot be killed alone"));
  }

  async end(): Promise<number> {
    const begun = performance.now();
    await this.#door?.stop();
    this.#door = null;
    this.#end.resolve();
    return performance.now() - begun;
  }

  async state(): Promise<SlackDoorState | null> {
    return this.#door?.state() ?? null;
  }

  async #open({ database, settings, timing, thinks, logLevel }: ConstructorParameters<typeof HouseBot>[0]) {
    const house = await numberedHouse({ database, log: createLog(logLevel), thinks });
    this.#door = await openSlackDoor({ house, settings, timing });
    await this.#door.start();
    return true;
  }
}
