import { z } from "zod";
import type { Reading, Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { type QuietHours, quietHours } from "./cadence.ts";

const row = z.object({ quiet: quietHours.nullable() });

/** The hours in which a person is not to be written to; null: none. They stand among the person's settings. */
export const quietHoursOf = async (rows: Reading, personId: number): Promise<QuietHours | null> =>
  (await rows.maybe(row, sql`select settings -> 'quiet' as quiet from person where person_id = ${personId}`))?.quiet ??
  null;

/** Keeps a person's quiet hours; null ends them. */
export const keepQuietHours = async (rows: Writing, personId: number, quiet: QuietHours | null): Promise<void> => {
  await rows.run(
    sql`update person set settings = settings || ${JSON.stringify({ quiet })}::jsonb where person_id = ${personId}`,
  );
};
