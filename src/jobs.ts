import { PgBoss } from "pg-boss";
import type { Database } from "#database/door.ts";
import { keepOwn } from "#inbox/own.ts";
import type { Log } from "#log.ts";
import { claimDue } from "#schedules/claim.ts";
import { ownerMayBeToldAt } from "#schedules/quiet.ts";
import type { Schedule } from "#schedules/schedule.ts";
import { ownerArrival, slotArrival } from "#slack/slot.ts";

const LOOK = "schedule-look";
const LOOK_CRON = "* * * * *"; // slots are on the minute
const TAKES_SECONDS = 300; // at most; another process may look after that
const POLL_SECONDS = 5; // gentle: the embedded database has one connection for all of us
const ROUND_POLL_SECONDS = 30; // nobody waits for a round
const STOP_MS = 5_000;

/** Work that nobody asked for just now. */
export interface Jobs {
  /** Takes nothing new, and waits for what runs. */
  stop(): Promise<void>;
}

/** Something to be done now and then, by one process of all. */
export interface Round {
  name: string;
  /** By UTC. */
  cron: string;
  /** Also as soon as we run, for what came about while nobody did. */
  atOnce?: boolean;
  /** At most; another process may begin it after that. */
  takesSeconds: number;
  /** Rejects when the signal is aborted, as soon as it can. */
  run(signal: AbortSignal): Promise<void>;
}

export interface JobsOptions {
  database: Database;
  kind: "embedded" | "server";
  log: Log;
  /** Slack's ids of the teams that are served. */
  teams?: () => Promise<string[]>;
  rounds?: readonly Round[];
}

/**
 * Looks every minute, and at once, for reports that are due, and does the rounds. pg-boss wakes one process of all for it;
 * that a slot is taken once does not rest on that, but on the slot's own row.
 */
export async function openJobs({
  database,
  kind,
  log,
  teams = async () => [],
  rounds = [],
}: JobsOptions): Promise<Jobs> {
  const boss = new PgBoss({
    db: { executeSql: (text, values) => ask(database, text, values) },
    backend: kind === "embedded" ? "pglite" : "postgres",
    schema: "pgboss",
    superviseIntervalSeconds: 300,
    maintenanceIntervalSeconds: 3_600,
  });
  const stopping = new AbortController();
  boss.on("error", (error) => log.warn({ err: error }, "the clock of schedules had trouble; it goes on"));
  await boss.start();
  await boss.createQueue(LOOK, { retryLimit: 0, expireInSeconds: TAKES_SECONDS, deleteAfterSeconds: 3_600 });
  await boss.schedule(LOOK, LOOK_CRON);
  await boss.send(LOOK, {}); // what was due while nobody ran
  await boss.work(LOOK, { pollingIntervalSeconds: POLL_SECONDS, batchSize: 10 }, async () =>
    lookForSlots(database, log, { teams: await teams() }),
  );
  for (const round of rounds) await openRound(boss, round, { log, signal: stopping.signal });
  const stop = () => {
    stopping.abort(new Error("it is being stopped"));
    return boss.stop({ graceful: true, timeout: STOP_MS, close: false });
  };
  return { stop };
}

async function openRound(
  boss: PgBoss,
  { name, cron, atOnce = false, takesSeconds, run }: Round,
  { log, signal }: { log: Log; signal: AbortSignal },
): Promise<void> {
  await boss.createQueue(name, {
    ...{ policy: "exclusive", retryLimit: 0 },
    ...{ expireInSeconds: takesSeconds, deleteAfterSeconds: 3_600 },
  });
  await boss.schedule(name, cron);
  if (atOnce) await boss.send(name, {});
  await boss.work(name, { pollingIntervalSeconds: ROUND_POLL_SECONDS }, async () => {
    try {
      await run(signal);
    } catch (error) {
      if (signal.aborted) return; // the next process that runs goes on
      log.error({ err: error, round: name }, "work in the background failed; it is tried again at its next time");
      throw error;
    }
  });
}

/**
 * Hands every slot that is due to the inbox, whose worker makes the report. `teams`: those that are served; a schedule that
 * was set up outside Slack belongs to the only one. Returns how many were handed on.
 */
export async function lookForSlots(
  database: Database,
  log: Log,
  { now = new Date().toISOString(), teams = [] }: { now?: string; teams?: readonly string[] } = {},
): Promise<number> {
  const only = teams.length === 1 ? (teams[0] ?? null) : null;
  const inTeam = (schedule: Schedule): Schedule => ({ ...schedule, slackTeam: schedule.slackTeam ?? only });
  const handed = await claimDue(database, {
    now,
    hand: async (rows, schedule, slot, how) => void (await keepOwn(rows, slotArrival(inTeam(schedule), slot, how))),
    missed: async (rows, schedule, slots) => {
      const [newest = now, count] = [slots.at(-1), slots.length];
      const news = ownerArrival(inTeam(schedule), { slot: newest, news: { kind: "missed", count } });
      await keepOwn(rows, news, await ownerMayBeToldAt(rows, schedule, now));
    },
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
