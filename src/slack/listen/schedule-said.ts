import { readsAsSchedule } from "#schedules/read-words.ts";
import type { Asker, Job } from "../job.ts";
import type { Heard } from "./heard.ts";
import { scheduleFromWords } from "./schedule-making.ts";

/** "Every Monday at 9 in #cs-leads, churn for my team", said in a message: sets it up where it is one. Returns whether it was. */
export async function scheduleSaid(
  job: Job,
  { where, thread, text }: Heard,
  asker: Asker,
  words: string,
): Promise<boolean> {
  if (!readsAsSchedule(words)) return false;
  // Channels are named as Slack writes them; the words for the agent have lost their ids.
  const said = text.replaceAll(`<@${job.botUserId}>`, " ");
  const card = await scheduleFromWords(job, asker, { words: said, where });
  await job.post.message("answer", { channel: where.channel, thread }, card);
  return true;
}
