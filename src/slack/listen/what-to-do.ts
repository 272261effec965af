import { z } from "zod";
import { accountOfRecord } from "#accounts/crm-records.ts";
import { accountNamedIn, type NamedAccount } from "#accounts/named-in.ts";
import { NOT_BEFORE_STRANGERS } from "#agent/run-tool.ts";
import type { Reading } from "#database/door.ts";
import { AskAgain } from "#errors.ts";
import type { ToolCall } from "#threads/focus.ts";
import { ACTIONS, buttonValue } from "../actions.ts";
import { kindById } from "../channels.ts";
import type { Job } from "../job.ts";
import type { Message } from "../message.ts";
import { quoteIn } from "../views/index.ts";
import { nameIn, questionOf } from "./account-presses.ts";
import { forTheirEyes, type LookUp, lookUpAndShow } from "./lookup.ts";
import { plain } from "./notes.ts";
import { plainWords } from "./plain-words.ts";
import { recordIn } from "./unfurls.ts";

const messageBody = z.object({
  user: z.object({ id: z.string() }),
  channel: z.object({ id: z.string(), name: z.string().default("") }),
  message: z.object({ text: z.string().default("") }),
  response_url: z.string().optional(),
});

const LONGEST_MESSAGE = 8_000; // characters of it that are looked at

/**
 * "What should I do about this?": the next steps of the account that a message names or links to, and what the playbooks
 * say to its words. The message is somebody else's, so no model reads it: it is only searched with, and quoted.
 */
export async function whatToDo(job: Job, body: unknown, crmLinks: readonly RegExp[]): Promise<void> {
  const { user, channel, message, response_url: responseUrl } = messageBody.parse(body);
  const where = { channel: channel.id, kind: kindById(channel.id), shared: false };
  const asker = forTheirEyes(await job.asker(user.id, where));
  if (asker.actor.audience === "external") throw new AskAgain(NOT_BEFORE_STRANGERS);
  const text = plainWords(message.text, job.botUserId, new Map()).slice(0, LONGEST_MESSAGE).toWellFormed();
  if (text.length < 2) throw new AskAgain("There are no words in that message that I could look up.");
  const about = await job.house.database.read(
    asker.actor,
    async (rows) => (await linkedIn(rows, message.text, crmLinks)) ?? byName(await accountNamedIn(rows, text)),
  );
  const note = `What to do about ${quoteIn(text, 200)}`;
  await lookUpAndShow(
    job,
    { asker, calls: callsFor(text, about), shown: about?.shown ?? "What do the playbooks say to a message?" },
    responseUrl ? { how: "respond", responseUrl } : { how: "private" },
    note,
  );
  if (!about && responseUrl) await job.post.respond("offer", responseUrl, OFFER);
}

/** The account that a message is about. */
interface About {
  /** As tools take it. */
  account: string;
  shown: LookUp["shown"];
}

/** The account of the CRM that the first link of the message leads to. */
async function linkedIn(rows: Reading, text: string, crmLinks: readonly RegExp[]): Promise<About | null> {
  for (const [, url = ""] of text.matchAll(/<(https?:[^|>]+)(?:\|[^>]*)?>/g)) {
    const record = recordIn(url, crmLinks);
    const id = record === null ? null : await accountOfRecord(rows, record);
    if (id !== null) return { account: `#${id}`, shown: (found) => questionOf(ACTIONS.nextSteps, nameIn(found)) };
  }
  return null;
}

/** Where several accounts have the name, only which one is asked; the rest waits for the answer. */
function byName(named: NamedAccount | null): About | null {
  if (!named) return null;
  const [one, ...others] = named.accounts;
  const only = one && others.length === 0 ? one : null;
  return { account: only ? `#${only.id}` : named.said, shown: questionOf(ACTIONS.nextSteps, only?.name ?? named.said) };
}

function callsFor(question: string, about: About | null): ToolCall[] {
  if (!about) return [{ tool: "search_playbooks", input: { question } }];
  const { account } = about;
  return [
    { tool: ACTIONS.nextSteps, input: { account } },
    { tool: "search_playbooks", input: { question, account } },
  ];
}

const NO_ACCOUNT = "I found no account of ours by name in that message. Look it up for its next steps:";

const OFFER: Message = {
  ...plain(NO_ACCOUNT),
  blocks: [
    ...plain(NO_ACCOUNT).blocks,
    {
      type: "actions",
      elements: [
        {
          type: "button",
          text: { type: "plain_text", text: "Look up an account" },
          action_id: ACTIONS.homeLookUp,
          value: buttonValue({}),
          accessibility_label: "Look up an account",
        },
      ],
    },
  ],
};
