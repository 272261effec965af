import { z } from "zod";
import type { Reading, Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { type QuietHours, quietHours } from "./cadence.ts";
import type { Schedule } from "./schedule.ts";
import { quietUntil } from "./slots.ts";

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

/** When the owner of a schedule may be told something about it: null at once, else at the end of their quiet hours, ISO. */
export const ownerMayBeToldAt = async (
  rows: Reading,
  { ownerId, zone }: Pick<Schedule, "ownerId" | "zone">,
  now: string,
): Promise<string | null> => quietUntil({ quiet: await quietHoursOf(rows, ownerId), zone }, now);
