import { z } from "zod";
import type { Reading, Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { pauseSchedule } from "./store.ts";

const FAILURES = 3; // in a row; then it waits for its owner

const runRow = z.object({
  slot: z.string(),
  state: z.enum(["taken", "skipped", "done", "failed"]),
  note: z.string().nullable(),
  doneAt: z.string().nullable(),
});
export type ScheduleRun = z.infer<typeof runRow>;

/** The latest slots of a schedule and what became of them, newest first. */
export const runsOf = (rows: Reading, id: number, limit: number): Promise<ScheduleRun[]> =>
  rows.many(
    runRow,
    sql`select slot, state, note, done_at as "doneAt" from schedule_run where schedule_id = ${id} order by slot desc limit ${limit}`,
  );

/** A slot is done; `note` says what came of it where that is not plain. */
export async function noteDone(rows: Writing, id: number, slot: string, note: string | null = null): Promise<void> {
  await settle(rows, id, slot, "done", note);
  await rows.run(sql`update schedule set failures = 0 where schedule_id = ${id}`);
}

/** A slot has failed. Returns whether it was news; the schedule is paused by the third in a row, or at once where nothing can mend itself. */
export async function noteFailed(
  rows: Writing,
  id: number,
  { slot, because, forGood }: { slot: string; because: string; forGood: boolean },
): Promise<boolean> {
  if ((await settle(rows, id, slot, "failed", because)) === 0) return false; // it was noted before
  const { failures } = await rows.one(
    z.object({ failures: z.number() }),
    sql`update schedule set failures = failures + 1 where schedule_id = ${id} returning failures`,
  );
  if (forGood || failures >= FAILURES) await pauseSchedule(rows, id, because);
  return true;
}

const settle = (
  rows: Writing,
  id: number,
  slot: string,
  state: "done" | "failed",
  note: string | null,
): Promise<number> =>
  rows.run(
    sql`update schedule_run set state = ${state}, done_at = now(), note = ${note}
        where schedule_id = ${id} and slot = ${slot} and state = 'taken'`,
  );

const openRow = z.object({ open: z.boolean() });

/** Whether a slot still waits to be done. */
export const isOpen = async (rows: Reading, id: number, slot: string): Promise<boolean> =>
  (
    await rows.maybe(
      openRow,
      sql`select state = 'taken' as open from schedule_run where schedule_id = ${id} and slot = ${slot}`,
    )
  )?.open ?? false;

/** A slot of now, because somebody asked for it. Returns its moment, ISO. */
export async function takeNow(rows: Writing, id: number, now: string): Promise<string> {
  await rows.run(
    sql`insert into schedule_run (workspace_id, schedule_id, slot, note) values (current_workspace(), ${id}, ${now}, 'asked for')
        on conflict do nothing`,
  );
  return now;
}
