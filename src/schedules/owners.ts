import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";

const named = z.object({ name: z.string() });

/** The team that a person leads, else the one they are in; null: neither is on record. */
export const teamOf = async (rows: Reading, personId: number): Promise<string | null> =>
  (
    await rows.maybe(
      named,
      sql`select t.name from team t where t.manager_id = ${personId}
            or exists (select from person p where p.workspace_id = t.workspace_id and p.team_id = t.team_id and p.person_id = ${personId})
          order by t.manager_id is not distinct from ${personId}::bigint desc, t.name limit 1`,
    )
  )?.name ?? null;

/** Whether the CRM names a person as the owner of any account. */
export const ownsAccounts = async (rows: Reading, personId: number): Promise<boolean> =>
  (
    await rows.one(
      z.object({ owns: z.boolean() }),
      sql`select exists (select from account a join person p on p.workspace_id = a.workspace_id and p.person_id = a.owner_id
            where a.owner_id = ${personId} and p.is_active and a.deleted_at is null and a.merged_into is null) as owns`,
    )
  ).owns;

const member = z.object({ personId: z.number(), name: z.string() });
export type Member = z.infer<typeof member>;

/** Who is known in Slack, and so may have reports of their own. */
export const inSlack = (rows: Reading): Promise<Member[]> =>
  rows.many(
    member,
    sql`select person_id as "personId", full_name as name from person where slack_user_id is not null and is_active order by 2`,
  );

/** Who owns accounts: all of them, those of a team, or the one of that name. */
export const ownersIn = (
  rows: Reading,
  { team, owner }: { team?: string | undefined; owner?: string | undefined },
): Promise<Member[]> =>
  rows.many(
    member,
    sql`select p.person_id as "personId", p.full_name as name from person p
        left join team t on t.workspace_id = p.workspace_id and t.team_id = p.team_id
        where p.is_active and exists (select from account a where a.workspace_id = p.workspace_id and a.owner_id = p.person_id
              and a.deleted_at is null and a.merged_into is null)
          and ${team === undefined ? sql`true` : sql`t.name = ${team}`} and ${owner === undefined ? sql`true` : sql`p.full_name = ${owner}`}
        order by 2`,
  );
