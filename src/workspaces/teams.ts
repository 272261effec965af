import { z } from "zod";
import type { Database } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { BadInput } from "#errors.ts";
import { type Workspace, workspaceByHandle } from "./workspace.ts";

const boundRow = z.object({ id: z.number(), handle: z.string(), teamId: z.string().nullable() });

/** The workspace that a Slack team is bound to, or null. */
export async function workspaceOfTeam(database: Database, teamId: string): Promise<Workspace | null> {
  const bound = await database.directory((rows) =>
    rows.maybe(z.object({ handle: z.string() }), sql`select handle from workspace where slack_team_id = ${teamId}`),
  );
  return bound ? workspaceByHandle(database, bound.handle) : null;
}

/**
 * Binds a Slack team to a workspace, for good; done before, it changes nothing. Throws BadInput where the team has another
 * workspace, or the workspace another team: two teams must never see one company's customers by mistake.
 */
export function bindTeam(database: Database, workspaceId: number, teamId: string): Promise<void> {
  return database.directory(async (rows) => {
    const bound = await rows.many(
      boundRow,
      sql`select workspace_id as id, handle, slack_team_id as "teamId" from workspace
          where workspace_id = ${workspaceId} or slack_team_id = ${teamId} order by workspace_id for update`,
    );
    const wanted = bound.find(({ id }) => id === workspaceId);
    const holder = bound.find((each) => each.teamId === teamId);
    if (!wanted) throw new Error(`there is no workspace ${workspaceId} to bind a Slack team to`);
    if (holder && holder.id !== workspaceId)
      throw new BadInput(
        `The Slack team ${teamId} already belongs to the workspace “${holder.handle}”. Choose that one (PERENNIAL_WORKSPACE=${holder.handle}).`,
      );
    if (wanted.teamId !== null && wanted.teamId !== teamId)
      throw new BadInput(
        `The workspace “${wanted.handle}” already belongs to the Slack team ${wanted.teamId}. Choose another one for ${teamId} with PERENNIAL_WORKSPACE.`,
      );
    await rows.run(sql`update workspace set slack_team_id = ${teamId} where workspace_id = ${workspaceId}`);
  });
}
