import { z } from "zod";
import type { Actor } from "#actor.ts";
import type { Database, Reading, Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { healthSigns } from "./alert-health.ts";
import { type Sight, signsToday } from "./alert-signs.ts";
import { CONDITIONS, type Condition } from "./conditions.ts";
import { someLimits } from "./limits.ts";
import { limitsInUse, limitsOfSchedule } from "./limits-kept.ts";

const SNOOZE_DAYS = 14;
const NOT_USEFUL_DAYS = 90; // as long as the reason for it is likely to stay

/** Opens an alert for each condition that has begun, and clears those that are over. Safe to repeat; to be called once facts and stages are those of the day. */
export function settleAlerts(
  database: Database,
  actor: Actor,
  sight: Sight,
): Promise<{ opened: number; cleared: number }> {
  return database.write(actor, async (rows) => {
    const inUse = await limitsInUse(rows);
    const signs = [...(await signsToday(rows, sight, inUse)), ...(await healthSigns(rows, sight.today, inUse))];
    const given = JSON.stringify(signs.map(({ accountId, ...each }) => ({ account_id: accountId, ...each })));
    const opened = await rows.run(
      sql`insert into alert (workspace_id, account_id, condition, limits, opened_on, before, after, evidence)
          select current_workspace(), k.account_id, k.condition, k.limits, ${sight.today}, k.before, k.after, array(select jsonb_array_elements_text(k.evidence))
          from jsonb_to_recordset(${given}::jsonb) as k (account_id bigint, condition text, limits jsonb, before text, after text, evidence jsonb)
          on conflict do nothing`,
    );
    await knownByOtherLimits(rows);
    const cleared = await rows.run(
      sql`update alert a set cleared_on = ${sight.today} where a.cleared_on is null and not exists (
            select from jsonb_to_recordset(${given}::jsonb) as k (account_id bigint, condition text, limits jsonb)
            where k.account_id = a.account_id and k.condition = a.condition and k.limits = a.limits)`,
    );
    return { opened, cleared };
  });
}

/** Whoever was told of something by limits that have been changed since is not told again as long as it holds. */
const knownByOtherLimits = (rows: Writing): Promise<number> =>
  rows.run(
    sql`insert into alert_told (workspace_id, alert_id, schedule_id, slot)
        select n.workspace_id, n.alert_id, d.schedule_id, d.slot
        from alert n
        join alert o on o.workspace_id = n.workspace_id and o.account_id = n.account_id and o.condition = n.condition
          and o.cleared_on is null and o.limits <> n.limits
        join alert_told d on d.workspace_id = o.workspace_id and d.alert_id = o.alert_id and d.cleared_slot is null
        where n.cleared_on is null on conflict do nothing`,
  );

const toldRow = z.object({
  alertId: z.number(),
  accountId: z.number(),
  name: z.string(),
  owner: z.string().nullable(),
  condition: z.enum(CONDITIONS),
  /** From where on it was worth an alert. */
  limits: someLimits,
  before: z.string().nullable(),
  after: z.string(),
  evidence: z.array(z.string()),
  openedOn: z.string(),
  clearedOn: z.string().nullable(),
  mrrMinor: z.number(),
  currency: z.string(),
});

/** An alert as it is told: new, or over (`clearedOn`). Money in minor units of the account's currency. */
export type Alert = z.infer<typeof toldRow>;

/** Whose accounts; names as the workspace has them. */
export interface AlertsAbout {
  team?: string | undefined;
  owner?: string | undefined;
  segment?: string | undefined;
  country?: string | undefined;
  conditions?: readonly Condition[] | undefined;
}

/** What a schedule has not told yet by its own limits: open alerts, and the end of those that it has told. Most MRR first. */
export async function untold(rows: Reading, scheduleId: number, about: AlertsAbout, today: string): Promise<Alert[]> {
  const limits = JSON.stringify(await limitsOfSchedule(rows, scheduleId));
  const { team, owner, segment, country, conditions } = about;
  const is = (column: ReturnType<typeof sql>, value: string | undefined) =>
    value === undefined ? sql`true` : sql`${column} = ${value}`;
  return rows.many(
    toldRow,
    sql`select l.alert_id as "alertId", l.account_id as "accountId", a.name, p.full_name as owner, l.condition, l.limits, l.before, l.after, l.evidence,
          l.opened_on as "openedOn", l.cleared_on as "clearedOn", f.mrr_minor as "mrrMinor", f.currency
        from alert l
        join jsonb_to_recordset(${limits}::jsonb) as k (condition text, limits jsonb) on k.condition = l.condition and k.limits = l.limits
        join account a on a.workspace_id = l.workspace_id and a.account_id = l.account_id and a.deleted_at is null and a.merged_into is null
        join account_facts f on f.workspace_id = l.workspace_id and f.account_id = l.account_id
        left join person p on p.workspace_id = a.workspace_id and p.person_id = a.owner_id
        left join team t on t.workspace_id = p.workspace_id and t.team_id = p.team_id
        left join alert_told d on d.workspace_id = l.workspace_id and d.alert_id = l.alert_id and d.schedule_id = ${scheduleId}
        where case when l.cleared_on is null then d.alert_id is null else d.alert_id is not null and d.cleared_slot is null end
          and ${is(sql`t.name`, team)} and ${is(sql`p.full_name`, owner)} and ${is(sql`a.segment`, segment)} and ${is(sql`a.country`, country)}
          and ${conditions && conditions.length > 0 ? sql`l.condition = any(${[...conditions]})` : sql`true`}
          and not exists (select from alert_said s join alert b on b.workspace_id = s.workspace_id and b.alert_id = s.alert_id
            where s.workspace_id = l.workspace_id and s.schedule_id = ${scheduleId} and b.account_id = l.account_id
              and b.condition = l.condition and s.until >= ${today}::date)
        order by l.cleared_on is not null, f.base_mrr_minor desc, l.alert_id`,
  );
}

/** Notes that a schedule has told these alerts, so that it tells none twice. */
export const markTold = async (
  rows: Writing,
  scheduleId: number,
  slot: string,
  alerts: readonly Alert[],
): Promise<void> => {
  const [over, open] = [
    alerts.filter(({ clearedOn }) => clearedOn !== null),
    alerts.filter(({ clearedOn }) => clearedOn === null),
  ];
  const ids = (of: readonly Alert[]) => of.map(({ alertId }) => alertId);
  await rows.run(
    sql`insert into alert_told (workspace_id, alert_id, schedule_id, slot)
        select current_workspace(), id, ${scheduleId}, ${slot} from unnest(${ids(open)}::bigint[]) as id on conflict do nothing`,
  );
  await rows.run(
    sql`update alert_told set cleared_slot = ${slot} where schedule_id = ${scheduleId} and alert_id = any(${ids(over)}::bigint[])`,
  );
};

const said = z.object({ count: z.number() });

/**
 * Keeps what a person says of an alert: the account's condition is then not told there for 14 days ("snooze") or 90
 * ("not_useful"). Returns until when; null for an alert that is not known there.
 */
export async function sayOfAlert(
  rows: Writing,
  given: { alertId: number; scheduleId: number; personId: number; said: "snooze" | "not_useful"; today: string },
): Promise<{ until: string; notUseful: number } | null> {
  const days = given.said === "snooze" ? SNOOZE_DAYS : NOT_USEFUL_DAYS;
  const kept = await rows.maybe(
    z.object({ until: z.string(), condition: z.string() }),
    sql`insert into alert_said (workspace_id, alert_id, schedule_id, person_id, said, until)
        select l.workspace_id, l.alert_id, d.schedule_id, ${given.personId}, ${given.said}, ${given.today}::date + ${days}::int
        from alert l join alert_told d on d.workspace_id = l.workspace_id and d.alert_id = l.alert_id and d.schedule_id = ${given.scheduleId}
        where l.alert_id = ${given.alertId}
        on conflict (workspace_id, alert_id, schedule_id, person_id, said) do update set until = excluded.until, said_at = now()
        returning until, (select condition from alert where alert_id = ${given.alertId}) as condition`,
  );
  return kept && { until: kept.until, notUseful: await notUsefulCount(rows, given.scheduleId, kept.condition) };
}

/** How many alerts of a condition were called not useful in a schedule. */
const notUsefulCount = async (rows: Reading, scheduleId: number, condition: string): Promise<number> =>
  (
    await rows.one(
      said,
      sql`select count(distinct s.alert_id)::int as count from alert_said s join alert l on l.workspace_id = s.workspace_id and l.alert_id = s.alert_id
          where s.schedule_id = ${scheduleId} and s.said = 'not_useful' and l.condition = ${condition}`,
    )
  ).count;
