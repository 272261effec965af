import { z } from "zod";
import type { Reading, Writing } from "#database/door.ts";
import { type Sql, sql } from "#database/sql.ts";
import { addDays } from "#lifecycle/days.ts";
import { BAND_FROM, HEALTH_BANDS, type Health } from "#metrics/health.ts";

const KEPT_WEEKS = 104; // two years tell a trend; more would be most of the store

/** The day before which no week of an account is kept, as of a day; the sums of the weeks stay. */
export const healthKeptFrom = (day: string): string => addDays(day, -7 * KEPT_WEEKS);

/** The health of an account on a day; null when it does not pay. */
export interface HealthOn {
  accountId: number;
  health: Health | null;
}

/** What is kept of the health of a week: the score, and the points of usage, support, contact, payment and voice. */
export interface KeptHealth {
  accountId: number;
  /** The first day of the week. */
  week: string;
  score: number | null;
  points: (number | null)[];
}

/** What a health leaves for its week. */
export const keptOf = ({ accountId, health }: HealthOn, week: string): KeptHealth[] =>
  health === null ? [] : [{ accountId, week, score: health.score, points: health.parts.map(({ points }) => points) }];

const weekRow = z.object({ week: z.string() });

/** Keeps the health of accounts as that of the week that a day is in, in place of what an earlier day of the week said. */
export async function keepHealthOfWeek(
  rows: Writing,
  workspaceId: number,
  { all, day }: { all: HealthOn[]; day: string },
): Promise<void> {
  if (all.length === 0) return;
  const { week } = await rows.one(
    weekRow,
    sql`select ${weekOfDay(day)} as week from workspace where workspace_id = ${workspaceId}`,
  );
  const gone = all.filter(({ health }) => health === null).map(({ accountId }) => accountId);
  await rows.run(
    sql`delete from health_week where workspace_id = ${workspaceId} and account_id = any(${all.map(({ accountId }) => accountId)}::bigint[])
          and (week < ${healthKeptFrom(day)}::date or (week = ${week}::date and account_id = any(${gone}::bigint[])))`,
  );
  await putHealth(
    rows,
    workspaceId,
    all.flatMap((each) => keptOf(each, week)),
  );
}

/** The first day of the week of a day, where `workspace` is at hand. */
export const weekOfDay = (day: string): Sql => sql`week_of(${day}::date, workspace.week_starts_on)`;

/** Weeks by their first days, the last one not included. */
export interface Weeks {
  from: string;
  until: string;
}

/** Replaces the kept weeks of some accounts by what was worked out anew. */
export async function replaceHealth(
  rows: Writing,
  workspaceId: number,
  { accountIds, from, until, kept }: Weeks & { accountIds: readonly number[]; kept: KeptHealth[] },
): Promise<void> {
  await rows.run(
    sql`delete from health_week where workspace_id = ${workspaceId} and account_id = any(${accountIds}::bigint[])
          and week >= ${from}::date and week < ${until}::date`,
  );
  await putHealth(rows, workspaceId, kept);
}

async function putHealth(rows: Writing, workspaceId: number, kept: KeptHealth[]): Promise<void> {
  if (kept.length === 0) return;
  await rows.run(sql`
    insert into health_week as h (workspace_id, account_id, week, score, points)
    select ${workspaceId}, k."accountId", k.week, k.score, k.points
    from jsonb_to_recordset(${JSON.stringify(kept)}::jsonb) as k ("accountId" bigint, week date, score smallint, points smallint[])
    order by 2, 3
    on conflict (workspace_id, account_id, week) do update set score = excluded.score, points = excluded.points
      where (h.score, h.points) is distinct from (excluded.score, excluded.points)`);
}

const keptRow = z.object({
  accountId: z.number(),
  week: z.string(),
  score: z.number().nullable(),
  points: z.array(z.number().nullable()),
});

/** The kept weeks of accounts, each account's oldest week first. */
export const healthWeeks = (rows: Reading, accountIds: readonly number[]): Promise<KeptHealth[]> =>
  rows.many(
    keptRow,
    sql`select account_id as "accountId", week, score, points from health_week
        where account_id = any(${accountIds}::bigint[]) order by account_id, week`,
  );

/** The band of a score in SQL; accounts of which too little is known are a band of their own. */
const bandIn = (
  score: Sql,
): Sql => sql`case when ${score} is null then 'unknown' when ${score} >= ${BAND_FROM.good}::int then 'good'
  when ${score} >= ${BAND_FROM.watch}::int then 'watch' else 'poor' end`;

/** Keeps how many paying accounts are in which health band in the week of a day, in place of what an earlier day said. */
export async function keepBandsOfWeek(rows: Writing, workspaceId: number, day: string): Promise<void> {
  await rows.run(sql`delete from health_band_week b using workspace where workspace.workspace_id = b.workspace_id
    and b.workspace_id = ${workspaceId} and b.week = ${weekOfDay(day)}`);
  await rows.run(sql`
    insert into health_band_week (workspace_id, week, band, accounts, mrr_minor, score, judged_on)
    select ${workspaceId}, ${weekOfDay(day)}, ${bandIn(sql`f.health`)}, count(*), sum(f.base_mrr_minor), round(avg(f.health), 1), ${day}::date
    from account_facts f join account a using (workspace_id, account_id) join workspace using (workspace_id)
    where f.workspace_id = ${workspaceId} and f.mrr_minor > 0 and a.deleted_at is null and a.merged_into is null
    group by 2, 3`);
}

const bandRow = z.object({
  week: z.string(),
  band: z.enum([...HEALTH_BANDS, "unknown"]),
  accounts: z.number(),
  mrrMinor: z.number(),
  /** The mean score; null where it is not known. */
  score: z.number().nullable(),
  judgedOn: z.string(),
});
export type BandWeek = z.infer<typeof bandRow>;

/** The health bands of the weeks from a day on, oldest week first. */
export const bandWeeksFrom = (rows: Reading, day: string): Promise<BandWeek[]> =>
  rows.many(
    bandRow,
    sql`select week, band, accounts, mrr_minor as "mrrMinor", score, judged_on as "judgedOn" from health_band_week
        where workspace_id = current_workspace() and week >= ${day}::date order by week, band`,
  );

/** Replaces the bands of weeks. */
export async function replaceBands(
  rows: Writing,
  workspaceId: number,
  { from, until, bands }: Weeks & { bands: BandWeek[] },
): Promise<void> {
  await rows.run(
    sql`delete from health_band_week where workspace_id = ${workspaceId} and week >= ${from}::date and week < ${until}::date`,
  );
  await rows.run(sql`
    insert into health_band_week (workspace_id, week, band, accounts, mrr_minor, score, judged_on)
    select ${workspaceId}, b.week, b.band, b.accounts, b."mrrMinor", b.score, b."judgedOn"
    from jsonb_to_recordset(${JSON.stringify(bands)}::jsonb) as b (week date, band text, accounts int, "mrrMinor" bigint, score numeric, "judgedOn" date)`);
}
