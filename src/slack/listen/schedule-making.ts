import { accountVocabulary } from "#accounts/vocabulary.ts";
import { NOT_BEFORE_STRANGERS } from "#agent/run-tool.ts";
import { AskAgain } from "#errors.ts";
import { keepSchedule as keep, scheduleParts } from "#schedules/making.ts";
import { type ReadSchedule, readSchedule } from "#schedules/read-words.ts";
import type { Schedule } from "#schedules/schedule.ts";
import { slotsBetween } from "#schedules/slots.ts";
import { timetableOf } from "#schedules/store.ts";
import { kindById } from "../channels.ts";
import type { Asker, Job, Where } from "../job.ts";
import type { Message } from "../message.ts";
import { scheduleCard } from "../views/schedule-card.ts";

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

/** Changes a schedule to what somebody said in words; without a place it stays where it comes. */
export async function changeByWords(job: Job, asker: Asker, before: Schedule, words: string): Promise<Message> {
  const read = readSchedule(words);
  const stays = before.channel === null ? "person" : { channel: before.channel, name: "" };
  return cardFor(job, await keepSchedule(job, asker, { ...read, place: read.place ?? stays }, before), "Changed:");
}

/**
 * Keeps a schedule that was read from words or from the window: a new one, or a change of one, which stays its owner's.
 * Throws AskAgain and SlackRefusal for what cannot be.
 */
export async function keepSchedule(
  job: Job,
  asker: Asker,
  read: ReadSchedule,
  before: Schedule | null,
): Promise<Schedule> {
  const ownerId = before?.ownerId ?? asker.actor.personId;
  if (ownerId === null) throw new AskAgain("I do not know who you are here. Ask me in a direct message first.");
  const channel = read.place === null || read.place === "person" ? null : read.place.channel;
  if (channel !== null) await checkPlace(job, asker, channel);
  const slackTeam = before?.slackTeam ?? job.teamId;
  const zone = before?.zone ?? asker.zone;
  return job.house.database.write(asker.actor, async (rows) => {
    const parts = await scheduleParts(rows, { read, ownerId, zone, slackTeam, channel, known: accountVocabulary });
    return keep(rows, parts, before?.id ?? null, new Date().toISOString());
  });
}

/** Throws SlackRefusal where I am not in the channel, AskAgain where people of another company read it. */
async function checkPlace(job: Job, { userId }: Asker, channel: string): Promise<void> {
  const there = await job.asker(userId, { channel, kind: kindById(channel), shared: false });
  if (there.actor.audience === "external") throw new AskAgain(NOT_BEFORE_STRANGERS);
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
