import { z } from "zod";
import type { Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";

const valueRow = z.object({ value: z.string() });
const ownerRow = z.object({ id: z.number(), name: z.string() });
const teamRow = z.object({ name: z.string(), ownerIds: z.array(z.number()) });

/** Everybody who owns an account or could, gone colleagues too: what they lost stays theirs. */
export const ownersOf = (rows: Reading): Promise<z.infer<typeof ownerRow>[]> =>
  rows.many(
    ownerRow,
    sql`select person_id as id, full_name as name from person p where workspace_id = current_workspace()
          and (is_active or exists (select from account a where a.workspace_id = p.workspace_id and a.owner_id = p.person_id)) order by 2, 1`,
  );

/** Teams with the people in them. */
export const teamsOf = (rows: Reading): Promise<z.infer<typeof teamRow>[]> =>
  rows.many(
    teamRow,
    sql`select t.name, (select coalesce(jsonb_agg(p.person_id order by p.person_id), '[]') from person p where p.workspace_id = t.workspace_id and p.team_id = t.team_id) as "ownerIds"
        from team t where t.workspace_id = current_workspace() order by t.name`,
  );

/** The segments, countries or plans of accounts. */
export async function valuesOf(rows: Reading, what: "segment" | "country" | "plan"): Promise<string[]> {
  const column = { segment: sql`segment`, country: sql`country`, plan: sql`plan` }[what];
  const found = await rows.many(
    valueRow,
    sql`select value from mrr_week where workspace_id = current_workspace() and cut = ${what} and value <> ''
        union select ${column} from account where workspace_id = current_workspace() and ${column} is not null order by 1`,
  );
  return found.map(({ value }) => value);
}
