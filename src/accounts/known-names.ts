import { z } from "zod";
import type { Actor } from "#actor.ts";
import type { Database } from "#database/door.ts";
import { sql } from "#database/sql.ts";

/** Which of these names are accounts of the workspace, so that prose cannot name one that no tool has found. */
export async function knownAccountNames(database: Database, actor: Actor, names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return [];
  const found = await database.read(actor, (rows) =>
    rows.many(
      z.object({ said: z.string() }),
      sql`select said from unnest(${[...names]}::text[]) said
          where exists (select from account a where a.workspace_id = (select current_workspace()) and a.name_norm = normal_name(said) and a.deleted_at is null)`,
    ),
  );
  return found.map((row) => row.said);
}
