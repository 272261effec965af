import type { App } from "@slack/bolt";
import { AskAgain, BadInput, errorRef, Unavailable } from "#errors.ts";
import { LeaseLost } from "#inbox/inbox.ts";
import { isOpen, noteDone, noteFailed } from "#schedules/runs.ts";
import type { Schedule } from "#schedules/schedule.ts";
import { scheduleNumbered } from "#schedules/store.ts";
import { JobEnded, SlackFault } from "../faults.ts";
import type { Job } from "../job.ts";
import { SlackRefusal } from "../refusal.ts";
import { readSlot, SLOT_EVENT, type Slot } from "../slot.ts";
import { failureMessage } from "../views/schedule-card.ts";
import { jobOf } from "./job-of.ts";
import { sendReport } from "./schedule-report.ts";

const TRIES = 3; // as often as the worker tries again what may pass

/** Reports that are due. They come through the inbox as everything else, so they are posted once, whatever happens. */
export function registerScheduleSlots(app: App): void {
  app.event(SLOT_EVENT, async ({ body, context }) => doSlot(jobOf(context), readSlot(body)));
}

async function doSlot(job: Job, slot: Slot): Promise<void> {
  const schedule = await known(job, slot);
  if (!schedule || !(await stillOpen(job, slot))) return;
  if (schedule.pausedAt !== null && !slot.asked) return noted(job, slot, "paused meanwhile");
  try {
    await noted(job, slot, await sendReport(job, schedule, slot));
  } catch (error) {
    if (isOurs(job, error)) throw error;
    await fail(job, schedule, slot, error);
  }
}

const inside = ({ workspace }: Job) => ({ workspaceId: workspace.id, personId: null, audience: "private" as const });

const known = (job: Job, { schedule }: Slot): Promise<Schedule | null> =>
  job.house.database.read(inside(job), (rows) => scheduleNumbered(rows, schedule));

const stillOpen = (job: Job, { schedule, slot }: Slot): Promise<boolean> =>
  job.house.database.read(inside(job), (rows) => isOpen(rows, schedule, slot));

const noted = (job: Job, { schedule, slot }: Slot, note: string | null): Promise<void> =>
  job.house.database.write(inside(job), (rows) => noteDone(rows, schedule, slot, note));

/** What the worker settles: the job ended, another has it, the team is gone, or it may go well in a moment. */
function isOurs({ signal, claimed }: Job, error: unknown): boolean {
  if (signal.aborted || error instanceof LeaseLost || error instanceof JobEnded) return true;
  const mayPass = error instanceof Unavailable || (error instanceof SlackFault && error.retry);
  return (error instanceof SlackFault && error.endsTeam) || (mayPass && claimed.attempt < TRIES);
}

/** Notes the failure, pauses after the third in a row, and tells the owner. */
async function fail(job: Job, schedule: Schedule, { slot }: Slot, error: unknown): Promise<void> {
  const { sentence, forGood } = meaningOf(job, error);
  await job.house.database.write(inside(job), (rows) =>
    noteFailed(rows, schedule.id, { slot, because: sentence, forGood }),
  );
  const now = (await job.house.database.read(inside(job), (rows) => scheduleNumbered(rows, schedule.id))) ?? schedule;
  job.house.log.warn(
    { schedule: schedule.id, paused: now.pausedAt !== null, err: error },
    "a scheduled report could not be sent",
  );
  if (now.ownerSlackId === null || forGood) return; // nobody is there to be told
  try {
    const channel = await job.post.directMessage(now.ownerSlackId);
    await job.post.message("failure", { channel }, failureMessage(now, sentence));
  } catch (untold) {
    if (!(untold instanceof SlackFault)) throw untold;
    job.house.log.warn({ schedule: schedule.id, code: untold.code }, "the owner of a schedule could not be told");
  }
}

/** In words for the owner. `forGood`: it can never go well, because its owner is gone. */
function meaningOf({ house }: Job, error: unknown): { sentence: string; forGood: boolean } {
  if (error instanceof SlackRefusal)
    return {
      sentence: error.quiet ? "Its owner is not in this Slack workspace any more." : error.message,
      forGood: error.quiet,
    };
  if (
    error instanceof AskAgain ||
    error instanceof BadInput ||
    error instanceof Unavailable ||
    error instanceof SlackFault
  )
    return { sentence: error.message, forGood: false };
  const ref = errorRef();
  house.log.error({ err: error, ref }, "a scheduled report failed");
  return { sentence: `That failed on my side (ref ${ref}).`, forGood: false };
}
