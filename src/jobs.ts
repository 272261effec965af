import { PgBoss } from "pg-boss";
import type { Database } from "#database/door.ts";
import { keepOwn } from "#inbox/own.ts";
import type { Log } from "#log.ts";
import { claimDue } from "#schedules/claim.ts";
import { slotArrival } from "#slack/slot.ts";

const LOOK = "schedule-look";
const LOOK_CRON = "* * * * *"; // slots are on the minute
const TAKES_SECONDS = 300; // at most; another process may look after that
const POLL_SECONDS = 5; // gentle: the embedded database has one connection for all of us
const STOP_MS = 5_000;

/** Work that nobody asked for just now. */
export interface Jobs {
  /** Takes nothing new, and waits for what runs. */
  stop(): Promise<void>;
}

/**
 * Looks every minute, and at once, for reports that are due. pg-boss wakes one process of all for it; that a slot is
 * taken once does not rest on that, but on the slot's own row.
 */
export async function openJobs({
  database,
  kind,
  log,
}: {
  database: Database;
  kind: "embedded" | "server";
  log: Log;
}): Promise<Jobs> {
  const boss = new PgBoss({
    db: { executeSql: (text, values) => ask(database, text, values) },
    backend: kind === "embedded" ? "pglite" : "postgres",
    schema: "pgboss",
    superviseIntervalSeconds: 300,
    maintenanceIntervalSeconds: 3_600,
  });
  boss.on("error", (error) => log.warn({ err: error }, "the clock of schedules had trouble; it goes on"));
  await boss.start();
  await boss.createQueue(LOOK, { retryLimit: 0, expireInSeconds: TAKES_SECONDS, deleteAfterSeconds: 3_600 });
  await boss.schedule(LOOK, LOOK_CRON);
  await boss.send(LOOK, {}); // what was due while nobody ran
  await boss.work(LOOK, { pollingIntervalSeconds: POLL_SECONDS, batchSize: 10 }, () => lookForSlots(database, log));
  return { stop: () => boss.stop({ graceful: true, timeout: STOP_MS, close: false }) };
}

/** Hands every slot that is due to the inbox, whose worker makes the report. Returns how many. */
export async function lookForSlots(database: Database, log: Log, now = new Date().toISOString()): Promise<number> {
  const handed = await claimDue(database, {
    now,
    hand: async (rows, schedule, slot) => void (await keepOwn(rows, slotArrival(schedule, slot))),
  });
  if (handed > 0) log.info({ handed }, "scheduled reports are due");
  return handed;
}

/** A statement of pg-boss, on a connection of ours. One text may hold several statements, whose rows it wants together. */
const ask = (database: Database, text: string, values: unknown[] | undefined): Promise<{ rows: object[] }> =>
  database.withClient(async (client) => {
    const answered = await client.query<object>(text, values);
    return { rows: [answered].flat().flatMap(({ rows }) => rows) };
  });
