import { pino } from "pino";

/** The log goes to standard error, so that standard output holds answers only. */
export type Log = Pick<ReturnType<typeof pino>, "debug" | "info" | "warn" | "error">;

/** A logger at a level of pino ("silent" for none). Keys, tokens and URLs with passwords are redacted. */
export function createLog(level: string): Log {
  return pino(
    { level, redact: ["apiKey", "*.apiKey", "token", "*.token", "databaseUrl", "*.databaseUrl"] },
    pino.destination({ dest: 2, sync: true }),
  );
}
