import { createInterface, type Interface } from "node:readline";
import type { AgentHouse } from "#agent/ask.ts";
import { failureOf } from "../failure.ts";
import { type Place, type PlaceOptions, pickWorkspace, type Terminal } from "../terminal.ts";
import { answerAloud } from "./answering.ts";
import { Conversation, newThreadId, openAgent, threadId } from "./conversation.ts";
import { COMMANDS, slash } from "./slash.ts";
import { welcome } from "./welcome.ts";

export interface ChatOptions extends PlaceOptions {
  thread?: string;
  /** Who asks, as an account owner. */
  as?: string;
}

/** Questions and answers until the person leaves. Lines that are piped in are asked one by one, and the end of input leaves. */
export async function chat(terminal: Terminal, options: ChatOptions): Promise<void> {
  const id = options.thread === undefined ? newThreadId() : threadId(options.thread);
  const { screen } = terminal;
  const house = await terminal.house(options, (words) =>
    screen.err.isTTY ? screen.status(words) : screen.note(words),
  );
  const place = { house, workspace: await pickWorkspace(house, options) };
  const upToDate = new UpToDate(place);
  const conversation = new Conversation(place, () => upToDate.agent(), id, options.as);
  if (screen.live) screen.say(await welcome(place, terminal.roof.version));
  const lines = openLines(terminal);
  const talk = new Talk({ terminal, conversation, lines });
  terminal.endsItself = true;
  upToDate.begin(); // the person reads and types meanwhile
  await talk.run();
}

/** Brings the workspace up to the day and loads the agent: once behind the person's back, and again when a day has passed. */
class UpToDate {
  readonly #place: Place;
  #day: string | null = null;
  #ready: Promise<AgentHouse> | null = null;

  constructor(place: Place) {
    this.#place = place;
  }

  begin(): void {
    this.agent().catch(() => undefined); // the first question tries again, and tells
  }

  agent(): Promise<AgentHouse> {
    const { house, workspace } = this.#place;
    const today = house.today(workspace);
    if (this.#ready && this.#day === today) return this.#ready;
    this.#day = today;
    const ready = house.settle(workspace).then(() => openAgent(house));
    this.#ready = ready;
    ready.catch(() => {
      if (this.#ready === ready) this.#ready = null;
    });
    return ready;
  }
}

function openLines({ screen, input }: Terminal): Interface {
  const terminal = screen.live && input.isTTY === true;
  return createInterface({
    input,
    terminal,
    ...(terminal ? { output: screen.out } : {}),
    prompt: "\n> ",
    completer: (line: string) => [line.startsWith("/") ? COMMANDS.filter((each) => each.startsWith(line)) : [], line],
  });
}

/** One conversation at the keyboard. */
class Talk {
  readonly #terminal: Terminal;
  readonly #conversation: Conversation;
  readonly #lines: Interface;
  readonly #atKeyboard: boolean;
  #answering: AbortController | null = null;
  #leaving = false;
  #closed = false;

  constructor({ terminal, conversation, lines }: { terminal: Terminal; conversation: Conversation; lines: Interface }) {
    this.#terminal = terminal;
    this.#conversation = conversation;
    this.#lines = lines;
    this.#atKeyboard = lines.terminal;
    lines.on("SIGINT", () => this.#interrupt());
    lines.on("close", () => {
      this.#closed = true; // Ctrl-D, perhaps in the middle of an answer, which is still given
    });
    terminal.stopped.addEventListener("abort", () => lines.close(), { once: true });
  }

  async run(): Promise<void> {
    const { screen } = this.#terminal;
    this.#prompt();
    for await (const line of this.#lines) {
      this.#leaving = false;
      if (await this.#hear(line.trim())) break;
      this.#prompt();
    }
    this.#lines.close();
    if (this.#atKeyboard) screen.note(`\nGo on with: perennial chat --thread ${this.#conversation.thread}`);
  }

  /** Takes one line; true: the person leaves. */
  async #hear(line: string): Promise<boolean> {
    if (line === "") return false;
    const command = await slash(line, this.#conversation);
    if (command) {
      if (this.#terminal.screen.json) this.#terminal.screen.note(command.words);
      else if (command.words) this.#terminal.screen.say(command.words);
      return command.leave;
    }
    await this.#answer(line);
    return false;
  }

  async #answer(question: string): Promise<void> {
    const { screen, stopped } = this.#terminal;
    const answering = new AbortController();
    this.#answering = answering;
    if (this.#atKeyboard) screen.out.write("\n");
    try {
      await answerAloud(screen, this.#conversation, question, AbortSignal.any([answering.signal, stopped]));
      if (!this.#atKeyboard && !screen.json) screen.out.write("\n");
    } catch (error) {
      if (answering.signal.aborted || stopped.aborted) screen.note("Stopped.");
      else await this.#sorry(error);
    } finally {
      this.#answering = null;
    }
  }

  /** The talk goes on after a failure: the next question may find the database back. */
  async #sorry(error: unknown): Promise<void> {
    const { words, code } = await failureOf(error, this.#terminal);
    this.#terminal.screen.fault(words);
    if (this.#terminal.screen.json) this.#terminal.screen.object({ error: words });
    if (!this.#atKeyboard) this.#terminal.exitCode = code; // a script sees that a line of it failed
  }

  /** Ctrl-C: stops the answer; else empties the line, and the second one leaves. */
  #interrupt(): void {
    if (this.#answering && !this.#answering.signal.aborted) {
      this.#answering.abort();
      return;
    }
    if (this.#leaving || this.#answering) {
      this.#lines.close();
      return;
    }
    this.#leaving = true;
    this.#lines.write(null, { ctrl: true, name: "e" });
    this.#lines.write(null, { ctrl: true, name: "u" });
    this.#terminal.screen.out.write("\n(Ctrl-C once more leaves.)\n");
    this.#prompt();
  }

  #prompt(): void {
    if (this.#atKeyboard && !this.#closed) this.#lines.prompt();
  }
}
