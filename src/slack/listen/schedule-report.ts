import { choiceOf, type Finding } from "#agent/answer.ts";
import { NOT_BEFORE_STRANGERS } from "#agent/run-tool.ts";
import { AskAgain } from "#errors.ts";
import type { ChurnReport } from "#reports/churn-report.ts";
import { teamOf } from "#schedules/owners.ts";
import { notePosted } from "#schedules/posted.ts";
import type { Schedule } from "#schedules/schedule.ts";
import type { ToolCall } from "#threads/focus.ts";
import { keyThread } from "#threads/talk.ts";
import { kindById } from "../channels.ts";
import type { Asker, Job, Where } from "../job.ts";
import type { Look, Message } from "../message.ts";
import { SlackRefusal } from "../refusal.ts";
import type { Slot } from "../slot.ts";
import { answerMessages } from "../views/index.ts";
import { reportMessages } from "../views/report-card.ts";
import { lookUp } from "./lookup.ts";
import { withLine } from "./notes.ts";
import { alertsFor, noteTold } from "./schedule-alerts.ts";
import { digestFor } from "./schedule-digest.ts";
import { threadKey } from "./threads.ts";

const PART = "report";
const LATE_MINUTES = 15; // less is the ordinary waiting of a busy minute

/**
 * Makes the report of a slot with its owner's rights and posts it where it belongs. Returns a note where that is not all:
 * that it was late, or that there was nothing to tell. Throws what the owner is told.
 */
export async function sendReport(job: Job, schedule: Schedule, slot: Slot): Promise<string | null> {
  const asker = await ownerOf(job, schedule);
  const channel = schedule.channel ?? (await job.post.directMessage(asker.userId));
  await job.house.ready(job.workspace);
  const made = await make(job, { schedule, asker, slot });
  const late = slot.asked ? null : lateness(slot.slot, new Date());
  const [first, ...rest] = made.messages;
  if (!first) return made.note;
  const root = await job.post.message(
    PART,
    { channel },
    late === null ? first : withLine(first, `${late}: this was due earlier.`),
  );
  for (const [at, message] of rest.entries())
    await job.post.message(`${PART}-${at + 2}`, { channel, thread: root }, message);
  await made.posted?.({ channel, ts: root });
  return late ?? made.note;
}

/** "2 h late"; null for what came in time. */
export function lateness(slot: string, now: Date): string | null {
  const minutes = Math.floor((now.getTime() - Date.parse(slot)) / 60_000);
  if (minutes < LATE_MINUTES) return null;
  return minutes < 60 ? `${minutes} min late` : `${Math.round(minutes / 60)} h late`;
}

/** The owner, in front of whoever reads there. Throws SlackRefusal and AskAgain. */
export async function ownerOf(
  job: Job,
  { ownerSlackId, channel }: Pick<Schedule, "ownerSlackId" | "channel">,
): Promise<Asker> {
  if (ownerSlackId === null) throw new SlackRefusal("the owner has no Slack user", { quiet: true });
  const where: Where =
    channel === null ? { channel: "", kind: "im", shared: false } : { channel, kind: kindById(channel), shared: false };
  const asker = await job.asker(ownerSlackId, where);
  if (asker.actor.audience === "external") throw new AskAgain(NOT_BEFORE_STRANGERS);
  return asker;
}

interface Making {
  schedule: Schedule;
  asker: Asker;
  slot: Slot;
}

/** What is posted; none where there is nothing to tell. */
export interface Made {
  messages: Message[];
  note: string | null;
  /** To be done once it stands there. */
  posted?(at: { channel: string; ts: string }): Promise<void>;
}

async function make(job: Job, making: Making): Promise<Made> {
  const { schedule, asker, slot } = making;
  const about = await aboutWhom(job, schedule, asker);
  if (schedule.report === "digest") return { messages: [await digestFor(job, asker, { schedule, about })], note: null };
  if (schedule.report === "alerts") {
    const alerts = await alertsFor(job, asker, { schedule, about });
    if (!alerts.message) return { messages: [], note: "nothing new" };
    return { messages: [alerts.message], note: null, posted: () => noteTold(job, alerts.told, schedule, slot.slot) };
  }
  return lookedUp(job, making, about);
}

/** The filter of a schedule with the owner's own team and name in it. */
export interface About {
  team?: string | undefined;
  owner?: string | undefined;
  segment?: string | undefined;
  country?: string | undefined;
  plan?: string | undefined;
}

async function aboutWhom(job: Job, { filter }: Schedule, { actor, ownerName }: Asker): Promise<About> {
  const { team, owner, segment, country, plan, mine } = filter;
  const named = { team, owner, segment, country, plan };
  if (mine === "accounts") {
    if (ownerName === null)
      throw new AskAgain("The CRM names its owner as the owner of no account any more. Edit it, or delete it.");
    return { ...named, owner: ownerName };
  }
  const { personId } = actor;
  if (mine !== "team" || personId === null) return named;
  const own = await job.house.database.read(actor, (rows) => teamOf(rows, personId));
  if (own === null) throw new AskAgain("Its owner is in no team on record any more. Edit it, or delete it.");
  return { ...named, team: own };
}

/** A tool of the catalogue, as if its owner had asked; the thread under it can go on asking. */
async function lookedUp(job: Job, { schedule, asker, slot }: Making, about: About): Promise<Made> {
  const call = callOf(schedule, about);
  const { answer, turn, threadId, look } = await lookUp(job, { asker, calls: [call], shown: shownAs(schedule) });
  const [finding] = answer.findings;
  if (!finding || finding.isError || choiceOf(finding))
    throw new AskAgain(finding?.words ?? "It found nothing at all.");
  return {
    messages:
      schedule.report === "churn"
        ? await churnMessages(job, asker, { finding, look, turn })
        : answerMessages(answer, look, { turn }),
    note: null,
    posted: async (at) => {
      await keyThread(job.house.database, asker.actor, threadId, threadKey(at.channel, at.ts));
      if (schedule.report === "churn") await noteReport(job, { schedule, slot }, finding.output as ChurnReport, at); // what that tool returns
    },
  };
}

/** So that this place can be told when the report reads otherwise one day. A window that is not over has no versions. */
async function noteReport(
  job: Job,
  { schedule, slot }: { schedule: Schedule; slot: Slot },
  { asked, title, filterWords, version, isPartial }: ChurnReport,
  at: { channel: string; ts: string },
): Promise<void> {
  if (isPartial) return;
  const inside = { workspaceId: job.workspace.id, personId: null, audience: "private" as const };
  const { window, filter } = asked;
  const { id: scheduleId } = schedule;
  await job.house.database.write(inside, (rows) =>
    notePosted(rows, { ...at, scheduleId, slot: slot.slot, window, filter, title, filterWords, version }),
  );
}

/** The report with what the model says about it, where one is configured. */
async function churnMessages(
  job: Job,
  { actor }: Asker,
  { finding, look, turn }: { finding: Finding; look: Look; turn: number },
): Promise<Message[]> {
  const report = finding.output as ChurnReport; // what that tool returns
  const narrative = await job.house.narrate?.(report, { actor, signal: job.signal });
  return reportMessages(report, look, { turn, narrative, words: finding.words, keptOut: finding.keptOut ?? [] });
}

const RENEWAL_DAYS = { weekly: 30, monthly: 60 }; // a month's list that ends with the month would be late for its last days

function callOf({ report, cadence }: Schedule, { team, owner, segment, country, plan }: About): ToolCall {
  const isMonthly = "monthDay" in cadence;
  if (report === "churn")
    return {
      tool: "churn_report",
      input: given({ window: isMonthly ? "last month" : "last week", team, owner, segment, country, plan }),
    };
  const within_days = isMonthly ? RENEWAL_DAYS.monthly : RENEWAL_DAYS.weekly;
  const named = { team: list(team), owner: list(owner), segment: list(segment), country: list(country) };
  return { tool: "renewals", input: given({ within_days, limit: 50, ...named }) };
}

const list = (name: string | undefined): string[] | undefined => (name === undefined ? undefined : [name]);
const given = (input: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));

const shownAs = ({ report, cadence }: Schedule): string => {
  const isMonthly = "monthDay" in cadence;
  if (report === "churn") return `Churn of last ${isMonthly ? "month" : "week"}`;
  return "What renews next?";
};
