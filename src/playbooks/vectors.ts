import { z } from "zod";
import type { Reading, Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";

/** One set of comparable vectors: those of one model. */
export interface IndexName {
  model: string;
  fingerprint: string;
}

const index = z.object({ dimension: z.number(), complete: z.boolean() });

/** How far an index is; null when nothing of it was made. */
export const indexState = (rows: Reading, { model, fingerprint }: IndexName): Promise<z.infer<typeof index> | null> =>
  rows.maybe(
    index,
    sql`select dimension, complete from embedding_index where model = ${model} and fingerprint = ${fingerprint}`,
  );

/** Which of these passages have no vector yet in an index, by hash. */
export async function withoutVector(
  rows: Reading,
  { model, fingerprint }: IndexName,
  hashes: string[],
): Promise<Set<string>> {
  const lacking = await rows.many(
    z.object({ hash: z.string() }),
    sql`
    select hash from unnest(${hashes}::text[]) hash
    where not exists (select from passage_vector
      where model = ${model} and fingerprint = ${fingerprint} and passage_hash = hash)`,
  );
  return new Set(lacking.map(({ hash }) => hash));
}

/** Begins an index, which nobody searches until it is complete. */
export const beginIndex = (rows: Writing, { model, fingerprint }: IndexName, dimension: number): Promise<number> =>
  rows.run(sql`
    insert into embedding_index (workspace_id, model, fingerprint, dimension)
    values (current_workspace(), ${model}, ${fingerprint}, ${dimension}) on conflict do nothing`);

/** Lays vectors into an index, by the hash of the passage. They may lie there before the passage does. */
export const putVectors = (
  rows: Writing,
  { model, fingerprint }: IndexName,
  vectors: Iterable<Named>,
): Promise<number> =>
  inPieces(vectors, ({ names, texts }) =>
    rows.run(sql`
    insert into passage_vector (workspace_id, model, fingerprint, passage_hash, embedding)
    select current_workspace(), ${model}, ${fingerprint}, hash, given::vector
    from unnest(${names}::text[], ${texts}::text[]) as row(hash, given) on conflict do nothing`),
  );

export const putTermVectors = (
  rows: Writing,
  { model, fingerprint }: IndexName,
  vectors: Iterable<Named>,
): Promise<number> =>
  inPieces(vectors, ({ names, texts }) =>
    rows.run(sql`
    insert into term_vector (workspace_id, model, fingerprint, term, embedding)
    select current_workspace(), ${model}, ${fingerprint}, term, given::vector
    from unnest(${names}::text[], ${texts}::text[]) as row(term, given)`),
  );

type Named = [name: string, vector: number[]];
const AT_ONCE = 1_000; // a statement of tens of thousands takes the embedded database minutes, and memory

/** Writes vectors a piece at a time; returns how many rows came of it. */
async function inPieces(
  vectors: Iterable<Named>,
  write: (piece: { names: string[]; texts: string[] }) => Promise<number>,
): Promise<number> {
  const all = [...vectors];
  let written = 0;
  for (let from = 0; from < all.length; from += AT_ONCE) {
    const piece = all.slice(from, from + AT_ONCE);
    written += await write({ names: piece.map(([name]) => name), texts: piece.map(([, vector]) => asVector(vector)) });
  }
  return written;
}

/** Flips search to this index: it is complete from now on, and what no passage needs any more goes. */
export async function completeIndex(rows: Writing, { model, fingerprint }: IndexName): Promise<void> {
  await rows.run(
    sql`update embedding_index set complete = true, made_at = now() where model = ${model} and fingerprint = ${fingerprint}`,
  );
  const other = sql`(model, fingerprint) <> (${model}, ${fingerprint})`;
  await rows.run(sql`delete from embedding_index where ${other}`);
  await rows.run(sql`delete from term_vector where ${other}`);
  await rows.run(sql`delete from passage_vector where ${other} or passage_hash not in (select hash from passage)`);
}

/** As pgvector reads it. Six digits are as many as its 4-byte numbers are worth. */
export const asVector = (vector: number[]): string =>
  `[${vector.map((value) => Number(value.toPrecision(6))).join(",")}]`;
