import type { App } from "@slack/bolt";
import type { WebClient } from "@slack/web-api";
import { NOT_BEFORE_STRANGERS } from "#agent/run-tool.ts";
import { isFirstName } from "#people/called.ts";
import { channelSettings } from "#people/people.ts";
import { leaveToPeople, type Talk } from "#threads/talk.ts";
import type { Asker, Job } from "../job.ts";
import { lookUpMember } from "../members.ts";
import { SlackRefusal } from "../refusal.ts";
import { answerQuestion, sayTo } from "./answering.ts";
import { type Heard, heardOf } from "./heard.ts";
import { jobOf } from "./job-of.ts";
import { plain } from "./notes.ts";
import { namedIn, plainWords } from "./plain-words.ts";
import { scheduleSaid } from "./schedule-said.ts";
import { calledFirst, talkIn, turnOf } from "./threads.ts";

/** Direct messages, mentions, and what goes on in threads that have been answered in. */
export function registerQuestions(app: App): void {
  for (const event of ["message", "app_mention"])
    app.event(event, async ({ body, context, client }) => hear(jobOf(context), client, body));
}

async function hear(job: Job, client: WebClient, body: unknown): Promise<void> {
  const heard = heardOf(body, job.botUserId);
  if (!heard) return;
  const turned = heard.where.kind === "im" || heard.mentionsBot;
  if (!turned && !heard.inThread) return;
  const speak = heard.where.kind === "im" ? "threads" : await speakIn(job, heard.where.channel);
  const talk = turned || speak !== "threads" ? null : await talkIn(job, heard);
  if (!turned && !talk) return;
  const asker = await askerOrQuiet(job, heard, turned);
  if (!asker) return;
  const words = await wordsOf(job, client, heard);
  if (talk && !(await goesOnAsking(job, heard, { asker, words, talk }))) return;
  const place = { where: heard.where, thread: heard.thread, part: "answer" };
  if (speak === "never") return sayTo(job, heard.userId, place, NEVER);
  if (asker.actor.audience === "external") return sayTo(job, heard.userId, place, NOT_BEFORE_STRANGERS);
  if (words === "") return sayWhatToAsk(job, heard);
  if (await scheduleSaid(job, heard, asker, words)) return;
  await answer(job, heard, asker, words);
}

const speakIn = async ({ house, workspace }: Job, channel: string): Promise<"mentions" | "threads" | "never"> =>
  (
    await house.database.read({ workspaceId: workspace.id, personId: null, audience: "channel" }, (rows) =>
      channelSettings(rows, channel),
    )
  ).speak;

/** Who asks. Whoever did not turn to us is not told that they may not ask, and bots are never told. */
async function askerOrQuiet(job: Job, { userId, where }: Heard, turned: boolean): Promise<Asker | null> {
  try {
    return await job.asker(userId, where);
  } catch (error) {
    if (error instanceof SlackRefusal && (error.quiet || !turned)) return null;
    throw error;
  }
}

const MOST_NAMES = 10; // of people, in one message; more are "somebody"

async function wordsOf(job: Job, client: WebClient, { text }: Heard): Promise<string> {
  const { house, teamId, botUserId } = job;
  const ids = namedIn(text).filter((id) => id !== botUserId);
  const named = await Promise.all(
    ids
      .slice(0, MOST_NAMES)
      .map(async (id) => [id, (await lookUpMember({ client, house, teamId }, id))?.name] as const),
  );
  return plainWords(text, botUserId, new Map(named.filter((each): each is [string, string] => each[1] !== undefined)));
}

/** Whether words in a thread that do not name us are meant for us; notes when people begin to talk among themselves. */
async function goesOnAsking(
  job: Job,
  heard: Heard,
  { asker: { actor }, words, talk }: { asker: Asker; words: string; talk: Talk },
): Promise<boolean> {
  if (actor.personId === null) return false;
  const { database } = job.house;
  const name = calledFirst(words);
  const callsOthers =
    heard.mentionsOthers || (name !== null && (await database.read(actor, (rows) => isFirstName(rows, name))));
  const turned = turnOf(words, { personId: actor.personId, talk, callsOthers });
  if (turned === "people" && !talk.leftToPeople) await leaveToPeople(database, actor, talk.id);
  return turned === "asked";
}

async function answer(job: Job, heard: Heard, asker: Asker, question: string): Promise<void> {
  const { where, thread, hasFiles } = heard;
  await answerQuestion(job, {
    asker,
    question,
    where,
    to: { channel: where.channel, thread },
    how: where.kind === "im" ? "stream" : "post",
    ...(hasFiles ? { note: "I cannot read attached files yet, so this answers your words only." } : {}),
  });
}

async function sayWhatToAsk(job: Job, { where, thread, hasFiles }: Heard): Promise<void> {
  const words = hasFiles ? "I cannot read files yet. Tell me in words what you want to know." : WHAT_TO_ASK;
  await job.post.message("answer", { channel: where.channel, thread }, plain(words));
}

const WHAT_TO_ASK = [
  "What would you like to know? For example:",
  "• “What stage is [account] in, and why?”",
  "• “Which accounts renew this month?”",
  "• “How do we answer a price objection?”",
].join("\n");

const NEVER =
  "I am set to be silent in this channel. `/perennial settings`, typed here, changes that; or ask me in a direct message.";
