// Kills the bot (SIGKILL) at random points while people ask, and looks whether every question has exactly one whole answer.
// npm run chaos -- --help
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openDatabase } from "#database/connect.ts";
import { BadInput } from "#errors.ts";
import { createLog } from "#log.ts";
import { isSound, table } from "./chaos/report.ts";
import { type ChaosOptions, chaos } from "./chaos/run.ts";
import { withOwnDatabase } from "./kill-ingest.ts";

const USAGE = `Usage: npm run chaos -- [options]

  --events N       questions at least; they go on until all kills are done (5000; 400 on the embedded database)
  --kills N        SIGKILLs at random points (42; 6 on the embedded database)
  --restarts N     rolling restarts by SIGTERM, each of all replicas in turn (0)
  --refreshes N    sockets that are told to go (0)
  --replicas N     bots that share the database (1)
  --per-second N   questions a second (25; 8 on the embedded database)
  --transport T    socket or http (socket)
  --url U          a PostgreSQL whose user may create databases, or "embedded" (TEST_DATABASE_URL, else embedded)
  --hurry          what killed bots had is taken up at once, not when its lease has run out
  --log L          what bots log, to standard error: silent, warn, info, debug (silent)
  --json           the result as JSON, too

5 % of events come twice, 5 % of the Web API's replies are lost. It ends with 1 where a question was lost, answered twice or torn.`;

const whole = { type: "string" } as const;
const flag = { type: "boolean", default: false } as const;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      ...{ events: whole, kills: whole, restarts: whole, refreshes: whole, replicas: whole, "per-second": whole },
      ...{ transport: whole, url: whole, log: whole, hurry: flag, json: flag, help: flag },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const url = values.url ?? process.env.TEST_DATABASE_URL ?? "embedded";
  const isEmbedded = url === "embedded";
  const { transport = "socket", log = "silent" } = values;
  if (transport !== "socket" && transport !== "http")
    throw new BadInput(`--transport is socket or http, not ${transport}.`);
  const kills = values.kills ?? (values.restarts || values.refreshes ? "0" : isEmbedded ? "6" : "42");
  const options: Omit<ChaosOptions, "place"> = {
    events: size("events", values.events ?? (isEmbedded ? "400" : "5000")),
    kills: size("kills", kills),
    restarts: size("restarts", values.restarts ?? "0"),
    refreshes: size("refreshes", values.refreshes ?? "0"),
    replicas: size("replicas", values.replicas ?? "1"),
    perSecond: size("per-second", values["per-second"] ?? (isEmbedded ? "8" : "25")),
    ...{ transport, duplicates: 0.05, lostReplies: 0.05, thinks: 150, hurry: values.hurry },
    ...{ logLevel: log, tell: (words) => console.error(words) },
  };
  if (isEmbedded && options.replicas > 1) throw new BadInput("The embedded database takes one process: --replicas 1.");
  const result = isEmbedded
    ? await embedded((folder) => chaos({ ...options, place: { folder } }))
    : await withOwnDatabase(url, async (own) => {
        await migrated({ url: own, folder: "unused" });
        return chaos({ ...options, place: { url: own } });
      });
  console.log(table(result));
  if (values.json) console.log(JSON.stringify({ ...result, ackMs: undefined }, null, 2));
  return isSound(result) ? 0 : 1;
}

function size(option: string, given: string): number {
  const value = Number(given);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new BadInput(`--${option} takes a whole number, not ${given}.`);
}

async function embedded<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "perennial-chaos-data-"));
  try {
    await migrated({ url: null, folder });
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function migrated(place: { url: string | null; folder: string }): Promise<void> {
  const open = await openDatabase({ ...place, log: createLog("warn") });
  await open.close();
}

if (import.meta.main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    const isUsage = error instanceof BadInput || (error instanceof TypeError && "code" in error); // parseArgs throws the latter
    console.error(isUsage ? `${error.message}\nnpm run chaos -- --help tells what it takes.` : error);
    process.exitCode = 1;
  }
}
