import { CommanderError } from "commander";
import { EXIT, failureOf } from "./failure.ts";
import type { Roof } from "./open-house.ts";
import { program } from "./program.ts";
import { Screen } from "./screen/screen.ts";
import { Terminal } from "./terminal.ts";

const CLOSING_MS = 5_000; // a database that does not let go must not keep the terminal
const SAME_PRESS_MS = 500; // one Ctrl-C may arrive twice: from the terminal and from the launcher
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** The process was told to end, or nobody reads its output any more. */
class Ended extends Error {
  override readonly name = "Ended";
  readonly code: number;
  constructor(code: number) {
    super("the process was told to end");
    this.code = code;
  }
}

/** Runs one command line to its end, closes the house and leaves the process with the right exit code. */
export async function run(args: string[], roof: Roof): Promise<never> {
  const screen = new Screen({ out: process.stdout, err: process.stderr, json: args.includes("--json") });
  const terminal = new Terminal({ screen, input: process.stdin, roof });
  listen(terminal);
  const code = await outcome(terminal, args.length > 0 ? args : ["--help"]);
  screen.clearStatus();
  await Promise.race([terminal.close(), wait(CLOSING_MS)]).catch((error: unknown) => failureOf(error, terminal));
  await new Promise((written) => process.stdout.write("", written));
  process.exit(code);
}

async function outcome(terminal: Terminal, args: string[]): Promise<number> {
  try {
    const command = program(terminal).parseAsync(args, { from: "user" });
    await Promise.race([command, untilStopped(terminal, command)]);
    terminal.stopped.throwIfAborted();
    return terminal.exitCode;
  } catch (error) {
    if (error instanceof Ended) return error.code;
    if (error instanceof CommanderError) return usageFault(error, terminal);
    const { words, code, choices } = await failureOf(error, terminal);
    terminal.screen.fault(words);
    if (terminal.screen.json) terminal.screen.object(choices.length > 0 ? { error: words, choices } : { error: words });
    return code;
  }
}

/** Commander has said it on standard error already; help and version are no faults. */
function usageFault(error: CommanderError, { screen }: Terminal): number {
  if (error.exitCode === 0) return EXIT.ok;
  if (screen.json) screen.object({ error: error.message.replace(/^error: /, "") });
  return EXIT.badInput;
}

/** Rejects once the process is told to end; a command that ends by itself gets a moment to do so. */
async function untilStopped(terminal: Terminal, command: Promise<unknown>): Promise<never> {
  const { stopped } = terminal;
  await new Promise((resolve) => stopped.addEventListener("abort", resolve, { once: true }));
  if (terminal.endsItself) await Promise.race([command, wait(terminal.endsWithinMs)]).catch(() => undefined);
  throw stopped.reason;
}

/** The first signal closes the house in order, the second one does not wait for it. */
function listen(terminal: Terminal): void {
  let first = 0;
  for (const [signal, code] of Object.entries(SIGNALS)) {
    process.on(signal, () => {
      if (first > 0 && performance.now() - first > SAME_PRESS_MS) process.exit(code);
      first ||= performance.now();
      terminal.stop(new Ended(code));
    });
  }
  process.on("uncaughtException", (error) => terminal.stop(error));
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      terminal.stop(new Ended(EXIT.ok)); // `| head` has read enough
    });
  }
}

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms).unref());
