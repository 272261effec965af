import { z } from "zod";
import type { Actor } from "#actor.ts";
import type { Database, Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { type Focus, focus } from "./focus.ts";

const KEPT_TURNS = 50; // the model is shown a handful; the rest is for people who scroll back
const SHOWN_TURNS = 12;
const LONGEST_TEXT = 8_000; // characters of a question or answer, or of one finding's words

const turn = z.object({
  askedOn: z.string(),
  question: z.string(),
  answer: z.string(),
  findings: z.array(z.object({ tool: z.string(), words: z.string(), isError: z.boolean() })),
  offline: z.boolean(),
});
const threadRow = z.object({ id: z.number(), key: z.string(), focus });

/** A question and its answer, as the thread keeps it. */
export type Turn = z.output<typeof turn>;

/** A conversation with its last turns, oldest first. */
export interface Thread {
  id: number;
  key: string;
  focus: Focus;
  turns: Turn[];
}

/** What a door hands over once a question is answered. */
export interface FinishedTurn {
  question: string;
  askedOn: string;
  answer: {
    text: string;
    findings: { tool: string; words: string; isError: boolean }[];
    dropped: unknown[];
    offline: boolean;
    focus: Focus;
  };
}

/** The thread with this key, opened if it is new. */
export function openThread(database: Database, actor: Actor, key: string): Promise<Thread> {
  return database.write(actor, async (rows) => {
    const thread = await rows.one(
      threadRow,
      sql`insert into thread (workspace_id, key) values (${actor.workspaceId}, ${key})
          on conflict (workspace_id, key) do update set key = excluded.key
          returning thread_id as id, key, focus`,
    );
    return { ...thread, turns: await recentTurns(rows, thread.id) };
  });
}

/** The last turns of a thread, oldest first. */
export async function recentTurns(rows: Reading, threadId: number, most = SHOWN_TURNS): Promise<Turn[]> {
  const latest = await rows.many(
    turn,
    sql`select asked_on as "askedOn", question, answer, findings, offline from thread_turn
        where thread_id = ${threadId} order by thread_turn_id desc limit ${most}`,
  );
  return latest.reverse();
}

/** Keeps a turn and the new focus, and forgets the oldest turns of a long thread. */
export function rememberTurn(
  database: Database,
  actor: Actor,
  thread: Pick<Thread, "id">,
  { question, askedOn, answer }: FinishedTurn,
): Promise<void> {
  const findings = answer.findings.map(({ tool, words, isError }) => ({ tool, words: short(words), isError }));
  return database.write(actor, async (rows) => {
    await rows.run(
      sql`insert into thread_turn (workspace_id, thread_id, person_id, asked_on, question, answer, findings, dropped, offline)
          values (${actor.workspaceId}, ${thread.id}, ${actor.personId}, ${askedOn}, ${short(question)}, ${short(answer.text)},
            ${JSON.stringify(findings)}, ${JSON.stringify(answer.dropped)}, ${answer.offline})`,
    );
    await rows.run(
      sql`update thread set focus = ${JSON.stringify(answer.focus)}, last_turn_at = now() where thread_id = ${thread.id}`,
    );
    await rows.run(
      sql`delete from thread_turn where thread_id = ${thread.id} and thread_turn_id <= coalesce(
            (select thread_turn_id from thread_turn where thread_id = ${thread.id} order by thread_turn_id desc offset ${KEPT_TURNS} limit 1), 0)`,
    );
  });
}

/** PostgreSQL takes no NUL in text. */
const short = (text: string): string => text.replaceAll("\u0000", "").slice(0, LONGEST_TEXT);
