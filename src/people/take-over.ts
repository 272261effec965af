import type { Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";

/**
 * What one person asked, chose, set up and said of answers and alerts becomes another's, who are the same one. Where both
 * have said something of the same thing, the word of the one who stays counts; of two digests, the one that goes over.
 */
export async function moveWhatIsTheirs(rows: Writing, from: number, to: number): Promise<void> {
  await rows.run(sql`update thread_turn set person_id = ${to} where person_id = ${from}`);
  await rows.run(
    sql`update person set settings = settings || (select settings from person where person_id = ${from}) where person_id = ${to}`,
  );
  await moveVotes(rows, from, to);
  await moveSchedules(rows, from, to);
  await rows.run(sql`update stage_transition set person_id = ${to} where person_id = ${from}`);
  await rows.run(sql`update account_stage set pinned_by = ${to} where pinned_by = ${from}`);
}

async function moveVotes(rows: Writing, from: number, to: number): Promise<void> {
  await rows.run(
    sql`update answer_feedback f set person_id = ${to} where f.person_id = ${from} and not exists (
          select from answer_feedback o where o.thread_turn_id = f.thread_turn_id and o.person_id = ${to})`,
  );
  await rows.run(sql`delete from answer_feedback where person_id = ${from}`);
  await rows.run(
    sql`update alert_said s set person_id = ${to} where s.person_id = ${from} and not exists (
          select from alert_said o where o.alert_id = s.alert_id and o.schedule_id = s.schedule_id and o.said = s.said and o.person_id = ${to})`,
  );
  await rows.run(sql`delete from alert_said where person_id = ${from}`);
  await rows.run(sql`update passage_feedback set person_id = ${to} where person_id = ${from}`);
}

async function moveSchedules(rows: Writing, from: number, to: number): Promise<void> {
  await rows.run(
    sql`update schedule set deleted_at = now() where owner_id = ${to} and by_settings and deleted_at is null
          and exists (select from schedule o where o.owner_id = ${from} and o.by_settings and o.deleted_at is null)`,
  );
  await rows.run(sql`update schedule set owner_id = ${to} where owner_id = ${from}`);
}
