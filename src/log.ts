import { pino } from "pino";

/** The log goes to standard error, so that standard output holds answers only. */
export type Log = Pick<ReturnType<typeof pino>, "debug" | "info" | "warn" | "error">;

/** A logger at a level of pino ("silent" for none), to standard error or a file. Keys, tokens and URLs with passwords are redacted. */
export function createLog(level: string, file: string | null = null): Log {
  return pino(
    { level, redact: ["apiKey", "*.apiKey", "token", "*.token", "databaseUrl", "*.databaseUrl"] },
    pino.destination(file ? { dest: file, mkdir: true, sync: true } : { dest: 2, sync: true }),
  );
}
