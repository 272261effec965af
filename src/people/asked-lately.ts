import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";

const askedRow = z.object({
  /** Its number, by which it is asked again. */
  turn: z.number(),
  question: z.string(),
  askedOn: z.string(),
  askedAt: z.string(),
  threadKey: z.string(),
});

/** A question that somebody asked, with the conversation it was asked in. */
export type AskedQuestion = z.infer<typeof askedRow>;

/** What a person asked lately, newest first, each question once. */
export const recentQuestions = (rows: Reading, personId: number, limit: number): Promise<AskedQuestion[]> =>
  rows.many(
    askedRow,
    sql`select thread_turn_id as turn, question, asked_on as "askedOn", created_at as "askedAt", key as "threadKey" from (
          select distinct on (lower(t.question)) t.*, d.key from thread_turn t join thread d using (workspace_id, thread_id)
          where t.person_id = ${personId} order by lower(t.question), t.thread_turn_id desc) latest
        order by thread_turn_id desc limit ${limit}`,
  );
