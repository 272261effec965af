import { join, type Sql, sql } from "#database/sql.ts";

const SHARED_BY = 3;

/** Where reasons stand: what gave them an index in migration 0018. */
const STANDS_IN = {
  subscription: (reason: Sql) =>
    sql`select distinct x.account_id from subscription x where x.workspace_id = current_workspace() and x.cancel_reason = ${reason} and length(x.cancel_reason) <= 40`,
  churn_record: (reason: Sql) =>
    sql`select distinct x.account_id from churn_record x where x.workspace_id = current_workspace() and x.reason = ${reason} and length(x.reason) <= 40`,
  opportunity: (reason: Sql) =>
    sql`select distinct x.account_id from opportunity x where x.workspace_id = current_workspace() and x.lost_reason = ${reason} and length(x.lost_reason) <= 40`,
};

/**
 * Whether several accounts give a reason, so that it is a category and not one customer's words. Each table is read until
 * it has named enough accounts.
 */
export const reasonIsShared = (
  reason: Sql,
  tables: readonly (keyof typeof STANDS_IN)[] = ["subscription", "churn_record", "opportunity"],
): Sql => sql`(${reason} is not null and length(${reason}) <= 40 and (
  select count(distinct account_id) from (${join(
    tables.map(
      (table, at) => sql`${at === 0 ? sql`` : sql`union all`} (${STANDS_IN[table](reason)} limit ${SHARED_BY}::int)`,
    ),
    "\n",
  )}) u) >= ${SHARED_BY}::int)`;
