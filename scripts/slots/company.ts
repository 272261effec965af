import { z } from "zod";
import type { Actor } from "#actor.ts";
import type { Database } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { keepQuietHours } from "#schedules/quiet.ts";
import { addSchedule } from "#schedules/store.ts";
import { expectedSlots, type Wanted } from "./oracle.ts";

/** Zones that put clocks forward and back on different days, by an hour and by half of one, and one that never does. */
export const ZONES = [
  "Europe/Berlin",
  "America/New_York",
  "America/Santiago",
  "Australia/Lord_Howe",
  "Asia/Kolkata",
  "Africa/Casablanca",
];

const QUIET = { from: "22:00", to: "07:00" };
const wanted = (zone: string): Wanted[] => [
  { cadence: { days: [1], at: "09:00" }, zone, quiet: null },
  { cadence: { days: [7], at: "02:15" }, zone, quiet: null },
  { cadence: { days: [7], at: "00:15" }, zone, quiet: null },
  { cadence: { monthDay: 31, at: "01:45" }, zone, quiet: null },
  { cadence: { days: [6], at: "23:30" }, zone, quiet: QUIET },
];

/** Schedules in all zones, in a channel or, with quiet hours, for a person. Returns each with its number. */
export async function scheduleEverywhere(
  database: Database,
  actor: Actor,
  from: string,
): Promise<(Wanted & { id: number })[]> {
  return database.write(actor, async (rows) => {
    const made: (Wanted & { id: number })[] = [];
    for (const each of ZONES.flatMap(wanted)) {
      const { id: ownerId } = await rows.one(
        z.object({ id: z.number() }),
        sql`insert into person (workspace_id, full_name) values (current_workspace(), 'Somebody') returning person_id as id`,
      );
      if (each.quiet) await keepQuietHours(rows, ownerId, each.quiet);
      const channel = each.quiet ? null : "C1";
      const parts = {
        ownerId,
        report: "churn",
        filter: {},
        cadence: each.cadence,
        zone: each.zone,
        slackTeam: "T1",
        channel,
      } as const;
      made.push({ ...each, id: (await addSchedule(rows, parts, from)).id });
    }
    return made;
  });
}

const taken = z.object({ id: z.number(), slot: z.string(), state: z.string(), rows: z.number() });

export interface Outcome {
  slots: number;
  missing: string[];
  unwanted: string[];
  /** Slots whose row in the inbox is not there exactly once. */
  notOnce: string[];
  skipped: number;
}

/** What was taken against what the wall clocks say, each slot with the rows in the inbox that do it. */
export async function compare(
  database: Database,
  actor: Actor,
  made: readonly (Wanted & { id: number })[],
  span: { from: string; to: string },
): Promise<Outcome> {
  const found = await database.write(actor, (rows) =>
    rows.many(
      taken,
      sql`with handed as (
            select (body -> 'event' ->> 'schedule')::bigint as id, (body -> 'event' ->> 'slot')::timestamptz as slot, count(*)::int as rows
            from inbox where key like 'slot:%' group by 1, 2)
          select r.schedule_id as id, r.slot, r.state, coalesce(h.rows, 0) as rows
          from schedule_run r left join handed h on h.id = r.schedule_id and h.slot = r.slot order by 1, 2`,
    ),
  );
  const name = (id: number, slot: string): string => `${id} ${slot}`;
  const wanted = new Set(
    made.flatMap((each) =>
      expectedSlots(each, Date.parse(span.from), Date.parse(span.to)).map((slot) => name(each.id, slot)),
    ),
  );
  const got = new Set(found.map(({ id, slot }) => name(id, slot)));
  return {
    slots: found.length,
    missing: [...wanted].filter((each) => !got.has(each)),
    unwanted: [...got].filter((each) => !wanted.has(each)),
    notOnce: found
      .filter(({ state, rows }) => (state === "skipped" ? rows !== 0 : rows !== 1))
      .map(({ id, slot, rows }) => `${name(id, slot)}: ${rows}`),
    skipped: found.filter(({ state }) => state === "skipped").length,
  };
}
