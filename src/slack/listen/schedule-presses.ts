import { AskAgain } from "#errors.ts";
import { ACTIONS } from "../actions.ts";
import { type Press, presser } from "./press.ts";
import { changeScheduleBy, openScheduleWindow } from "./schedule-changes.ts";

/** A button of a schedule: what it is then is said to whoever pressed, and the card of a direct message is redrawn. */
export async function schedulePress(press: Press): Promise<void> {
  const { job, action, value, responseUrl, message, where, userId } = press;
  const asker = await presser(press);
  const id = value?.schedule;
  if (id === undefined)
    throw new AskAgain("That button names no schedule. `/perennial schedule list` shows those there are.");
  const changed = await changeScheduleBy(job, asker, { action, id });
  const isOwnCard = message !== null && where.kind === "im";
  if (isOwnCard && action !== ACTIONS.scheduleRun)
    await job.post.update({ channel: where.channel, ts: message.ts }, changed);
  else if (responseUrl) await job.post.respond("note", responseUrl, changed);
  else await job.post.message("note", { channel: await job.post.directMessage(userId) }, changed);
}

/** Opens the window: for the schedule that the button names, or for a new one, or for new alerts. */
export async function openSchedulePress(press: Press): Promise<void> {
  const { job, action, value, where, triggerId } = press;
  const asker = await presser(press);
  const channel = where.kind === "im" ? null : where.channel;
  await openScheduleWindow(job, asker, {
    id: value?.schedule ?? null,
    isAlerts: action === ACTIONS.alertsNew,
    channel,
    triggerId,
  });
}
