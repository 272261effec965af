import { App } from "@slack/bolt";
import type { WebClientOptions } from "@slack/web-api";
import type { Log } from "#log.ts";
import type { Access } from "./access.ts";
import { boltLog } from "./bolt-log.ts";

/** Bolt's app with nothing of its own at the door: what comes in was written down, and is given to it job by job. */
export function openApp(access: Access, calling: WebClientOptions, log: Log): App {
  const app = new App({
    receiver: { init: () => undefined, start: async () => undefined, stop: async () => undefined },
    authorize: async ({ teamId, enterpriseId }) => {
      const found = teamId ? await access.of(teamId, enterpriseId ?? null) : null;
      if (!found) throw new Error(`team ${teamId ?? "without an id"} is not served`);
      const { botToken, botUserId, botId } = found;
      return { botToken, botUserId, ...(botId ? { botId } : {}), teamId: found.teamId };
    },
    clientOptions: calling,
    logger: boltLog(log),
    convoStore: false,
    ignoreSelf: false, // our own messages are not even written down
    attachFunctionToken: false,
  });
  // The worker hears of every error, and settles it.
  app.error(async (error) => {
    throw error;
  });
  return app;
}
