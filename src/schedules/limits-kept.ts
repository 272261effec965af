import { z } from "zod";
import type { Reading, Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { CONDITIONS, type Condition } from "./conditions.ts";
import { checkLimits, LIMIT_NAMES, type Limits, limitsFrom, limitsOf, type SomeLimits, someLimits } from "./limits.ts";

const limitRow = z.object({ name: z.string(), value: z.number() });

/** What a workspace has chosen otherwise than usual. A name that this release no longer has is left out. */
export async function workspaceLimits(rows: Reading): Promise<SomeLimits> {
  const all = await rows.many(limitRow, sql`select name, value from alert_limit`);
  return Object.fromEntries(
    LIMIT_NAMES.flatMap((name) => all.filter((each) => each.name === name).map(({ value }) => [name, value])),
  );
}

/** Keeps limits for the whole workspace; null puts back what is usual. Throws AskAgain for what cannot be. */
export async function keepWorkspaceLimits(rows: Writing, said: SomeLimits | null): Promise<Limits> {
  if (said === null) {
    await rows.run(sql`delete from alert_limit`);
    return limitsFrom();
  }
  const limits = limitsFrom(await workspaceLimits(rows), said);
  checkLimits(limits);
  for (const [name, value] of Object.entries(said))
    await rows.run(
      sql`insert into alert_limit (workspace_id, name, value) values (current_workspace(), ${name}, ${value})
          on conflict (workspace_id, name) do update set value = excluded.value`,
    );
  return limits;
}

const ownRow = z.object({ limits: someLimits.nullable() });

/** Each set of limits by which somebody is told of alerts, and the workspace's own. */
export async function limitsInUse(rows: Reading): Promise<Limits[]> {
  const common = await workspaceLimits(rows);
  const own = await rows.many(
    ownRow,
    sql`select distinct filter -> 'limits' as limits from schedule where report = 'alerts' and deleted_at is null and filter ? 'limits'`,
  );
  return [limitsFrom(common), ...own.map(({ limits }) => limitsFrom(common, limits))];
}

/** By which limits a schedule is told of each condition. */
export async function limitsOfSchedule(
  rows: Reading,
  id: number,
): Promise<{ condition: Condition; limits: SomeLimits }[]> {
  const own = await rows.maybe(
    ownRow,
    sql`select filter -> 'limits' as limits from schedule where schedule_id = ${id}`,
  );
  const limits = limitsFrom(await workspaceLimits(rows), own?.limits);
  return CONDITIONS.map((condition) => ({ condition, limits: limitsOf(condition, limits) }));
}

/** The different limits of one condition among several sets. */
export const differentLimits = (condition: Condition, all: readonly Limits[]): SomeLimits[] => [
  ...new Map(all.map((each) => limitsOf(condition, each)).map((each) => [JSON.stringify(each), each])).values(),
];
