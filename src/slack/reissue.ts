import { z } from "zod";
import type { Actor } from "#actor.ts";
import type { Database } from "#database/door.ts";
import { keepOwn } from "#inbox/own.ts";
import { changedReports, keepReissue } from "#reports/changed-reports.ts";
import { anyPosted, markReissued, type OutdatedPost, outdatedPosts } from "#schedules/posted.ts";
import { ownerMayBeToldAt } from "#schedules/quiet.ts";
import { scheduleNumbered } from "#schedules/store.ts";
import { ownEvent } from "./slot.ts";

/** What stands in the inbox for a place whose report is out of date. */
export const REISSUE_EVENT = "perennial_reissue";

const reissue = z.object({
  schedule: z.number(),
  channel: z.string(),
  ts: z.string(),
  title: z.string(),
  filterWords: z.string(),
  version: z.number(),
  changes: z.array(z.string()),
});
export type Reissue = z.output<typeof reissue>;

export const readReissue = (body: unknown): Reissue => z.object({ event: reissue }).parse(body).event;

/**
 * Gives reports that rows have changed since a new version, and hands on that the places in which the old one stands are to
 * be told: each of each version once, whoever looks. `team`: for schedules set up outside Slack. Returns how many places.
 */
export async function handReissues(
  database: Database,
  actor: Actor,
  { now, today, team }: { now: string; today: string; team: string | null },
): Promise<number> {
  const changed = await database.read(actor, async (rows) =>
    (await anyPosted(rows)) ? changedReports(rows, { today }) : [],
  );
  return database.write(actor, async (rows) => {
    for (const each of changed) await keepReissue(rows, actor.workspaceId, each);
    let handed = 0;
    // Not only those: a version may have been kept because somebody asked for the report again.
    for (const post of await outdatedPosts(rows)) {
      const schedule = await scheduleNumbered(rows, post.scheduleId);
      if (!schedule || !(await markReissued(rows, post))) continue;
      const inTeam = { ...schedule, slackTeam: schedule.slackTeam ?? team };
      const dueAt = schedule.channel === null ? await ownerMayBeToldAt(rows, schedule, now) : null;
      await keepOwn(rows, ownEvent(inTeam, eventOf(post)), dueAt);
      handed += 1;
    }
    return handed;
  });
}

const eventOf = (post: OutdatedPost) => {
  const { scheduleId, slot, channel, ts, title, filterWords, version, changes } = post;
  const told: Reissue = { schedule: scheduleId, channel, ts, title, filterWords, version, changes };
  const key = `reissue:${scheduleId}:${new Date(slot).toISOString()}:${version}`;
  return { key, lane: `reissue:${scheduleId}`, event: { type: REISSUE_EVENT, ...told } };
};
