import type { Actor } from "#actor.ts";
import type { Config } from "#config.ts";
import type { Database } from "#database/door.ts";
import type { LifecycleModel } from "#lifecycle/model.ts";
import type { Log } from "#log.ts";
import type { IngestResult } from "#playbooks/ingest.ts";
import type { LifecycleKnowledge } from "#stages/knowledge.ts";
import type { ToolContext } from "#tools/define-tool.ts";
import type { Workspace } from "#workspaces/workspace.ts";

/** The house as the terminal uses it. The roof builds it and hands it in, because a door cannot reach up. */
export interface OpenHouse {
  readonly config: Config;
  readonly log: Log;
  readonly database: Database;
  readonly kind: "embedded" | "server";
  /** Names of the migrations that ran when it was opened. */
  readonly migrated: string[];
  readonly lifecycle: LifecycleKnowledge;
  today(workspace: Workspace): string;
  workspace(): Promise<Workspace>;
  ownWorkspace(handle?: string, baseCurrency?: string): Promise<Workspace>;
  sampleWorkspace(): Promise<Workspace>;
  freshSample(): Promise<Workspace>;
  settle(workspace: Workspace): Promise<Judged & { playbooks: IngestResult }>;
  judge(workspace: Workspace, model?: LifecycleModel): Promise<Judged>;
  rebuildHistory(workspace: Workspace, months: number): Promise<number>;
  ingest(actor: Actor): Promise<IngestResult>;
  modelOf(workspace: Workspace): LifecycleModel;
  context(workspace: Workspace, actor?: Actor): ToolContext;
  close(): Promise<void>;
}

/** In accounts: facts computed anew, judged, moved to another stage. */
export interface Judged {
  refreshed: number;
  judged: number;
  moved: number;
}

/** What the terminal is given by the roof. */
export interface Roof {
  version: string;
  openHouse(config: Config, log: Log, progress: (words: string) => void): Promise<OpenHouse>;
}
