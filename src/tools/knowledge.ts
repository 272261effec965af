import type { LifecycleModel, Moves } from "#lifecycle/model.ts";
import type { Embedder } from "#playbooks/embedders/embedder.ts";

/** What a company edits as files, as it was read at start, and what searches it. */
export interface Knowledge {
  models: ReadonlyMap<string, LifecycleModel>;
  /** The model that the workspace has chosen. */
  model: LifecycleModel;
  moves: Moves;
  embedder: Embedder;
}
