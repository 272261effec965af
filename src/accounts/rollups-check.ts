import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { countingOf } from "./movements.ts";
import { type KeptPeriod, periodsChanged, periodsKept } from "./rollup-periods.ts";
import { eachPage } from "./rollups.ts";
import { GROUP_FIELDS, type KeptWeek, spansByLedger, WEEK_FIELDS, weekKey, weeksKept } from "./rollups-kept.ts";

/** Where a rollup says otherwise than the ledger: an account's week, or a sum over a group. Money in base minor units. */
export interface Difference {
  where: string;
  accountId: number | null;
  week: string;
  keptMinor: number;
  ledgerMinor: number;
  says: string;
}

/** Compares every week, month and quarter of every account with the ledger, and every sum with those of its accounts. */
export async function checkRollups(
  rows: Reading,
): Promise<{ accounts: number; weeks: number; differences: Difference[] }> {
  const counting = await countingOf(rows);
  const found = { accounts: 0, weeks: 0, differences: [] as Difference[] };
  await eachPage(rows, async (ids) => {
    const { weeks, periods } = await spansByLedger(rows, ids, counting);
    found.accounts += ids.length;
    found.weeks += weeks.length;
    found.differences.push(...weekDifferences(await weeksKept(rows, ids), weeks));
    if (counting.keepsPeriods) found.differences.push(...periodDifferences(await periodsKept(rows, ids), periods));
  });
  found.differences.push(...(await sumDifferences(rows, SUMS_OF_WEEKS)));
  if (counting.keepsPeriods) found.differences.push(...(await sumDifferences(rows, SUMS_OF_PERIODS)));
  return found;
}

function weekDifferences(kept: KeptWeek[], given: KeptWeek[]): Difference[] {
  const [before, now] = [
    new Map(kept.map((each) => [weekKey(each), each])),
    new Map(given.map((each) => [weekKey(each), each])),
  ];
  return [...new Set([...before.keys(), ...now.keys()])].flatMap((key) => {
    const [old, fresh] = [before.get(key), now.get(key)];
    const says = whatDiffers(old, fresh);
    const { accountId, week } = (old ?? fresh)!; // the key is from one of them
    return says
      ? {
          where: `account:${accountId}`,
          accountId,
          week,
          keptMinor: old?.endMinor ?? 0,
          ledgerMinor: fresh?.endMinor ?? 0,
          says,
        }
      : [];
  });
}

function whatDiffers(kept: KeptWeek | undefined, given: KeptWeek | undefined): string | null {
  if (!kept) return "the rollup lacks this week";
  if (!given) return "the ledger has nothing in this week";
  const field = WEEK_FIELDS.find((each) => kept[each] !== given[each]);
  if (field) return `${field}: ${kept[field]} in the rollup, ${given[field]} by the ledger`;
  return GROUP_FIELDS.some((each) => kept[each] !== given[each])
    ? "it is counted under another owner, segment, country or plan than it has"
    : null;
}

/** Accounts whose months or quarters are kept otherwise than the ledger tells them; each with the first that differs. */
function periodDifferences(
  kept: ReadonlyMap<number, KeptPeriod[]>,
  given: ReadonlyMap<number, KeptPeriod[]>,
): Difference[] {
  return [...new Set([...kept.keys(), ...given.keys()])].flatMap((accountId) => {
    const [old, now] = [kept.get(accountId) ?? [], given.get(accountId) ?? []];
    const { gone, come } = periodsChanged(old, now);
    const first = come[0] ?? gone[0];
    if (!first) return [];
    const { interval, start } = first;
    const of = (list: readonly KeptPeriod[]) => list.find((each) => each.interval === interval && each.start === start);
    return [
      {
        where: `account:${accountId}`,
        accountId,
        week: start,
        keptMinor: of(old)?.movedMinor ?? 0,
        ledgerMinor: of(now)?.movedMinor ?? 0,
        says: `what the account adds to the ${interval} is not what the ledger says`,
      },
    ];
  });
}

const sumRow = z.object({ where: z.string(), week: z.string(), kept: z.number(), given: z.number() });

const CUTS = sql`(values ('all', ''), ('owner', coalesce(w.owner_id::text, '')), ('segment', coalesce(w.segment, '')), ('country', coalesce(w.country, '')),
  ('plan', coalesce(w.plan, '')), ('mix', jsonb_build_array(w.segment, w.country, w.plan)::text)) c (cut, value)`;

/** The kept sums, and the same from the weeks of accounts. */
const SUMS_OF_WEEKS = {
  kept: sql`select 'week' as interval, week, cut, value, delta_minor, churn_minor, ledger_rows from mrr_week where workspace_id = current_workspace()`,
  given: sql`select 'week' as interval, w.week, c.cut, c.value, sum(w.end_minor - w.start_minor)::bigint as delta, coalesce(sum(w.moved_minor) filter (where w.kind = 'churn'), 0)::bigint as churn, sum(w.ledger_rows)::int as ledger_rows
    from account_week w cross join lateral ${CUTS} where w.workspace_id = current_workspace() group by 1, 2, 3, 4`,
};

/** The same of months and quarters: the places in an account's list are those of `entry` in rollup-periods.ts. */
const SUMS_OF_PERIODS = {
  kept: sql`select interval, start as week, cut, value, delta_minor, churn_minor, ledger_rows from mrr_period where workspace_id = current_workspace()`,
  given: sql`select e.p ->> 0 as interval, (e.p ->> 1)::date as week, c.cut, c.value, sum((e.p ->> 4)::bigint)::bigint as delta, coalesce(sum((e.p ->> 3)::bigint) filter (where e.p ->> 2 = 'churn'), 0)::bigint as churn, sum((e.p ->> 9)::int)::int as ledger_rows
    from account_period a cross join lateral json_array_elements(a.periods) e (p)
    join lateral (select owner_id, segment, country, plan from account_week o where o.workspace_id = a.workspace_id and o.account_id = a.account_id limit 1) w on true
    cross join lateral ${CUTS} where a.workspace_id = current_workspace() group by 1, 2, 3, 4`,
};

/** Sums that are not those of their accounts; looked at by what MRR changed, what churned, and the rows that were counted. */
const sumDifferences = async (rows: Reading, { kept, given }: typeof SUMS_OF_WEEKS): Promise<Difference[]> =>
  (
    await rows.many(
      sumRow,
      sql`with kept as (${kept}), sums as (${given})
          select case when coalesce(m.interval, s.interval) = 'week' then '' else coalesce(m.interval, s.interval) || ' of ' end || coalesce(m.cut, s.cut) || ':' || coalesce(m.value, s.value) as where,
            coalesce(m.week, s.week) as week, coalesce(m.delta_minor, 0)::bigint as kept, coalesce(s.delta, 0)::bigint as given
          from kept m full join sums s on s.interval = m.interval and s.cut = m.cut and s.value = m.value and s.week = m.week
          where (coalesce(m.delta_minor, 0), coalesce(m.churn_minor, 0), coalesce(m.ledger_rows, 0)) <> (coalesce(s.delta, 0), coalesce(s.churn, 0), coalesce(s.ledger_rows, 0))
          order by 2, 1`,
    )
  ).map(({ where, week, kept: was, given: is }) => ({
    where,
    accountId: null,
    week,
    keptMinor: was,
    ledgerMinor: is,
    says: "the sum is not that of its accounts",
  }));
