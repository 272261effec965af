// Does every slot come once? Several processes look for due schedules of six time zones over years of simulated time, on one
// PostgreSQL; now and then one is killed in the middle and another starts. What they took is compared with what the wall
// clocks say, worked out a second time without our own arithmetic.
//
//   node scripts/slots-simulation.ts postgres://…/postgres [--years 10] [--processes 8]
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import pg from "pg";
import { z } from "zod";
import { openDatabase } from "#database/connect.ts";
import { sql } from "#database/sql.ts";
import { createLog } from "#log.ts";
import { actorIn, ensureWorkspace } from "#workspaces/workspace.ts";
import { compare, scheduleEverywhere } from "./slots/company.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { years: { type: "string", default: "10" }, processes: { type: "string", default: "8" } },
});
const server = positionals[0];
if (!server) throw new Error("name a PostgreSQL: postgres://user:password@host:5432/postgres");
const LATE_MS = 5 * 3_600_000; // at most; within six hours a late slot still comes
const SKEW_MS = 100_000; // their clocks are slow by a minute and a half at most
const KILL_EVERY = 150; // steps
const FROM = "2026-01-01T00:00:00.000Z";
const to = new Date(Date.parse(FROM) + Number(values.years) * 365.25 * 86_400_000).toISOString();

const name = `perennial_slots_${process.pid}`;
await administer(`create database ${name}`);
const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
const { database, close } = await openDatabase({ url, folder: "", log: createLog("silent") });
try {
  const actor = actorIn(
    await ensureWorkspace(database, { handle: "slots", name: "Slots", zone: "UTC", baseCurrency: "USD" }),
  );
  const made = await scheduleEverywhere(database, actor, FROM);
  const begun = Date.now();
  const { handed, killed, steps } = await run(url);
  const outcome = await compare(database, actor, made, { from: FROM, to });
  const { missing, unwanted, notOnce } = outcome;
  console.log(
    JSON.stringify({
      ...{ processes: Number(values.processes), years: Number(values.years), schedules: made.length, steps, killed },
      ...{ slots: outcome.slots, handed, skipped: outcome.skipped, seconds: Math.round((Date.now() - begun) / 1000) },
      ...{ missing: missing.length, unwanted: unwanted.length, notOnce: notOnce.length },
    }),
  );
  for (const each of [...missing.slice(0, 5), ...unwanted.slice(0, 5), ...notOnce.slice(0, 5)]) console.log(each);
  process.exitCode = missing.length + unwanted.length + notOnce.length === 0 ? 0 : 1;
} finally {
  await close();
  await administer(`drop database ${name} with (force)`);
}

/** Lets time run. The last look is a little past the end, so that no clock that is slow misses it. */
async function run(url: string): Promise<{ handed: number; killed: number; steps: number }> {
  const crew = await Promise.all(Array.from({ length: Number(values.processes) }, () => start(url)));
  let [handed, killed, steps] = [0, 0, 0];
  for (let now = Date.parse(FROM); now < Date.parse(to); ) {
    steps += 1;
    now = Math.min(Math.max(now + SKEW_MS, (await nextDue()) + Math.random() * LATE_MS), Date.parse(to));
    const looked = crew.map((each) => look(each, now));
    if (steps % KILL_EVERY === 0) {
      const at = Math.floor(Math.random() * crew.length);
      const victim = crew[at];
      setTimeout(() => victim?.kill("SIGKILL"), Math.random() * 8);
      await Promise.all(looked.map((each, of) => (of === at ? each.catch(() => 0) : each)));
      crew[at] = await start(url);
      killed += 1;
    } else for (const each of looked) handed += await each;
  }
  // Their clocks are slow by up to a minute and a half: once more, when all of them are past the end.
  const last = crew[0];
  if (last) handed += await look(last, Date.parse(to) + SKEW_MS);
  for (const each of crew) each.disconnect();
  return { handed, killed, steps };
}

/** When something is due next. */
async function nextDue(): Promise<number> {
  const row = z.object({ next: z.string() });
  const { next } = await database.directory((rows) => rows.one(row, sql`select min(next_at) as next from schedule`));
  return Date.parse(next);
}

async function start(url: string): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL("./slots/process.ts", import.meta.url)), [url], { stdio: "inherit" });
  await new Promise((resolve) => child.once("message", resolve));
  return child;
}

function look(child: ChildProcess, now: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Error("it was killed"));
    child.once("exit", gone);
    child.once("message", (said: { handed: number }) => {
      child.off("exit", gone);
      resolve(said.handed);
    });
    child.send({ now });
  });
}

async function administer(query: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(query);
  await client.end();
}
