// One of several processes that look for slots: it is told the time, looks, and says that it has.
import { setTimeout as wait } from "node:timers/promises";
import { Database } from "#database/door.ts";
import { createLog } from "#log.ts";
import { lookForSlots } from "../../src/jobs.ts";

const log = createLog("silent");
const database = new Database({ connection: { connectionString: process.argv[2]! }, connections: 2, log });
const SKEW_MS = 90_000; // clocks of two machines differ

process.on("message", async ({ now }: { now: number }) => {
  await wait(Math.random() * 4);
  const own = new Date(now - Math.floor(Math.random() * SKEW_MS)).toISOString();
  process.send?.({ handed: await lookForSlots(database, log, { now: own }) });
});
process.on("disconnect", () => process.exit(0));
process.send?.({ ready: true });
