import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createLog } from "#log.ts";
import { type Playground, startPlayground } from "#playground/server.ts";
import { crowdedWorld } from "../../chaos/questions.ts";
import { Load } from "./load.ts";

/** What a process is asked to be: our door with a constant agent, our door with our agent, or a plain Bolt app. */
export interface Wanted {
  who: "door" | "agent" | "plain";
  serverUrl: string | null;
  /** Of the scripted model. */
  modelUrl: string | null;
  apiUrl: string;
  appToken: string;
  botToken: string;
}

/** What a process has used since it began, and holds now. */
export interface Used {
  cpuMs: number;
  heapMb: number;
  rssMb: number;
}

/** A bot in a process of its own, with a playground to itself, by Socket Mode. */
export class Bot {
  readonly #child: ChildProcess;
  readonly #playground: Playground;
  readonly load: Load;

  private constructor(child: ChildProcess, playground: Playground) {
    this.#child = child;
    this.#playground = playground;
    this.load = new Load(playground);
  }

  static async open(wanted: Pick<Wanted, "who" | "serverUrl" | "modelUrl">): Promise<Bot> {
    const playground = await startPlayground({ world: crowdedWorld(), port: 0, log: createLog("silent") });
    const { apiUrl, tokens } = playground;
    const task: Wanted = { ...wanted, apiUrl, appToken: tokens.app, botToken: tokens.bot };
    const child = fork(fileURLToPath(new URL("./bot-process.ts", import.meta.url)), [JSON.stringify(task)], {
      execArgv: ["--expose-gc"],
    });
    const gone = once(child, "exit").then(() => "gone");
    if ((await Promise.race([once(child, "message"), gone])) === "gone")
      throw new Error(`the process of ${wanted.who} ended before it was ready`);
    return new Bot(child, playground);
  }

  async used(): Promise<Used> {
    const told = once(this.#child, "message");
    this.#child.send("used");
    return (await told)[0] as Used; // our own process says it
  }

  async close(): Promise<void> {
    const gone = once(this.#child, "exit");
    this.#child.send("end");
    await gone;
    this.load.close();
    await this.#playground.close();
  }
}
