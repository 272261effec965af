import type { Actor } from "#actor.ts";
import type { Database } from "#database/door.ts";
import { documentOf, embeddedText, type PassageDocument, wordsOfPlaybook } from "#playbooks/documents.ts";
import type { Embedder } from "#playbooks/embedders/embedder.ts";
import { keepNeighbours } from "#playbooks/neighbours.ts";
import type { Playbook } from "#playbooks/playbook.ts";
import { learnSizes } from "#playbooks/statistics.ts";
import { countTerms, putPlaybooks } from "#playbooks/store.ts";
import { beginIndex, completeIndex, putTermVectors, putVectors } from "#playbooks/vectors.ts";
import { stemsOf } from "#playbooks/words.ts";

/** Where a set is searched: an empty workspace, and the embedder to compare. */
export interface Ground {
  database: Database;
  actor: Actor;
  embedder: Embedder;
  /** PostgreSQL's dictionary for the language of the set; English by default. */
  stemmer?: string;
}

const AT_ONCE = 300; // playbooks in one statement

/** Indexes playbooks into an empty workspace by the steps of an ingest, without a folder. */
export async function indexSet({ database, actor, embedder, stemmer }: Ground, playbooks: Playbook[]): Promise<void> {
  const documents = await database.read(actor, async (rows) => {
    const stems = await stemsOf(rows, playbooks.flatMap(wordsOfPlaybook), stemmer);
    const made = playbooks.flatMap((each) => each.passages.map((passage) => documentOf(each, passage, stems)));
    return new Map(made.map((each) => [each.hash, each]));
  });
  const { vectors, terms } = await vectorsOf(embedder, playbooks, [...documents.values()]);
  const index = {
    model: embedder.name,
    fingerprint: embedder.kind === "fitted" ? embedder.fingerprintOf([...documents.keys()]) : embedder.fingerprint,
  };
  await database.writeAtLength(actor, async (rows) => {
    for (let from = 0; from < playbooks.length; from += AT_ONCE)
      await putPlaybooks(rows, playbooks.slice(from, from + AT_ONCE), documents);
    await countTerms(rows, stemmer);
    if (vectors.length === 0) return;
    await beginIndex(rows, index, vectors[0]![1].length);
    await putVectors(rows, index, vectors);
    await putTermVectors(rows, index, terms);
    await completeIndex(rows, index);
  });
  await learnSizes(database);
  await keepNeighbours(database, actor, index);
}

type Named = [name: string, vector: number[]];

async function vectorsOf(
  embedder: Embedder,
  playbooks: Playbook[],
  documents: PassageDocument[],
): Promise<{ vectors: Named[]; terms: Iterable<Named> }> {
  if (embedder.kind === "fitted") {
    const { passages, terms } = embedder.fit(documents);
    const vectors = documents.flatMap(({ hash }, at): Named[] => (passages[at] ? [[hash, passages[at]]] : []));
    return { vectors, terms };
  }
  const texts = playbooks.flatMap((each) => each.passages.map((passage) => embeddedText(each, passage)));
  const made = await embedder.embedPassages(texts);
  const hashes = playbooks.flatMap((each) => each.passages.map(({ hash }) => hash));
  return { vectors: hashes.map((hash, at): Named => [hash, made[at]!]), terms: [] }; // embedPassages keeps the order
}
