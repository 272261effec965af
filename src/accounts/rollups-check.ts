import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { countingOf } from "./movements.ts";
import { eachPage } from "./rollups.ts";
import { GROUP_FIELDS, type KeptWeek, WEEK_FIELDS, weekKey, weeksByLedger, weeksKept } from "./rollups-kept.ts";

/** Where a rollup says otherwise than the ledger: an account's week, or a sum over a group. Money in base minor units. */
export interface Difference {
  where: string;
  accountId: number | null;
  week: string;
  keptMinor: number;
  ledgerMinor: number;
  says: string;
}

/** Compares every week of every account with the ledger, and every sum with its weeks. */
export async function checkRollups(
  rows: Reading,
): Promise<{ accounts: number; weeks: number; differences: Difference[] }> {
  const counting = await countingOf(rows);
  const found = { accounts: 0, weeks: 0, differences: [] as Difference[] };
  await eachPage(rows, async (ids) => {
    const given = await weeksByLedger(rows, ids, counting);
    const kept = await weeksKept(rows, ids);
    found.accounts += ids.length;
    found.weeks += given.length;
    found.differences.push(...weekDifferences(kept, given));
  });
  found.differences.push(...(await sumDifferences(rows)));
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

const sumRow = z.object({ where: z.string(), week: z.string(), kept: z.number(), given: z.number() });

/** Sums that are not those of their weeks; looked at by what MRR changed, what churned, and the rows that were counted. */
const sumDifferences = async (rows: Reading): Promise<Difference[]> =>
  (
    await rows.many(
      sumRow,
      sql`with sums as (
            select c.cut, c.value, w.week, sum(w.end_minor - w.start_minor)::bigint as delta, coalesce(sum(w.moved_minor) filter (where w.kind = 'churn'), 0)::bigint as churn, sum(w.ledger_rows)::int as ledger_rows
            from account_week w cross join lateral (values ('all', ''), ('owner', coalesce(w.owner_id::text, '')), ('segment', coalesce(w.segment, '')),
              ('country', coalesce(w.country, '')), ('plan', coalesce(w.plan, ''))) c (cut, value)
            where w.workspace_id = current_workspace() group by 1, 2, 3)
          select coalesce(m.cut, s.cut) || ':' || coalesce(m.value, s.value) as where, coalesce(m.week, s.week) as week,
            coalesce(m.delta_minor, 0)::bigint as kept, coalesce(s.delta, 0)::bigint as given
          from (select * from mrr_week where workspace_id = current_workspace()) m full join sums s on s.cut = m.cut and s.value = m.value and s.week = m.week
          where (coalesce(m.delta_minor, 0), coalesce(m.churn_minor, 0), coalesce(m.ledger_rows, 0)) <> (coalesce(s.delta, 0), coalesce(s.churn, 0), coalesce(s.ledger_rows, 0))
          order by 2, 1`,
    )
  ).map(({ where, week, kept, given }) => ({
    where,
    accountId: null,
    week,
    keptMinor: kept,
    ledgerMinor: given,
    says: "the sum is not that of its accounts",
  }));
