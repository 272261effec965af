import { z } from "zod";
import type { Database } from "#database/door.ts";
import { join, name, sql } from "#database/sql.ts";
import { actorIn, type Workspace } from "./workspace.ts";

const table = z.object({ name: z.string() });

/** Deletes everything that a workspace holds, in one transaction; the workspace itself stays. */
export function emptyWorkspace(database: Database, workspace: Workspace): Promise<void> {
  return database.write(actorIn(workspace), async (rows) => {
    const fenced = await rows.many(
      table,
      sql`select relname as name from pg_class where relrowsecurity and relkind in ('r', 'p') and relname <> 'workspace'
            and relnamespace = 'public'::regnamespace order by relname`,
    );
    const emptied = fenced.map(
      (each, at) => sql`${name(`d${at}`)} as (delete from ${name(each.name)} where workspace_id = ${workspace.id})`,
    );
    // One statement: tables point at each other, and what points where is looked at when it ends.
    if (emptied.length > 0) await rows.run(sql`with ${join(emptied, ", ")} select`);
  });
}
