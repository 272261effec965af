import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { SlackDoorState } from "#slack/door.ts";
import type { BotTask, BotWord } from "./bot.ts";

const program = fileURLToPath(new URL("./bot.ts", import.meta.url));
const TAIL = 2_000; // characters of what a process said last

/** Something that is the bot, until it ends or is ended. */
export interface Bot {
  /** What tells its leases from others'. */
  readonly pid: number;
  readonly port: number | null;
  readonly isOver: boolean;
  /** What it said last, if it ended by itself. */
  readonly lastWords: string;
  /** Resolves with true once Slack's events come in; false: it ended before. */
  readonly ready: Promise<boolean>;
  /** Resolves when it is gone, however. */
  readonly gone: Promise<void>;
  kill(): Promise<void>;
  /** As SIGTERM does it; resolves when it is gone, with how long that took, ms. */
  end(): Promise<number>;
  /** null: it is gone. */
  state(): Promise<SlackDoorState | null>;
}

/** The bot as a process of its own. */
export class ProcessBot implements Bot {
  readonly #child: ChildProcess;
  readonly #gone: Promise<void>;
  #tail = "";
  #port: number | null = null;
  #isOver = false;
  #drained: number | null = null;
  readonly ready: Promise<boolean>;

  constructor(task: BotTask, temporary: string) {
    this.#child = fork(program, [JSON.stringify(task)], {
      stdio: ["ignore", "inherit", "pipe", "ipc"],
      env: { ...process.env, TMPDIR: temporary },
    });
    this.#child.stderr?.on("data", (piece: Buffer) => {
      this.#tail = (this.#tail + piece).slice(-TAIL);
      if (task.logLevel !== "silent") process.stderr.write(piece);
    });
    this.#gone = once(this.#child, "exit").then(() => {
      this.#isOver = true;
    });
    this.ready = Promise.race([this.#heard("ready").then(() => true), this.#gone.then(() => false)]);
    this.#child.on("message", (word: BotWord) => {
      if (word.word === "ready") this.#port = word.port;
      if (word.word === "drained") this.#drained = word.ms;
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }
  get port(): number | null {
    return this.#port;
  }
  get isOver(): boolean {
    return this.#isOver;
  }
  get lastWords(): string {
    return this.#tail;
  }
  get gone(): Promise<void> {
    return this.#gone;
  }

  /** SIGKILL: it does not even hear of it. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#gone;
  }

  async end(): Promise<number> {
    const begun = performance.now();
    this.#child.kill("SIGTERM");
    await this.#gone;
    if (this.#drained === null) throw new Error(`a bot that was told to end did not end well: ${this.#tail}`);
    return performance.now() - begun;
  }

  async state(): Promise<SlackDoorState | null> {
    if (this.#isOver || !this.#child.connected) return null;
    const told = this.#heard("state");
    this.#child.send("state", () => undefined); // it may be gone by now, which `gone` tells
    const word = await Promise.race([told, this.#gone.then(() => null)]);
    return word?.word === "state" ? word.state : null;
  }

  #heard(which: BotWord["word"]): Promise<BotWord> {
    return new Promise((resolve) => {
      const hear = (word: BotWord) => {
        if (word.word !== which) return;
        this.#child.off("message", hear);
        resolve(word);
      };
      this.#child.on("message", hear);
    });
  }
}
