import { z } from "zod";
import type { Actor } from "#actor.ts";
import type { Database, Reading, Writing } from "#database/door.ts";
import { prepared, type Sql, sql } from "#database/sql.ts";

const STANDING_LOCK = 7_265_713; // any number; with the workspace, one writer of these sums at a time

/** The groups that a standing (alias `s`) is counted under, as in `mrr_week`. */
export const CUTS = sql`(values ('all', ''), ('owner', coalesce(s.owner_id::text, '')), ('segment', coalesce(s.segment, '')),
  ('country', coalesce(s.country, '')), ('plan', coalesce(s.plan, ''))) c (cut, value)`;

/**
 * Brings what the lists of today count of some accounts to what their facts, risks and groups say, and corrects the sums by
 * the difference. To be called after those are written, in the same transaction. Returns how many accounts changed.
 */
export async function keepStandings(
  rows: Writing,
  workspaceId: number,
  accountIds: readonly number[],
): Promise<number> {
  if (accountIds.length === 0) return 0;
  await lock(rows, workspaceId);
  const changed = await changedOf(rows, accountIds);
  if (changed.length === 0) return 0;
  await rows.run(
    prepared(
      "keep_standings",
      sql`with gone as materialized (select *, -1 as sign from account_standing where workspace_id = ${workspaceId} and account_id = any(${changed}::bigint[])),
          come as materialized (select *, 1 as sign from standing_now where workspace_id = ${workspaceId} and account_id = any(${changed}::bigint[])),
          moved as materialized (select * from gone union all select * from come),
          taken_out as (delete from account_standing where workspace_id = ${workspaceId} and account_id in (select account_id from gone except select account_id from come)),
          put as (${put(sql`come`)}),
          summed as (${addSums(sql`moved`)})
          ${addRenewals(sql`moved`)}`,
    ),
  );
  await sweep(rows, workspaceId);
  return changed.length;
}

const idRow = z.object({ id: z.number() });

/** Those of some accounts that are kept otherwise than they stand now: few, as most of what comes in moves nobody. */
async function changedOf(rows: Reading, accountIds: readonly number[]): Promise<number[]> {
  const found = await rows.many(
    idRow,
    prepared(
      "standings_changed",
      sql`select account_id as id from (select * from account_standing where account_id = any(${accountIds}::bigint[])) kept
          full join (select * from standing_now where account_id = any(${accountIds}::bigint[])) now using (workspace_id, account_id)
          where kept is distinct from now order by 1`,
    ),
  );
  return found.map(({ id }) => id);
}

const lock = (rows: Writing, workspaceId: number) =>
  rows.run(prepared("standing_lock", sql`select pg_advisory_xact_lock(${STANDING_LOCK}, ${workspaceId})`));

/** Days on which nobody renews any more. */
const sweep = (rows: Writing, workspaceId: number) =>
  rows.run(
    prepared("sweep_renewals", sql`delete from renewal_sum where workspace_id = ${workspaceId} and customers = 0`),
  );

const put = (from: Sql): Sql => sql`
  insert into account_standing
  select workspace_id, account_id, owner_id, segment, country, plan, paying, mrr_minor, renews_on, leaving, scored, known, at_risk, expected_loss from ${from}
  on conflict (workspace_id, account_id) do update set owner_id = excluded.owner_id, segment = excluded.segment, country = excluded.country, plan = excluded.plan,
    paying = excluded.paying, mrr_minor = excluded.mrr_minor, renews_on = excluded.renews_on, leaving = excluded.leaving, scored = excluded.scored, known = excluded.known,
    at_risk = excluded.at_risk, expected_loss = excluded.expected_loss`;

/** What standings of a `sign` (1 or −1) add to the sums of everybody and of each group. */
const addSums = (from: Sql): Sql => sql`
  insert into standing_sum as m (workspace_id, cut, value, paying, scored, known, at_risk, at_risk_minor)
  select * from (
    select s.workspace_id, c.cut, c.value, sum(s.sign * s.paying::int) as paying, sum(s.sign * s.scored::int) as scored, sum(s.sign * s.known::int) as known,
      sum(s.sign * s.at_risk::int) as at_risk, coalesce(sum(s.sign * s.mrr_minor) filter (where s.at_risk), 0) as at_risk_minor
    from ${from} s cross join lateral ${CUTS} group by 1, 2, 3) d
  where (d.paying, d.scored, d.known, d.at_risk, d.at_risk_minor) <> (0, 0, 0, 0, 0)
  on conflict (workspace_id, cut, value) do update set paying = m.paying + excluded.paying, scored = m.scored + excluded.scored, known = m.known + excluded.known,
    at_risk = m.at_risk + excluded.at_risk, at_risk_minor = m.at_risk_minor + excluded.at_risk_minor`;

/** The same of the days on which they renew; a change of risk alone changes none. */
const addRenewals = (from: Sql): Sql => sql`
  insert into renewal_sum as m (workspace_id, cut, value, renews_on, customers, mrr_minor)
  select s.workspace_id, c.cut, c.value, s.renews_on, sum(s.sign), sum(s.sign * s.mrr_minor)
  from ${from} s cross join lateral ${CUTS} where s.renews_on is not null group by 1, 2, 3, 4 having sum(s.sign) <> 0 or sum(s.sign * s.mrr_minor) <> 0
  on conflict (workspace_id, cut, value, renews_on) do update set customers = m.customers + excluded.customers, mrr_minor = m.mrr_minor + excluded.mrr_minor`;

/** Makes all standings of a workspace and their sums anew. Returns how many accounts have one. */
export function rebuildStandings(database: Database, actor: Actor): Promise<number> {
  return database.writeAtLength(actor, async (rows) => {
    await lock(rows, actor.workspaceId);
    await rows.run(sql`delete from account_standing where workspace_id = ${actor.workspaceId}`);
    await rows.run(sql`delete from standing_sum where workspace_id = ${actor.workspaceId}`);
    await rows.run(sql`delete from renewal_sum where workspace_id = ${actor.workspaceId}`);
    const standings = await rows.run(sql`insert into account_standing select * from standing_now`);
    const counted = sql`(select *, 1 as sign from account_standing where workspace_id = ${actor.workspaceId})`;
    await rows.run(addSums(counted));
    await rows.run(addRenewals(counted));
    return standings;
  });
}
