import { type Logger, LogLevel } from "@slack/bolt";
import type { Log } from "#log.ts";

/** Bolt's log as lines of ours. Its debug lines hold whole messages of people, so they are left out. */
export function boltLog(log: Log): Logger {
  const say =
    (level: "info" | "warn" | "error") =>
    (...words: unknown[]) => {
      const error = words.find((each) => each instanceof Error);
      log[level]({ from: "slack", ...(error ? { err: error } : {}) }, words.filter((each) => each !== error).join(" "));
    };
  return {
    debug: () => undefined,
    info: say("info"),
    warn: say("warn"),
    error: say("error"),
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  };
}
