import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";

/** Whether one of the team has this first name, so that "Tasha, …" calls a colleague and "Globex, …" does not. */
export const isFirstName = async (rows: Reading, name: string): Promise<boolean> =>
  (await rows.maybe(
    z.object({ found: z.boolean() }),
    sql`select true as found from person where is_active and lower(split_part(full_name, ' ', 1)) = lower(${name}::text) limit 1`,
  )) !== null;
