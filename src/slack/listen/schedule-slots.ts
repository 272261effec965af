import type { App } from "@slack/bolt";
import { AskAgain, BadInput, errorRef, Unavailable } from "#errors.ts";
import { LeaseLost } from "#inbox/inbox.ts";
import { keepOwn } from "#inbox/own.ts";
import { ownerMayBeToldAt } from "#schedules/quiet.ts";
import { isOpen, noteDone, noteFailed } from "#schedules/runs.ts";
import type { Schedule } from "#schedules/schedule.ts";
import { scheduleNumbered } from "#schedules/store.ts";
import { JobEnded, SlackFault } from "../faults.ts";
import type { Job } from "../job.ts";
import { SlackRefusal } from "../refusal.ts";
import { REISSUE_EVENT, readReissue } from "../reissue.ts";
import { OWNER_EVENT, ownerArrival, readOwnerNews, readSlot, SLOT_EVENT, type Slot } from "../slot.ts";
import { jobOf } from "./job-of.ts";
import { tellOwner } from "./schedule-owner.ts";
import { tellPlace } from "./schedule-reissue.ts";
import { sendReport } from "./schedule-report.ts";

const TRIES = 3; // as often as the worker tries again what may pass

/** Reports that are due. They come through the inbox as everything else, so they are posted once, whatever happens. */
export function registerScheduleSlots(app: App): void {
  app.event(SLOT_EVENT, async ({ body, context }) => doSlot(jobOf(context), readSlot(body)));
  app.event(OWNER_EVENT, async ({ body, context }) => tellOwner(jobOf(context), readOwnerNews(body)));
  app.event(REISSUE_EVENT, async ({ body, context }) => tellPlace(jobOf(context), readReissue(body)));
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

/** Notes the failure, pauses after the third in a row, and has the owner told: with the note, or not at all. */
async function fail(job: Job, schedule: Schedule, { slot }: Slot, error: unknown): Promise<void> {
  const { sentence, forGood, ownerIsGone } = meaningOf(job, error);
  const now = new Date().toISOString();
  await job.house.database.write(inside(job), async (rows) => {
    const isNews = await noteFailed(rows, schedule.id, { slot, because: sentence, forGood });
    if (!isNews || ownerIsGone || schedule.ownerSlackId === null) return; // nobody is there to be told
    const team = { ...schedule, slackTeam: schedule.slackTeam ?? job.teamId };
    const news = ownerArrival(team, { slot, news: { kind: "failed", because: sentence } });
    await keepOwn(rows, news, await ownerMayBeToldAt(rows, schedule, now));
  });
  job.house.log.warn({ schedule: schedule.id, forGood, err: error }, "a scheduled report could not be sent");
}

const PLACE_IS_GONE = new Set(["is_archived", "channel_not_found", "not_in_channel"]);
const PLACE_GONE =
  "That channel is archived or deleted, or I am not in it any more. Invite me with /invite @Perennial and resume it, or edit it to come elsewhere.";

/** In words for the owner. `forGood`: it cannot go well until somebody does something about it, so that trying again is no use. */
function meaningOf({ house }: Job, error: unknown): { sentence: string; forGood: boolean; ownerIsGone: boolean } {
  if (error instanceof SlackRefusal) {
    const ownerIsGone = error.quiet;
    const sentence = ownerIsGone ? "Its owner is not in this Slack workspace any more." : error.message;
    return { sentence, forGood: true, ownerIsGone };
  }
  if (
    error instanceof AskAgain ||
    error instanceof BadInput ||
    error instanceof Unavailable ||
    error instanceof SlackFault
  ) {
    const forGood = error instanceof SlackFault && PLACE_IS_GONE.has(error.code);
    return { sentence: forGood ? PLACE_GONE : error.message, forGood, ownerIsGone: false };
  }
  const ref = errorRef();
  house.log.error({ err: error, ref }, "a scheduled report failed");
  return { sentence: `That failed on my side (ref ${ref}).`, forGood: false, ownerIsGone: false };
}
