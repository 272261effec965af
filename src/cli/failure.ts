import type { Choice } from "#errors.ts";
import type { Terminal } from "./terminal.ts";

/** Exit codes, as docs/terminal.md tells them. */
export const EXIT = { ok: 0, failed: 1, badInput: 2, away: 3 } as const;

/** An error as a person is told it. */
export interface Failure {
  words: string;
  code: number;
  choices: Choice[];
}

/** The sentence and exit code for an error. What is not the person's to put right gets a reference, and the log gets the rest. */
export async function failureOf(error: unknown, terminal: Pick<Terminal, "log" | "logFile">): Promise<Failure> {
  const { AskAgain, BadInput, Unavailable, errorRef } = await import("#errors.ts");
  if (error instanceof AskAgain) return { words: error.message, code: EXIT.badInput, choices: error.choices };
  if (error instanceof BadInput) return { words: error.message, code: EXIT.badInput, choices: [] };
  if (error instanceof Unavailable) {
    terminal.log?.info({ err: error }, "something outside is away");
    return { words: error.message, code: EXIT.away, choices: [] };
  }
  const ref = errorRef();
  const log = terminal.log ?? (await import("#log.ts")).createLog("error");
  log.error({ err: error, ref }, "a command failed");
  const where = terminal.logFile
    ? `The log has the details: ${terminal.logFile}`
    : "The log line above has the details.";
  return { words: `That failed on my side (ref ${ref}). ${where}`, code: EXIT.failed, choices: [] };
}
