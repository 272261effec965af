import { z } from "zod";
import type { Actor } from "#actor.ts";
import type { Database, Reading, Writing } from "#database/door.ts";
import { sql } from "#database/sql.ts";
import { lockPlaybooks } from "./store.ts";
import type { IndexName } from "./vectors.ts";

/** From so many passages on, a workspace gets an index of neighbours: comparing every vector takes twice as long there, and grows. */
export const NEIGHBOURS_FROM = 10_000;
const GIVEN_UP_BELOW = 0.5; // of that, so that a workspace at the bound does not go back and forth

const state = z.object({
  passages: z.number(),
  complete: z.boolean(),
  tried: z.boolean(),
  has: z.boolean(),
  old: z.boolean(),
});

const neighbourState = (rows: Reading, { model, fingerprint }: IndexName) =>
  rows.one(
    state,
    sql`select coalesce((select passages from passage_corpus), 0) as passages, mine.complete is true as complete,
          mine.neighbour_effort is not null as tried, mine.neighbours is not null as has, exists (select from old_neighbour_tables()) as old
        from (select) one left join embedding_index mine on model = ${model} and fingerprint = ${fingerprint}`,
  );

/**
 * Gives a large workspace its table of neighbours, and takes away those that are not needed any more. Until it is there,
 * searches compare every vector: they are slower, and as right. Returns whether it was tried.
 */
export async function keepNeighbours(
  database: Database,
  actor: Actor,
  index: IndexName,
  { from = NEIGHBOURS_FROM, onMaking = () => undefined }: { from?: number | undefined; onMaking?: () => void } = {},
): Promise<boolean> {
  const now = await database.read(actor, (rows) => neighbourState(rows, index));
  const makes = now.complete && now.passages >= from && !now.tried;
  if (makes) {
    onMaking();
    await database.writeAtLength(actor, async (rows) => {
      await lockPlaybooks(rows);
      const { complete, tried } = await neighbourState(rows, index);
      if (complete && !tried) await makeNeighbours(rows, index); // else another ingest was here meanwhile
    });
  }
  const givenUp = now.has && now.passages < from * GIVEN_UP_BELOW;
  if (givenUp) await database.write(actor, (rows) => forgetNeighbours(rows, index));
  if (now.old || givenUp)
    await database.write(actor, (rows) => rows.one(z.unknown(), sql`select drop_old_neighbours()`));
  return makes;
}

const makeNeighbours = (rows: Writing, { model, fingerprint }: IndexName): Promise<unknown> =>
  rows.one(z.unknown(), sql`select make_neighbours(${model}, ${fingerprint})`);

/** Brings the table of neighbours, where there is one, to the passages that were just written. */
export const settleNeighbours = (rows: Writing, { model, fingerprint }: IndexName): Promise<unknown> =>
  rows.one(z.unknown(), sql`select settle_neighbours(${model}, ${fingerprint})`);

const forgetNeighbours = (rows: Writing, { model, fingerprint }: IndexName): Promise<number> =>
  rows.run(
    sql`update embedding_index set neighbours = null, neighbour_effort = null where model = ${model} and fingerprint = ${fingerprint}`,
  );
