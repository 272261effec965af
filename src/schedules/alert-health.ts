import { z } from "zod";
import type { Writing } from "#database/door.ts";
import { type Sql, sql } from "#database/sql.ts";
import type { Sign } from "./alert-signs.ts";
import { type Limits, limitsFrom, type SomeLimits } from "./limits.ts";
import { differentLimits } from "./limits-kept.ts";

const BANDS = ["poor", "watch", "good"] as const;
type Band = (typeof BANDS)[number];

/** The band of a health score from 0 to 100. */
export const bandOf = (score: number, { goodFrom, watchFrom }: Limits): Band =>
  score >= goodFrom ? "good" : score >= watchFrom ? "watch" : "poor";

/** The same in SQL, so that of a million accounts only those that have changed their band come here. */
const bandNow = ({ goodFrom, watchFrom }: Limits): Sql =>
  sql`case when f.health >= ${goodFrom}::int then 'good' when f.health >= ${watchFrom}::int then 'watch' else 'poor' end`;

const row = z.object({
  accountId: z.number(),
  health: z.number(),
  seen: z.enum(BANDS).nullable(),
  /** What an open alert says it fell from. */
  openBefore: z.string().nullable(),
  openAfter: z.string().nullable(),
});

/**
 * Accounts whose health has fallen into a lower band, by each set of edges, and those that have not come back from one.
 * What is seen today is what the next fall is measured from, so the first look by new edges tells of none.
 */
export async function healthSigns(rows: Writing, today: string, inUse: readonly Limits[]): Promise<Sign[]> {
  const found: Sign[] = [];
  for (const limits of differentLimits("health_band", inUse)) found.push(...(await signsBy(rows, today, limits)));
  return found;
}

async function signsBy(rows: Writing, today: string, limits: SomeLimits): Promise<Sign[]> {
  const [edges, kept] = [limitsFrom(limits), JSON.stringify(limits)];
  const changed = await rows.many(
    row,
    sql`select f.account_id as "accountId", f.health, h.band as seen, o.before as "openBefore", o.after as "openAfter" from account_facts f
        join account a on a.workspace_id = f.workspace_id and a.account_id = f.account_id and a.deleted_at is null and a.merged_into is null
        join alert_health h on h.workspace_id = f.workspace_id and h.account_id = f.account_id and h.limits = ${kept}::jsonb
        left join alert o on o.workspace_id = f.workspace_id and o.account_id = f.account_id and o.condition = 'health_band'
          and o.limits = h.limits and o.cleared_on is null
        where f.health is not null and (h.band <> ${bandNow(edges)} or o.alert_id is not null)`,
  );
  await rows.run(
    sql`insert into alert_health (workspace_id, account_id, limits, band, seen_on)
        select f.workspace_id, f.account_id, ${kept}::jsonb, ${bandNow(edges)}, ${today} from account_facts f where f.health is not null
        on conflict (workspace_id, account_id, limits) do update set band = excluded.band, seen_on = excluded.seen_on
          where alert_health.band <> excluded.band`,
  );
  return changed.flatMap((each) => signOf(each, limits));
}

function signOf({ accountId, health, seen, openBefore, openAfter }: z.infer<typeof row>, limits: SomeLimits): Sign[] {
  const band = bandOf(health, limitsFrom(limits));
  const same = { accountId, condition: "health_band" as const, limits, evidence: [`account_facts:${accountId}`] };
  const fallen = (from: Band): boolean => BANDS.indexOf(band) < BANDS.indexOf(from);
  const before = BANDS.find((each) => each === openBefore);
  // Open until it is back where it fell from.
  if (before && openAfter) return fallen(before) ? [{ ...same, before, after: openAfter }] : [];
  if (seen === null || !fallen(seen)) return [];
  return [{ ...same, before: seen, after: `${band}, ${health} of 100` }];
}
