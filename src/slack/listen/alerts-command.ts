import { AskAgain } from "#errors.ts";
import { alertCounts, alertReportLines, limitLines, REPORT_DAYS } from "#schedules/alert-report.ts";
import { keepWorkspaceLimits, workspaceLimits } from "#schedules/limits-kept.ts";
import { LIMITS_EXAMPLE, readLimits } from "#schedules/read-limits.ts";
import type { Asker, Job, Where } from "../job.ts";
import type { Message } from "../message.ts";
import { plain } from "./notes.ts";
import { scheduleFromWords } from "./schedule-making.ts";

/** /perennial alerts: what became of them and by which limits; limits for everybody; or alerts in words. */
export async function alertsAnswer(job: Job, asker: Asker, words: string, where: Where): Promise<Message> {
  if (/^(?:report|list|show)?$/i.test(words)) return reported(job, asker);
  const limit = /^limits?\b[\s:]*(?<said>.*)$/i.exec(words)?.groups?.said;
  if (limit === "") return plain(["*Limits of alerts*", ...(await limitsNow(job, asker)), CHANGE].join("\n"));
  if (limit !== undefined) return changed(job, asker, limit);
  const whole = /\b(?:alerts?|warn)\b/i.test(words) ? words : `alerts ${words}`;
  return scheduleFromWords(job, asker, { words: whole, where });
}

const CHANGE = `\`/perennial alerts limits ${LIMITS_EXAMPLE}\` changes one for everybody; \`limits usual\` puts all of them back.`;

async function reported(job: Job, { actor }: Asker): Promise<Message> {
  const { database } = job.house;
  const today = job.house.today(job.workspace);
  const { counts, common } = await database.read(actor, async (rows) => ({
    counts: await alertCounts(rows, today),
    common: await workspaceLimits(rows),
  }));
  const lines = alertReportLines(counts, common).map((line) => `• ${line}`);
  return plain(
    [
      `*Alerts of the last ${REPORT_DAYS} days*`,
      ...(lines.length > 0 ? lines : ["None was told so far."]),
      "*Limits*",
      ...limitLines(common).map((line) => `• ${line}`),
      CHANGE,
    ].join("\n"),
  );
}

const limitsNow = async (job: Job, { actor }: Asker): Promise<string[]> =>
  limitLines(await job.house.database.read(actor, (rows) => workspaceLimits(rows))).map((line) => `• ${line}`);

async function changed(job: Job, asker: Asker, said: string): Promise<Message> {
  if (!asker.isAdmin)
    throw new AskAgain(
      "Limits for everybody are set by an admin of this Slack workspace. Your own alerts may have others: `/perennial alerts new`.",
    );
  const isUsual = /^(?:usual|reset|default)$/i.test(said);
  const { limits } = readLimits((pattern) => pattern.exec(said));
  if (!isUsual && Object.keys(limits).length === 0)
    throw new AskAgain(`I did not understand “${said}”. Say it like: /perennial alerts limits ${LIMITS_EXAMPLE}.`);
  await job.house.database.write(asker.actor, (rows) => keepWorkspaceLimits(rows, isUsual ? null : limits));
  return plain(["*Limits of alerts, from now on*", ...(await limitsNow(job, asker))].join("\n"));
}
