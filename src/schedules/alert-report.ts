import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { CONDITION_NAMES, CONDITIONS } from "./conditions.ts";
import { limitsFrom, limitWords, type SomeLimits } from "./limits.ts";

export const REPORT_DAYS = 90;

const countedRow = z.object({
  condition: z.enum(CONDITIONS),
  told: z.number(),
  over: z.number(),
  snoozed: z.number(),
  notUseful: z.number(),
});

/** What became of the alerts of a kind: how often told, in whichever place; over since; snoozed; called not useful. */
export type AlertCount = z.infer<typeof countedRow>;

/** The alerts that were opened in the last 90 days and told, by kind, those nobody wanted first. */
export const alertCounts = (rows: Reading, today: string): Promise<AlertCount[]> =>
  rows.many(
    countedRow,
    sql`select l.condition, count(*)::int as told, (count(*) filter (where l.cleared_on is not null))::int as over,
          (count(*) filter (where said.snoozed))::int as snoozed, (count(*) filter (where said.useless))::int as "notUseful"
        from alert l
        join alert_told d on d.workspace_id = l.workspace_id and d.alert_id = l.alert_id
        cross join lateral (
          select coalesce(bool_or(s.said = 'snooze'), false) as snoozed, coalesce(bool_or(s.said = 'not_useful'), false) as useless
          from alert_said s where s.workspace_id = d.workspace_id and s.alert_id = d.alert_id and s.schedule_id = d.schedule_id) said
        where l.opened_on > ${today}::date - ${REPORT_DAYS}::int
        group by l.condition
        order by count(*) filter (where said.useless)::numeric / count(*) desc, l.condition`,
  );

const ENOUGH = 3; // to say that a kind is not wanted
const SHARE = 0.25;

/** "Detractor (NPS 6 or less): told 12 times, 9 over since, snoozed 2, not useful 3 (25 %)" for each kind that was told. */
export function alertReportLines(counts: readonly AlertCount[], common: SomeLimits): string[] {
  return counts.map(({ condition, told, over, snoozed, notUseful }) => {
    const limit = limitWords(condition, limitsFrom(common));
    const share = notUseful / told;
    const advice =
      notUseful >= ENOUGH && share >= SHARE ? "; a stricter limit, or leaving the kind out, would help" : "";
    return `${CONDITION_NAMES[condition]}${limit ? ` (${limit})` : ""}: told ${told === 1 ? "once" : `${told} times`}, ${over} over since, snoozed ${snoozed}, not useful ${notUseful} (${Math.round(share * 100)} %)${advice}`;
  });
}

/** The workspace's limits, a line for each kind that has one; what was chosen here is marked. */
export function limitLines(common: SomeLimits): string[] {
  const all = limitsFrom(common);
  return CONDITIONS.flatMap((condition) => {
    const words = limitWords(condition, all);
    const isOwn = words !== limitWords(condition, limitsFrom());
    return words === null ? [] : [`${CONDITION_NAMES[condition]}: ${words}${isOwn ? " (set here)" : ""}`];
  });
}
