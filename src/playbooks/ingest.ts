import type { Actor } from "#actor.ts";
import type { Database, Reading, Writing } from "#database/door.ts";
import { documentOf, embeddedText, type PassageDocument, wordsOfPlaybook } from "./documents.ts";
import { embedMissing } from "./embed-missing.ts";
import type { EmbeddingCost } from "./embedders/cost.ts";
import type { Embedder, FittedEmbedder } from "./embedders/embedder.ts";
import { type PlaybookSource, type ReadPlaybooks, readSources } from "./folder.ts";
import { keepNeighbours, settleNeighbours } from "./neighbours.ts";
import { compare, type IngestResult, type Plan, told } from "./plan.ts";
import type { Playbook } from "./playbook.ts";
import { learnSizes } from "./statistics.ts";
import {
  countTerms,
  indexedWith,
  type KnownPlaybook,
  knownPlaybooks,
  loadPlaybooks,
  lockPlaybooks,
  putPlaybooks,
  removePlaybooks,
} from "./store.ts";
import {
  beginIndex,
  completeIndex,
  type IndexName,
  indexState,
  putTermVectors,
  putVectors,
  withoutVector,
} from "./vectors.ts";
import { STEMMER, stemsOf } from "./words.ts";

export type { IngestResult } from "./plan.ts";

export interface IngestOptions {
  database: Database;
  actor: Actor;
  /** The playbooks that come with Perennial, or the company's in their place. */
  folder: string;
  /** More sources, beside that folder or over it. */
  own?: PlaybookSource[];
  embedder: Embedder;
  /** PostgreSQL's dictionary for the language of the playbooks; English by default. */
  stemmer?: string;
  /** From how many passages on the workspace gets an index of neighbours. */
  neighboursFrom?: number;
  /** Told what a run at a paid endpoint will take, before it begins; it throws to stop it. By default a large run is refused. */
  approve?: (cost: EmbeddingCost) => Promise<void> | void;
  onProgress?: (progress: {
    step: "reading" | "embedding" | "writing" | "neighbours";
    done: number;
    of: number;
  }) => void;
}

/**
 * Brings the index to what the sources say: all of it, or nothing of it. Only changed passages are cut, indexed and
 * embedded anew; a broken file is listed and its old version stays. Throws BadInput (folder, embedder settings) or
 * Unavailable (embedding endpoint, database); the old index then still answers.
 */
export async function ingestPlaybooks(options: IngestOptions): Promise<IngestResult> {
  const { folder, own = [], onProgress } = options;
  const read = await readSources([{ folder, kind: "playbooks" }, ...own]);
  onProgress?.({ step: "reading", done: read.playbooks.length, of: read.playbooks.length + read.faults.length });
  return index(read, options);
}

async function index(read: ReadPlaybooks, options: IngestOptions): Promise<IngestResult> {
  const { database, actor, embedder, stemmer = STEMMER, onProgress } = options;
  const basis = await database.read(actor, async (rows) => {
    const known = await knownPlaybooks(rows);
    const otherLanguage = known.length > 0 && (await indexedWith(rows)) !== stemmer;
    // Stems of another language fit nothing that is there, so all of it is new.
    const plan = compare(read.playbooks, read.faults, known);
    const kept = plan.kept.length > 0 ? await loadPlaybooks(rows, plan.kept) : [];
    const corpus = [...plan.current, ...kept];
    return { before: known, plan, corpus, otherLanguage, stemmer, ...(await indexed(rows, corpus, stemmer)) };
  });
  const name = indexOf(embedder, [...basis.documents.keys()], stemmer);
  const embedded =
    embedder.kind === "fixed" ? await embedMissing({ ...options, embedder, index: name, texts: basis.texts }) : 0;
  onProgress?.({ step: "writing", done: 0, of: 1 });
  const fitted = await database.write(actor, (rows) => write(rows, { ...basis, embedder, index: name }));
  // Another ingest ended while this one read and embedded: look again at what is left to do.
  if (fitted === "overtaken") return ingestPlaybooks(options);
  if (basis.plan.current.length > 0) await learnSizes(database);
  await keepNeighbours(database, actor, name, {
    from: options.neighboursFrom,
    onMaking: () => onProgress?.({ step: "neighbours", done: 0, of: 1 }),
  });
  onProgress?.({ step: "writing", done: 1, of: 1 });
  return told(basis.plan, read, embedded + fitted);
}

/** What the passages of a corpus are found by: their word stems, and the text that an embedding model reads. */
async function indexed(rows: Reading, corpus: Playbook[], stemmer: string) {
  const stems = await stemsOf(rows, corpus.flatMap(wordsOfPlaybook), stemmer);
  const documents = new Map<string, PassageDocument>();
  const texts = new Map<string, string>();
  for (const playbook of corpus) {
    for (const passage of playbook.passages) {
      documents.set(passage.hash, documentOf(playbook, passage, stems));
      texts.set(passage.hash, embeddedText(playbook, passage));
    }
  }
  return { documents, texts };
}

/** A fitted model is made of stems, so it is another one in another language. */
const indexOf = (embedder: Embedder, hashes: string[], stemmer: string): IndexName => ({
  model: embedder.name,
  fingerprint: embedder.kind === "fitted" ? embedder.fingerprintOf([stemmer, ...hashes]) : embedder.fingerprint,
});

type Documents = Map<string, PassageDocument>;

interface Basis {
  before: KnownPlaybook[];
  plan: Plan;
  corpus: Playbook[];
  otherLanguage: boolean;
  stemmer: string;
  documents: Documents;
  embedder: Embedder;
  index: IndexName;
}

/** The one transaction. Returns how many passages a fitted model was made of. */
async function write(rows: Writing, basis: Basis): Promise<number | "overtaken"> {
  const { before, plan, corpus, otherLanguage, stemmer, documents, embedder, index } = basis;
  await lockPlaybooks(rows);
  if (!sameAs(before, await knownPlaybooks(rows))) return "overtaken";
  // An ingest with another model may have tidied away what was embedded ahead.
  if (embedder.kind === "fixed" && (await withoutVector(rows, index, [...documents.keys()])).size > 0)
    return "overtaken";
  const touched = otherLanguage ? corpus : [...plan.added, ...plan.changed];
  const removed = otherLanguage ? before.map(({ id }) => id) : plan.gone;
  if (removed.length > 0) await removePlaybooks(rows, removed);
  if (touched.length > 0) await putPlaybooks(rows, touched, documents);
  if (touched.length + removed.length > 0) await countTerms(rows, stemmer);
  const complete = (await indexState(rows, index))?.complete ?? false;
  if (complete && touched.length + removed.length === 0) return 0;
  const fitted = embedder.kind === "fitted" && !complete ? await fitIndex(rows, embedder, index, documents) : 0;
  await completeIndex(rows, index);
  await settleNeighbours(rows, index);
  return fitted;
}

/**
 * A fitted model is one of all passages, so it is made anew when one of them changed: below a second for 500
 * passages.
 */
async function fitIndex(rows: Writing, embedder: FittedEmbedder, index: IndexName, documents: Documents) {
  const all = [...documents.values()];
  if (all.length === 0) return 0;
  const { dimension, passages, terms } = embedder.fit(all);
  const vectors = all.flatMap(({ hash }, at): [string, number[]][] => (passages[at] ? [[hash, passages[at]]] : []));
  await beginIndex(rows, index, dimension);
  await putVectors(rows, index, vectors);
  await putTermVectors(rows, index, terms);
  return vectors.length;
}

const sameAs = (one: KnownPlaybook[], other: KnownPlaybook[]): boolean => JSON.stringify(one) === JSON.stringify(other);
