import { z } from "zod";
import type { Database, Reading } from "#database/door.ts";
import { sql } from "#database/sql.ts";

const marginRow = z.object({ margin: z.number().nullable() });

/** The gross margin that a workspace has set for CLV, 0 to 1; null where it has set none, which counts as 1. */
export const grossMarginSet = async (rows: Reading): Promise<number | null> =>
  (
    await rows.one(
      marginRow,
      sql`select (settings ->> 'grossMargin')::float8 as margin from workspace where workspace_id = current_workspace()`,
    )
  ).margin;

/** Sets it, above 0 and at most 1; null takes the setting away. */
export const setGrossMargin = (database: Database, workspaceId: number, margin: number | null): Promise<number> =>
  database.directory((rows) =>
    rows.run(
      margin === null
        ? sql`update workspace set settings = settings - 'grossMargin' where workspace_id = ${workspaceId}`
        : sql`update workspace set settings = settings || ${JSON.stringify({ grossMargin: margin })}::jsonb where workspace_id = ${workspaceId}`,
    ),
  );
