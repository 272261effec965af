import { z } from "zod";
import type { Actor } from "#actor.ts";
import type { Database, Reading, Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { type Focus, focus } from "./focus.ts";

const KEPT_TURNS = 50; // the model is shown a handful; the rest is for people who scroll back
const SHOWN_TURNS = 12;
const LONGEST_TEXT = 8_000; // characters of a question or answer, or of one finding's words

const found = z.object({
  tool: z.string(),
  words: z.string(),
  isError: z.boolean(),
  /** What the tool was asked, so that it can be asked again; null in turns that are older than this. */
  input: z.unknown().optional(),
});
const turn = z.object({
  askedOn: z.string(),
  question: z.string(),
  answer: z.string(),
  findings: z.array(found),
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
  /** Names the work behind the answer: kept twice, it is one turn. */
  job?: string;
  answer: {
    text: string;
    findings: { tool: string; words: string; isError: boolean; input?: unknown }[];
    dropped: unknown[];
    offline: boolean;
    focus: Focus;
  };
}

/**
 * The thread with this key, opened if it is new. A turn that `job` has left there already is taken back first, so that
 * the job finds the thread as it stood when it was asked.
 */
export function openThread(database: Database, actor: Actor, key: string, job?: string): Promise<Thread> {
  return database.write(actor, async (rows) => {
    const { id } = await rows.one(
      z.object({ id: z.number() }),
      sql`insert into thread (workspace_id, key) values (${actor.workspaceId}, ${key})
          on conflict (workspace_id, key) do update set key = excluded.key returning thread_id as id`,
    );
    if (job !== undefined) await takeTurnBack(rows, id, job);
    const thread = await rows.one(
      threadRow,
      sql`select thread_id as id, key, focus from thread where thread_id = ${id}`,
    );
    return { ...thread, turns: await recentTurns(rows, id) };
  });
}

async function takeTurnBack(rows: Writing, threadId: number, job: string): Promise<void> {
  const before = await rows.maybe(
    z.object({ focus: focus.nullable() }),
    sql`delete from thread_turn where thread_id = ${threadId} and job = ${job} returning focus_before as focus`,
  );
  if (before?.focus)
    await rows.run(sql`update thread set focus = ${JSON.stringify(before.focus)} where thread_id = ${threadId}`);
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

/** Keeps a turn and the new focus, forgets the oldest turns of a long thread, and returns the turn's number. */
export function rememberTurn(
  database: Database,
  actor: Actor,
  thread: Pick<Thread, "id">,
  { question, askedOn, job, answer }: FinishedTurn,
): Promise<number> {
  const findings = answer.findings.map(({ tool, words, isError, input }) => ({
    tool,
    words: short(words),
    isError,
    input: input ?? null,
  }));
  return database.write(actor, async (rows) => {
    if (job !== undefined) await rows.run(sql`delete from thread_turn where job = ${job}`);
    const { turnId } = await rows.one(
      z.object({ turnId: z.number() }),
      sql`insert into thread_turn (workspace_id, thread_id, person_id, asked_on, question, answer, findings, dropped, offline, job, focus_before)
          select workspace_id, thread_id, ${actor.personId}::bigint, ${askedOn}::date, ${short(question)}::text, ${short(answer.text)}::text,
            ${json(findings)}::jsonb, ${json(answer.dropped)}::jsonb, ${answer.offline}::boolean, ${job ?? null}::text, focus
          from thread where thread_id = ${thread.id}
          returning thread_turn_id as "turnId"`,
    );
    await rows.run(
      sql`update thread set focus = ${json(answer.focus)}, last_turn_at = now(), left_to_people = false where thread_id = ${thread.id}`,
    );
    await rows.run(
      sql`delete from thread_turn where thread_id = ${thread.id} and thread_turn_id <= coalesce(
            (select thread_turn_id from thread_turn where thread_id = ${thread.id} order by thread_turn_id desc offset ${KEPT_TURNS} limit 1), 0)`,
    );
    return turnId;
  });
}

/** PostgreSQL takes no NUL in text. */
const short = (text: string): string => text.replaceAll("\u0000", "").slice(0, LONGEST_TEXT);

/** Nor in JSON, where it is written as an escape; a backslash before it makes it a word that somebody wrote. */
const json = (value: unknown): string => JSON.stringify(value).replace(/(?<!\\)((?:\\\\)*)\\u0000/g, "$1");
