import { AskAgain } from "#errors.ts";
import { quietHours } from "#schedules/cadence.ts";
import { keepQuietHours } from "#schedules/quiet.ts";
import { runsOf } from "#schedules/runs.ts";
import { moveOwn } from "#schedules/store.ts";
import { ACTIONS } from "../actions.ts";
import type { Asker, Job, Where } from "../job.ts";
import type { Message } from "../message.ts";
import { momentIn } from "../views/days.ts";
import { lineIn } from "../views/outside-text.ts";
import { scheduleList } from "../views/schedule-card.ts";
import { alertsAnswer } from "./alerts-command.ts";
import { plain } from "./notes.ts";
import { changeable, changeScheduleBy, openScheduleWindow, visibleSchedules } from "./schedule-changes.ts";
import { changeByWords, scheduleFromWords } from "./schedule-making.ts";

export interface ScheduleCommand {
  /** What stands behind /perennial, as Slack writes it. */
  text: string;
  where: Where;
  responseUrl: string;
  triggerId: string;
}

const COMMAND = /^\s*(?:schedules?|alerts?)\b[\s:]*/i;
const ALERTS = /^\s*alerts?\b/i;

export const isScheduleCommand = (text: string): boolean => COMMAND.test(text);

const CHANGES: Record<string, string> = {
  pause: ACTIONS.schedulePause,
  resume: ACTIONS.scheduleResume,
  delete: ACTIONS.scheduleDelete,
  run: ACTIONS.scheduleRun,
};

/** /perennial schedule and /perennial alerts: the list, a change by number, the window, quiet hours, limits, or a new one in words. */
export async function obeySchedule(job: Job, asker: Asker, command: ScheduleCommand): Promise<void> {
  const words = command.text.replace(COMMAND, "").trim();
  const { where, responseUrl, triggerId } = command;
  const channel = where.kind === "im" ? null : where.channel;
  const ofAlerts = ALERTS.test(command.text);
  const made = /^(?:new|add)(?<alerts> alerts?)?$/i.exec(words);
  const isAlerts = ofAlerts || made?.groups?.alerts !== undefined;
  if (made) return openScheduleWindow(job, asker, { id: null, isAlerts, channel, triggerId });
  const edit = /^edit\s+#?(?<id>\d{1,9})$/i.exec(words)?.groups?.id;
  if (edit !== undefined)
    return openScheduleWindow(job, asker, { id: Number(edit), isAlerts: false, channel, triggerId });
  const answer = ofAlerts ? alertsAnswer(job, asker, words, where) : answerTo(job, asker, words, where);
  await job.post.respond("answer", responseUrl, await answer);
}

async function answerTo(job: Job, asker: Asker, words: string, where: Where): Promise<Message> {
  if (/^(?:list|show|all)?$/i.test(words)) return scheduleList(await visibleSchedules(job, asker, where));
  if (/^(?:help|\?)$/i.test(words)) return plain(HELP);
  const change = /^(?<what>pause|resume|delete|run|runs|history)(?:\s+now)?(?:\s+#?(?<id>\d{1,9}))?(?:\s+now)?$/i.exec(
    words,
  )?.groups;
  if (change) return changed(job, asker, change.what?.toLowerCase() ?? "", change.id);
  const edit = /^edit\s+#?(?<id>\d{1,9})\s+(?<to>.+)$/i.exec(words)?.groups;
  if (edit) return changeByWords(job, asker, await changeable(job, asker, Number(edit.id)), edit.to ?? "");
  const quiet = /^quiet\b\s*(?:hours?\b)?\s*(?<hours>.*)$/i.exec(words)?.groups?.hours;
  if (quiet !== undefined) return setQuiet(job, asker, quiet);
  return scheduleFromWords(job, asker, { words, where });
}

async function changed(job: Job, asker: Asker, what: string, id: string | undefined): Promise<Message> {
  if (id === undefined)
    throw new AskAgain(`Say which: /perennial schedule ${what} 12. The numbers stand in /perennial schedule list.`);
  const action = CHANGES[what];
  if (action !== undefined) return changeScheduleBy(job, asker, { action, id: Number(id) });
  const { zone } = await changeable(job, asker, Number(id));
  const runs = await job.house.database.read(asker.actor, (rows) => runsOf(rows, Number(id), SHOWN_RUNS));
  const lines = runs.map(
    ({ slot, state, note }) => `• ${momentIn(slot, zone)}: ${state}${note ? `, ${lineIn(note)}` : ""}`,
  );
  return plain(lines.length > 0 ? lines.join("\n") : "It has not come yet.");
}

const SHOWN_RUNS = 10;

/** "22:00-07:00", "10 pm to 7 am", "off". */
async function setQuiet(job: Job, { actor }: Asker, said: string): Promise<Message> {
  const { personId } = actor;
  if (personId === null) throw new AskAgain("I do not know who you are here. Ask me in a direct message first.");
  const isOff = /^(?:off|none|no)$/i.test(said);
  const hours = /^(?:from )?(?<from>\d{1,2}:\d{2})\s*(?:-|–|to|until)\s*(?<to>\d{1,2}:\d{2})$/i.exec(said)?.groups;
  const read = hours && quietHours.safeParse({ from: hours.from?.padStart(5, "0"), to: hours.to?.padStart(5, "0") });
  if (!isOff && !read?.success)
    throw new AskAgain("Say your quiet hours like /perennial schedule quiet 22:00-07:00, or quiet off.");
  const quiet = isOff ? null : (read?.data ?? null);
  await job.house.database.write(actor, async (rows) => {
    await keepQuietHours(rows, personId, quiet);
    await moveOwn(rows, personId, new Date().toISOString());
  });
  return plain(
    quiet
      ? `Your own messages keep out of ${quiet.from} to ${quiet.to}; what falls into it comes at ${quiet.to}. Reports in channels come as they are set.`
      : "You have no quiet hours.",
  );
}

const HELP = [
  "*Reports that come by themselves*",
  "• `/perennial schedule every Monday at 9 in #cs-leads, churn for my team` — or renewals, a digest, alerts",
  "• `/perennial schedule new` opens a window for it",
  "• `/perennial alerts warn me 45 days before a renewal without contact` — alerts, with limits of their own",
  "• `/perennial alerts new` opens a window with what to tell and from where on; `/perennial alerts` shows what became of them",
  "• `/perennial schedule list` — yours, and those of this channel",
  "• `/perennial schedule pause 12`, `resume 12`, `edit 12`, `delete 12`, `run 12`, `runs 12`; `edit 12 every Friday at 16, churn`",
  "• `/perennial schedule quiet 22:00-07:00` — when not to write to you; `quiet off` ends it",
  "Days of the week, every day, or a day of the month; a time zone by its city, such as Europe/Berlin.",
].join("\n");
