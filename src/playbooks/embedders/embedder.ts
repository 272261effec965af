import type { Config } from "#config.ts";
import type { PassageDocument } from "../documents.ts";
import { endpointEmbedder } from "./endpoint.ts";
import { localEmbedder } from "./local.ts";
import { lsaEmbedder } from "./lsa.ts";

/** Turns any text into a vector, the same one every time: a model behind an endpoint. */
export interface FixedEmbedder {
  kind: "fixed";
  name: string;
  /** null until the first vector tells. */
  readonly dimension: number | null;
  /** Vectors can be compared when name and fingerprint are equal. */
  fingerprint: string;
  /** Set where somebody is paid by the token: what a million of them cost, where that was told. */
  metered?: { price: number | null };
  /** Vectors in the order of the texts. Throws BadInput (settings) or Unavailable (the endpoint). */
  embedPassages(texts: string[]): Promise<number[][]>;
  embedQuery(text: string): Promise<number[]>;
}

/**
 * Learns from the passages themselves, so a changed corpus makes a new model. The model is a vector for each word stem;
 * it is kept in the database, where a question's vector is the sum of its stems.
 */
export interface FittedEmbedder {
  kind: "fitted";
  name: string;
  dimension: number;
  /** Of the model that these passages would make. */
  fingerprintOf(hashes: string[]): string;
  fit(documents: PassageDocument[]): FittedVectors;
}

export interface FittedVectors {
  dimension: number;
  /** In the order of the documents; null for one without any known word. */
  passages: (number[] | null)[];
  terms: Map<string, number[]>;
}

export type Embedder = FixedEmbedder | FittedEmbedder;

/** The embedder that the settings name: an endpoint, a model on this machine, or the offline one. Throws BadInput (settings). */
export function chooseEmbedder(embedding: Config["embedding"]): Embedder {
  if (embedding === null) return lsaEmbedder();
  return embedding.kind === "endpoint" ? endpointEmbedder(embedding) : localEmbedder(embedding);
}
