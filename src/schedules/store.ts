import { z } from "zod";
import type { Reading, Writing } from "#database/door.ts";
import { type Sql, sql } from "#database/sql.ts";
import type { Cadence } from "./cadence.ts";
import { quietHoursOf } from "./quiet.ts";
import { type Report, type Schedule, type ScheduleFilter, scheduleRow } from "./schedule.ts";
import { nextSlot } from "./slots.ts";

export const columns = sql`s.workspace_id as "workspaceId", s.schedule_id as id, s.owner_id as "ownerId", p.full_name as "ownerName",
  p.slack_user_id as "ownerSlackId", s.report, s.filter, s.cadence, s.zone, s.slack_team as "slackTeam", s.channel,
  s.by_settings as "bySettings", s.next_at as "nextAt", s.paused_at as "pausedAt", s.paused_because as "pausedBecause", s.failures, s.wanted_at as "wantedAt",
  (select jsonb_object_agg(l.name, l.value) from alert_limit l where l.workspace_id = s.workspace_id) as "commonLimits"`;
export const withOwner = sql`schedule s join person p on p.workspace_id = s.workspace_id and p.person_id = s.owner_id`;

/** What a schedule is made of; `now` is ISO, and its first slot comes after it. */
export interface ScheduleParts {
  ownerId: number;
  report: Report;
  filter: ScheduleFilter;
  cadence: Cadence;
  zone: string;
  slackTeam: string | null;
  channel: string | null;
}

/** The schedules that are not deleted, next one first: all, those of a channel, or those of a person. */
export const schedules = (rows: Reading, of: { channel?: string; ownerId?: number } = {}): Promise<Schedule[]> =>
  rows.many(
    scheduleRow,
    sql`select ${columns} from ${withOwner} where s.deleted_at is null
          and ${of.channel === undefined ? sql`true` : sql`s.channel = ${of.channel}`}
          and ${of.ownerId === undefined ? sql`true` : sql`s.owner_id = ${of.ownerId}`}
        order by s.paused_at is not null, s.next_at, s.schedule_id`,
  );

/** A schedule by its number; null for a deleted one. */
export const scheduleNumbered = (rows: Reading, id: number): Promise<Schedule | null> =>
  rows.maybe(
    scheduleRow,
    sql`select ${columns} from ${withOwner} where s.schedule_id = ${id} and s.deleted_at is null`,
  );

/** Keeps a new schedule. */
export async function addSchedule(rows: Writing, parts: ScheduleParts, now: string): Promise<Schedule> {
  const { ownerId, report, filter, cadence, zone, slackTeam, channel } = parts;
  const next = nextSlot(await timetableOf(rows, parts), now);
  const { id } = await rows.one(
    z.object({ id: z.number() }),
    sql`insert into schedule (workspace_id, owner_id, report, filter, cadence, zone, slack_team, channel, next_at)
        values (current_workspace(), ${ownerId}, ${report}, ${JSON.stringify(filter)}::jsonb, ${JSON.stringify(cadence)}::jsonb,
          ${zone}, ${slackTeam}, ${channel}, ${next}) returning schedule_id as id`,
  );
  return kept(rows, id);
}

/** Changes what a schedule does; it goes on, with its failures forgotten. */
export async function changeSchedule(rows: Writing, id: number, parts: ScheduleParts, now: string): Promise<Schedule> {
  const { report, filter, cadence, zone, channel } = parts;
  const next = nextSlot(await timetableOf(rows, parts), now);
  await rows.run(
    sql`update schedule set report = ${report}, filter = ${JSON.stringify(filter)}::jsonb, cadence = ${JSON.stringify(cadence)}::jsonb,
          zone = ${zone}, channel = ${channel}, next_at = ${next}, ${goingOn}
        where schedule_id = ${id} and deleted_at is null`,
  );
  return kept(rows, id);
}

const goingOn: Sql = sql`paused_at = null, paused_because = null, failures = 0`;

export const pauseSchedule = (rows: Writing, id: number, because: string): Promise<number> =>
  rows.run(
    sql`update schedule set paused_at = now(), paused_because = ${because}
        where schedule_id = ${id} and paused_at is null and deleted_at is null`,
  );

/** Goes on with the next slot; what would have come meanwhile stays away. */
export async function resumeSchedule(rows: Writing, id: number, now: string): Promise<Schedule> {
  const schedule = await kept(rows, id);
  const next = nextSlot(await timetableOf(rows, schedule), now);
  await rows.run(
    sql`update schedule set ${goingOn}, next_at = ${next} where schedule_id = ${id} and deleted_at is null`,
  );
  return kept(rows, id);
}

/** Asks for it now, where whoever could send it is another process: that takes it with its next look. */
export const wantSchedule = (rows: Writing, id: number, now: string): Promise<number> =>
  rows.run(sql`update schedule set wanted_at = ${now} where schedule_id = ${id} and deleted_at is null`);

export const deleteSchedule = (rows: Writing, id: number): Promise<number> =>
  rows.run(sql`update schedule set deleted_at = now() where schedule_id = ${id} and deleted_at is null`);

/** By when it comes: a person's own messages keep out of their quiet hours, a channel's do not. */
export async function timetableOf(
  rows: Reading,
  { cadence, zone, channel, ownerId }: Pick<Schedule, "cadence" | "zone" | "channel" | "ownerId">,
) {
  return { cadence, zone, quiet: channel === null ? await quietHoursOf(rows, ownerId) : null };
}

/** After a person has changed their quiet hours: moves what comes to them. */
export async function moveOwn(rows: Writing, ownerId: number, now: string): Promise<void> {
  for (const each of (await schedules(rows, { ownerId })).filter(({ channel }) => channel === null)) {
    const next = nextSlot(await timetableOf(rows, each), now);
    await rows.run(sql`update schedule set next_at = ${next} where schedule_id = ${each.id}`);
  }
}

async function kept(rows: Reading, id: number): Promise<Schedule> {
  const schedule = await scheduleNumbered(rows, id);
  if (!schedule) throw new Error(`schedule ${id} is not there`);
  return schedule;
}

const DIGEST_AT = "08:30";
const DIGEST_DAYS = { daily: [1, 2, 3, 4, 5], weekly: [1] };

/** Makes, changes or ends the digest that a person chose in their settings. */
export async function keepDigest(
  rows: Writing,
  given: { ownerId: number; digest: "off" | "daily" | "weekly"; zone: string; slackTeam: string },
  now: string,
): Promise<void> {
  const { ownerId, digest, zone, slackTeam } = given;
  const own = (await schedules(rows, { ownerId })).find(({ bySettings }) => bySettings);
  if (digest === "off") return own && void (await deleteSchedule(rows, own.id));
  const cadence = { days: DIGEST_DAYS[digest], at: DIGEST_AT };
  const isSame = own && own.zone === zone && "days" in own.cadence && own.cadence.days.length === cadence.days.length;
  if (isSame && own.pausedAt === null) return;
  const parts = { ownerId, report: "digest", filter: {}, cadence, zone, slackTeam, channel: null } as const;
  if (own) return void (await changeSchedule(rows, own.id, parts, now));
  const { id } = await addSchedule(rows, parts, now);
  await rows.run(sql`update schedule set by_settings = true where schedule_id = ${id}`);
}
