import { createHash } from "node:crypto";
import type { PassageDocument } from "../documents.ts";
import { isManner } from "../words.ts";
import type { FittedEmbedder, FittedVectors } from "./embedder.ts";
import { rightSingularVectors, type SparseRow } from "./svd.ts";

const DIMENSION = 128; // beyond it the measured quality does not rise
const METHOD = "lsa 2"; // change it when the arithmetic below changes, so that old vectors are not mixed with new ones

/**
 * The offline embedder: latent semantic analysis (TF-IDF and a truncated SVD) of the playbooks themselves. Words that
 * occur in the same passages come to lie close together, so it knows this company's vocabulary and needs no download.
 */
export function lsaEmbedder({ dimension = DIMENSION }: { dimension?: number } = {}): FittedEmbedder {
  return {
    kind: "fitted",
    name: `lsa-${dimension}`,
    dimension,
    fingerprintOf: (hashes) =>
      createHash("sha256")
        .update([METHOD, dimension, ...hashes.toSorted()].join("\n"))
        .digest("hex")
        .slice(0, 32),
    fit: (documents) => fitLsa(documents, dimension),
  };
}

function fitLsa(documents: PassageDocument[], dimension: number): FittedVectors {
  const counts = documentCounts(documents);
  const columns = new Map([...counts.keys()].map((term, at) => [term, at]));
  const idf = new Map([...counts].map(([term, count]) => [term, Math.log((documents.length + 1) / count)]));
  const rows = documents.map((document) => weighed(document, columns, idf));
  const directions = rightSingularVectors(rows, columns.size, dimension);
  const places = rows.map((row) => sumOf(row, directions));
  const strengths = strengthsOf(places, directions[0]?.length ?? 0);
  return {
    dimension: strengths.length,
    passages: places.map((place) => unit(place.map((value, at) => value * strengths[at]!))),
    // The idf is in the vector, so that a question's vector is the plain sum over its words.
    terms: new Map(
      [...columns].map(([term, at]) => [
        term,
        Array.from(directions[at]!, (value, index) => value * strengths[index]! * idf.get(term)!),
      ]),
    ),
  };
}

/** The square root of each direction's singular value: strong directions are subjects, weak ones mostly chance. */
const strengthsOf = (places: number[][], dimension: number): number[] =>
  Array.from({ length: dimension }, (_, at) => places.reduce((sum, place) => sum + place[at]! ** 2, 0) ** 0.25);

function documentCounts(documents: PassageDocument[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { frequencies } of documents) {
    for (const term of frequencies.keys()) if (!isManner(term)) counts.set(term, (counts.get(term) ?? 0) + 1);
  }
  return counts;
}

/** TF-IDF with a damped frequency, brought to length 1 so that long passages weigh like short ones. */
function weighed({ frequencies }: PassageDocument, columns: Map<string, number>, idf: Map<string, number>): SparseRow {
  const terms = [...frequencies.keys()].filter((term) => columns.has(term));
  const values = terms.map((term) => (1 + Math.log(frequencies.get(term)!)) * idf.get(term)!);
  const length = Math.hypot(...values) || 1;
  return { columns: terms.map((term) => columns.get(term)!), values: values.map((value) => value / length) };
}

function sumOf({ columns, values }: SparseRow, directions: Float64Array[]): number[] {
  const sum = new Array<number>(directions[0]?.length ?? 0).fill(0);
  columns.forEach((column, at) => {
    directions[column]!.forEach((value, index) => {
      sum[index]! += value * values[at]!;
    });
  });
  return sum;
}

function unit(vector: number[]): number[] | null {
  const length = Math.hypot(...vector);
  return length > 0 ? vector.map((value) => value / length) : null;
}
