import { z } from "zod";
import type { Reading, Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";

/** A churn report as a slot has posted it. Days are ISO, `end` is not included. */
export interface PostedReport {
  scheduleId: number;
  slot: string;
  window: { start: string; end: string };
  filter: object;
  title: string;
  filterWords: string;
  version: number;
  /** Where it stands, as Slack knows it. */
  channel: string;
  ts: string;
}

/** Notes what was posted where. Safe to repeat. */
export const notePosted = async (rows: Writing, posted: PostedReport): Promise<void> => {
  const { scheduleId, slot, window, filter, title, filterWords, version, channel, ts } = posted;
  await rows.run(
    sql`insert into report_posted (workspace_id, schedule_id, slot, window_start, window_end, filter, title, filter_words, version, channel, ts)
        values (current_workspace(), ${scheduleId}, ${slot}, ${window.start}, ${window.end}, ${JSON.stringify(filter)}::jsonb, ${title},
          ${filterWords}, ${version}, ${channel}, ${ts}) on conflict do nothing`,
  );
};

const TOLD_DAYS = 180; // nobody goes back to a report of last year because an old invoice was corrected

/** Whether any report was posted lately: else there is nobody to be told of a newer one. */
export const anyPosted = async (rows: Reading): Promise<boolean> =>
  (
    await rows.one(
      z.object({ any: z.boolean() }),
      sql`select exists (select from report_posted where posted_at > now() - make_interval(days => ${TOLD_DAYS}::int)) as any`,
    )
  ).any;

const outdatedRow = z.object({
  scheduleId: z.number(),
  slot: z.string(),
  title: z.string(),
  filterWords: z.string(),
  channel: z.string(),
  ts: z.string(),
  version: z.number(),
  /** What changed since the posted one, in words. */
  changes: z.array(z.string()),
});

/** A posted report of which there is a newer version that its place has not been told of. */
export type OutdatedPost = z.infer<typeof outdatedRow>;

/** Those of the schedules that are not deleted, oldest window first. */
export const outdatedPosts = (rows: Reading): Promise<OutdatedPost[]> =>
  rows.many(
    outdatedRow,
    sql`select p.schedule_id as "scheduleId", p.slot, p.title, p.filter_words as "filterWords", p.channel, p.ts, newer.version, newer.changes
        from report_posted p
        join schedule s on s.workspace_id = p.workspace_id and s.schedule_id = p.schedule_id and s.deleted_at is null
        join lateral (
          select max(v.version) as version,
            array_agg(c.words order by v.version, c.at) filter (where c.words is not null) as changes
          from report_version v left join lateral jsonb_array_elements_text(v.changes) with ordinality as c (words, at) on true
          where v.workspace_id = p.workspace_id and v.kind = 'churn' and v.window_start = p.window_start and v.window_end = p.window_end
            and v.filter_key::jsonb = p.filter and v.version > p.version
            and v.version > coalesce((select max(r.version) from report_reissued r where r.workspace_id = p.workspace_id
              and r.schedule_id = p.schedule_id and r.slot = p.slot), 0)) newer on newer.changes is not null
        where p.posted_at > now() - make_interval(days => ${TOLD_DAYS}::int)
        order by p.window_start, p.schedule_id, p.slot`,
  );

/** Notes that a place is told of a version. true for one caller only, who tells it. */
export const markReissued = async (rows: Writing, { scheduleId, slot, version }: OutdatedPost): Promise<boolean> =>
  (await rows.run(
    sql`insert into report_reissued (workspace_id, schedule_id, slot, version)
        values (current_workspace(), ${scheduleId}, ${slot}, ${version}) on conflict do nothing`,
  )) === 1;
