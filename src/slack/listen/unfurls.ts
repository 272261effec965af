import type { App } from "@slack/bolt";
import { z } from "zod";
import { accountOfRecord } from "#accounts/crm-records.ts";
import { choiceOf } from "#agent/answer.ts";
import { ACTIONS } from "../actions.ts";
import { kindById } from "../channels.ts";
import type { Asker, Job } from "../job.ts";
import type { Message } from "../message.ts";
import { SlackRefusal } from "../refusal.ts";
import { type AccountFinding, unfurlOf } from "../views/index.ts";
import { lookOf } from "./answering.ts";
import { jobOf } from "./job-of.ts";
import { runAll } from "./lookup.ts";

const MOST_CARDS = 3; // of one message; more would bury it

const sharedBody = z.object({
  is_ext_shared_channel: z.boolean().default(false),
  event: z.object({
    user: z.string(),
    channel: z.string(),
    message_ts: z.string(),
    source: z.string().default("conversations_history"),
    links: z.array(z.object({ url: z.string() })),
  }),
});

/** Links to accounts of the CRM, with {id} where the record's id stands, get a card under them. */
export function registerUnfurls(app: App, crmLinks: readonly string[] = []): void {
  const patterns = crmLinks.map(patternOf);
  app.event("link_shared", async ({ body, context }) => unfurl(jobOf(context), body, patterns));
}

async function unfurl(job: Job, body: unknown, patterns: readonly RegExp[]): Promise<void> {
  const { event, is_ext_shared_channel: shared } = sharedBody.parse(body);
  if (event.source !== "conversations_history") return; // a draft has no message yet
  const records = event.links.flatMap(({ url }) => {
    const id = recordIn(url, patterns);
    return id === null ? [] : [{ url, id }];
  });
  const asker = records.length === 0 ? null : await sharer(job, event, shared);
  if (!asker) return;
  const cards: Record<string, Message> = {};
  for (const { url, id } of records.slice(0, MOST_CARDS)) {
    const card = await cardFor(job, asker, id);
    if (card) cards[url] = card;
  }
  if (Object.keys(cards).length > 0) await job.post.unfurl({ channel: event.channel, ts: event.message_ts }, cards);
}

/** Who shared it, in front of colleagues: others read the card wherever it stands. null: nothing may be shown. */
async function sharer(
  job: Job,
  { user, channel }: { user: string; channel: string },
  shared: boolean,
): Promise<Asker | null> {
  try {
    const asker = await job.asker(user, { channel, kind: kindById(channel), shared });
    if (shared || asker.actor.audience === "external") return null;
    return { ...asker, actor: { ...asker.actor, audience: "channel" } };
  } catch (error) {
    if (error instanceof SlackRefusal) return null; // who may not ask has not asked
    throw error;
  }
}

async function cardFor(job: Job, asker: Asker, recordId: string): Promise<Message | null> {
  const account = await job.house.database.read(asker.actor, (rows) => accountOfRecord(rows, recordId));
  if (account === null) return null;
  const [found] = await runAll(job, asker, [{ tool: ACTIONS.overview, input: { account: `#${account}` } }]);
  if (!found || found.isError || choiceOf(found)) return null;
  return unfurlOf(found.output as AccountFinding, lookOf(job, asker, job.house.today(job.workspace))); // what that tool returns
}

/** "https://crm.example/accounts/{id}": the same address with a record's id, and whatever stands behind it. */
export function patternOf(link: string): RegExp {
  const [before = "", after = ""] = link.split("{id}", 2);
  const end = after.replace(/\/+$/, "") === "" ? "(?:[/?#]|$)" : `${RegExp.escape(after)}(?:[/?#&]|$)`;
  return new RegExp(`^${RegExp.escape(before)}(?<id>[^/?#&]+)${end}`, "i");
}

/** The record's id in an address; null where it is no account of the CRM. */
export function recordIn(url: string, patterns: readonly RegExp[]): string | null {
  for (const pattern of patterns) {
    const id = pattern.exec(url)?.groups?.id;
    if (id !== undefined) return decoded(id);
  }
  return null;
}

function decoded(id: string): string | null {
  try {
    return decodeURIComponent(id);
  } catch (malformed) {
    if (malformed instanceof URIError) return null;
    throw malformed;
  }
}
