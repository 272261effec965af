import type { Answer, Finding } from "#agent/answer.ts";
import { nextFocus } from "#agent/next-focus.ts";
import { runTool } from "#agent/run-tool.ts";
import { Shelf } from "#agent/shelf.ts";
import { postingState } from "#inbox/inbox.ts";
import type { ToolCall } from "#threads/focus.ts";
import { keyThread } from "#threads/talk.ts";
import { openThread, rememberTurn } from "#threads/thread.ts";
import { tools } from "#tools/index.ts";
import type { Asker, Job } from "../job.ts";
import type { Message } from "../message.ts";
import type { Place } from "../post/poster.ts";
import { answerMessages } from "../views/index.ts";
import { type Answered, inPrivate, lookOf } from "./answering.ts";
import { withLine } from "./notes.ts";
import { threadKey } from "./threads.ts";

/** Tools to run as they stand, because a person has said which: no model takes part. */
export interface LookUp {
  asker: Asker;
  calls: readonly ToolCall[];
  /** What is remembered as the question; given what was found, because a button names an account by its number only. */
  shown: string | ((findings: readonly Finding[]) => string);
  /** The thread that remembers it; one of the job's own unless given. */
  memory?: string;
}

/** Where what was found is said. */
export type Showing =
  | { how: "post"; to: Place }
  /** To the address of a command or press: for the asker's eyes. */
  | { how: "respond"; responseUrl: string }
  /** In the asker's direct messages, whose new thread can go on with it. */
  | { how: "private" };

const PART = "answer";

/** Looks it up and says it, once: a second attempt at the job finds it said. `note`: a line above it, in mrkdwn. */
export async function lookUpAndShow(job: Job, asked: LookUp, showing: Showing, note?: string): Promise<void> {
  if ((await postingState(job.house.database, job.claimed, PART)).state === "sent") return;
  const answered = await lookUp(job, asked);
  const [first, ...rest] = answerMessages(answered.answer, answered.look, { turn: answered.turn });
  if (!first) throw new Error("what was looked up has no message");
  const root = await say(job, asked.asker, [note === undefined ? first : withLine(first, note), ...rest], showing);
  if (showing.how === "private" && root && asked.memory === undefined)
    await keyThread(job.house.database, asked.asker.actor, answered.threadId, threadKey(root.channel, root.ts));
}

/** Runs the tools with the asker's rights, and remembers what they found. Never throws for what a person may have asked. */
export async function lookUp(job: Job, { asker, calls, shown, memory }: LookUp): Promise<Answered> {
  const { house, workspace, claimed } = job;
  const name = `${claimed.inboxId}:${PART}`;
  const thread = await openThread(house.database, asker.actor, memory ?? `slack-job:${claimed.inboxId}`, name);
  const findings = await runAll(job, asker, calls);
  const question = typeof shown === "string" ? shown : shown(findings);
  const answer = answerOf(findings, nextFocus(thread.focus, question, findings));
  const { today } = house.context(workspace, asker.actor);
  const turn = await rememberTurn(house.database, asker.actor, thread, { question, askedOn: today, job: name, answer });
  return { answer, turn, threadId: thread.id, look: lookOf(job, asker, today) };
}

/** What each tool finds for the asker, in order. */
export async function runAll(job: Job, { actor }: Asker, calls: readonly ToolCall[]): Promise<Finding[]> {
  const { house, workspace, signal } = job;
  await house.ready(workspace);
  const context = house.context(workspace, actor);
  const findings: Finding[] = [];
  for (const { tool, input } of calls) {
    signal.throwIfAborted();
    findings.push(await runTool(tools, tool, input, context, house.log));
  }
  return findings;
}

/** Findings as the whole of an answer. No model was needed, so nothing is said of one. */
const answerOf = (findings: Finding[], focus: Answer["focus"]): Answer => ({
  text: [...new Set(findings.map(({ words }) => words))].join("\n\n"),
  offline: false,
  offlineBecause: null,
  findings,
  sources: sourcesOf(findings),
  dropped: [],
  keptOut: [...new Set(findings.flatMap(({ keptOut }) => keptOut ?? []))],
  usage: { modelCalls: 0, tokens: 0, ms: 0 },
  focus,
});

function sourcesOf(findings: readonly Finding[]): Answer["sources"] {
  const shelf = new Shelf(tools);
  for (const finding of findings) shelf.put(finding);
  return shelf.passages.map((each) => ({ ...each, cited: false }));
}

/** Says messages in order; the part that carries the name is said last, so that "it is said" means all of it is. */
async function say(job: Job, asker: Asker, messages: readonly Message[], showing: Showing) {
  const part = (at: number): string => (at === messages.length - 1 ? PART : `${PART}-${at + 1}`);
  if (showing.how === "respond") {
    for (const [at, message] of messages.entries()) await job.post.respond(part(at), showing.responseUrl, message);
    return null;
  }
  const to = showing.how === "post" ? showing.to : { channel: await job.post.directMessage(asker.userId) };
  let root = to.thread;
  for (const [at, message] of messages.entries()) {
    const ts = await job.post.message(part(at), { ...to, thread: root }, message);
    root ??= ts;
  }
  return root === undefined ? null : { channel: to.channel, ts: root };
}

/** The asker where only they read it. Where people of another company are, they stay what they are: shown nothing. */
export const forTheirEyes = (asker: Asker): Asker => (asker.actor.audience === "external" ? asker : inPrivate(asker));
