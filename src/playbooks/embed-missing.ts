import { BadInput } from "#errors.ts";
import { costOf, refuseUnasked } from "./embedders/cost.ts";
import type { FixedEmbedder } from "./embedders/embedder.ts";
import type { IngestOptions } from "./ingest.ts";
import { beginIndex, type IndexName, indexState, putVectors, withoutVector } from "./vectors.ts";

const BATCH = 64; // passages; each batch is kept, so that a broken-off ingest goes on where it stopped

type Embedding = IngestOptions & { embedder: FixedEmbedder; index: IndexName; texts: Map<string, string> };

/** Embeds what has no vector yet, ahead of the one transaction: nobody waits in it for an endpoint. */
export async function embedMissing(given: Embedding): Promise<number> {
  const { database, actor, embedder, index, texts, onProgress } = given;
  const { state, lacking } = await database.read(actor, async (rows) => ({
    state: await indexState(rows, index),
    lacking: [...(await withoutVector(rows, index, [...texts.keys()]))],
  }));
  const { approve = refuseUnasked } = given;
  const textOf = (hash: string) => texts.get(hash)!; // what lacks a vector is one of these texts
  if (embedder.metered && lacking.length > 0) await approve(costOf(lacking.map(textOf), embedder.metered.price));
  for (let from = 0; from < lacking.length; from += BATCH) {
    const hashes = lacking.slice(from, from + BATCH);
    onProgress?.({ step: "embedding", done: from, of: lacking.length });
    const vectors = await embedder.embedPassages(hashes.map(textOf));
    const dimension = vectors[0]!.length;
    if (state && state.dimension !== dimension) {
      throw new BadInput(otherDimension(index.model, dimension, state.dimension));
    }
    const named = hashes.map((hash, at): [string, number[]] => [hash, vectors[at]!]); // embedPassages keeps the order
    await database.write(actor, async (rows) => {
      await beginIndex(rows, index, dimension);
      await putVectors(rows, index, named);
    });
  }
  onProgress?.({ step: "embedding", done: lacking.length, of: lacking.length });
  return lacking.length;
}

const otherDimension = (model: string, got: number, had: number): string =>
  `The embedding model ${model} now answers vectors of ${got} numbers; those kept have ${had}. Set PERENNIAL_EMBEDDING_DIMENSION to ${had}, or name another PERENNIAL_EMBEDDING_MODEL; the playbooks stay searchable as they were.`;
