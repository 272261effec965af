import type { App } from "@slack/bolt";
import { z } from "zod";
import { NOT_BEFORE_STRANGERS } from "#agent/run-tool.ts";
import { AskAgain } from "#errors.ts";
import { tools } from "#tools/index.ts";
import { kindById } from "../channels.ts";
import type { Job, Where } from "../job.ts";
import { helpMessage } from "../views/index.ts";
import { answerQuestion } from "./answering.ts";
import { jobOf } from "./job-of.ts";
import { forTheirEyes, lookUpAndShow } from "./lookup.ts";
import { plain } from "./notes.ts";
import { plainWords } from "./plain-words.ts";
import { readCommand, type Typed } from "./read-command.ts";
import { isScheduleCommand, obeySchedule } from "./schedule-command.ts";
import { openSettingsFor } from "./settings.ts";
import { helpEntries, subcommandsOf } from "./subcommands.ts";

const commandBody = z.object({
  command: z.string(),
  text: z.string().default(""),
  user_id: z.string(),
  channel_id: z.string(),
  channel_name: z.string().default(""),
  response_url: z.string(),
  trigger_id: z.string().default(""),
});
type CommandBody = z.output<typeof commandBody>;

const subcommands = subcommandsOf(tools);

/** /perennial with its subcommands, or with a question. Only who typed it sees the answer. */
export function registerCommands(app: App): void {
  app.command("/perennial", async ({ body, context }) => {
    const job = jobOf(context);
    const read = commandBody.safeParse(body);
    if (!read.success) throw new AskAgain("Slack did not say where to answer. Ask me in a direct message.");
    await obey(job, read.data);
  });
}

async function obey(job: Job, body: CommandBody): Promise<void> {
  const { response_url: responseUrl, user_id: userId, channel_id: channel } = body;
  const where = whereOf(body);
  const asker = await job.asker(userId, where);
  if (isScheduleCommand(body.text))
    return obeySchedule(job, asker, { text: body.text, where, responseUrl, triggerId: body.trigger_id });
  const words = plainWords(body.text, job.botUserId, namesIn(body.text));
  const typed = readCommand(words, subcommands);
  if (typed.kind === "help")
    return job.post.respond("answer", responseUrl, helpMessage(helpEntries(subcommands), body));
  if (typed.kind === "settings")
    return openSettingsFor(job, asker, {
      triggerId: body.trigger_id,
      channel: where.kind === "im" ? null : { id: channel, name: nameOf(body) },
    });
  if (typed.kind === "wrong") throw new AskAgain(typed.sentence);
  if (asker.actor.audience === "external") throw new AskAgain(NOT_BEFORE_STRANGERS);
  await answer(job, { typed, words, responseUrl, where, asker: forTheirEyes(asker) });
}

interface Obeying {
  typed: Extract<Typed, { kind: "question" | "call" }>;
  words: string;
  responseUrl: string;
  where: Where;
  asker: ReturnType<typeof forTheirEyes>;
}

const SLOW_MS = 1_500; // until then nobody wonders whether it works

async function answer(job: Job, { typed, words, responseUrl, where, asker }: Obeying): Promise<void> {
  if (typed.kind === "call") {
    const calls = [{ tool: typed.tool, input: typed.input }];
    return lookUpAndShow(job, { asker, calls, shown: words }, { how: "respond", responseUrl });
  }
  const waiting = sayItTakesTime(job, responseUrl);
  const to = { channel: where.channel };
  try {
    await answerQuestion(job, { asker, question: typed.question, where, to, how: "respond", responseUrl });
  } finally {
    await waiting.over();
  }
}

/** Says after a moment that it is being looked up: Slack shows nothing of its own behind a command. */
function sayItTakesTime(job: Job, responseUrl: string): { over(): Promise<void> } {
  let said: Promise<void> = Promise.resolve();
  const timer = setTimeout(() => {
    said = job.post.respond("waiting", responseUrl, plain("Looking it up…")).catch((error: unknown) => {
      job.house.log.debug({ err: error }, "a courtesy could not be said");
    });
  }, SLOW_MS);
  return {
    over: () => {
      clearTimeout(timer);
      return said;
    },
  };
}

/** In a command Slack writes people as <@U1|name>. */
const namesIn = (text: string): Map<string, string> =>
  new Map([...text.matchAll(/<@([UW][A-Z0-9]+)\|([^>]+)>/g)].map(([, id = "", name = ""]) => [id, name]));

const PRIVATE_NAMES: Record<string, Where["kind"]> = { directmessage: "im", privategroup: "group" };

function whereOf({ channel_id: channel, channel_name: name }: CommandBody): Where {
  const kind = name.startsWith("mpdm-") ? "mpim" : (PRIVATE_NAMES[name] ?? kindById(channel));
  return { channel, kind, shared: false };
}

/** A private channel does not tell its name here. */
const nameOf = ({ channel_name: name }: CommandBody): string =>
  name in PRIVATE_NAMES || name.startsWith("mpdm-") ? "this channel" : `#${name}`;
