import type { LifecycleModel, Moves } from "#lifecycle/model.ts";
import type { Embedder } from "#playbooks/embedders/embedder.ts";
import type { RerankSettings } from "#playbooks/rerank.ts";

/** What a company edits as files, as it was read at start, and what searches it. */
export interface Knowledge {
  models: ReadonlyMap<string, LifecycleModel>;
  /** The model that the workspace has chosen. */
  model: LifecycleModel;
  moves: Moves;
  embedder: Embedder;
  /** PostgreSQL's dictionary for the language of the playbooks; English by default. */
  stemmer?: string;
  /** An endpoint that puts the found passages in order; null or absent: our own order. */
  rerank?: RerankSettings | null;
}
