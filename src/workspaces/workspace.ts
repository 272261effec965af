import { z } from "zod";
import type { Actor, Audience } from "#actor.ts";
import type { Database } from "#database/door.ts";
import { sql } from "#database/sql.ts";

/** The workspace that holds the sample company, and the one that a company's own data goes to unless it is named. */
export const SAMPLE_WORKSPACE = "sample";
export const OWN_WORKSPACE = "default";

const workspaceRow = z.object({
  id: z.number(),
  handle: z.string(),
  name: z.string(),
  zone: z.string(),
  baseCurrency: z.string(),
  lifecycleModel: z.string(),
  /** The day at which the workspace's clock stands: the sample company's; null: the clock runs. */
  clock: z.string().nullable(),
  /** false while the sample company is still being loaded. */
  ready: z.boolean(),
  /** Of its playbooks and questions, as PostgreSQL names it: "german"; null: that of the process. */
  language: z.string().nullable(),
  /** Its own playbooks beside those of the process, written as PERENNIAL_PLAYBOOKS is; null: none. */
  playbooks: z.string().nullable(),
});

/** A company that uses Perennial; everything else belongs to one of them. */
export type Workspace = z.infer<typeof workspaceRow>;

const columns = sql`workspace_id as id, handle, name, time_zone as zone, base_currency as "baseCurrency", lifecycle_model as "lifecycleModel",
  settings ->> 'clock' as clock, coalesce((settings ->> 'ready')::boolean, true) as ready,
  settings ->> 'language' as language, settings ->> 'playbooks' as playbooks`;

/** The workspace of that handle, or null. */
export const workspaceByHandle = (database: Database, handle: string): Promise<Workspace | null> =>
  database.directory((rows) =>
    rows.maybe(workspaceRow, sql`select ${columns} from workspace where handle = ${handle}`),
  );

export const allWorkspaces = (database: Database): Promise<Workspace[]> =>
  database.directory((rows) => rows.many(workspaceRow, sql`select ${columns} from workspace order by workspace_id`));

/** The workspace of that handle, made if there is none; an existing one stays as it is. */
export const ensureWorkspace = (
  database: Database,
  wanted: { handle: string; name: string; zone: string; baseCurrency: string },
): Promise<Workspace> =>
  database.directory((rows) =>
    rows.one(
      workspaceRow,
      sql`insert into workspace (handle, name, time_zone, base_currency)
          values (${wanted.handle}, ${wanted.name}, ${wanted.zone}, ${wanted.baseCurrency})
          on conflict (handle) do update set handle = excluded.handle returning ${columns}`,
    ),
  );

/** Chooses the currency that a workspace adds up in; null where something has been counted in another one already. */
export async function chooseBaseCurrency(
  database: Database,
  workspace: Workspace,
  currency: string,
): Promise<Workspace | null> {
  const { counted } = await database.read(actorIn(workspace), (rows) =>
    rows.one(
      z.object({ counted: z.boolean() }),
      sql`select exists (select 1 from account) or exists (select 1 from exchange_rate) as counted`,
    ),
  );
  if (counted) return null;
  return database.directory((rows) =>
    rows.one(
      workspaceRow,
      sql`update workspace set base_currency = ${currency} where workspace_id = ${workspace.id} returning ${columns}`,
    ),
  );
}

/** Chooses the lifecycle model by which a workspace is judged. */
export const chooseModel = (database: Database, workspaceId: number, model: string): Promise<number> =>
  database.directory((rows) =>
    rows.run(sql`update workspace set lifecycle_model = ${model} where workspace_id = ${workspaceId}`),
  );

/** Chooses the language and the own playbooks of a workspace; null: as the process has it. What is left out stays. */
export const choosePlaybooks = (
  database: Database,
  workspaceId: number,
  chosen: { language?: string | null; playbooks?: string | null },
): Promise<number> =>
  database.directory((rows) =>
    rows.run(
      sql`update workspace set settings = settings || ${JSON.stringify(chosen)}::jsonb where workspace_id = ${workspaceId}`,
    ),
  );

/** Sets a workspace's clock to a day (null: it runs), and says whether its rows are all there. */
export const setClock = (
  database: Database,
  workspaceId: number,
  clock: { clock: string | null; ready: boolean },
): Promise<number> =>
  database.directory((rows) =>
    rows.run(
      sql`update workspace set settings = settings || ${JSON.stringify(clock)}::jsonb where workspace_id = ${workspaceId}`,
    ),
  );

/** Somebody without a name of their own, such as the terminal, in a workspace. */
export const actorIn = (workspace: Workspace, audience: Audience = "private"): Actor => ({
  workspaceId: workspace.id,
  personId: null,
  audience,
  zone: workspace.zone,
});

const size = z.object({ accounts: z.number() });

/** How many accounts a workspace has. */
export const accountCount = async (database: Database, workspace: Workspace): Promise<number> =>
  (
    await database.read(actorIn(workspace), (rows) =>
      rows.one(size, sql`select count(*)::int as accounts from account where deleted_at is null`),
    )
  ).accounts;
