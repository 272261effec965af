// One bot in a process of its own, for chaos to kill. Tells its parent when it is ready and how it stands; SIGTERM ends it well.
import { openDatabase } from "#database/connect.ts";
import { sql } from "#database/sql.ts";
import { createLog } from "#log.ts";
import { openSlackDoor, type SlackDoorState } from "#slack/door.ts";
import type { SlackSettings } from "#slack/settings.ts";
import type { Timing } from "#slack/timing.ts";
import { numberedHouse } from "./house.ts";

export interface BotTask {
  /** null: the embedded database in `folder`. */
  url: string | null;
  folder: string;
  settings: SlackSettings;
  timing: Partial<Timing>;
  thinks: number;
  /** Processes that were killed, and whose leases need not run out; none as in real life. */
  dead: number[];
  logLevel: string;
}

export type BotWord =
  | { word: "ready"; port: number | null }
  | { word: "state"; state: SlackDoorState }
  | { word: "drained"; ms: number };

if (import.meta.main) {
  const task = JSON.parse(process.argv[2] ?? "") as BotTask; // our own parent wrote it
  const { url, folder, settings, timing, thinks } = task;
  const log = createLog(task.logLevel);
  const open = await openDatabase({ url, folder, log, migrating: false });
  const { database } = open;
  for (const each of task.dead)
    await database.directory((rows) =>
      rows.run(sql`update inbox set lease_until = now() where state = 'working' and worker like ${`%-${each}`}`),
    );
  const house = await numberedHouse({ database, log, thinks });
  const door = await openSlackDoor({ house, settings, timing });
  await door.start();
  const tell = (word: BotWord) => process.send?.(word);
  process.once("SIGTERM", async () => {
    const begun = performance.now();
    await door.stop();
    await open.close();
    tell({ word: "drained", ms: performance.now() - begun });
    process.disconnect?.();
    process.exit(0);
  });
  process.on("message", async () => tell({ word: "state", state: await door.state() }));
  process.once("disconnect", () => process.exit(1)); // nobody is left to be a bot for
  tell({ word: "ready", port: door.port });
}
