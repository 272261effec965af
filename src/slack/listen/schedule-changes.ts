import { AskAgain } from "#errors.ts";
import { keepOwn } from "#inbox/own.ts";
import { limitsFrom } from "#schedules/limits.ts";
import { workspaceLimits } from "#schedules/limits-kept.ts";
import { takeNow } from "#schedules/runs.ts";
import type { Schedule } from "#schedules/schedule.ts";
import { deleteSchedule, pauseSchedule, resumeSchedule, scheduleNumbered, schedules } from "#schedules/store.ts";
import { ACTIONS } from "../actions.ts";
import { slackFault } from "../faults.ts";
import type { Asker, Job, Where } from "../job.ts";
import type { Message } from "../message.ts";
import { slotArrival } from "../slot.ts";
import { scheduleCard } from "../views/schedule-card.ts";
import { scheduleModal } from "../views/schedule-modal.ts";
import { plain } from "./notes.ts";
import { cardFor } from "./schedule-making.ts";

/** The schedule of that number, if the asker may change it: its owner may, and admins. Throws AskAgain. */
export async function changeable(job: Job, { actor, isAdmin }: Asker, id: number): Promise<Schedule> {
  const schedule = await job.house.database.read(actor, (rows) => scheduleNumbered(rows, id));
  if (!schedule)
    throw new AskAgain(`There is no schedule ${id} any more. \`/perennial schedule list\` shows those there are.`);
  if (schedule.ownerId !== actor.personId && !isAdmin)
    throw new AskAgain(
      `Only ${schedule.ownerName}, who set it up, or an admin of this Slack workspace can change that.`,
    );
  return schedule;
}

/** Those that a person may see: their own and those of the channel they are in. */
export async function visibleSchedules(job: Job, { actor }: Asker, where: Where): Promise<Schedule[]> {
  const { personId } = actor;
  return job.house.database.read(actor, async (rows) => {
    const own = personId === null ? [] : await schedules(rows, { ownerId: personId });
    const here = where.kind === "im" ? [] : await schedules(rows, { channel: where.channel });
    return [...own, ...here.filter(({ id }) => own.every((each) => each.id !== id))];
  });
}

/** Pauses, resumes, deletes or runs a schedule, and says what it is then. */
export async function changeScheduleBy(
  job: Job,
  asker: Asker,
  { action, id }: { action: string; id: number },
): Promise<Message> {
  const schedule = await changeable(job, asker, id);
  const { database } = job.house;
  const now = new Date().toISOString();
  if (action === ACTIONS.schedulePause) {
    await database.write(asker.actor, (rows) => pauseSchedule(rows, id, `by ${asker.name}`));
    return scheduleCard({ ...schedule, pausedAt: schedule.pausedAt ?? now }, { note: "Paused:" });
  }
  if (action === ACTIONS.scheduleResume)
    return cardFor(job, await database.write(asker.actor, (rows) => resumeSchedule(rows, id, now)), "Goes on:");
  if (action === ACTIONS.scheduleDelete) {
    await database.write(asker.actor, (rows) => deleteSchedule(rows, id));
    const { text } = scheduleCard(schedule, { note: "Deleted:" });
    return plain(text);
  }
  await database.write(asker.actor, async (rows) => {
    const slot = await takeNow(rows, id, job.claimed.receivedAt); // the same press again is the same slot
    await keepOwn(
      rows,
      slotArrival({ ...schedule, slackTeam: schedule.slackTeam ?? job.teamId }, slot, { asked: true }),
    );
  });
  return plain(`It is on its way${schedule.channel === null ? "" : ` to <#${schedule.channel}>`}.`);
}

/** Opens the window for a schedule, for a new one, or for new alerts. Throws SlackFault when the person has waited for too long. */
export async function openScheduleWindow(
  job: Job,
  asker: Asker,
  given: { id: number | null; isAlerts: boolean; channel: string | null; triggerId: string },
): Promise<void> {
  const schedule = given.id === null ? null : await changeable(job, asker, given.id);
  const alerts = given.isAlerts
    ? limitsFrom(await job.house.database.read(asker.actor, (rows) => workspaceLimits(rows)))
    : null;
  const view = scheduleModal({ schedule, zone: asker.zone, channel: given.channel, alerts });
  if (!(await job.post.open(given.triggerId, view))) throw slackFault("expired_trigger_id");
}
