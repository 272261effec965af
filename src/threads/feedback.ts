import { z } from "zod";
import type { Reading, Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";

const LONGEST_REASON = 2_000;

/** What a person says of an answer. */
export interface Vote {
  turn: number;
  personId: number;
  helped: boolean;
}

/** Keeps whether an answer helped a person; a second vote takes the place of the first, and of its reason where it says otherwise. false: the turn is gone. */
export const keepVote = async (rows: Writing, { turn, personId, helped }: Vote): Promise<boolean> =>
  (await rows.run(sql`
    insert into answer_feedback (workspace_id, thread_turn_id, person_id, helped)
    select workspace_id, thread_turn_id, ${personId}::bigint, ${helped}::boolean from thread_turn where thread_turn_id = ${turn}
    on conflict (workspace_id, thread_turn_id, person_id) do update set helped = excluded.helped, given_at = now(),
      reason = case when answer_feedback.helped = excluded.helped then answer_feedback.reason end`)) > 0;

/** Adds the reason to a person's vote. false: there is no such vote. */
export const keepReason = async (
  rows: Writing,
  { turn, personId, reason }: Pick<Vote, "turn" | "personId"> & { reason: string },
): Promise<boolean> =>
  (await rows.run(sql`
    update answer_feedback set reason = ${reason.replaceAll("\u0000", "").slice(0, LONGEST_REASON)}
    where thread_turn_id = ${turn} and person_id = ${personId}`)) > 0;

const voteRow = z.object({ personId: z.number(), helped: z.boolean(), reason: z.string().nullable() });

/** The votes on an answer, in the order of the people. */
export const votesOn = (rows: Reading, turn: number) =>
  rows.many(
    voteRow,
    sql`select person_id as "personId", helped, reason from answer_feedback where thread_turn_id = ${turn} order by person_id`,
  );
