import type { Actor } from "#actor.ts";
import type { AgentHouse } from "#agent/ask.ts";
import type { Database } from "#database/door.ts";
import type { LifecycleModel } from "#lifecycle/model.ts";
import type { Log } from "#log.ts";
import type { ChurnReport } from "#reports/churn-report.ts";
import type { Narrative } from "#reports/narrative.ts";
import type { ToolContext } from "#tools/define-tool.ts";
import type { Workspace } from "#workspaces/workspace.ts";

/** The house as Slack uses it. The roof builds it and hands it in, because a door cannot reach up. */
export interface SlackHouse {
  readonly log: Log;
  readonly database: Database;
  readonly models: ReadonlyMap<string, LifecycleModel>;
  /** The workspace of a Slack team, made or bound at its first event; null: this team is not served. */
  workspaceForTeam(team: { id: string; name: string | null }): Promise<Workspace | null>;
  /** Resolves once facts and stages are those of the day. A job waits for it; receiving does not. */
  ready(workspace: Workspace): Promise<void>;
  today(workspace: Workspace): string;
  modelOf(workspace: Workspace): LifecycleModel;
  /** What tools are given for a question. */
  context(workspace: Workspace, actor: Actor): ToolContext;
  agent(): Promise<AgentHouse>;
  /** What the model says about a churn report that comes by itself, or why there is nothing. Absent: nobody is asked. */
  narrate?(report: ChurnReport, given: { actor: Actor; signal: AbortSignal }): Promise<Narrative>;
}
