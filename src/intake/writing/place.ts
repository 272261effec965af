import type { Writing } from "#database/door.ts";
import type { RecordKind } from "../records.ts";
import { emailOf, matchAccounts, matchContacts, matchPeople, matchTeams } from "./identity.ts";
import { KEPT } from "./kinds.ts";
import type { Batch, Row } from "./row.ts";
import { type Known, newIds, type Placed, sharedRows } from "./rows.ts";

const MATCHING: Partial<Record<RecordKind, typeof matchAccounts>> = {
  account: matchAccounts,
  person: matchPeople,
  team: matchTeams,
  contact: matchContacts,
};

/** Parts rows that are new here from those that are here already: from before, or from another source. */
export async function place(
  rows: Writing,
  kind: Exclude<RecordKind, "exchange_rate">,
  ready: readonly Row[],
  held: Map<string, Known>,
  batch: Batch,
): Promise<{ fresh: Placed[]; changed: Placed[] }> {
  const again = ready.flatMap((row) => (held.has(row.id) ? [{ row, ...held.get(row.id)! }] : []));
  const first = ready.filter((row) => !held.has(row.id));
  const match = MATCHING[kind];
  const matched = match && first.length > 0 ? await match(rows, first, batch) : new Map<Row, number>();
  const unmatched = first.filter((row) => !matched.has(row));
  const leading = leaders(kind, unmatched);
  const alone = unmatched.filter((row) => leading.get(row) === row);
  const ids = alone.length > 0 ? await newIds(rows, KEPT[kind], alone.length) : [];
  for (const [at, row] of alone.entries()) matched.set(row, ids[at]!);
  const joined = first.filter((row) => leading.get(row) !== row);
  const shared = await sharedRows(
    rows,
    kind,
    again.map((each) => each.localId),
    batch,
  );
  return {
    fresh: alone.map((row) => ({ row, localId: matched.get(row)!, madeIt: true, shared: false })),
    changed: [
      ...again.map(({ row, localId, madeIt }) => ({ row, localId, madeIt, shared: shared.has(localId) })),
      ...joined.map((row) => ({
        row,
        localId: matched.get(row) ?? matched.get(leading.get(row)!)!,
        madeIt: false,
        shared: true,
      })),
    ],
  };
}

/** The first of the new rows that are one person or team by mail address or name; every other row leads itself. */
function leaders(kind: RecordKind, unmatched: readonly Row[]): Map<Row, Row> {
  const firsts = new Map<string, Row>();
  return new Map(
    unmatched.map((row) => {
      const key = uniqueKey(kind, row) ?? `id ${row.id}`;
      const first = firsts.get(key) ?? row;
      firsts.set(key, first);
      return [row, first];
    }),
  );
}

/** What no two rows of a kind may share. */
function uniqueKey(kind: RecordKind, row: Row): string | null {
  if (kind === "person") return emailOf(row);
  return kind === "team" ? String(row.fields.name) : null;
}

/** Refuses rows that would take the mail address or name of another person or team. Returns the rows that stand. */
export async function withoutClashes(
  rows: Writing,
  kind: RecordKind,
  ready: Row[],
  held: Map<string, Known>,
  batch: Batch,
): Promise<Row[]> {
  const match = kind === "person" ? matchPeople : kind === "team" ? matchTeams : null;
  const again = ready.filter((row) => held.has(row.id));
  if (!match || again.length === 0) return ready;
  const owners = await match(rows, again, batch);
  const claimed = new Map<string, number>();
  return ready.filter((row) => {
    const localId = held.get(row.id)?.localId;
    const key = uniqueKey(kind, row);
    if (localId === undefined || key === null) return true;
    const owner = owners.get(row) ?? claimed.get(key) ?? localId;
    claimed.set(key, owner);
    if (owner !== localId)
      batch.refuse(row, kind === "person" ? "email" : "name", `${key} already belongs to another ${kind}`);
    return owner === localId;
  });
}
