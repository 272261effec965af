import { AskAgain } from "#errors.ts";
import { scheduleNumbered } from "#schedules/store.ts";
import { SlackFault } from "../faults.ts";
import type { Job } from "../job.ts";
import type { Message } from "../message.ts";
import { SlackRefusal } from "../refusal.ts";
import type { Reissue } from "../reissue.ts";
import { reissueMessage } from "../views/reissue-card.ts";
import { ownerOf } from "./schedule-report.ts";

/**
 * Tells, under a report that was posted, that it reads otherwise now. A deleted schedule's place is told no more, nor one in
 * which its owner may not show customer data by now.
 */
export async function tellPlace(job: Job, news: Reissue): Promise<void> {
  const { house, workspace } = job;
  const inside = { workspaceId: workspace.id, personId: null, audience: "private" as const };
  const schedule = await house.database.read(inside, (rows) => scheduleNumbered(rows, news.schedule));
  if (!schedule) return;
  try {
    await ownerOf(job, { ...schedule, channel: schedule.channel === null ? null : news.channel });
    await post(job, news, reissueMessage(news));
  } catch (error) {
    const isOver = error instanceof SlackFault && !error.retry && !error.endsTeam;
    if (!isOver && !(error instanceof SlackRefusal) && !(error instanceof AskAgain)) throw error;
    house.log.warn({ schedule: schedule.id, err: error }, "a place could not be told of a report's new version");
  }
}

async function post({ post: poster }: Job, { channel, ts }: Reissue, message: Message): Promise<void> {
  try {
    await poster.message("reissue", { channel, thread: ts }, message);
  } catch (gone) {
    if (!(gone instanceof SlackFault) || gone.code !== "thread_not_found") throw gone;
    await poster.message("reissue-beside", { channel }, message);
  }
}
