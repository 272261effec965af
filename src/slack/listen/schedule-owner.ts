import { scheduleNumbered } from "#schedules/store.ts";
import { SlackFault } from "../faults.ts";
import type { Job } from "../job.ts";
import type { OwnerNews } from "../slot.ts";
import { failureMessage, missedMessage } from "../views/schedule-card.ts";

/** Tells the owner what has become of their schedule, as it stands by now. A deleted one is of no concern any more. */
export async function tellOwner(job: Job, { schedule: id, slot, news }: OwnerNews): Promise<void> {
  const { house, workspace, post } = job;
  const inside = { workspaceId: workspace.id, personId: null, audience: "private" as const };
  const schedule = await house.database.read(inside, (rows) => scheduleNumbered(rows, id));
  if (!schedule?.ownerSlackId) return;
  const message =
    news.kind === "failed"
      ? failureMessage(schedule, news.because)
      : missedMessage(schedule, { newest: slot, count: news.count });
  try {
    await post.message(news.kind, { channel: await post.directMessage(schedule.ownerSlackId) }, message);
  } catch (untold) {
    if (!(untold instanceof SlackFault) || untold.retry || untold.endsTeam) throw untold;
    house.log.warn({ schedule: id, code: untold.code }, "the owner of a schedule could not be told");
  }
}
