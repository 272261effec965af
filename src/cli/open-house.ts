import type { Actor } from "#actor.ts";
import type { Config } from "#config.ts";
import type { Database } from "#database/door.ts";
import type { LifecycleModel } from "#lifecycle/model.ts";
import type { Log } from "#log.ts";
import type { IngestOptions, IngestResult } from "#playbooks/ingest.ts";
import type { PastCheck } from "#reports/past/check.ts";
import type { Rebuilt } from "#reports/past/rebuild.ts";
import type { SlackSettings } from "#slack-settings.ts";
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
  rebuildHistory(workspace: Workspace, weeks: number): Promise<Rebuilt>;
  checkHistory(workspace: Workspace): Promise<PastCheck>;
  ingest(workspace: Workspace, approve?: IngestOptions["approve"]): Promise<IngestResult>;
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

/** What people come in by, once it is open. */
export interface OpenDoors {
  kind: "slack" | "playground";
  url: string | null;
  /** What to tell the person who started it, as Markdown lines. */
  says: string[];
  stop(): Promise<void>;
}

/** What the terminal is given by the roof. */
export interface Roof {
  version: string;
  openHouse(config: Config, log: Log, progress: (words: string) => void): Promise<OpenHouse>;
  /** Slack where tokens are set, else the playground; over the house that was opened last. */
  openDoors(workspace: Workspace): Promise<OpenDoors>;
  /** What is right and wrong with the connection to Slack. */
  examineSlack(settings: SlackSettings): Promise<SlackCheck[]>;
  /** The app manifest to paste at Slack, for these settings; Socket Mode where there are none. */
  slackManifest(settings: SlackSettings | null): Promise<object>;
}

/** One thing that was looked at, and what to do where it is not well. */
export interface SlackCheck {
  name: string;
  ok: boolean;
  says: string;
  cure: string | null;
}
