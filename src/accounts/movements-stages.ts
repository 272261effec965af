import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { type Sql, sql } from "#database/sql.ts";
import type { Window } from "#metrics/figure.ts";
import { counted, type GroupFilter, groupsFor } from "./movements.ts";
import { type Capped, capped, withAll } from "./movements-ahead.ts";

const moveRow = withAll.extend({
  accountId: z.number(),
  name: z.string(),
  owner: z.string().nullable(),
  from: z.string(),
  to: z.string(),
  on: z.string(),
  mrrMinor: z.number(),
});

/** Moves back to an earlier stage inside a window, newest first, of a model whose stages are given in their order; without those who were lost. */
export const stagesBack = async (
  rows: Reading,
  asked: { window: Window; model: string; stages: readonly string[]; filter: GroupFilter; most: number; lost: Sql },
): Promise<Capped<z.infer<typeof moveRow>>> =>
  capped(
    await rows.many(
      moveRow,
      sql`with ${asked.lost}, back as materialized (
          select t.workspace_id, t.account_id, t.stage_transition_id, t.from_stage, t.to_stage, t.entered_on from stage_transition t ${groupsFor(asked.filter, sql`t`)}
          where t.workspace_id = current_workspace() and t.model_id = ${asked.model} and array_position(${asked.stages}::text[], t.to_stage) < array_position(${asked.stages}::text[], t.from_stage)
            and t.entered_on >= ${asked.window.start}::date and t.entered_on < ${asked.window.end}::date and ${counted(asked.filter)}
            and not exists (select from lost where lost.account_id = t.account_id)),
        newest as materialized (select * from back order by entered_on desc fetch first (${asked.most}::int) rows with ties),
        sized as materialized (
          select t.*, coalesce(f.base_mrr_minor, 0)::bigint as minor from newest t left join account_facts f on f.workspace_id = t.workspace_id and f.account_id = t.account_id
          order by t.entered_on desc, minor desc fetch first (${asked.most}::int) rows with ties)
        select t.account_id as "accountId", a.name, p.full_name as owner, t.from_stage as "from", t.to_stage as "to", t.entered_on as "on", t.minor as "mrrMinor", (select count(*)::int from back) as all
        from sized t join account a on a.workspace_id = t.workspace_id and a.account_id = t.account_id
        left join person p on p.workspace_id = a.workspace_id and p.person_id = a.owner_id
        order by t.entered_on desc, t.minor desc, lower(a.name), t.account_id, t.stage_transition_id limit ${asked.most}`,
    ),
  );
