import { join } from "node:path";
import { Temporal } from "temporal-polyfill";
import { factsOf, refreshFacts } from "#accounts/facts.ts";
import { keepBandsOfWeek } from "#accounts/health-weeks.ts";
import { refreshRisks, risksAreMissing } from "#accounts/risk-scores.ts";
import { fillRollups } from "#accounts/rollups.ts";
import type { Actor } from "#actor.ts";
import { type Config, foldersIn } from "#config.ts";
import { type OpenDatabase, openDatabase } from "#database/connect.ts";
import { loadSample } from "#intake/load-sample.ts";
import type { LifecycleModel } from "#lifecycle/model.ts";
import type { Log } from "#log.ts";
import { chooseEmbedder, type Embedder } from "#playbooks/embedders/embedder.ts";
import { type Gap, keepGap } from "#playbooks/gaps.ts";
import { type IngestOptions, type IngestResult, ingestPlaybooks } from "#playbooks/ingest.ts";
import { stemmerOf } from "#playbooks/languages.ts";
import type { ChurnReport } from "#reports/churn-report.ts";
import { checkHistory, type PastCheck } from "#reports/past/check.ts";
import { type Rebuilt, rebuildHistory } from "#reports/past/rebuild.ts";
import { keepVersion } from "#reports/versions.ts";
import { judgeAccounts } from "#stages/judge-accounts.ts";
import { type LifecycleKnowledge, modelNamed, readLifecycle } from "#stages/knowledge.ts";
import { keepStageWeek } from "#stages/weeks.ts";
import type { ToolContext } from "#tools/define-tool.ts";
import { emptyWorkspace } from "#workspaces/empty.ts";
import {
  accountCount,
  actorIn,
  ensureWorkspace,
  OWN_WORKSPACE,
  SAMPLE_WORKSPACE,
  setClock,
  type Workspace,
  workspaceByHandle,
} from "#workspaces/workspace.ts";

export type Progress = (words: string) => void;

const SAMPLE_SEED = 2026; // any number; the same one gives everybody the same company

/** What is shared by all doors: the database, the knowledge of the company's files, and the work that keeps them in step. */
export class House {
  readonly config: Config;
  readonly log: Log;
  readonly #open: OpenDatabase;
  readonly #lifecycle: LifecycleKnowledge;
  readonly #embedder: Embedder;
  readonly #progress: Progress;

  private constructor({
    config,
    log,
    open,
    lifecycle,
    progress,
  }: { config: Config; log: Log; open: OpenDatabase; lifecycle: LifecycleKnowledge; progress: Progress }) {
    this.config = config;
    this.log = log;
    this.#open = open;
    this.#lifecycle = lifecycle;
    this.#embedder = chooseEmbedder(config.embedding);
    this.#progress = progress;
  }

  /** Reads the company's files, opens the database and brings its schema up to date. Throws BadInput or Unavailable. */
  static async open(config: Config, log: Log, progress: Progress = () => undefined): Promise<House> {
    const lifecycle = readLifecycle(config.knowledgeFolder);
    if (!config.databaseUrl) progress("Opening the embedded database");
    const open = await openDatabase({ url: config.databaseUrl, folder: config.dataFolder, log });
    return new House({ config, log, open, lifecycle, progress });
  }

  get database() {
    return this.#open.database;
  }
  get kind() {
    return this.#open.kind;
  }
  get migrated() {
    return this.#open.migrated;
  }
  get lifecycle() {
    return this.#lifecycle;
  }
  get embedder() {
    return this.#embedder;
  }

  /** Today in the workspace's zone; the day that the settings fix; the sample company's own day. */
  today(workspace: Workspace): string {
    return this.config.today ?? workspace.clock ?? String(Temporal.Now.plainDateISO(workspace.zone));
  }

  /** The workspace that the settings name; else the company's own where it has data; else the sample company, loaded if need be. */
  async workspace(): Promise<Workspace> {
    const { workspace: named } = this.config;
    if (named && named !== SAMPLE_WORKSPACE) return this.ownWorkspace(named);
    const own = named ? null : await workspaceByHandle(this.database, OWN_WORKSPACE);
    if (own && (await accountCount(this.database, own)) > 0) return own;
    return this.sampleWorkspace();
  }

  /** A workspace for the company's own data, made if there is none. */
  ownWorkspace(handle = this.config.workspace ?? OWN_WORKSPACE, baseCurrency = "USD"): Promise<Workspace> {
    return ensureWorkspace(this.database, { handle, name: handle, zone: this.config.zone ?? "UTC", baseCurrency });
  }

  /** The sample company, loaded on the first call. */
  async sampleWorkspace(): Promise<Workspace> {
    const known = await workspaceByHandle(this.database, SAMPLE_WORKSPACE);
    if (known?.ready && known.clock) return known;
    this.#progress("Making up the sample company");
    const day = this.config.today ?? String(Temporal.Now.plainDateISO(this.config.zone ?? "UTC"));
    return loadSample({ database: this.database, seed: SAMPLE_SEED, day, zone: this.config.zone });
  }

  /** The sample company made anew, for today; what was kept in its workspace goes. */
  async freshSample(): Promise<Workspace> {
    const known = await workspaceByHandle(this.database, SAMPLE_WORKSPACE);
    if (known) {
      this.#progress("Clearing the sample company away");
      await emptyWorkspace(this.database, known);
      await setClock(this.database, known.id, { clock: null, ready: false });
    }
    return this.sampleWorkspace();
  }

  /** Brings a workspace up to the day: playbooks as they are on disk, facts and health, stages. Cheap when nothing changed. */
  async settle(workspace: Workspace): Promise<Settled> {
    const actor = actorIn(workspace);
    const playbooks = await this.ingest(workspace);
    // A database from before there were rollups, or those of months, has its ledger only.
    await fillRollups(this.database, actor);
    return { playbooks, ...(await this.judge(workspace)) };
  }

  /** Recomputes facts that are due and judges the accounts whose facts changed. */
  async judge(
    workspace: Workspace,
    model: LifecycleModel = this.modelOf(workspace),
  ): Promise<{ refreshed: number; judged: number; moved: number }> {
    const [actor, day] = [actorIn(workspace), this.today(workspace)];
    const refreshed = await refreshFacts(this.database, actor, day);
    if (refreshed > 0) this.#progress(`Judged the facts of ${refreshed} accounts`);
    const judged = await judgeAccounts({ database: this.database, actor, model, day, factsOf });
    if (judged.judged > 0)
      await this.database.write(actor, async (rows) => {
        await keepStageWeek(rows, { workspaceId: workspace.id, model: model.id, day });
        await keepBandsOfWeek(rows, workspace.id, day);
      });
    if (refreshed > 0 || (await this.database.read(actor, risksAreMissing)))
      await refreshRisks(this.database, actor, day);
    return { refreshed, ...judged };
  }

  /** Works out the stages and the health of past weeks anew, from the dates that the rows carry. */
  async rebuildHistory(workspace: Workspace, weeks: number): Promise<Rebuilt> {
    await this.judge(workspace);
    return rebuildHistory({ ...this.#past(workspace), weeks });
  }

  /** Compares the past weeks that are kept with what the rows say of them today. */
  checkHistory(workspace: Workspace): Promise<PastCheck> {
    return checkHistory(this.#past(workspace));
  }

  #past(workspace: Workspace) {
    return {
      database: this.database,
      actor: actorIn(workspace),
      model: this.modelOf(workspace),
      today: this.today(workspace),
      onAccounts: (done: number, of: number) => this.#progress(`Judged the past of ${done} of ${of} accounts`),
    };
  }

  /** Indexes the playbooks that changed. `approve` is told what a run at a paid endpoint will take; it may throw. */
  ingest(workspace: Workspace, approve?: IngestOptions["approve"]): Promise<IngestResult> {
    return ingestPlaybooks({
      database: this.database,
      actor: actorIn(workspace),
      folder: join(this.config.knowledgeFolder, "playbooks"),
      own: [...this.config.ownPlaybooks, ...foldersIn(workspace.playbooks ?? "")],
      embedder: this.#embedder,
      stemmer: this.#stemmerOf(workspace),
      onProgress: this.#embedding,
      ...(approve ? { approve } : {}),
    });
  }

  /** The workspace's own language goes before that of the process. */
  #stemmerOf({ language }: Workspace): string {
    return stemmerOf(language ?? this.config.language);
  }

  /** Only an embedding model, and many passages, take long enough to be worth a word. */
  readonly #embedding: IngestOptions["onProgress"] = ({ step, done, of }) => {
    if (step === "embedding" && of > 0) this.#progress(`Embedding passages: ${done} of ${of}`);
    if (step === "neighbours") this.#progress("Building an index of neighbours; searches go on meanwhile");
  };

  modelOf(workspace: Workspace): LifecycleModel {
    return modelNamed(this.#lifecycle, workspace.lifecycleModel);
  }

  /** What tools are given for a question in a workspace. */
  context(workspace: Workspace, actor: Actor = actorIn(workspace)): ToolContext {
    const { models, moves } = this.#lifecycle;
    return {
      database: this.database,
      actor,
      today: this.today(workspace),
      zone: workspace.zone,
      baseCurrency: workspace.baseCurrency,
      knowledge: {
        models,
        moves,
        model: this.modelOf(workspace),
        embedder: this.#embedder,
        stemmer: this.#stemmerOf(workspace),
        rerank: this.config.rerank,
      },
      onGap: (gap) => this.#keepGap(workspace, actor, gap),
      onReport: (report) => this.#keepReport(actor, report),
    };
  }

  /** An answer does not fail because its question could not be noted. */
  async #keepGap(workspace: Workspace, actor: Actor, gap: Gap): Promise<void> {
    try {
      await this.database.write(actor, (rows) => keepGap(rows, gap, this.#stemmerOf(workspace)));
    } catch (error) {
      this.log.warn({ err: error }, "a question that no playbook covers could not be noted");
    }
  }

  /** Nor because the report could not be kept: only the next one cannot say then what changed. */
  async #keepReport(actor: Actor, report: ChurnReport): Promise<void> {
    try {
      await this.database.write(actor, (rows) => keepVersion(rows, actor.workspaceId, report));
    } catch (error) {
      this.log.warn({ err: error }, "a churn report could not be kept");
    }
  }

  close(): Promise<void> {
    return this.#open.close();
  }
}

export interface Settled {
  playbooks: IngestResult;
  refreshed: number;
  judged: number;
  moved: number;
}
