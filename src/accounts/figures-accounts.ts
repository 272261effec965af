import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { join, name, type Sql, sql } from "#database/sql.ts";

/** Which accounts figures are over, by names as the workspace knows them. All must hold; within a list, one of them. */
export interface AccountsAsked {
  owners?: string[] | undefined;
  teams?: string[] | undefined;
  segments?: string[] | undefined;
  industries?: string[] | undefined;
  countries?: string[] | undefined;
  plans?: string[] | undefined;
  /** Only these of them. */
  ids?: readonly number[] | undefined;
}

const asText = z.string().nullable();
const described = z.object({
  accountId: z.number(),
  name: z.string(),
  owner: asText,
  team: asText,
  segment: asText,
  industry: asText,
  country: asText,
  plan: asText,
});

/** An account with what figures are split by, as it stands today. */
export type DescribedAccount = z.infer<typeof described>;

/** What figures can be split by. */
export const FIGURE_GROUPS = ["owner", "team", "segment", "industry", "country", "plan"] as const;
export type FigureGroup = (typeof FIGURE_GROUPS)[number];

const COLUMNS: [Exclude<keyof AccountsAsked, "ids">, FigureGroup][] = [
  ["owners", "owner"],
  ["teams", "team"],
  ["segments", "segment"],
  ["industries", "industry"],
  ["countries", "country"],
  ["plans", "plan"],
];

/**
 * The accounts asked about, as a table expression with the columns of `DescribedAccount` in snake case. Deleted ones are
 * among them (`is_live` false), so that deleting an account does not rewrite what a past window lost.
 */
export function accountsAsked(asked: AccountsAsked): Sql {
  const conditions = COLUMNS.flatMap(([key, column]) => {
    const values = asked[key];
    return values ? [sql`${name(column)} = any(${values})`] : [];
  });
  return sql`(select * from (
      select a.workspace_id, a.account_id, a.name, p.full_name as owner, t.name as team, a.segment, a.industry, a.country, g.plan,
        a.deleted_at is null and a.merged_into is null as is_live
      from account a
      join account_group g on g.workspace_id = a.workspace_id and g.account_id = a.account_id
      left join person p on p.workspace_id = a.workspace_id and p.person_id = a.owner_id
      left join team t on t.workspace_id = p.workspace_id and t.team_id = p.team_id) every_account
    where ${join([asked.ids ? sql`account_id = any(${asked.ids}::bigint[])` : sql`true`, ...conditions], " and ")})`;
}

/** The accounts asked about, by id. */
export async function describedAccounts(rows: Reading, asked: AccountsAsked): Promise<Map<number, DescribedAccount>> {
  const found = await rows.many(
    described,
    sql`select account_id as "accountId", name, owner, team, segment, industry, country, plan
        from ${accountsAsked(asked)} chosen order by lower(name), account_id`,
  );
  return new Map(found.map((each) => [each.accountId, each]));
}
