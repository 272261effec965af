import { z } from "zod";
import type { Database, Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { takeNow } from "./runs.ts";
import { type Schedule, scheduleRow } from "./schedule.ts";
import { CATCH_UP_HOURS, nextSlot, slotsBetween } from "./slots.ts";
import { columns, timetableOf, withOwner } from "./store.ts";

const AT_ONCE = 200; // schedules in one look; the next look takes the others

const dueRow = z.object({ workspaceId: z.number(), id: z.number() });

export interface Claiming {
  /** ISO. */
  now: string;
  /** Gives a slot to whoever does it, inside the transaction that takes it: both happen, or neither. `asked`: it is none of its own times. */
  hand(rows: Writing, schedule: Schedule, slot: string, how: { asked: boolean }): Promise<void>;
  /** Has its owner told of slots that were too late to be of use, oldest first; in the same transaction. */
  missed(rows: Writing, schedule: Schedule, slots: readonly string[]): Promise<void>;
}

const dueAt = (now: string) => sql`next_at <= ${now} and paused_at is null`;

/**
 * Takes every slot that is due, of all workspaces, and what somebody asked for. Any number of processes may look at once: a
 * slot is taken by one. What is late by more than six hours is skipped, noted, and told. Returns how many were handed on.
 */
export async function claimDue(database: Database, claiming: Claiming): Promise<number> {
  const due = await database.directory((rows) =>
    rows.many(
      dueRow,
      sql`select workspace_id as "workspaceId", schedule_id as id from schedule
          where (${dueAt(claiming.now)} or wanted_at is not null) and deleted_at is null
          order by wanted_at, next_at limit ${AT_ONCE}`,
    ),
  );
  let handed = 0;
  for (const { workspaceId, id } of due)
    handed += await database.write({ workspaceId, personId: null, audience: "private" }, (rows) =>
      claimOf(rows, id, claiming),
    );
  return handed;
}

async function claimOf(rows: Writing, id: number, claiming: Claiming): Promise<number> {
  const { now } = claiming;
  const schedule = await rows.maybe(
    scheduleRow,
    sql`select ${columns} from ${withOwner} where s.schedule_id = ${id} and (${dueAt(now)} or s.wanted_at is not null)
          and s.deleted_at is null for update of s skip locked`,
  );
  if (!schedule) return 0; // another process has it
  const asked = await handAsked(rows, schedule, claiming);
  const isDue = schedule.pausedAt === null && Date.parse(schedule.nextAt) <= Date.parse(now);
  return asked + (isDue ? await handDue(rows, schedule, claiming) : 0);
}

async function handDue(rows: Writing, schedule: Schedule, { now, hand, missed }: Claiming): Promise<number> {
  const { id } = schedule;
  const timetable = await timetableOf(rows, schedule);
  const skipped: string[] = [];
  let handed = 0;
  // Quiet hours that were chosen meanwhile may have moved the slot that was noted as the next one.
  for (const slot of slotsBetween(timetable, justBefore(schedule.nextAt), now)) {
    const isLate = Date.parse(now) - Date.parse(slot) > CATCH_UP_HOURS * 3_600_000;
    if (!(await take(rows, id, slot, isLate))) continue;
    if (isLate) skipped.push(slot);
    else {
      await hand(rows, schedule, slot, { asked: false });
      handed += 1;
    }
  }
  if (skipped.length > 0) await missed(rows, schedule, skipped);
  await rows.run(sql`update schedule set next_at = ${nextSlot(timetable, now)} where schedule_id = ${id}`);
  return handed;
}

/** What somebody asked for without Slack, where there was nobody to hand it to. */
async function handAsked(rows: Writing, schedule: Schedule, { hand }: Claiming): Promise<number> {
  const { id, wantedAt } = schedule;
  if (wantedAt === null) return 0;
  await hand(rows, schedule, await takeNow(rows, id, wantedAt), { asked: true });
  await rows.run(sql`update schedule set wanted_at = null where schedule_id = ${id}`);
  return 1;
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
