import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { join, name, sql } from "#database/sql.ts";
import { type AccountsAsked, accountsAsked, type FigureGroup } from "./figures-accounts.ts";

const lives = z.object({
  group: z.string(),
  kind: z.string(),
  weeks: z.number(),
  left: z.boolean(),
  times: z.number(),
});

/** What customers are to have in common when groups are compared: what a company sells, and to whom. */
export const ALIKE_BY = ["segment", "plan", "country"] as const satisfies readonly FigureGroup[];

export interface LivesAsked {
  by: FigureGroup;
  /** The first day of the week that is not over; nobody's life is counted beyond it. */
  week: string;
}

/**
 * How long the accounts asked about have paid, in whole weeks from the first one to the first churn, counted by group and by
 * what they have in common otherwise. Read from the rollups, so that it takes as long for years as for a week.
 */
export const payingLives = (rows: Reading, asked: AccountsAsked, { by, week }: LivesAsked) =>
  rows.many(
    lives,
    sql`select ${name(by)} as "group",
          concat_ws(' · ', ${join(
            ALIKE_BY.filter((trait) => trait !== by).map((trait) => sql`coalesce(${name(trait)}, '')`),
            ", ",
          )}) as kind,
          ((coalesce(churned, ${week}::date) - began) / 7)::int as weeks, churned is not null as left, count(*)::int as times
        from (select workspace_id, account_id, min(week) filter (where kind = 'new') as began,
            min(week) filter (where kind = 'churn') as churned
          from account_week where week < ${week}::date group by 1, 2) life
        join ${accountsAsked(asked)} chosen using (workspace_id, account_id)
        where began is not null and ${name(by)} is not null
        group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
  );
