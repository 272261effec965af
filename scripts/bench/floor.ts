import { z } from "zod";
import type { Actor } from "#actor.ts";
import type { Database } from "#database/door.ts";
import { sql } from "#database/sql.ts";

const one = z.object({ one: z.number() });

/** The least that a visit through our door takes. */
export const selectOne = (database: Database, actor: Actor): Promise<{ one: number }> =>
  database.read(actor, (rows) => rows.one(one, sql`select 1 as one`));
