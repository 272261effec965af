import type { Answer, AskEvent } from "#agent/answer.ts";
import { postingState, stopAsked } from "#inbox/inbox.ts";
import { keyThread } from "#threads/talk.ts";
import { openThread, rememberTurn } from "#threads/thread.ts";
import { JobEnded } from "../faults.ts";
import type { Asker, Job, Where } from "../job.ts";
import type { Look, Message } from "../message.ts";
import type { Place } from "../post/poster.ts";
import { answerMessages } from "../views/index.ts";
import { plain, withLine } from "./notes.ts";
import { Progress } from "./progress.ts";
import { threadKey } from "./threads.ts";

/** A question from Slack, and where its answer goes. */
export interface SlackQuestion {
  asker: Asker;
  question: string;
  /** Where it was asked. */
  where: Where;
  /** The thread in which it is answered; for "private" and "respond", where it was asked. */
  to: Place;
  /**
   * stream: grows in the thread of a direct message. post: one message in a thread that many read. private: in the asker's
   * direct messages, wherever it was asked. respond: to the `responseUrl` of a command or press, for the asker's eyes.
   */
  how: "stream" | "post" | "private" | "respond";
  responseUrl?: string;
  /** What is remembered as the question, where the agent is asked in other words. */
  shown?: string;
  /** The memory to go on with; the thread's own unless given. */
  memory?: string;
  /** Names the answer within its job. */
  part?: string;
  /** A line that is said with the answer, in Slack's mrkdwn. */
  note?: string;
}

/** An answer that the thread remembers: `turn` is what its buttons name. */
export interface Answered {
  answer: Answer;
  turn: number;
  threadId: number;
  look: Look;
}

/**
 * Answers a question once: a second attempt at the same job finds its answer posted and asks nobody. Pressing stop ends it
 * with "Stopped.". Throws what the worker tells the asker (Unavailable, SlackFault).
 */
export async function answerQuestion(job: Job, given: SlackQuestion): Promise<void> {
  const asked = given.how === "private" ? elsewhere(given) : given;
  const part = asked.part ?? "answer";
  const { database } = job.house;
  const progress = new Progress(job, { ...asked, part });
  const before = await postingState(database, job.claimed, part);
  if (before.state === "sent") return progress.end();
  try {
    if (job.claimed.attempt > 1 && (await stopAsked(database, job.claimed))) throw new StoppedBefore();
    progress.begin();
    const answered = await askAgent(job, asked, (event) => progress.hear(event));
    const messages = answerMessages(answered.answer, answered.look, { turn: answered.turn });
    await tell(job, asked, { part, answered, progress, messages: noted(messages, asked.note) });
  } catch (error) {
    if (!(error instanceof StoppedBefore) && !(await wasStopped(job))) {
      if (!job.signal.aborted) await progress.end(); // else another process goes on with it, and shows that
      throw error;
    }
    await progress.stopped();
  }
  await progress.end();
}

/** Stop was pressed in an attempt that a crash cut short. */
class StoppedBefore extends Error {}

async function wasStopped({ signal, house, claimed }: Job): Promise<boolean> {
  if (!signal.aborted) return false;
  const { reason } = signal;
  return (reason instanceof JobEnded && reason.why === "stopped") || stopAsked(house.database, claimed);
}

/** Answered away from where it was asked, the answer says where that was. */
function elsewhere(given: SlackQuestion): SlackQuestion {
  const { where, asker, note } = given;
  const named = where.kind === "channel" || where.kind === "group";
  const back = named ? { note: [`You asked in <#${where.channel}>.`, note].filter(Boolean).join(" ") } : {};
  return { ...given, asker: inPrivate(asker), ...back };
}

/** The same person where nobody else reads. */
export const inPrivate = (asker: Asker): Asker => ({ ...asker, actor: { ...asker.actor, audience: "private" } });

/** Asks the agent with the memory of the thread, and remembers the turn. Rejects when the job is aborted or the database is away. */
export async function askAgent(
  job: Job,
  asked: Pick<SlackQuestion, "asker" | "question" | "shown" | "to" | "memory" | "part" | "how">,
  onEvent?: (event: AskEvent) => void,
): Promise<Answered> {
  const { house, workspace, signal } = job;
  const { asker, question } = asked;
  const { actor, ownerName } = asker;
  await house.ready(workspace);
  const agent = await house.agent();
  const name = `${job.claimed.inboxId}:${asked.part ?? "answer"}`;
  const thread = await openThread(house.database, actor, memoryOf(job, asked), name);
  const context = house.context(workspace, actor);
  const answer = await agent.ask({ question, thread, context, asker: ownerName, signal, ...(onEvent && { onEvent }) });
  const turn = await rememberTurn(house.database, actor, thread, {
    question: asked.shown ?? question,
    askedOn: context.today,
    job: name,
    answer,
  });
  return { answer, turn, threadId: thread.id, look: lookOf(job, asker, context.today) };
}

/** In front of whom and in whose zone an answer is drawn: a channel reads days in the workspace's. */
export const lookOf = ({ workspace }: Job, { actor, zone }: Asker, today: string): Look => ({
  today,
  zone: actor.audience === "private" ? zone : workspace.zone,
  audience: actor.audience,
});

/** An answer for one pair of eyes has no thread yet: it is named by its job until it hangs on a message. */
function memoryOf(job: Job, { memory, to, how }: Pick<SlackQuestion, "memory" | "to" | "how">): string {
  if (memory !== undefined) return memory;
  const shared = how === "stream" || how === "post";
  return shared && to.thread !== undefined ? threadKey(to.channel, to.thread) : `slack-job:${job.claimed.inboxId}`;
}

interface Telling {
  part: string;
  answered: Answered;
  progress: Progress;
  messages: Message[];
}

/** Says all of an answer. The part that carries its name is said last, so that "it is posted" means all of it is. */
async function tell(job: Job, asked: SlackQuestion, { part, answered, progress, messages }: Telling): Promise<void> {
  const { asker, to, how, responseUrl } = asked;
  const [first, ...rest] = messages;
  if (!first) throw new Error("an answer has no message");
  if (how === "respond") {
    if (responseUrl === undefined) throw new Error("an answer to a command has no address");
    for (const [at, message] of messages.entries())
      await job.post.respond(named(part, at, messages.length), responseUrl, message);
    return;
  }
  if (how === "stream") {
    for (const [at, message] of rest.entries()) await job.post.message(`${part}-${at + 2}`, to, message);
    await progress.finish(first);
    return;
  }
  const place = how === "post" ? to : { channel: await job.post.directMessage(asker.userId) };
  let root: string | undefined = place.thread;
  for (const [at, message] of messages.entries()) {
    const ts = await job.post.message(named(part, at, messages.length), { ...place, thread: root }, message);
    root ??= ts;
  }
  if (how === "private" && root !== undefined && asked.memory === undefined)
    await keyThread(job.house.database, asker.actor, answered.threadId, threadKey(place.channel, root));
}

const named = (part: string, at: number, of: number): string => (at === of - 1 ? part : `${part}-${at + 1}`);

const noted = ([first, ...rest]: Message[], note: string | undefined): Message[] =>
  first === undefined ? [] : [note === undefined ? first : withLine(first, note), ...rest];

/** Says one plain sentence where somebody asked: to them alone in a channel, in the thread of a direct message. */
export async function sayTo(
  job: Job,
  userId: string,
  { where, thread, part }: { where: Where; thread: string; part: string },
  words: string,
): Promise<void> {
  const to = { channel: where.channel, thread };
  if (where.kind === "im") await job.post.message(part, to, plain(words));
  else await job.post.privately(part, { ...to, user: userId }, plain(words));
}
