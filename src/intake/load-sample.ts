import type { Database } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import {
  actorIn,
  ensureWorkspace,
  SAMPLE_WORKSPACE,
  setClock,
  type Workspace,
  workspaceByHandle,
} from "#workspaces/workspace.ts";
import { loadFresh } from "./load-fresh.ts";
import { sampleCompany } from "./sample/sample-company.ts";

/**
 * Makes the sample company of a seed and a day and loads it into its workspace, whose clock then stands at that day.
 * All of it comes, or nothing: a load that was cut off is begun again, with the day it began with.
 */
export async function loadSample({
  database,
  seed,
  day: given,
  zone,
}: {
  database: Database;
  seed: number;
  day: string;
  zone?: string | null;
}): Promise<Workspace> {
  const begun = await workspaceByHandle(database, SAMPLE_WORKSPACE);
  const day = begun && !begun.ready && begun.clock ? begun.clock : given;
  const company = sampleCompany({ seed, day });
  const workspace = await ensureWorkspace(database, {
    handle: SAMPLE_WORKSPACE,
    ...company.workspace,
    zone: zone ?? company.workspace.zone,
  });
  await setClock(database, workspace.id, { clock: day, ready: false });
  const actor = actorIn(workspace);
  const { refused } = await loadFresh({
    database,
    actor,
    batches: company.batches,
    syncedAt: `${day}T06:00:00Z`,
    today: day,
  });
  if (refused[0]) {
    const { kind, id, reason } = refused[0];
    throw new Error(`the sample company has a row that intake refuses: ${kind} ${id}: ${reason}`);
  }
  await database.write(actor, async (rows) => {
    // Intake knows what it has read; how late each source is, is part of the story.
    await rows.run(sql`delete from source_feed`);
    for (const { domain, source, syncedOn } of company.feeds) {
      await rows.run(
        sql`insert into source_feed (workspace_id, domain, source, synced_at) values (${workspace.id}, ${domain}, ${source}, ${`${syncedOn}T06:00:00Z`})`,
      );
    }
  });
  // The embedded database has nobody who does this by and by; without it the planner guesses.
  await database.maintain((rows) => rows.run(sql`analyze`));
  await setClock(database, workspace.id, { clock: day, ready: true });
  return { ...workspace, clock: day, ready: true };
}
