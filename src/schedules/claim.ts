import { z } from "zod";
import type { Database, Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { type Schedule, scheduleRow } from "./schedule.ts";
import { nextSlot, slotsBetween } from "./slots.ts";
import { columns, timetableOf, withOwner } from "./store.ts";

export const CATCH_UP_HOURS = 6; // a morning's report is still of use in the afternoon, not the day after
const AT_ONCE = 200; // schedules in one look; the next look takes the others

const dueRow = z.object({ workspaceId: z.number(), id: z.number() });

export interface Claiming {
  /** ISO. */
  now: string;
  /** Gives a slot to whoever does it, inside the transaction that takes it: both happen, or neither. */
  hand(rows: Writing, schedule: Schedule, slot: string): Promise<void>;
}

/**
 * Takes every slot that is due, of all workspaces. Any number of processes may look at once: a slot is taken by one. What
 * is late by more than six hours is skipped, and stays noted. Returns how many were handed on.
 */
export async function claimDue(database: Database, claiming: Claiming): Promise<number> {
  const due = await database.directory((rows) =>
    rows.many(
      dueRow,
      sql`select workspace_id as "workspaceId", schedule_id as id from schedule
          where next_at <= ${claiming.now} and paused_at is null and deleted_at is null order by next_at limit ${AT_ONCE}`,
    ),
  );
  let handed = 0;
  for (const { workspaceId, id } of due)
    handed += await database.write({ workspaceId, personId: null, audience: "private" }, (rows) =>
      claimOf(rows, id, claiming),
    );
  return handed;
}

async function claimOf(rows: Writing, id: number, { now, hand }: Claiming): Promise<number> {
  const schedule = await rows.maybe(
    scheduleRow,
    sql`select ${columns} from ${withOwner} where s.schedule_id = ${id} and s.next_at <= ${now} and s.paused_at is null
          and s.deleted_at is null for update of s skip locked`,
  );
  if (!schedule) return 0; // another process has it
  const timetable = await timetableOf(rows, schedule);
  const passed = slotsBetween(timetable, justBefore(schedule.nextAt), now);
  let handed = 0;
  // Quiet hours that were chosen meanwhile may have moved the slot that was noted as the next one.
  for (const slot of passed) {
    const isLate = Date.parse(now) - Date.parse(slot) > CATCH_UP_HOURS * 3_600_000;
    if (!(await take(rows, id, slot, isLate)) || isLate) continue;
    await hand(rows, schedule, slot);
    handed += 1;
  }
  await rows.run(sql`update schedule set next_at = ${nextSlot(timetable, now)} where schedule_id = ${id}`);
  return handed;
}

const justBefore = (moment: string): string => new Date(Date.parse(moment) - 1).toISOString();

/** The unique row decides, whatever anybody believed before. */
async function take(rows: Writing, id: number, slot: string, isLate: boolean): Promise<boolean> {
  const taken = await rows.run(
    sql`insert into schedule_run (workspace_id, schedule_id, slot, state, note)
        values (current_workspace(), ${id}, ${slot}, ${isLate ? "skipped" : "taken"}, ${isLate ? "more than 6 hours late" : null})
        on conflict do nothing`,
  );
  return taken === 1;
}
