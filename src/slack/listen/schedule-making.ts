import { accountVocabulary } from "#accounts/vocabulary.ts";
import { NOT_BEFORE_STRANGERS } from "#agent/run-tool.ts";
import { AskAgain } from "#errors.ts";
import { filterNamed } from "#schedules/name-filter.ts";
import { teamOf } from "#schedules/owners.ts";
import { type ReadSchedule, readSchedule } from "#schedules/read-words.ts";
import type { Schedule, ScheduleFilter } from "#schedules/schedule.ts";
import { slotsBetween } from "#schedules/slots.ts";
import { addSchedule, changeSchedule, type ScheduleParts, schedules, timetableOf } from "#schedules/store.ts";
import { kindById } from "../channels.ts";
import type { Asker, Job, Where } from "../job.ts";
import type { Message } from "../message.ts";
import { scheduleCard } from "../views/schedule-card.ts";

const MOST = 50; // of one person
const SHOWN_SLOTS = 3;
const LOOK_AHEAD_DAYS = 100; // holds three slots of a month

/** Sets up what somebody said in words; without a place it comes where it was said. Throws AskAgain for what is missing or cannot be. */
export async function scheduleFromWords(
  job: Job,
  asker: Asker,
  { words, where }: { words: string; where: Where },
): Promise<Message> {
  const read = readSchedule(words);
  const typedIn = where.kind === "im" ? "person" : { channel: where.channel, name: "" };
  const made = await keepSchedule(job, asker, { ...read, place: read.place ?? typedIn }, null);
  return cardFor(job, made, "Scheduled:");
}

/** Keeps a schedule that was read from words or from the window: a new one, or a change of `id`. */
export async function keepSchedule(job: Job, asker: Asker, read: ReadSchedule, id: number | null): Promise<Schedule> {
  const parts = await partsOf(job, asker, read);
  const now = new Date().toISOString();
  return job.house.database.write(asker.actor, async (rows) => {
    if (id !== null) return changeSchedule(rows, id, parts, now);
    const own = await schedules(rows, { ownerId: parts.ownerId });
    const same = own.find((each) => isSame(each, parts));
    if (same) throw new AskAgain(`That is scheduled already: it is number ${same.id} of \`/perennial schedule list\`.`);
    if (own.length >= MOST)
      throw new AskAgain(
        `You have ${own.length} schedules, which is as many as one person may have. Delete one first.`,
      );
    return addSchedule(rows, parts, now);
  });
}

const isSame = (one: ScheduleParts, other: ScheduleParts): boolean => sameKey(one) === sameKey(other);
const sameKey = ({ report, filter, cadence, zone, channel }: ScheduleParts): string =>
  JSON.stringify([
    report,
    Object.entries(filter).sort(),
    "days" in cadence ? cadence.days : cadence.monthDay,
    cadence.at,
    zone,
    channel,
  ]);

async function partsOf(job: Job, asker: Asker, read: ReadSchedule): Promise<ScheduleParts> {
  const { personId } = asker.actor;
  if (personId === null) throw new AskAgain("I do not know who you are here. Ask me in a direct message first.");
  const channel = read.place === null || read.place === "person" ? null : read.place.channel;
  if (channel !== null) await checkPlace(job, asker, channel);
  const filter = await filterOf(job, asker, read);
  const { report, cadence, zone } = read;
  return { ownerId: personId, report, filter, cadence, zone: zone ?? asker.zone, slackTeam: job.teamId, channel };
}

/** Throws SlackRefusal where I am not in the channel, AskAgain where people of another company read it. */
async function checkPlace(job: Job, { userId }: Asker, channel: string): Promise<void> {
  const there = await job.asker(userId, { channel, kind: kindById(channel), shared: false });
  if (there.actor.audience === "external") throw new AskAgain(NOT_BEFORE_STRANGERS);
}

async function filterOf(job: Job, { actor, ownerName }: Asker, read: ReadSchedule): Promise<ScheduleFilter> {
  const { database } = job.house;
  const { named, mine, conditions, report } = read;
  if (mine === "accounts" && ownerName === null)
    throw new AskAgain("The CRM names you as the owner of no account. Say whose instead, such as “for team DACH”.");
  const filter = await database.read(actor, async (rows) => {
    if (mine === "team" && actor.personId !== null && (await teamOf(rows, actor.personId)) === null)
      throw new AskAgain("I have no team of yours on record. Say which one, such as “for team DACH”.");
    return named === null ? {} : filterNamed(named, await accountVocabulary(rows));
  });
  if (filter.plan !== undefined && report !== "churn")
    throw new AskAgain("Only churn can be narrowed to a plan. Name a team, person, segment or country.");
  return { ...filter, ...(mine ? { mine } : {}), ...(conditions.length > 0 ? { conditions } : {}) };
}

/** The card of a schedule, with its next three slots. */
export async function cardFor(job: Job, schedule: Schedule, note: string): Promise<Message> {
  const actor = { workspaceId: schedule.workspaceId, personId: null, audience: "private" as const };
  const timetable = await job.house.database.read(actor, (rows) => timetableOf(rows, schedule));
  const from = new Date();
  const to = new Date(from.getTime() + LOOK_AHEAD_DAYS * 86_400_000);
  return scheduleCard(schedule, {
    note,
    next: slotsBetween(timetable, from.toISOString(), to.toISOString()).slice(0, SHOWN_SLOTS),
  });
}
