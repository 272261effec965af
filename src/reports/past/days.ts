import { z } from "zod";
import { countingOf } from "#accounts/movements.ts";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { addDays } from "#lifecycle/days.ts";
import { intervalAfter, intervalStart } from "#metrics/weeks.ts";

/** The days that are judged to tell the past, oldest first, and the weeks whose last day is among them. */
export interface PastDays {
  days: string[];
  /** The first day of a week, by its last day. */
  weekOf: Map<string, string>;
  /** The first week that is told, and the one that runs and is not. */
  from: string;
  until: string;
}

/** Moves by behaviour are confirmed on a second day; the last days are judged one by one, as they would have been. */
const DAILY_DAYS = 7;

/** The last days of the weeks that are over, as far back as asked and as data reaches, and the days just before today. */
export async function pastDays(rows: Reading, { today, weeks }: { today: string; weeks: number }): Promise<PastDays> {
  const { weekStart } = await countingOf(rows);
  const { day: first } = await rows.one(firstRow, FIRST_DAY);
  const until = intervalStart(today, "week", weekStart);
  const asked = intervalAfter(until, "week", -weeks);
  const reached = intervalStart(first ?? today, "week", weekStart);
  const from = reached > asked ? reached : asked;
  const weekOf = new Map<string, string>();
  for (let week = from; week < until; week = intervalAfter(week, "week")) weekOf.set(addDays(week, 6), week);
  const daily = Array.from({ length: DAILY_DAYS }, (_, back) => addDays(today, -back - 1)).filter((day) => day >= from);
  return { days: [...new Set([...weekOf.keys(), ...daily])].toSorted(), weekOf, from, until };
}

const firstRow = z.object({ day: z.string().nullable() });

/** Before it there is nobody to judge. */
const FIRST_DAY = sql`
  select least(min(a.created_on), min(f.first_paid_on)) as day
  from account a left join account_facts f using (workspace_id, account_id) where a.deleted_at is null and a.merged_into is null`;
