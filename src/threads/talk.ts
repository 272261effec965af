import { z } from "zod";
import type { Actor } from "#actor.ts";
import type { Database, Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { focus } from "./focus.ts";

const talkRow = z.object({
  id: z.number(),
  /** Who has asked here, as `person.person_id`. */
  askers: z.array(z.number()),
  /** It was asked which account is meant, and nobody has said yet. */
  waits: z.boolean(),
  leftToPeople: z.boolean(),
});

/** Who talks in a thread that has been answered in. */
export type Talk = z.output<typeof talkRow>;

/** The talk of the thread with this key; null where nothing has been answered. Opens nothing. */
export const talkOf = (rows: Reading, key: string): Promise<Talk | null> =>
  rows.maybe(
    talkRow,
    sql`select thread_id as id, left_to_people as "leftToPeople",
          coalesce(jsonb_typeof(focus -> 'pending') = 'object', false) as waits,
          (select coalesce(jsonb_agg(distinct person_id) filter (where person_id is not null), '[]')
             from thread_turn where thread_turn.thread_id = thread.thread_id) as askers
        from thread where key = ${key} and exists (select from thread_turn where thread_turn.thread_id = thread.thread_id)`,
  );

/** Somebody has turned to another person in the thread: it is theirs until it is asked in again. */
export const leaveToPeople = (database: Database, actor: Actor, threadId: number): Promise<number> =>
  database.write(actor, (rows) => rows.run(sql`update thread set left_to_people = true where thread_id = ${threadId}`));

/** Gives a thread its lasting key, once the message that it hangs on is posted. */
export const keyThread = (database: Database, actor: Actor, threadId: number, key: string): Promise<number> =>
  database.write(actor, (rows) =>
    rows.run(
      sql`update thread set key = ${key} where thread_id = ${threadId}
          and not exists (select from thread other where other.workspace_id = thread.workspace_id and other.key = ${key})`,
    ),
  );

const keptTurn = z.object({
  id: z.number(),
  threadId: z.number(),
  threadKey: z.string(),
  personId: z.number().nullable(),
  question: z.string(),
  focus,
  calls: z.array(z.object({ tool: z.string(), input: z.record(z.string(), z.unknown()) })),
});

/** A turn that a button names: who asked it, and with what each tool was asked. */
export type KeptTurn = z.output<typeof keptTurn>;

/** The turn of that number; null when it is gone. `focus` is the thread's, as it stands now. */
export const turnNumbered = (rows: Reading, turnId: number): Promise<KeptTurn | null> =>
  rows.maybe(
    keptTurn,
    sql`select thread_turn_id as id, thread_id as "threadId", key as "threadKey", person_id as "personId", question, focus,
          (select coalesce(jsonb_agg(jsonb_build_object('tool', found ->> 'tool', 'input', found -> 'input') order by at), '[]')
             from jsonb_array_elements(findings) with ordinality as each(found, at)
             where jsonb_typeof(found -> 'input') = 'object' and not (found ->> 'isError')::boolean) as calls
        from thread_turn join thread using (workspace_id, thread_id) where thread_turn_id = ${turnId}`,
  );
