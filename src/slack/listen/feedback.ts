import type { App } from "@slack/bolt";
import { z } from "zod";
import { AskAgain } from "#errors.ts";
import { keepReason, keepVote } from "#threads/feedback.ts";
import { CALLBACKS, readValue } from "../actions.ts";
import type { Job } from "../job.ts";
import { feedbackModal, MODAL_FIELDS } from "../views/index.ts";
import { TOO_LONG_AGO } from "./choosing.ts";
import { jobOf } from "./job-of.ts";
import { type Press, presser, showWindow } from "./press.ts";

/** A thumb: kept, one for each person, and asked for a reason that may stay empty. A second press changes it. */
export async function vote(press: Press): Promise<void> {
  const { job, value } = press;
  const { actor } = await presser(press);
  const { personId } = actor;
  if (value?.turn === undefined || value.feedback === undefined || personId === null) throw new AskAgain(TOO_LONG_AGO);
  const { turn, feedback } = value;
  const kept = await job.house.database.write(actor, (rows) =>
    keepVote(rows, { turn, personId, helped: feedback === "good" }),
  );
  if (!kept) throw new AskAgain(TOO_LONG_AGO);
  await showWindow(press, feedbackModal({ turn, feedback }));
}

const submitted = z.object({
  user: z.object({ id: z.string() }),
  view: z.object({
    private_metadata: z.string(),
    state: z.object({ values: z.record(z.string(), z.record(z.string(), z.object({ value: z.string().nullish() }))) }),
  }),
});

/** The window that asks for the reason. */
export function registerReason(app: App): void {
  app.view(CALLBACKS.feedbackReason, async ({ body, context }) => takeReason(jobOf(context), body));
}

async function takeReason(job: Job, body: unknown): Promise<void> {
  const { user, view } = submitted.parse(body);
  const { block, action } = MODAL_FIELDS.reason;
  const reason = view.state.values[block]?.[action]?.value?.trim();
  const turn = readValue(view.private_metadata)?.turn;
  if (!reason || turn === undefined) return;
  const { actor } = await job.asker(user.id, { channel: "", kind: "im", shared: false });
  const { personId } = actor;
  if (personId !== null) await job.house.database.write(actor, (rows) => keepReason(rows, { turn, personId, reason }));
}
