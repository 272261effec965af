import type { ModalView } from "@slack/types";
import { z } from "zod";
import { pressedBefore } from "#inbox/repeats.ts";
import { actionOf, type Pressed, readValue } from "../actions.ts";
import { kindById } from "../channels.ts";
import { slackFault } from "../faults.ts";
import type { Asker, Job, Where } from "../job.ts";
import type { Place } from "../post/poster.ts";
import { plain } from "./notes.ts";

const block = z.looseObject({ type: z.string() });
export type DrawnBlock = z.infer<typeof block>;

const pressBody = z.object({
  user: z.object({ id: z.string() }),
  trigger_id: z.string().default(""),
  response_url: z.string().optional(),
  channel: z.object({ id: z.string(), name: z.string().default("") }).optional(),
  container: z
    .object({
      type: z.string().default(""),
      message_ts: z.string().optional(),
      thread_ts: z.string().optional(),
      channel_id: z.string().optional(),
      is_ephemeral: z.boolean().default(false),
    })
    .default({ type: "", is_ephemeral: false }),
  message: z
    .object({
      ts: z.string(),
      thread_ts: z.string().optional(),
      text: z.string().default(""),
      blocks: z.array(block).default([]),
    })
    .optional(),
  view: z.object({ id: z.string(), type: z.string(), callback_id: z.string().default("") }).optional(),
  actions: z.array(
    z.object({
      action_id: z.string(),
      value: z.string().optional(),
      selected_option: z.object({ value: z.string() }).nullish(),
    }),
  ),
});

/** A button that was pressed, or something that was chosen, and everything that going on takes. */
export interface Press {
  job: Job;
  userId: string;
  /** As ACTIONS names it. */
  action: string;
  /** null: it is not one of ours. */
  value: Pressed | null;
  where: Where;
  /** The thread of the pressed card, where others or the person in a direct message read it; null elsewhere. */
  thread: Required<Place> | null;
  /** The message it stands on, as Slack has it; null for a window and for what one person sees. */
  message: { ts: string; text: string; blocks: DrawnBlock[] } | null;
  responseUrl: string | null;
  triggerId: string;
  view: { id: string; kind: "modal" | "home" } | null;
}

/** Reads a press; null for a body that is none. */
export function pressOf(job: Job, given: unknown): Press | null {
  const read = pressBody.safeParse(given);
  const [acted] = read.success ? read.data.actions : [];
  if (!read.success || !acted) return null;
  const { user, trigger_id: triggerId, response_url: responseUrl, view, message, container } = read.data;
  const where = whereOf(read.data);
  return {
    job,
    userId: user.id,
    action: actionOf(acted.action_id),
    value: readValue(acted.value ?? acted.selected_option?.value),
    where,
    thread: threadOf(read.data, where.channel),
    message: message && container.type === "message" && !container.is_ephemeral ? message : null,
    responseUrl: responseUrl ?? null,
    triggerId,
    view: view ? { id: view.id, kind: view.type === "home" ? "home" : "modal" } : null,
  };
}

type Body = z.infer<typeof pressBody>;

/** In a window and on Home, only the person reads. */
function whereOf({ channel, container }: Body): Where {
  const id = channel?.id ?? container.channel_id;
  if (id === undefined) return { channel: "", kind: "im", shared: false };
  const name = channel?.name ?? "";
  if (name.startsWith("mpdm")) return { channel: id, kind: "mpim", shared: false };
  return { channel: id, kind: name === "privategroup" ? "group" : kindById(id), shared: false };
}

/** A card under somebody else's link has no thread of ours, and what one person sees has none at all. */
function threadOf({ message, container }: Body, channel: string): Required<Place> | null {
  if (container.type !== "message" || container.is_ephemeral) return null;
  const thread = message?.thread_ts ?? container.thread_ts ?? message?.ts ?? container.message_ts;
  return thread === undefined ? null : { channel, thread };
}

/** Who pressed. Throws SlackRefusal. */
export const presser = ({ job, userId, where }: Press): Promise<Asker> => job.asker(userId, where);

const IMPATIENT_SECONDS = 5;

/** Whether this is the second of two quick presses on the same button: the first has done, or does, what is to be done. */
export const isRepeated = ({ job }: Press): Promise<boolean> =>
  pressedBefore(job.house.database, job.claimed, IMPATIENT_SECONDS);

/** Says a sentence to the presser alone. `words` are mrkdwn. */
export async function sayToPresser({ job, responseUrl, userId }: Press, words: string, part = "note"): Promise<void> {
  if (responseUrl) await job.post.respond(part, responseUrl, plain(words));
  else await job.post.message(part, { channel: await job.post.directMessage(userId) }, plain(words));
}

/** Shows a window: in the one that is open, or as a new one. Throws SlackFault when the person has waited for too long. */
export async function showWindow(
  { job, view, triggerId }: Pick<Press, "job" | "view" | "triggerId">,
  window: ModalView,
) {
  if (view?.kind === "modal") await job.post.updateView(view.id, window);
  else if (!(await job.post.open(triggerId, window))) throw slackFault("expired_trigger_id");
}
